//! The SHA-256 of a file.

use sha2::{Digest, Sha256};

use crate::store::rules::hex::hex;
use crate::weights::{ByteSource, WeightError};

/// Bytes read and hashed at a time.
const PART_BYTES: u64 = 1 << 20;

/// The SHA-256 of a file, in lower-case hexadecimal digits.
///
/// # Errors
/// The file cannot be read.
pub async fn sha256(source: &dyn ByteSource) -> Result<String, WeightError> {
    let mut hash = Sha256::new();
    let mut at = 0;
    while at < source.size() {
        let end = source.size().min(at + PART_BYTES);
        hash.update(source.read(at..end).await?);
        at = end;
    }
    Ok(hex(&hash.finalize()))
}
