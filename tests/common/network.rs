//! Runs whole networks of `tests/data/golden` and compares every block's output.

use cardinal::classifier::{Device, Engine, Run, class_rows, head_weight};
use cardinal::model::{BlockForm, Graph, ResNextConfig};
use cardinal::plan::{GpuDtype, LOGITS, Plan, PlanOptions};
use cardinal::reference;
use cardinal::weights::{Checkpoint, TensorSource};

use super::compare::{Deviation, compare};
use super::fixture::{Fixture, list};
use super::prng::{self, Generated};

/// Tolerance relative to the peak, against PyTorch in f64 with the weights as they are stored. For f16 it includes the rounding
/// of the weights and, if the kernels multiply in f16, of the products; for activations in f16 their rounding.
pub fn tolerance(options: PlanOptions) -> f64 {
    match options.weight_dtype {
        _ if options.activation_f16() => 3e-3,
        GpuDtype::F32 => 5e-5,
        GpuDtype::F16 if options.tuning.is_some_and(|tuning| tuning.product_f16) => 1e-2,
        GpuDtype::F16 => 2e-3,
    }
}

/// Checks a small network with stored weights; its architecture, except the strides, is inferred from them.
pub async fn check_small(
    device: impl Into<Device>,
    weights: &[u8],
    io: &[u8],
    options: impl Into<PlanOptions>,
    form: BlockForm,
) -> Vec<Result<Deviation, String>> {
    let fixture = Fixture::parse(io);
    let checkpoint = Checkpoint::parse(weights.to_vec()).unwrap_or_else(|error| panic!("{}: {error}", fixture.name()));
    let strides = fixture.case["config"].get("strides").map_or(vec![1, 2, 2, 2], list);
    let checkpoint = checkpoint.with_strides(strides).unwrap_or_else(|error| panic!("{}: {error}", fixture.name()));
    let input = fixture.f32("input").expect("a network has an input");
    check(device.into(), &fixture, checkpoint.config(), &checkpoint, &input, options.into(), form).await
}

/// Checks a network of torchvision with generated weights.
pub async fn check_full(
    device: impl Into<Device>,
    bytes: &[u8],
    options: impl Into<PlanOptions>,
) -> Vec<Result<Deviation, String>> {
    let fixture = Fixture::parse(bytes);
    let config = ResNextConfig::preset(fixture.name()).expect("torchvision's names are presets");
    let seed = fixture.number("seed") as u64;
    let input = prng::normal(seed, "input", fixture.numbers("input").iter().product(), 1.0);
    check(device.into(), &fixture, &config, &Generated { seed }, &input, options.into(), BlockForm::C).await
}

async fn check(
    device: Device,
    fixture: &Fixture<'_>,
    config: &ResNextConfig,
    source: &dyn TensorSource,
    input: &[f32],
    options: PlanOptions,
    form: BlockForm,
) -> Vec<Result<Deviation, String>> {
    let tuning = options.tuning.map_or_else(String::new, |tuning| format!(" {tuning}"));
    let on = if matches!(device, Device::Cpu) { " cpu" } else { "" };
    let label = format!("{} {options} {form:?}{tuning}{on}", fixture.name());
    let tolerance = tolerance(options);
    let shape = fixture.numbers("input");
    let graph = Graph::build(config, shape[0], (shape[2], shape[3]), form).expect("a valid network");
    let blocks: Vec<String> = graph.blocks.iter().map(|block| block.name.clone()).collect();
    // The names of PyTorch's recorded outputs: `stem` is the output of the first ReLU.
    let taps: Vec<(&str, &str)> = [("stem", "bn1"), ("maxpool", "maxpool"), ("avgpool", "avgpool")]
        .into_iter()
        .chain(blocks.iter().map(|name| (name.as_str(), name.as_str())))
        .filter(|(tap, _)| fixture.shape(tap).or_else(|| fixture.shape(&format!("{tap}.idx"))).is_some())
        .collect();
    let names: Vec<&str> = taps.iter().map(|(_, layer)| *layer).collect();
    let plan = Plan::with_outputs(graph, options, &names).expect("it can be planned");
    let engine =
        Engine::build(&device, plan, &source, &|_| {}).await.unwrap_or_else(|error| panic!("{label}: {error}"));
    let run = engine.run(input).await.unwrap_or_else(|error| panic!("{label}: {error}"));
    let logits = run.outputs.values(LOGITS);

    let mut outcomes = Vec::new();
    for (tap, layer) in &taps {
        let output = run.outputs.values(layer);
        let what = format!("{label} {tap}");
        outcomes.push(match fixture.indices(&format!("{tap}.idx")) {
            Some(indices) => {
                let sample: Vec<f32> = indices.iter().map(|&index| output[index]).collect();
                compare(&what, &sample, &fixture.f64(&format!("{tap}.val64")).unwrap(), tolerance)
            }
            None => {
                let expected: Vec<f64> = fixture.f32(tap).unwrap().into_iter().map(f64::from).collect();
                compare(&what, output, &expected, tolerance)
            }
        });
    }
    outcomes.extend(class_activation(&label, &engine, &run, fixture, source, tolerance).await);
    let expected = fixture.f64("logits64").expect("a network has logits");
    let outcome = compare(&format!("{label} logits"), logits, &expected, tolerance);
    if let Ok(deviation) = &outcome {
        super::say(&format!("{label:<34} logits {deviation}; {:.0} ms, {} submissions", run.wall_ms, run.submissions));
    }
    outcomes.push(outcome);
    outcomes.push(same_top_5(&label, logits, &expected, config.num_classes));
    outcomes
}

/// Compares the class activation maps of all classes with the sum in f64 from PyTorch's features, where the fixture has these
/// whole.
async fn class_activation(
    label: &str,
    engine: &Engine,
    run: &Run,
    fixture: &Fixture<'_>,
    source: &dyn TensorSource,
    tolerance: f64,
) -> Option<Result<Deviation, String>> {
    let graph = &engine.plan().graph;
    let features = fixture.f32(&graph.blocks.last()?.name)?;
    let shape = graph.tensors[graph.last_block()?].shape;
    let head = head_weight(&source, graph).await.expect("a network has a head");
    let expected = reference::class_activation(&features, shape, &head);
    let classes: Vec<usize> = (0..graph.config.num_classes).collect();
    let rows = class_rows(&head, shape.c, &classes);
    let maps = engine.class_activation(run.id, &rows).await.expect("the device is well").expect("the last run");
    let stale = engine.class_activation(run.id + 1, &rows).await.expect("the device is well");
    assert!(stale.is_none(), "{label}: another run's maps");
    // Weights in f32 leave the error of sums alone.
    let tolerance = if tolerance < 1e-4 { 1e-5 } else { tolerance };
    Some(compare(&format!("{label} class activation"), &maps, &expected, tolerance))
}

/// Checks the five most probable classes and their order, per picture.
fn same_top_5(label: &str, logits: &[f32], expected: &[f64], classes: usize) -> Result<Deviation, String> {
    let top = |row: &[f64]| {
        let mut order: Vec<usize> = (0..row.len()).collect();
        order.sort_by(|&a, &b| row[b].total_cmp(&row[a]));
        order.truncate(5);
        order
    };
    for (actual, expected) in logits.chunks(classes).zip(expected.chunks(classes)) {
        let actual: Vec<f64> = actual.iter().map(|&value| f64::from(value)).collect();
        let (got, wanted) = (top(&actual), top(expected));
        if got != wanted {
            return Err(format!("{label}: top-5 {got:?}, expected {wanted:?}"));
        }
    }
    Ok(Deviation { of_peak: 0.0, index: 0 })
}
