//! What `torch.save` wrote before PyTorch 1.6: five pickles one after the other (a magic number, the protocol, the machine, the
//! object, the storages' keys), and then the storages in the order of the keys, each after its number of elements in 8 bytes.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::{ByteSource, WeightError};
use super::TorchError;
use super::pickle::{self, MAX_PICKLE_BYTES};
use super::value::{Pickled, Value};

/// Read first; most networks' pickles are shorter.
const FIRST_BYTES: u64 = 1 << 16;
/// The magic number, as the first pickle has it.
const MAGIC: [u8; 10] = 0x1950_a86a_20f9_469c_fc6c_u128.to_le_bytes().as_chunks().0[0];
/// The version of the format, which the second pickle is.
const PROTOCOL: i64 = 1001;

/// Reads the pickles, and no more of the file than is needed for them.
pub(super) async fn read_pickles(source: &dyn ByteSource) -> Result<Vec<u8>, WeightError> {
    let size = source.size();
    let mut len = FIRST_BYTES;
    loop {
        let bytes = source.read(0..size.min(len)).await?;
        match Pickles::run(&bytes) {
            Err(TorchError::PickleEnd) if len < size && len < MAX_PICKLE_BYTES => len *= 4,
            Err(TorchError::PickleEnd) if len < size => {
                return Err(TorchError::PickleTooLarge { got: size, limit: MAX_PICKLE_BYTES }.into());
            }
            Err(error) => return Err(error.into()),
            Ok(_) => return Ok(bytes),
        }
    }
}

/// The object and the keys of its storages.
pub(super) struct Pickles<'a> {
    pub object: Pickled<'a>,
    keys: Pickled<'a>,
}

impl<'a> Pickles<'a> {
    pub(super) fn run(bytes: &'a [u8]) -> Result<Self, TorchError> {
        let magic = pickle::run(bytes, 0)?;
        if !bytes[..magic.end].windows(MAGIC.len()).any(|window| window == MAGIC) {
            return Err(TorchError::OtherArchive {
                what: "a Python pickle",
                remedy: "save the network's state_dict with torch.save or safetensors",
            });
        }
        let protocol = pickle::run(bytes, magic.end)?;
        if protocol.root != Value::Int(PROTOCOL) {
            return Err(TorchError::Pickle { what: "another version of torch.save's format than 1001", at: magic.end });
        }
        let machine = pickle::run(bytes, protocol.end)?;
        if machine.get(machine.root, "little_endian") == Some(Value::False) {
            return Err(TorchError::BigEndian);
        }
        let object = pickle::run(bytes, machine.end)?;
        let keys = pickle::run(bytes, object.end)?;
        Ok(Self { object, keys })
    }

    /// Where each storage's values are, from the sizes that the object states: nothing else of the file has to be read.
    pub(super) fn places(&self, file_len: u64) -> Result<BTreeMap<&str, Range<u64>>, WeightError> {
        let damaged = |what| WeightError::from(TorchError::Pickle { what, at: self.object.end });
        let mut sizes = BTreeMap::new();
        for storage in &self.object.storages {
            let bytes = storage.elements.checked_mul(storage.kind.1).ok_or_else(|| damaged("a storage too large"))?;
            if sizes.insert(storage.key, bytes).is_some_and(|known| known != bytes) {
                return Err(damaged("a storage of two sizes"));
            }
        }
        let keys = self.keys.list(self.keys.root).ok_or_else(|| damaged("no list of storages"))?;
        let mut places = BTreeMap::new();
        let mut at = self.keys.end as u64;
        for key in keys {
            let Value::Text(key) = *key else { return Err(damaged("a storage's key is no text")) };
            let bytes = *sizes.get(key).ok_or_else(|| damaged("a storage that the object does not have"))?;
            let place = at.checked_add(8).and_then(|start| Some(start..start.checked_add(bytes)?));
            let place = place.ok_or_else(|| damaged("a storage too large"))?;
            at = place.end;
            if places.insert(key, place).is_some() {
                return Err(damaged("the same storage twice"));
            }
        }
        if at > file_len {
            return Err(WeightError::Truncated { expected: at, got: file_len });
        }
        Ok(places)
    }
}
