//! Reads what a weights file says of its tensors, whatever its format.

use super::format::{TAR_MARK, container, refuse_tar};
use super::header::{Container, Header};
use super::{ByteSource, WeightError, pth};

/// Read first: long enough to tell other formats by.
const OPENING_BYTES: u64 = 64;

/// A file whose first bytes were read.
pub(super) enum Opened {
    Safetensors(Header),
    /// One of PyTorch's, which was not read yet.
    Torch(Container),
}

/// Reads a file's header, and no tensor, whatever its format.
pub(super) async fn read_header(source: &dyn ByteSource) -> Result<Header, WeightError> {
    match open(source).await? {
        Opened::Safetensors(header) => Ok(header),
        Opened::Torch(container) => pth::read(container, source).await,
    }
}

/// Reads a safetensors file's header; of one of PyTorch's, which it is.
pub(super) async fn open(source: &dyn ByteSource) -> Result<Opened, WeightError> {
    let size = source.size();
    if usize::try_from(size).is_err() {
        return Err(WeightError::too_long(size));
    }
    let opening = source.read(0..size.min(OPENING_BYTES)).await?;
    match container(&opening)? {
        container @ (Container::TorchZip | Container::TorchLegacy) => Ok(Opened::Torch(container)),
        Container::Safetensors => {
            let end = match Header::bytes(&opening, size) {
                Err(error) if size >= TAR_MARK.end => {
                    refuse_tar(&source.read(TAR_MARK).await?)?;
                    return Err(error);
                }
                end => end?,
            };
            let first_bytes = if end > opening.len() as u64 { source.read(0..end).await? } else { opening };
            Ok(Opened::Safetensors(Header::parse(&first_bytes, size)?))
        }
    }
}
