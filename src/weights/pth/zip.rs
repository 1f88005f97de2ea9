//! The zip archive that `torch.save` writes: entries that are stored as they are, listed in a directory at the file's end.
//!
//! The sizes in an entry's own header are 0, so the directory must be read first: from an address, a file of this kind can be
//! read when it is there to its end.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::{ByteSource, WeightError};
use super::TorchError;

/// The end record with the longest comment, and zip64's two records before it. Most directories are shorter too, so that one
/// read brings all.
const TAIL_BYTES: u64 = 22 + 0xffff + 20 + 56;
/// The longest directory that is read, in bytes; ResNeXt-101's with its optimiser has 200 kB.
const MAX_DIRECTORY_BYTES: u64 = 1 << 23;
/// Bytes of an entry's own header before its name.
const LOCAL_BYTES: u64 = 30;
/// Read at once where headers are looked up, since those of small tensors are near each other.
const WINDOW_BYTES: u64 = 4096;

/// An entry, as the directory has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub size: u64,
    packed: u64,
    method: u16,
    flags: u16,
    /// Where its own header begins.
    pub local: u64,
}

pub(super) struct Archive<'s> {
    source: &'s dyn ByteSource,
    /// By name, without the folder that all names begin with.
    entries: BTreeMap<String, Entry>,
    /// The directory's place: entries end before it.
    directory: u64,
    /// Some bytes of the file, and the place of the first.
    window: (u64, Vec<u8>),
}

fn damaged<T>(what: &'static str) -> Result<T, WeightError> {
    Err(TorchError::Zip(what).into())
}

/// A little-endian number of `N` bytes at `at`.
fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<u64> {
    let mut number = [0; 8];
    number[..N].copy_from_slice(bytes.get(at..)?.first_chunk::<N>()?);
    Some(u64::from_le_bytes(number))
}

