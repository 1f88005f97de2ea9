//! What a network costs on any machine: dispatches, pipelines, bytes, multiply-adds. `benches/results/counts.md` has them, so that none grows
//! unseen.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use cardinal::model::{BlockForm, Graph, PRESETS, ResNextConfig, Stem};
use cardinal::plan::{Plan, PlanKind, PlanOptions, Tuning};

const HEAD: &str = "\
# What a network costs on any machine

One picture, weights in f32. *Pipelines* are the kernels that are compiled, with the kernels for software adapters and for GPUs.
`cargo test --test native counts` compares; where a change is meant, it prints what to write here.

| network | plan | dispatches | pipelines, software | pipelines, GPU | bytes of weights | bytes of activations | multiply-adds |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
";

fn plan(config: &ResNextConfig, kind: PlanKind, tuning: Tuning) -> Plan {
    let side = if config.stem == Stem::Imagenet { 224 } else { 32 };
    let graph = Graph::build(config, 1, (side, side), BlockForm::C).expect("a preset");
    Plan::new(graph, PlanOptions { kind, tuning: Some(tuning), ..PlanOptions::default() }).expect("it can be planned")
}

fn pipelines(plan: &Plan) -> usize {
    plan.steps.iter().map(|step| step.dispatch.kernel.name()).collect::<HashSet<_>>().len()
}

fn table() -> String {
    let mut table = HEAD.to_owned();
    for name in PRESETS {
        let config = ResNextConfig::preset(name).expect("a preset");
        for kind in [PlanKind::Fused, PlanKind::Plain] {
            let [software, gpu] = [Tuning::SOFTWARE, Tuning::GPU].map(|tuning| plan(&config, kind, tuning));
            let _ = writeln!(
                table,
                "| {name} | {kind} | {} | {} | {} | {} | {} | {} |",
                software.steps.len(),
                pipelines(&software),
                pipelines(&gpu),
                software.weight_bytes(),
                software.activation_bytes(),
                software.macs()
            );
        }
    }
    table
}

#[test]
fn nothing_costs_more_than_is_written_down() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/results/counts.md");
    let written = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    let now = table();
    assert!(written == now, "{} would have to be:\n{now}", file.display());
}
