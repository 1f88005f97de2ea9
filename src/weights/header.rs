//! The safetensors container: eight bytes of header length (u64, little-endian), a JSON header, then the tensors' bytes.
//!
//! Parsed here rather than with the `safetensors` crate because the page must say which tensor is wrong and why, because
//! the crate lets a repeated key win silently, and because it reads headers of up to 100 MB. The tests hold the two
//! against each other: whatever is accepted here, the crate accepts too.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};

use super::WeightError;
use super::format::refuse_other_formats;
use crate::order;

/// The longest header that is read, in bytes. ResNeXt-101 needs 65 kB, 20 000 class names 600 kB.
pub const MAX_HEADER_BYTES: u64 = 1_000_000;

/// How numbers are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Dtype {
    F32,
    F16,
    Bf16,
    /// Read only where its values do not matter.
    Other(String),
}

impl Dtype {
    /// The type and its size in bytes, or `None` for one the format does not know or packs below a byte.
    fn parse(name: &str) -> Option<(Self, u64)> {
        let size = match name {
            "BOOL" | "U8" | "I8" | "F8_E5M2" | "F8_E4M3" | "F8_E8M0" => 1,
            "F16" | "BF16" | "I16" | "U16" => 2,
            "F32" | "I32" | "U32" => 4,
            "F64" | "I64" | "U64" | "C64" => 8,
            _ => return None,
        };
        let dtype = match name {
            "F32" => Self::F32,
            "F16" => Self::F16,
            "BF16" => Self::Bf16,
            other => Self::Other(other.to_owned()),
        };
        Some((dtype, size))
    }
}

/// Where a tensor lies in the file.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub dtype: Dtype,
    pub shape: Vec<u64>,
    /// Bytes of the file, header included.
    pub span: Range<usize>,
}

/// A header whose entries fill the file without gap or overlap.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub entries: BTreeMap<String, Entry>,
    pub metadata: BTreeMap<String, String>,
}

impl Header {
    /// Where the header of a file of `file_len` bytes ends, from its first bytes; refuses what is no safetensors file.
    pub(super) fn bytes(opening: &[u8], file_len: u64) -> Result<u64, WeightError> {
        refuse_other_formats(opening)?;
        let Some((length, _)) = opening.split_first_chunk::<8>() else {
            return Err(WeightError::Truncated { expected: 8, got: file_len });
        };
        let header_len = u64::from_le_bytes(*length);
        if header_len > MAX_HEADER_BYTES {
            return Err(WeightError::HeaderTooLarge { got: header_len, limit: MAX_HEADER_BYTES });
        }
        match 8 + header_len {
            expected if expected > file_len => Err(WeightError::Truncated { expected, got: file_len }),
            end => Ok(end),
        }
    }

    /// Reads the header from a file of `file_len` bytes; `bytes` are its first, at least up to the header's end.
    pub(super) fn parse(bytes: &[u8], file_len: u64) -> Result<Self, WeightError> {
        let end = Self::bytes(bytes, file_len)?;
        let Some(json) = usize::try_from(end).ok().and_then(|end| bytes.get(8..end)) else {
            return Err(WeightError::Truncated { expected: end, got: bytes.len() as u64 });
        };
        let json = std::str::from_utf8(json).map_err(|error| WeightError::Header(error.to_string()))?;
        let raw: RawHeader = serde_json::from_str(json).map_err(header_error)?;
        let entries = lay_out(raw.tensors, end, file_len)?;
        Ok(Self { entries, metadata: raw.metadata })
    }
}

