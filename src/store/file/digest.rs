//! The SHA-256 of a file that is there.

use sha2::{Digest, Sha256};

use crate::weights::{ByteSource, WeightError};

/// Bytes read and hashed at a time.
const PART: u64 = 1 << 20;

/// In hexadecimal digits.
pub async fn sha256(source: &dyn ByteSource) -> Result<String, WeightError> {
    let mut hash = Sha256::new();
    let mut at = 0;
    while at < source.size() {
        let end = source.size().min(at + PART);
        hash.update(source.read(at..end).await?);
        at = end;
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
