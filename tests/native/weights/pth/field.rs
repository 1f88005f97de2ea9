//! The files that people drop: each loads as its twin in safetensors, to the bit, or is refused in words.

use cardinal::weights::{Checkpoint, TorchError, WeightError};

use super::super::support::read;
use super::same_as;

fn field(name: &str) -> Vec<u8> {
    read(&format!("tests/data/field/checkpoints/{name}"))
}

#[test]
fn files_of_the_field_are_their_twin() {
    let twin = field("twin.safetensors");
    for name in [
        "state_dict.pth",
        "legacy.pth",
        "checkpoint.pth.tar",
        "epoch=3-step=100.ckpt",
        "channels_last.pt",
        "whole_module.pth",
        "f64.safetensors",
    ] {
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
