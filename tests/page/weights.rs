//! Files of weights that are made for the tests: too large to store, or with what stored ones lack.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use cardinal::model::ResNextConfig;
use cardinal::weights::{TensorSource, tensor_shapes};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors, serialize, serialize_to_file};
use sha2::{Digest, Sha256};

use crate::common::fixture::Fixture;
use crate::common::prng::Generated;
use crate::files::{made, ours};

/// The golden set's resnext50_32x4d as timm would keep it: 100 MB, made once.
static RESNEXT50: LazyLock<PathBuf> = LazyLock::new(|| {
    let golden = std::fs::read(ours("tests/data/golden/full/resnext50_32x4d.safetensors")).expect("a fixture");
    let case = Fixture::parse(&golden).case;
    let sum = case["state_dict_sha256"].as_str().expect("a sum").to_owned();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page");
    let file = folder.join(format!("resnext50_32x4d-{}.safetensors", &sum[..16]));
    if !file.is_file() {
        std::fs::create_dir_all(&folder).expect("a folder for files of tests");
        // Whole or not there, even if somebody ends the tests half-way.
        let part = file.with_extension("part");
        generate(case["seed"].as_u64().expect("a seed"), &sum, &part);
        std::fs::rename(&part, &file).expect("a file");
    }
    file
});

pub fn resnext50() -> PathBuf {
    RESNEXT50.clone()
}

pub fn resnext50_sha256() -> String {
    static SUM: LazyLock<String> = LazyLock::new(|| sha256(&RESNEXT50));
    SUM.clone()
}

/// Of a file, in hexadecimal digits.
pub fn sha256(file: &Path) -> String {
    let mut hash = Sha256::new();
    let mut file = File::open(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut part = vec![0; 1 << 20];
    loop {
        match file.read(&mut part).expect("it can be read") {
            0 => return hex(hash),
            count => hash.update(&part[..count]),
        }
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn resnext50_bytes() -> u64 {
    RESNEXT50.metadata().expect("it is there").len()
}

type Tensor = (Dtype, Vec<usize>, Vec<u8>);

fn generate(seed: u64, sum: &str, file: &Path) {
    let config = ResNextConfig::preset("resnext50_32x4d").expect("a preset");
    let generated = Generated { seed };
    let mut tensors: BTreeMap<String, Tensor> = BTreeMap::new();
    for (name, shape) in tensor_shapes(&config).expect("a valid network") {
        let values = generated.tensor(&name, &shape).expect("a rule");
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        if let Some(module) = name.strip_suffix("running_mean") {
            tensors.insert(format!("{module}num_batches_tracked"), (Dtype::I64, vec![], vec![0; 8]));
        }
        tensors.insert(name, (Dtype::F32, shape, bytes));
    }
    let mut hash = Sha256::new();
    for (name, (_, _, bytes)) in &tensors {
        hash.update(name.as_bytes());
        hash.update(bytes);
    }
    assert_eq!(hex(hash), sum, "the generator's weights are not PyTorch's");
    // The writer that timm uses: sorted by name, wider types first.
    serialize_to_file(views(&tensors), None, file).expect("it can be written");
}

fn views(tensors: &BTreeMap<String, Tensor>) -> impl Iterator<Item = (&String, TensorView<'_>)> {
    tensors.iter().map(|(name, (dtype, shape, bytes))| {
        (name, TensorView::new(*dtype, shape.clone(), bytes).expect("as many bytes as the shape says"))
    })
}

/// What a fine-tune leaves: a small network of ImageNet's shape with `classes` of its own.
pub fn fine_tune(classes: usize) -> PathBuf {
    let stored = std::fs::read(ours("tests/data/golden/models/tiny_c4.weights.safetensors")).expect("a fixture");
    let stored = SafeTensors::deserialize(&stored).expect("fixtures are valid");
    let tensors: BTreeMap<String, Tensor> = stored
        .iter()
        .map(|(name, tensor)| {
            let (mut shape, mut bytes) = (tensor.shape().to_vec(), tensor.data().to_vec());
            if name.starts_with("fc.") {
                bytes.truncate(bytes.len() / shape[0] * classes);
                shape[0] = classes;
            }
            (name.to_owned(), (tensor.dtype(), shape, bytes))
        })
        .collect();
    let bytes = serialize(views(&tensors), None).expect("it can be written");
    made(&format!("fine-tune-of-{classes}.safetensors"), &bytes)
}
