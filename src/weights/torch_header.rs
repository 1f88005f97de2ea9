//! What a file of PyTorch's says of its tensors, and who reads it: its reader is a third of all that reads weights and few files need
//! it, so that a program may keep it elsewhere and hand over what it read as text.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Value, json};

use super::header::{Container, Dtype, Entry, Header, RawEntry};
use super::read::{Opened, open};
use super::{ByteSource, Pending, WeightError, pth};

const TENSORS: &str = "tensors";
const STRIDES: &str = "strides";
const LEGACY: &str = "legacy";
const PATH: &str = "path";
const LEFT_ASIDE: &str = "left_aside";
const REFUSED: &str = "refused";
const CUT_OFF: &str = "cut_off";

/// What one of PyTorch's files says of its tensors.
#[derive(Clone, Debug)]
pub struct TorchHeader(pub(super) Header);

/// Reads what PyTorch's files say of their tensors.
pub trait TorchReader {
    /// Reads it of a file that begins as PyTorch's do.
    ///
    /// # Errors
    /// Why the file is refused.
    fn header(&self, source: Rc<dyn ByteSource>) -> Pending<'_, Result<TorchHeader, WeightError>>;
}

/// Reads them in this program.
#[derive(Clone, Copy, Debug)]
pub struct InThisProgram;

impl TorchReader for InThisProgram {
    fn header(&self, source: Rc<dyn ByteSource>) -> Pending<'_, Result<TorchHeader, WeightError>> {
        Box::pin(async move { TorchHeader::read(&*source).await })
    }
}

impl TorchHeader {
    /// Reads it of a file.
    ///
    /// # Errors
    /// Why the file is refused; one that is in safetensors, too.
    pub async fn read(source: &dyn ByteSource) -> Result<Self, WeightError> {
        match open(source).await? {
            Opened::Torch(container) => Ok(Self(pth::read(container, source).await?)),
            Opened::Safetensors(_) => Err(WeightError::Header("one of PyTorch's files expected".into())),
        }
    }

    /// What was read, or why the file was refused, for a program that reads it with [`TorchHeader::from_text`].
    pub fn to_text(outcome: &Result<Self, WeightError>) -> String {
        let json = match outcome {
            Ok(Self(header)) => json!({
                TENSORS: header.entries.iter().map(|(name, entry)| (name.clone(), entry_to_json(entry))).collect::<BTreeMap<_, _>>(),
                LEGACY: header.container == Container::TorchLegacy,
                PATH: header.path,
                LEFT_ASIDE: header.left_aside,
            }),
            Err(error) => json!({ REFUSED: error.to_string(), CUT_OFF: error.is_cut_off() }),
        };
        json.to_string()
    }

    /// What [`TorchHeader::to_text`] has written.
    ///
    /// # Errors
    /// [`WeightError::TorchElsewhere`] where the file was refused; [`WeightError::Header`] for any other text.
    pub fn from_text(text: &str) -> Result<Self, WeightError> {
        let json: Value = serde_json::from_str(text).unwrap_or_default();
        if let Some(reason) = json.get(REFUSED).and_then(Value::as_str) {
            let is_cut_off = json.get(CUT_OFF) == Some(&Value::Bool(true));
            return Err(WeightError::TorchElsewhere { reason: reason.to_owned(), is_cut_off });
        }
        let wrong = || WeightError::Header("what was read of the tensors expected".into());
        let texts = |name: &str| -> Option<Vec<String>> {
            json.get(name)?.as_array()?.iter().map(|text| Some(text.as_str()?.to_owned())).collect()
        };
        let tensors = json.get(TENSORS).and_then(Value::as_object).ok_or_else(wrong)?;
        let mut entries = BTreeMap::new();
        for (name, entry) in tensors {
            entries.insert(name.clone(), entry_of_json(name, entry)?);
        }
        Ok(Self(Header {
            entries,
            config: None,
            container: match json.get(LEGACY) {
                Some(Value::Bool(true)) => Container::TorchLegacy,
                _ => Container::TorchZip,
            },
            path: texts(PATH).ok_or_else(wrong)?,
            left_aside: texts(LEFT_ASIDE).ok_or_else(wrong)?,
        }))
    }
}

/// As safetensors has it, with offsets from the file's beginning, and strides where there are any.
fn entry_to_json(entry: &Entry) -> Value {
    let mut json = json!({
        "dtype": entry.dtype.name(),
        "shape": entry.shape,
        "data_offsets": [entry.span.start, entry.span.end],
    });
    if let Some(strides) = &entry.strides {
        json[STRIDES] = json!(strides);
    }
    json
}

fn entry_of_json(name: &str, json: &Value) -> Result<Entry, WeightError> {
    let RawEntry { dtype, shape, data_offsets: [start, end] } = RawEntry::read(name, json)?;
    let size = |value: u64| usize::try_from(value).map_err(|_| WeightError::too_long(end));
    let strides = match json.get(STRIDES).and_then(Value::as_array) {
        None => None,
        Some(strides) => {
            Some(strides.iter().map(|stride| size(stride.as_u64().unwrap_or_default())).collect::<Result<_, _>>()?)
        }
    };
    Ok(Entry { dtype: Dtype::named(&dtype), shape, span: size(start)?..size(end)?, strides })
}
