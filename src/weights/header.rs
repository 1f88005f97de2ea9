//! The safetensors container: eight bytes of header length (u64, little-endian), a JSON header, then the tensors' bytes.
//!
//! Parsed here rather than with the `safetensors` crate because the page's error must name the wrong tensor and the fault,
//! because the crate lets a repeated key win silently, and because it reads headers of up to 100 MB. The tests compare the
//! two: whatever is accepted here, the crate accepts too.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::WeightError;
use super::unique_keys::{self, DUPLICATE};

/// The longest header that is read, in bytes. ResNeXt-101 needs 65 kB, and 20 000 class names need 600 kB.
pub const MAX_HEADER_BYTES: u64 = 1_000_000;

/// The type of a tensor's stored values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Dtype {
    F32,
    F16,
    Bf16,
    /// Narrowed to f32.
    F64,
    /// Any other type of the format; accepted only for tensors whose values are not used.
    Other(String),
}

impl Dtype {
    /// The type and its size in bytes, or `None` for a type that the format does not have or that takes less than a byte.
    fn parse(name: &str) -> Option<(Self, u64)> {
        let size = match name {
            "BOOL" | "U8" | "I8" | "F8_E5M2" | "F8_E4M3" | "F8_E8M0" => 1,
            "F16" | "BF16" | "I16" | "U16" => 2,
            "F32" | "I32" | "U32" => 4,
            "F64" | "I64" | "U64" | "C64" => 8,
            _ => return None,
        };
        Some((Self::named(name), size))
    }

    /// Its name in safetensors.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::F32 => "F32",
            Self::F16 => "F16",
            Self::Bf16 => "BF16",
            Self::F64 => "F64",
            Self::Other(other) => other,
        }
    }

    /// The type of this name in safetensors.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "F32" => Self::F32,
            "F16" => Self::F16,
            "BF16" => Self::Bf16,
            "F64" => Self::F64,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A tensor's type, shape and position in the file.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub dtype: Dtype,
    pub shape: Vec<u64>,
    /// The range of the file's bytes, counted from its start, from the tensor's first value to its last.
    pub span: Range<usize>,
    /// Values from one index to the next along each axis, where they do not lie in the order of the indices.
    pub strides: Option<Vec<usize>>,
}

/// How a weights file is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Container {
    /// A length, a JSON header and the tensors' bytes.
    Safetensors,
    /// The zip archive that `torch.save` writes since PyTorch 1.6.
    TorchZip,
    /// The row of pickles that `torch.save` wrote before, and still writes on request.
    TorchLegacy,
}

/// What a weights file says of its tensors, under the names that it gives them.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub entries: BTreeMap<String, Entry>,
    /// The JSON text of `config` in the file's metadata.
    pub config: Option<String>,
    pub container: Container,
    /// The keys from the root of a pickle to the dictionary that was taken; empty where the root itself was.
    pub path: Vec<String>,
    /// What was beside that dictionary and is not used, such as `optimizer (12 tensors)` and `epoch`.
    pub left_aside: Vec<String>,
}

impl Header {
    /// Length in bytes of everything before the tensors, from the first bytes of a file of `file_len` bytes.
    pub(super) fn bytes(opening: &[u8], file_len: u64) -> Result<u64, WeightError> {
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

    /// Reads the header from a file of `file_len` bytes; `bytes` are its first bytes, at least up to the header's end.
    pub(super) fn parse(bytes: &[u8], file_len: u64) -> Result<Self, WeightError> {
        let end = Self::bytes(bytes, file_len)?;
        let Some(json) = usize::try_from(end).ok().and_then(|end| bytes.get(8..end)) else {
            return Err(WeightError::Truncated { expected: end, got: bytes.len() as u64 });
        };
        let json = std::str::from_utf8(json).map_err(|error| WeightError::Header(error.to_string()))?;
        let mut members = unique_keys::parse(json).map_err(header_error)?;
        let config = members.remove("__metadata__").map_or(Ok(None), |metadata| config(&metadata))?;
        let tensors = members.iter().map(|(name, entry)| Ok((name.clone(), RawEntry::read(name, entry)?)));
        let entries = lay_out(tensors.collect::<Result<_, WeightError>>()?, end, file_len)?;
        Ok(Self { entries, config, container: Container::Safetensors, path: Vec::new(), left_aside: Vec::new() })
    }
}

/// Checks that the tensors, in the order of their offsets, fill the file from `data_start` to its end.
fn lay_out(
    mut tensors: Vec<(String, RawEntry)>,
    data_start: u64,
    file_len: u64,
) -> Result<BTreeMap<String, Entry>, WeightError> {
    tensors.sort_unstable_by_key(|(_, raw)| raw.data_offsets);
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
            return Err(WeightError::too_long(file_end));
        };
        previous.clone_from(&tensor);
        entries.insert(tensor, Entry { dtype, shape: raw.shape, span: from..to, strides: None });
    }
    let expected = data_start.saturating_add(cursor);
    match expected.cmp(&file_len) {
        std::cmp::Ordering::Greater => Err(WeightError::Truncated { expected, got: file_len }),
        std::cmp::Ordering::Less => Err(WeightError::TrailingBytes { expected, got: file_len }),
        std::cmp::Ordering::Equal => Ok(entries),
    }
}

fn header_error(error: serde_json::Error) -> WeightError {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_prefix(DUPLICATE).and_then(|rest| rest.strip_suffix(&place)) {
        Some(key) => WeightError::Duplicate(key.to_owned()),
        None => WeightError::Header(text),
    }
}

/// The file's `config`; every value of the metadata must be a string.
fn config(metadata: &Value) -> Result<Option<String>, WeightError> {
    let texts = metadata.as_object().filter(|members| members.values().all(|value| value.as_str().is_some()));
    let texts = texts.ok_or_else(|| WeightError::Header("__metadata__: an object of strings expected".into()))?;
    Ok(texts.get("config").and_then(Value::as_str).map(str::to_owned))
}

/// A tensor as the JSON has it.
pub(super) struct RawEntry {
    pub dtype: String,
    pub shape: Vec<u64>,
    pub data_offsets: [u64; 2],
}

impl RawEntry {
    pub(super) fn read(tensor: &str, entry: &Value) -> Result<Self, WeightError> {
        let wrong = |what: &str| WeightError::Header(format!("{tensor}: {what} expected"));
        let dtype = entry.get("dtype").and_then(Value::as_str).ok_or_else(|| wrong("`dtype`, a string,"))?;
        let sizes =
            |field: &str| -> Option<Vec<u64>> { entry.get(field)?.as_array()?.iter().map(Value::as_u64).collect() };
        let shape = sizes("shape").ok_or_else(|| wrong("`shape`, a list of whole numbers,"))?;
        let offsets = sizes("data_offsets").and_then(|offsets| offsets.try_into().ok());
        let data_offsets = offsets.ok_or_else(|| wrong("`data_offsets`, two whole numbers,"))?;
        Ok(Self { dtype: dtype.to_owned(), shape, data_offsets })
    }
}
