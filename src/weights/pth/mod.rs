//! What `torch.save` writes (`.pth`, `.pt`, `.ckpt`, `.bin`), read without PyTorch and without calling anything.
//!
//! A pickle is a program. Here it builds plain data of a few kinds: names are looked up in a fixed table, the few calls that
//! PyTorch's own files need are done by us, and everything else is refused with the name that was found. Sizes that the file
//! claims are compared with the file's before memory is taken for them. Nothing but the pickle is read to find the tensors.
//!
//! ```text
//!  zip archive: zip ─▶ data.pkl ─┐
//!                                ├─▶ pickle (machine, calls, globals) ─▶ value ─▶ tensors ─▶ layout ─▶ Header
//!  old format: legacy ───────────┘
//! ```

mod calls;
mod error;
mod globals;
mod layout;
mod legacy;
mod machine;
mod pickle;
mod tensors;
mod value;
mod zip;

use std::collections::BTreeMap;

pub use error::TorchError;

use super::header::{Container, Header};
use super::{ByteSource, WeightError};
use layout::lay_out;
use legacy::Pickles;
use pickle::MAX_PICKLE_BYTES;
use zip::Archive;

const PICKLE: &str = "data.pkl";

/// Reads which tensors one of PyTorch's files has, and where.
pub(super) async fn read(container: Container, source: &dyn ByteSource) -> Result<Header, WeightError> {
    match container {
        Container::TorchLegacy => read_legacy(source).await,
        _ => read_zip(source).await,
    }
}

/// Reads which tensors a zip archive has, and where.
async fn read_zip(source: &dyn ByteSource) -> Result<Header, WeightError> {
    let mut archive = Archive::open(source).await?;
    refuse_other_archives(&archive)?;
    let bytes = archive.read(PICKLE, MAX_PICKLE_BYTES).await?;
    if archive.entry("byteorder").is_ok() && archive.read("byteorder", 64).await? == b"big" {
        return Err(TorchError::BigEndian.into());
    }
    let pickled = pickle::run(&bytes, 0)?;
    let found = tensors::find(&pickled)?;
    // In the order of the archive, since headers near each other are read at once.
    let mut keys = Vec::new();
    for tensor in found.tensors.values() {
        let key = pickled.storages[tensor.storage as usize].key;
        keys.push((archive.entry(&format!("data/{key}"))?, key));
    }
    keys.sort_unstable_by_key(|(entry, _)| entry.local);
    let mut places = BTreeMap::new();
    for (_, key) in keys {
        if !places.contains_key(key) {
            places.insert(key, archive.place(&format!("data/{key}")).await?);
        }
    }
    lay_out(Container::TorchZip, &pickled, found, &places, source.size())
}

/// Reads which tensors a file of the old format has, and where.
async fn read_legacy(source: &dyn ByteSource) -> Result<Header, WeightError> {
    let bytes = legacy::read_pickles(source).await?;
    let pickles = Pickles::run(&bytes)?;
    let found = tensors::find(&pickles.object)?;
    let size = source.size();
    lay_out(Container::TorchLegacy, &pickles.object, found, &pickles.places(size)?, size)
}

/// Zip archives that hold something else than a pickle of `torch.save`.
fn refuse_other_archives(archive: &Archive<'_>) -> Result<(), TorchError> {
    let has = |is_it: fn(&str) -> bool| archive.names().any(is_it);
    let (what, remedy) = if has(|name| name == "constants.pkl" || name.starts_with("code/")) {
        ("a TorchScript program", "save the state_dict of the network it was made from with torch.save")
    } else if archive.entry(PICKLE).is_ok() {
        return Ok(());
    } else if has(|name| name.ends_with(".npy")) {
        ("a NumPy archive (.npz)", "save the network's state_dict with safetensors")
    } else {
        ("a zip archive without a data.pkl", "unpack it, and choose the weights file in it")
    };
    Err(TorchError::OtherArchive { what, remedy })
}
