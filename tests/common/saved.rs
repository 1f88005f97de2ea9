//! Networks written as files.

use cardinal::model::ResNextConfig;
use cardinal::weights::{Metadata, SavedFile, WeightError, WeightSource};

/// All parts of the file that a network is saved as.
pub async fn saved(
    config: &ResNextConfig,
    metadata: &Metadata,
    in_f16: bool,
    weights: &impl WeightSource,
) -> Result<Vec<u8>, WeightError> {
    let mut file = SavedFile::new(config, metadata, in_f16)?;
    let mut bytes = file.header().to_vec();
    while let Some(part) = file.next_part(weights).await? {
        bytes.extend(part);
    }
    assert_eq!(bytes.len() as u64, file.size());
    Ok(bytes)
}
