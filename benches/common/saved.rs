//! Writes a network to disk.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use cardinal::model::ResNextConfig;
use cardinal::weights::{Metadata, SavedFile, WeightSource};

/// Writes a network as safetensors, with what is known of it, and gives the file's size in bytes.
///
/// # Errors
/// Weights that cannot be read, or a file that cannot be written.
pub async fn save(
    path: &Path,
    config: &ResNextConfig,
    metadata: &Metadata,
    in_f16: bool,
    weights: &impl WeightSource,
) -> Result<u64, Box<dyn std::error::Error>> {
    let named = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut saved = SavedFile::new(config, metadata, in_f16)?;
    let mut file = File::create(path).map_err(named)?;
    file.write_all(saved.header()).map_err(named)?;
    while let Some(part) = saved.next_part(weights).await? {
        file.write_all(&part).map_err(named)?;
    }
    Ok(saved.size())
}
