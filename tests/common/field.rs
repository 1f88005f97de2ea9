//! Runs networks of `tests/data/field/checkpoints` and compares their logits with PyTorch's in f64 arithmetic.

use cardinal::classifier::{Device, Engine};
use cardinal::model::{BlockForm, Graph};
use cardinal::plan::{LOGITS, Outputs, Plan, PlanOptions};
use cardinal::weights::Checkpoint;
use safetensors::SafeTensors;

use super::compare::{Deviation, compare};

/// A file of the field.
pub fn read(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/field/checkpoints");
    let path = folder.join(format!("{name}.safetensors"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The f32 values of a tensor of a file.
pub fn values(file: &[u8], tensor: &str) -> Vec<f32> {
    let file = SafeTensors::deserialize(file).expect("fixtures are valid");
    let bytes = file.tensor(tensor).expect("it is there").data();
    bytes.as_chunks::<4>().0.iter().map(|&value| f32::from_le_bytes(value)).collect()
}

pub fn open(name: &str) -> Checkpoint<Vec<u8>> {
    Checkpoint::parse(read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The outputs for the input of the file `io`.
pub async fn run(
    device: &Device,
    checkpoint: &Checkpoint<Vec<u8>>,
    io: &str,
    options: impl Into<PlanOptions>,
    form: BlockForm,
) -> Outputs {
    let graph = Graph::build(checkpoint.config(), 1, (24, 20), form).unwrap();
    let engine = Engine::build(device, Plan::new(graph, options).unwrap(), checkpoint, &|_| {}).await.unwrap();
    engine.run(&values(&read(io), "input")).await.unwrap().outputs
}

/// Compares the logits with those of the file `io`.
pub async fn check(
    device: &Device,
    (name, io): (&str, &str),
    options: impl Into<PlanOptions>,
    form: BlockForm,
) -> Result<Deviation, String> {
    let options = options.into();
    let outputs = run(device, &open(name), io, options, form).await;
    let expected: Vec<f64> = values(&read(io), "logits64").into_iter().map(f64::from).collect();
    compare(
        &format!("{name} {options} {form:?}"),
        outputs.values(LOGITS),
        &expected,
        super::network::tolerance(options),
    )
}