impl<'s> Archive<'s> {
    /// Reads the directory.
    pub(super) async fn open(source: &'s dyn ByteSource) -> Result<Self, WeightError> {
        let size = source.size();
        let tail_start = size.saturating_sub(TAIL_BYTES);
        let tail = source.read(tail_start..size).await?;
        if tail.len() as u64 != size - tail_start {
            return Err(WeightError::Truncated { expected: size, got: tail_start + tail.len() as u64 });
        }
        let Some(Directory { place, len, entries }) = Directory::find(&tail, tail_start)? else {
            return Err(TorchError::CutOff.into());
        };
        if len > MAX_DIRECTORY_BYTES {
            return damaged("its directory is too long");
        }
        let bytes = match place.checked_sub(tail_start) {
            Some(from) => tail[from as usize..(from + len) as usize].to_vec(),
            None => source.read(place..place + len).await?,
        };
        let entries = list(&bytes, entries, place)?;
        Ok(Self { source, entries, directory: place, window: (0, Vec::new()) })
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    pub(super) fn entry(&self, name: &str) -> Result<Entry, TorchError> {
        self.entries.get(name).copied().ok_or_else(|| TorchError::MissingEntry(name.to_owned()))
    }

    /// The place of an entry's bytes in the file, which its own header tells: the directory has other lengths of the extra
    /// field, with whose help PyTorch aligns tensors.
    pub(super) async fn place(&mut self, name: &str) -> Result<Range<u64>, WeightError> {
        let entry = self.entry(name)?;
        let packed = |how| Err(TorchError::Packed { entry: name.to_owned(), how }.into());
        if entry.flags & 1 != 0 {
            return packed("encrypted");
        }
        if entry.method != 0 {
            return packed("compressed");
        }
        if entry.packed != entry.size {
            return damaged("an entry that is stored as it is has another size than its contents");
        }
        let header = self.header(entry.local).await?;
        let (Some(0x0403_4b50), Some(method), Some(name_len), Some(extra_len)) =
            (number::<4>(header, 0), number::<2>(header, 8), number::<2>(header, 26), number::<2>(header, 28))
        else {
            return damaged("an entry is not where the directory says");
        };
        if method != 0 {
            return packed("compressed");
        }
        let start = entry.local + LOCAL_BYTES + name_len + extra_len;
        match start.checked_add(entry.size) {
            Some(end) if end <= self.directory => Ok(start..end),
            _ => damaged("an entry ends after the directory's beginning"),
        }
    }

    /// An entry's own header.
    async fn header(&mut self, place: u64) -> Result<&[u8], WeightError> {
        let inside =
            |(start, bytes): &(u64, Vec<u8>)| *start <= place && place + LOCAL_BYTES <= start + bytes.len() as u64;
        if !inside(&self.window) {
            let end = (place + WINDOW_BYTES).min(self.directory);
            self.window = (place, self.source.read(place..end).await?);
        }
        let (start, bytes) = &self.window;
        Ok(&bytes[(place - start) as usize..])
    }

    /// All bytes of an entry of at most `limit` bytes.
    pub(super) async fn read(&mut self, name: &str, limit: u64) -> Result<Vec<u8>, WeightError> {
        let got = self.entry(name)?.size;
        let place = self.place(name).await?;
        if got > limit {
            return Err(TorchError::PickleTooLarge { got, limit }.into());
        }
        self.source.read(place).await
    }
}

/// Where the directory is, its length, and how many entries it has.
struct Directory {
    place: u64,
    len: u64,
    entries: u64,
}

impl Directory {
    /// From the file's last bytes, which begin at `tail_start`.
    fn find(tail: &[u8], tail_start: u64) -> Result<Option<Self>, WeightError> {
        let is_end = |&at: &usize| {
            number::<4>(tail, at) == Some(0x0605_4b50)
                && number::<2>(tail, at + 20) == Some((tail.len() - at) as u64 - 22)
        };
        let Some(end) = (0..(tail.len() + 1).saturating_sub(22)).rev().find(is_end) else { return Ok(None) };
        let field = |at| number::<4>(tail, end + at).unwrap_or_default();
        let count = number::<2>(tail, end + 10).unwrap_or_default();
        let mut found = Self { place: field(16), len: field(12), entries: count };
        let mut limit = tail_start + end as u64;
        // zip64 has a record of longer numbers, and before the end record the place of it.
        let locator = end.checked_sub(20).filter(|&at| number::<4>(tail, at) == Some(0x0706_4b50));
        if let Some(record) = locator.and_then(|at| number::<8>(tail, at + 8)) {
            let at = record.checked_sub(tail_start).and_then(|at| usize::try_from(at).ok());
            let at = at.filter(|&at| number::<4>(tail, at) == Some(0x0606_4b50));
            let fields = at.map(|at| [32, 40, 48].map(|field| number::<8>(tail, at + field)));
            let Some([Some(entries), Some(len), Some(place)]) = fields else {
                return damaged("the place of its directory is not where the end says");
            };
            found = Self { place, len, entries };
            limit = record;
        }
        match found.place.checked_add(found.len) {
            Some(end) if end <= limit => Ok(Some(found)),
            _ => damaged("its directory ends after the file"),
        }
    }
}

/// The entries of a directory that begins at `place` in the file.
fn list(bytes: &[u8], count: u64, place: u64) -> Result<BTreeMap<String, Entry>, WeightError> {
    let mut entries = BTreeMap::new();
    let mut folder: Option<String> = None;
    let mut at = 0;
    // Every entry takes 46 bytes of the directory, so that a false count ends here soon.
    for _ in 0..count {
        let (name, entry, next) = match read_entry(bytes, at) {
            Some(read) => read,
            None => return damaged("its directory has fewer entries than it says"),
        };
        if entry.local.checked_add(LOCAL_BYTES).is_none_or(|end| end > place) {
            return damaged("an entry begins after the directory");
        }
        at = next;
        let Ok(name) = std::str::from_utf8(name) else { return damaged("a name is not in UTF-8") };
        // torch.save puts all entries in one folder, named after the file. Others are kept under their whole names.
        let folder = folder.get_or_insert_with(|| name.split_once('/').map_or("", |(folder, _)| folder).to_owned());
        let inside = name.strip_prefix(folder.as_str()).and_then(|rest| rest.strip_prefix('/'));
        if entries.insert(inside.unwrap_or(name).to_owned(), entry).is_some() {
            return damaged("two entries have the same name");
        }
    }
    Ok(entries)
}

/// The name and the numbers of the entry at `at` in a directory, and the place of the next.
fn read_entry(bytes: &[u8], at: usize) -> Option<(&[u8], Entry, usize)> {
    let short = |field| number::<2>(bytes, at + field);
    let long = |field| number::<4>(bytes, at + field);
    long(0).filter(|&mark| mark == 0x0201_4b50)?;
    let name = at + 46;
    let extra = name + short(28)? as usize;
    let comment = extra + short(30)? as usize;
    let next = comment + short(32)? as usize;
    let mut entry = Entry {
        size: long(24)?,
        packed: long(20)?,
        method: short(10)? as u16,
        flags: short(8)? as u16,
        local: long(42)?,
    };
    let mut longer = zip64(bytes.get(extra..comment)?);
    for number in [&mut entry.size, &mut entry.packed, &mut entry.local] {
        if *number == 0xffff_ffff {
            *number = longer.next()?;
        }
    }
    bytes.get(..next)?;
    Some((&bytes[name..extra], entry, next))
}

/// The numbers in the extra field that are too long for their own fields.
fn zip64(extra: &[u8]) -> impl Iterator<Item = u64> {
    let mut at = 0;
    let mut found: &[u8] = &[];
    while let (Some(id), Some(len)) = (number::<2>(extra, at), number::<2>(extra, at + 2)) {
        let end = at + 4 + len as usize;
        if id == 1 {
            found = extra.get(at + 4..end).unwrap_or_default();
        }
        at = end;
    }
    found.as_chunks::<8>().0.iter().map(|&number| u64::from_le_bytes(number))
}
