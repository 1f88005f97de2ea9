//! Reads activations out of the course of a run, and compares them with those that a plan keeps and with PyTorch's.

use cardinal::classifier::{Device, Engine};
use cardinal::model::{BlockForm, Graph};
use cardinal::plan::{Plan, PlanKind};
use cardinal::weights::Checkpoint;

use super::compare::{Deviation, compare};
use super::fixture::{Fixture, list};
use super::network::tolerance;

/// Checks one small network: every activation that its plan writes equals to the bit what a plan that keeps it reads back, and
/// those that PyTorch's fixture has agree with it.
pub async fn check(
    device: impl Into<Device>,
    weights: &[u8],
    io: &[u8],
    kind: PlanKind,
    form: BlockForm,
) -> Vec<Result<Deviation, String>> {
    let device = device.into();
    let fixture = Fixture::parse(io);
    let strides = fixture.case["config"].get("strides").map_or(vec![1, 2, 2, 2], list);
    let checkpoint = Checkpoint::parse(weights.to_vec()).unwrap().with_strides(strides).unwrap();
    let input = fixture.f32("input").expect("a network has an input");
    let shape = fixture.numbers("input");
    let graph = Graph::build(checkpoint.config(), shape[0], (shape[2], shape[3]), form).unwrap();
    let label = format!("{} {kind} {form:?}", fixture.name());

    let plan = Plan::new(graph.clone(), kind).unwrap();
    let named = graph.layers.iter().map(|layer| &layer.name).chain(graph.blocks.iter().map(|block| &block.name));
    let names: Vec<&str> = named.map(String::as_str).filter(|name| plan.written(name).is_ok()).collect();
    let kept = Plan::with_outputs(graph.clone(), kind, &names).unwrap();
    assert_eq!(kept.steps.len(), plan.steps.len(), "{label}: keeping what is written changes no fusion");
    assert!(kept.activation_bytes() > plan.activation_bytes(), "{label}: slots are shared only where nothing is kept");

    let source = &checkpoint;
    let engine = Engine::build(&device, plan, &source, &|_| {}).await.unwrap();
    let keeping = Engine::build(&device, kept, &source, &|_| {}).await.unwrap();
    let expected = keeping.run(&input).await.unwrap().outputs;
    // Something in the slots that must not be read.
    engine.run(&vec![f32::NAN; input.len()]).await.unwrap();
    let read = engine.read(&input, &names).await.unwrap();
    let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();

    let mut outcomes = Vec::new();
    for &name in &names {
        assert!(bits(read.values(name)) == bits(expected.values(name)), "{label}: {name} is not what the run wrote");
        let tap = if name == "bn1" { "stem" } else { name };
        if let Some(golden) = fixture.f32(tap) {
            let golden: Vec<f64> = golden.into_iter().map(f64::from).collect();
            outcomes.push(compare(&format!("{label} {name}"), read.values(name), &golden, tolerance(kind.into())));
        }
    }
    assert!(outcomes.len() > graph.blocks.len(), "{label}: the fixture has every block and the stem");
    // Each alone: the run ends with the step that writes it, and the others are not copied.
    for name in names.iter().step_by(3) {
        let alone = engine.read(&input, &[name]).await.unwrap();
        assert_eq!(alone.iter().count(), 1, "{label} {name}");
        assert!(bits(alone.values(name)) == bits(expected.values(name)), "{label}: {name} alone");
    }
    outcomes
}
