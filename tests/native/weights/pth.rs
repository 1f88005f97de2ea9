//! PyTorch's own files, against their twins in safetensors.

mod field;
mod hostile;
mod mutations;
mod oracle;
mod versions;
mod wrappers;
mod writer;

use std::rc::Rc;

use cardinal::weights::{
    ByteSource, Checkpoint, InThisProgram, Pending, StoredCheckpoint, TensorSource, TorchHeader, TorchReader,
    WeightError, WeightSource, tensor_shapes,
};

/// Reads what the page's worker is handed by another wasm: text.
struct ByText;

impl TorchReader for ByText {
    fn header(&self, source: Rc<dyn ByteSource>) -> Pending<'_, Result<TorchHeader, WeightError>> {
        Box::pin(async move { TorchHeader::from_text(&TorchHeader::to_text(&InThisProgram.header(source).await)) })
    }
}

/// A file in memory, with the strides of its twin, which most files do not state.
#[track_caller]
fn opened(twin: &[u8], bytes: &[u8]) -> Checkpoint<Vec<u8>> {
    let strides = Checkpoint::parse(twin.to_vec()).unwrap().config().strides.clone();
    let read = Checkpoint::parse(bytes.to_vec()).unwrap_or_else(|error| panic!("{error}"));
    read.with_strides(strides).unwrap()
}

/// Compares the bits of every tensor, read whole here, and read in parts where its header came as text.
#[track_caller]
fn same_as(twin: &[u8], bytes: &[u8], narrow: impl Fn(f32) -> f32) {
    let whole = opened(twin, bytes);
    let twin = Checkpoint::parse(twin.to_vec()).unwrap();
    assert_eq!(whole.config(), twin.config());
    let stored = pollster::block_on(StoredCheckpoint::open_with(&ByText, Rc::new(bytes.to_vec()), None)).unwrap();
    assert_eq!(stored.reading(), Checkpoint::parse(bytes.to_vec()).unwrap().reading());
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

#[test]
fn a_refusal_as_text_is_the_same() {
    for bytes in [b"PK\x03\x04 cut off".to_vec(), b"\x80\x02c__builtin__\nprint\n.".to_vec(), b"\x80\x02".to_vec()] {
        let refused = |torch: &dyn TorchReader| {
            let opening = StoredCheckpoint::open_with(torch, Rc::new(bytes.clone()), None);
            let error = pollster::block_on(opening).err().expect("it is no network");
            (error.to_string(), error.is_cut_off())
        };
        assert_eq!(refused(&ByText), refused(&InThisProgram));
    }
    for text in ["", "[]", "{}", "{\"tensors\":{}}", "{\"tensors\":{\"a\":{}},\"path\":[],\"left_aside\":[]}"] {
        assert!(TorchHeader::from_text(text).is_err(), "{text}");
    }
}
