//! Why a weights file is refused; the page shows these texts as they are.

use std::fmt;

use super::listed::Listed;
use super::pth::TorchError;
use crate::decimal::short;
use crate::model::{ConfigError, GraphError};

/// A tensor whose shape differs from the one that the architecture requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misshapen {
    /// PyTorch's key, such as `layer1.0.conv2.weight`.
    pub tensor: String,
    /// The shape that the architecture requires.
    pub expected: Vec<u64>,
    /// The shape in the file.
    pub got: Vec<u64>,
}

/// Why a weights file, or a request for one of its tensors, was refused. Sizes of files are in bytes.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the messages say what each variant and each of its fields is")]
pub enum WeightError {
    // The container format.
    #[error("the weights file is empty (0 bytes); it was probably not downloaded whole: fetch it again")]
    Empty,
    #[error("this is {what}, not a safetensors file or one of PyTorch's; {remedy}")]
    OtherFormat { what: &'static str, remedy: &'static str },
    #[error("the weights file is cut off: {expected} bytes expected, got {got}; fetch it again")]
    Truncated { expected: u64, got: u64 },
    #[error(
        "the weights file goes on after its last tensor: {expected} bytes expected, got {got}; fetch or save it again"
    )]
    TrailingBytes { expected: u64, got: u64 },
    #[error(
        "the header of the weights file claims {got} bytes, but at most {limit} are read; the file is damaged or not in safetensors"
    )]
    HeaderTooLarge { got: u64, limit: u64 },
    #[error("the header of the weights file cannot be read: {0}; save the file again with safetensors")]
    Header(String),
    #[error("the header of the weights file has `{0}` twice; save the file again with safetensors")]
    Duplicate(String),
    #[error(
        "{tensor}: {dtype} of shape {shape:?} takes {} bytes, but its offsets {start}..{end} do not; the file is damaged",
        expected.map_or_else(|| "more than 2^64".to_owned(), |bytes| bytes.to_string())
    )]
    Span { tensor: String, dtype: String, shape: Vec<u64>, expected: Option<u64>, start: u64, end: u64 },
    #[error(
        "{tensor} starts at byte {got} of the data, inside {previous}, which ends at {expected}; the file is damaged"
    )]
    Overlap { tensor: String, previous: String, expected: u64, got: u64 },
    #[error("bytes {expected}..{got} of the data, before {tensor}, do not belong to any tensor; the file is damaged")]
    Hole { tensor: String, expected: u64, got: u64 },
    #[error("{tensor} is stored as {got}; F32, F16, BF16 or F64 expected: convert the weights before saving them")]
    Dtype { tensor: String, got: String },

    #[error(
        "the weights file has {got} bytes, larger than a web page can address ({limit} bytes); save the weights in f16, or run them \
         on the command line"
    )]
    TooLong { got: u64, limit: u64 },
    #[error(transparent)]
    Torch(#[from] TorchError),
    /// The same, in the words of a reader that is not part of this program.
    #[error("{reason}")]
    TorchElsewhere { reason: String, is_cut_off: bool },

    /// The bytes could not be read; the text is the source's own.
    #[error("{0}")]
    Source(String),

    // The network that the tensors make up.
    #[error("this is {what}, not a plain ResNeXt ({tensor}): {reason}")]
    Unsupported { what: &'static str, tensor: String, reason: &'static str },
    #[error(
        "there are several networks in this file, under the names {}; save the one that you want in a file of its own",
        Listed(&quoted(prefixes))
    )]
    Networks { prefixes: Vec<String> },
    #[error(
        "{} layers of this file could be the network's head: {}; save the network with one of them",
        candidates.len(),
        Listed(candidates)
    )]
    Heads { candidates: Vec<String> },
    #[error(
        "the network's head has {} layers ({}); a single linear layer expected, as Cardinal has no layers between the pooling and it",
        layers.len(),
        Listed(layers)
    )]
    HeadLayers { layers: Vec<String> },
    #[error(
        "these are not the weights of a ResNeXt: `conv1.weight` and `layer1.0.conv2.weight` expected, got {}",
        Listed(names)
    )]
    NotResNext { names: Vec<String> },
    #[error("{tensor} has shape {got:?}; {expected} expected")]
    Rank { tensor: String, expected: &'static str, got: Vec<u64> },
    #[error("conv1.weight has a {height}×{width} kernel; 7×7 (ImageNet's stem) or 3×3 (CIFAR's) expected")]
    Stem { height: u64, width: u64 },
    #[error(
        "{tensor} of shape {got:?} has {} groups, {reference} has {expected}; one cardinality for all blocks of a stage expected",
        short(got[0] as f64 / got[1] as f64)
    )]
    Cardinality { tensor: String, reference: String, expected: u64, got: Vec<u64> },
    #[error("{}", mismatch(missing, unexpected, misshapen))]
    Mismatch { missing: Vec<String>, unexpected: Vec<String>, misshapen: Vec<Misshapen> },
    #[error(
        "{tensor}[{index}] is {}; every weight must be a finite number: the training diverged or the file is damaged",
        short((*value).into())
    )]
    NonFinite { tensor: String, index: usize, value: f32 },
    #[error(
        "{tensor}[{index}] is {} in f64, beyond the range of f32, in which networks run; the training diverged or the file is damaged",
        short(*value)
    )]
    OutsideF32 { tensor: String, index: usize, value: f64 },
    #[error(
        "{tensor} would be uploaded with the value {} (after batch norm is folded in, if the plan does so); f16 reaches to \
         ±65504: keep the weights of this network in f32",
        short((*value).into())
    )]
    OutsideF16 { tensor: String, value: f32 },
    #[error(
        "{tensor}[{index}] is {}; f16 reaches to ±65504: save this network in f32",
        short((*value).into())
    )]
    NotInF16 { tensor: String, index: usize, value: f32 },
    #[error("{tensor}[{index}] is {}; a variance cannot be negative: the file is damaged", short((*value).into()))]
    NegativeVariance { tensor: String, index: usize, value: f32 },
    #[error("no network can be built from these weights: {0}")]
    Config(#[from] ConfigError),
    #[error("no network can be built from these weights: {0}")]
    Graph(#[from] GraphError),

    // The file's `config`.
    #[error("the network's `config` is not a JSON object: {message}, near `{near}`")]
    ConfigJson { message: String, near: String },
    #[error("`{field}` in the network's `config`: {expected} expected, got {got}")]
    ConfigField { field: &'static str, expected: String, got: String },
    #[error(
        "`{field}` is {stated} in the network's `config`, but the tensors' shapes give {inferred}; correct one of them"
    )]
    Contradiction { field: &'static str, stated: String, inferred: String },
    #[error("strides: {expected} expected, got {got:?}")]
    Strides { expected: String, got: Vec<usize> },

    // Requests for one tensor.
    #[error("there is no tensor {0} in these weights")]
    NoSuchTensor(String),
    #[error("{tensor}: shape {expected:?} requested, the weights have {got:?}")]
    Shape { tensor: String, expected: Vec<usize>, got: Vec<u64> },
    #[error("{tensor} of shape {shape:?} does not fit into the addressable memory; choose a smaller network")]
    TooLarge { tensor: String, shape: Vec<usize> },
    #[error(
        "there is no rule for the untrained values of {tensor} of shape {shape:?}; a weight, a bias or a running statistic expected"
    )]
    NoRule { tensor: String, shape: Vec<usize> },
}