/// Checks that the tensors, in the order of their offsets, fill the file from `data_start` to its end.
fn lay_out(
    tensors: Vec<(String, RawEntry)>,
    data_start: u64,
    file_len: u64,
) -> Result<BTreeMap<String, Entry>, WeightError> {
    let tensors = order::by_key(tensors, |(_, raw)| raw.data_offsets.into());
    let mut entries = BTreeMap::new();
    let (mut cursor, mut previous) = (0, String::new());
    for (tensor, raw) in tensors {
        let [start, end] = raw.data_offsets;
        let Some((dtype, size)) = Dtype::parse(&raw.dtype) else {
            return Err(WeightError::Dtype { tensor, got: raw.dtype });
        };
        let expected = raw.shape.iter().try_fold(size, |bytes, &dim| bytes.checked_mul(dim));
        if expected.is_none() || end.checked_sub(start) != expected {
            return Err(WeightError::Span { tensor, dtype: raw.dtype, shape: raw.shape, expected, start, end });
        }
        if start < cursor {
            return Err(WeightError::Overlap { tensor, previous, expected: cursor, got: start });
        }
        if start > cursor {
            return Err(WeightError::Hole { tensor, expected: cursor, got: start });
        }
        cursor = end;
        let file_end = data_start.saturating_add(end);
        let (Ok(from), Ok(to)) = (usize::try_from(data_start.saturating_add(start)), usize::try_from(file_end)) else {
            return Err(WeightError::Truncated { expected: file_end, got: file_len });
        };
        previous.clone_from(&tensor);
        entries.insert(tensor, Entry { dtype, shape: raw.shape, span: from..to });
    }
    let expected = data_start.saturating_add(cursor);
    match expected.cmp(&file_len) {
        std::cmp::Ordering::Greater => Err(WeightError::Truncated { expected, got: file_len }),
        std::cmp::Ordering::Less => Err(WeightError::TrailingBytes { expected, got: file_len }),
        std::cmp::Ordering::Equal => Ok(entries),
    }
}

/// Marks a repeated key in the text of a JSON error, the only way through serde.
const DUPLICATE: &str = "duplicate key ";

fn header_error(error: serde_json::Error) -> WeightError {
    let text = error.to_string();
    match text.strip_prefix(DUPLICATE).and_then(|rest| rest.rsplit_once(" at line ")) {
        Some((key, _)) => WeightError::Duplicate(key.to_owned()),
        None => WeightError::Header(text),
    }
}

#[derive(Deserialize)]
struct RawEntry {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: [u64; 2],
}

struct RawHeader {
    tensors: Vec<(String, RawEntry)>,
    metadata: BTreeMap<String, String>,
}

impl<'de> Deserialize<'de> for RawHeader {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = RawHeader;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of tensors")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawHeader, A::Error> {
                let (mut seen, mut header) =
                    (HashSet::new(), RawHeader { tensors: Vec::new(), metadata: BTreeMap::new() });
                while let Some(key) = map.next_key::<String>()? {
                    if !seen.insert(key.clone()) {
                        return Err(A::Error::custom(format_args!("{DUPLICATE}{key}")));
                    }
                    let named = |error: A::Error| match error.to_string() {
                        text if text.starts_with(DUPLICATE) => error,
                        text => A::Error::custom(format_args!("{key}: {text}")),
                    };
                    if key == "__metadata__" {
                        header.metadata = map.next_value::<UniqueMap<String>>().map_err(named)?.0;
                    } else {
                        let entry = map.next_value().map_err(named)?;
                        header.tensors.push((key, entry));
                    }
                }
                Ok(header)
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// A JSON object in which a repeated key is an error; serde's own maps let the last one win.
pub(super) struct UniqueMap<V>(pub BTreeMap<String, V>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for UniqueMap<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Object<V> {
            type Value = UniqueMap<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<UniqueMap<V>, A::Error> {
                let mut entries = BTreeMap::new();
                while let Some((key, value)) = map.next_entry::<String, V>()? {
                    if entries.contains_key(&key) {
                        return Err(A::Error::custom(format_args!("{DUPLICATE}{key}")));
                    }
                    entries.insert(key, value);
                }
                Ok(UniqueMap(entries))
            }
        }
        deserializer.deserialize_map(Object(PhantomData))
    }
}
