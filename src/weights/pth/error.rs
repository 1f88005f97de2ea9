//! Why a file that `torch.save` wrote, or seems to have written, is refused.

use super::super::listed::Listed;

/// What to do with a file whose tensors cannot be read from here.
macro_rules! save_state_dict {
    () => {
        "load it in PyTorch and save the network's tensors alone: torch.save(model.state_dict(), \"weights.pth\")"
    };
}

/// Why a file of PyTorch's was refused. Places in a pickle are in bytes from its start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the messages say what each variant and each of its fields is")]
pub enum TorchError {
    // The zip archive.
    #[error("the zip archive is cut off: it has no directory at its end; fetch the file again")]
    CutOff,
    #[error("the zip archive is damaged: {0}; fetch or save the file again")]
    Zip(&'static str),
    #[error("`{entry}` in the zip archive is {how}; {}", save_state_dict!())]
    Packed { entry: String, how: &'static str },
    #[error("this is {what}, not a file of torch.save; {remedy}")]
    OtherArchive { what: &'static str, remedy: &'static str },
    #[error("the file has no `{0}`, to which its tensors refer; fetch or save it again")]
    MissingEntry(String),
    #[error(
        "the file's tensors are stored with the most significant byte first (`byteorder` is big); save the file again on a \
         little-endian machine, such as any PC"
    )]
    BigEndian,

    // The pickle.
    #[error("the pickle in the file takes {got} bytes, but at most {limit} are read; {}", save_state_dict!())]
    PickleTooLarge { got: u64, limit: u64 },
    #[error("the pickle in the file has more than {limit} values; {}", save_state_dict!())]
    TooManyValues { limit: usize },
    #[error("the pickle in the file ends before its last instruction; fetch or save the file again")]
    PickleEnd,
    #[error("the pickle in the file is damaged at byte {at}: {what}; fetch or save the file again")]
    Pickle { what: &'static str, at: usize },
    #[error(
        "the pickle in the file has the instruction {opcode:#04x} at byte {at}, which torch.save does not write; {}",
        save_state_dict!()
    )]
    Opcode { opcode: u8, at: usize },
    #[error("to open this file, Python would have to call `{name}`, and nothing that a file names is called here; {}", save_state_dict!())]
    Call { name: String },
    #[error(
        "the file has {what} (`{name}`), which cannot be read here; save the network with plain f32 or f16 tensors"
    )]
    Tensors { what: &'static str, name: String },

    // The tensors.
    #[error("no network's tensors were found in this file; it has {}", Listed(found))]
    NoNetwork { found: Vec<String> },
    #[error(
        "the file has several networks, in {}, and does not say which one is meant; save the state_dict of one of them",
        Listed(paths)
    )]
    SeveralNetworks { paths: Vec<String> },
    #[error("the network in this file has the tensor `{0}` twice; save it again")]
    Duplicate(String),
    #[error(
        "{tensor}: its storage `{key}` takes {expected} bytes, but the file has {got} for it; fetch or save it again"
    )]
    Storage { tensor: String, key: String, expected: u64, got: u64 },
    #[error(
        "{tensor} of shape {shape:?} and strides {strides:?} ends outside of its storage of {bytes} bytes; the file is damaged"
    )]
    OutsideStorage { tensor: String, shape: Vec<u64>, strides: Vec<u64>, bytes: u64 },
}