impl WeightError {
    /// Whether the file seems to be longer than what there is of it.
    pub fn is_cut_off(&self) -> bool {
        matches!(
            self,
            Self::Truncated { .. }
                | Self::Torch(TorchError::CutOff | TorchError::PickleEnd)
                | Self::TorchElsewhere { is_cut_off: true, .. }
        )
    }

    /// What was expected and what the file has in its place, where the error is about one thing.
    pub fn difference(&self) -> Option<(String, String)> {
        Some(match self {
            Self::Truncated { expected, got } | Self::TrailingBytes { expected, got } => {
                (format!("{expected} bytes"), format!("{got} bytes"))
            }
            Self::OtherFormat { what, .. } => ("safetensors or PyTorch".to_owned(), (*what).to_owned()),
            Self::Rank { expected, got, .. } => ((*expected).to_owned(), format!("{got:?}")),
            Self::ConfigField { expected, got, .. } => (expected.clone(), got.clone()),
            Self::Contradiction { stated, inferred, .. } => (inferred.clone(), stated.clone()),
            Self::Mismatch { misshapen, .. } => {
                let first = misshapen.first()?;
                (format!("{} {:?}", first.tensor, first.expected), format!("{} {:?}", first.tensor, first.got))
            }
            _ => return None,
        })
    }

    /// A file of `got` bytes, in which not every place can be addressed.
    pub(super) fn too_long(got: u64) -> Self {
        Self::TooLong { got, limit: usize::MAX as u64 }
    }
}

impl fmt::Display for Misshapen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:?} expected, got {:?})", self.tensor, self.expected, self.got)
    }
}

/// Prefixes as they stand before a name: `encoder.layer1…`.
fn quoted(prefixes: &[String]) -> Vec<String> {
    prefixes.iter().map(|prefix| format!("`{prefix}layer1…`")).collect()
}

fn mismatch(missing: &[String], unexpected: &[String], misshapen: &[Misshapen]) -> String {
    let mut parts = Vec::new();
    if !missing.is_empty() {
        parts.push(format!("missing ({}): {}", missing.len(), Listed(missing)));
    }
    if !unexpected.is_empty() {
        parts.push(format!("not expected ({}): {}", unexpected.len(), Listed(unexpected)));
    }
    if !misshapen.is_empty() {
        parts.push(format!("of the wrong shape ({}): {}", misshapen.len(), Listed(misshapen)));
    }
    format!("the tensors are not those of the most similar ResNeXt; {}", parts.join("; "))
}
