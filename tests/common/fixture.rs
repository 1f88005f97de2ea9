//! Reads `tests/data/golden`: tensors, and the case that a file's metadata describes.

use safetensors::{Dtype, SafeTensors};
use serde_json::Value;

/// The small networks, whose weights are stored.
pub const SMALL: [&str; 6] = ["tiny_c4", "tiny_c8", "tiny_gray", "tiny_bias", "tiny_identity", "tiny_cifar3"];

/// A file of `tests/data/golden`.
#[cfg(not(target_arch = "wasm32"))]
pub fn golden(path: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/golden").join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A small network: its weights, and its input with the outputs of its blocks.
#[cfg(not(target_arch = "wasm32"))]
pub fn small(name: &str) -> [Vec<u8>; 2] {
    ["weights", "io"].map(|part| golden(&format!("models/{name}.{part}.safetensors")))
}

/// The manifest's files in a folder.
#[cfg(not(target_arch = "wasm32"))]
pub fn listed(folder: &str) -> Vec<String> {
    let manifest: Value = serde_json::from_slice(&golden("manifest.json")).expect("the manifest is JSON");
    let files = manifest["files"].as_array().expect("the manifest lists files").iter();
    files.filter_map(|file| file["file"].as_str()).filter(|file| file.starts_with(folder)).map(str::to_owned).collect()
}

/// One parsed fixture.
pub struct Fixture<'a> {
    tensors: SafeTensors<'a>,
    pub case: Value,
}

impl<'a> Fixture<'a> {
    pub fn parse(bytes: &'a [u8]) -> Self {
        let (_, metadata) = SafeTensors::read_metadata(bytes).expect("fixtures are valid");
        let case = metadata.metadata().as_ref().and_then(|map| map.get("case")).expect("fixtures carry their case");
        Self {
            tensors: SafeTensors::deserialize(bytes).expect("fixtures are valid"),
            case: serde_json::from_str(case).expect("the case is JSON"),
        }
    }

    pub fn name(&self) -> &str {
        self.case["name"].as_str().or(self.case["arch"].as_str()).expect("a case has a name")
    }

    pub fn number(&self, key: &str) -> usize {
        self.case[key].as_u64().unwrap_or_else(|| panic!("{}: no {key}", self.name())) as usize
    }

    pub fn numbers(&self, key: &str) -> Vec<usize> {
        list(&self.case[key])
    }

    /// u8 values, as stored.
    pub fn u8(&self, name: &str) -> Option<Vec<u8>> {
        let tensor = self.tensors.tensor(name).ok()?;
        assert_eq!(tensor.dtype(), Dtype::U8, "{name}");
        Some(tensor.data().to_vec())
    }

    /// f32 values, as stored.
    pub fn f32(&self, name: &str) -> Option<Vec<f32>> {
        let tensor = self.tensors.tensor(name).ok()?;
        assert_eq!(tensor.dtype(), Dtype::F32, "{name}");
        Some(tensor.data().chunks_exact(4).map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap())).collect())
    }

    /// f64 values, as stored.
    pub fn f64(&self, name: &str) -> Option<Vec<f64>> {
        let tensor = self.tensors.tensor(name).ok()?;
        assert_eq!(tensor.dtype(), Dtype::F64, "{name}");
        Some(tensor.data().chunks_exact(8).map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap())).collect())
    }

    /// Flat indices of the elements that a sample holds.
    pub fn indices(&self, name: &str) -> Option<Vec<usize>> {
        let tensor = self.tensors.tensor(name).ok()?;
        assert_eq!(tensor.dtype(), Dtype::I32, "{name}");
        let index = |bytes: &[u8]| i32::from_le_bytes(bytes.try_into().unwrap()) as usize;
        Some(tensor.data().chunks_exact(4).map(index).collect())
    }

    pub fn shape(&self, name: &str) -> Option<Vec<usize>> {
        Some(self.tensors.tensor(name).ok()?.shape().to_vec())
    }
}

pub fn list(value: &Value) -> Vec<usize> {
    value.as_array().expect("a list").iter().map(|n| n.as_u64().expect("a number") as usize).collect()
}
