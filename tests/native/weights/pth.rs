//! PyTorch's own files, against their twins in safetensors.

mod field;
mod hostile;
mod mutations;
mod oracle;
mod versions;
mod wrappers;
mod writer;

use std::rc::Rc;

use cardinal::weights::{Checkpoint, StoredCheckpoint, TensorSource, WeightSource, tensor_shapes};

/// A file in memory, with the strides of its twin, which most files do not state.
#[track_caller]
fn opened(twin: &[u8], bytes: &[u8]) -> Checkpoint<Vec<u8>> {
    let strides = Checkpoint::parse(twin.to_vec()).unwrap().config().strides.clone();
    let read = Checkpoint::parse(bytes.to_vec()).unwrap_or_else(|error| panic!("{error}"));
    read.with_strides(strides).unwrap()
}

/// Compares the bits of every tensor, read whole and read in parts.
#[track_caller]
fn same_as(twin: &[u8], bytes: &[u8], narrow: impl Fn(f32) -> f32) {
    let whole = opened(twin, bytes);
    let twin = Checkpoint::parse(twin.to_vec()).unwrap();
    assert_eq!(whole.config(), twin.config());
    let stored = pollster::block_on(StoredCheckpoint::open(Rc::new(bytes.to_vec()), None)).unwrap();
    let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<u32>>();
    for (name, shape) in tensor_shapes(twin.config()).unwrap() {
        let values: Vec<f32> = twin.tensor(&name, &shape).unwrap().iter().map(|&value| narrow(value)).collect();
        let expected = bits(&values);
        assert_eq!(bits(&whole.tensor(&name, &shape).unwrap()), expected, "{name}");
        let names = [name.clone()];
        let fetched = pollster::block_on(stored.fetch(&names)).unwrap();
        assert_eq!(bits(&fetched.tensor(&name, &shape).unwrap()), expected, "{name}, fetched");
    }
}
