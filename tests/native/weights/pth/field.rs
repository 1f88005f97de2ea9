//! The files that people drop: each loads as its twin in safetensors, to the bit, or is refused in words.

use std::rc::Rc;

use cardinal::weights::{
    Checkpoint, StoredCheckpoint, TensorSource, TorchError, WeightError, WeightSource, tensor_shapes,
};

use super::super::support::read;

fn field(name: &str) -> Vec<u8> {
    read(&format!("tests/data/field/checkpoints/{name}"))
}

/// The bits of every tensor, read whole and read in parts.
#[track_caller]
fn same_as(twin: &[u8], bytes: &[u8], narrow: impl Fn(f32) -> f32) {
    let twin = Checkpoint::parse(twin.to_vec()).unwrap();
    let whole = Checkpoint::parse(bytes.to_vec()).unwrap_or_else(|error| panic!("{error}"));
    let whole = whole.with_strides(twin.config().strides.clone()).unwrap();
    assert_eq!(whole.config(), twin.config());
    let stored = pollster::block_on(StoredCheckpoint::open(Rc::new(bytes.to_vec()), None)).unwrap();
    for (name, shape) in tensor_shapes(twin.config()).unwrap() {
        let expected: Vec<u32> =
            twin.tensor(&name, &shape).unwrap().iter().map(|&value| narrow(value).to_bits()).collect();
        let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<u32>>();
        assert_eq!(bits(&whole.tensor(&name, &shape).unwrap()), expected, "{name}");
        let names = [name.clone()];
        let fetched = pollster::block_on(stored.fetch(&names)).unwrap();
        assert_eq!(bits(&fetched.tensor(&name, &shape).unwrap()), expected, "{name}, fetched");
    }
}

#[test]
fn files_of_the_field_are_their_twin() {
    let twin = field("twin.safetensors");
    for name in ["state_dict.pth", "legacy.pth", "channels_last.pt", "whole_module.pth", "f64.safetensors"] {
        println!("{name}");
        same_as(&twin, &field(name), |value| value);
    }
}

#[test]
fn half_precision_is_the_twin_rounded() {
    same_as(&field("twin.safetensors"), &field("pytorch_model.bin"), |value| half::f16::from_f32(value).to_f32());
}

#[test]
fn what_must_be_called_is_refused_by_name() {
    let error = Checkpoint::parse(field("calls_print.pth")).err().unwrap();
    assert_eq!(error, WeightError::Torch(TorchError::Call { name: "__builtin__ print".to_owned() }));
    assert!(error.to_string().contains("__builtin__ print"));
}
