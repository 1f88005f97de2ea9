//! The tables as Markdown.

use std::fmt::Write as _;

use cardinal::plan::{Plan, Step};

use crate::bound::{CLOCK, DEVICES, Device, Limit};
use crate::kernel::Kernel;
use crate::step::{Facts, distinct};

/// All tables, each with a heading.
pub fn all(network: &str, plan: &Plan) -> Result<String, String> {
    let activations = if plan.options.activation_f16() { ", activations in f16" } else { "" };
    let mut out = format!("{network}, fused, weights in {}{activations}, batch 1.\n\n", plan.options.weight_dtype);
    stages(&mut out, plan)?;
    layers(&mut out, plan)?;
    kernels(&mut out, plan)?;
    Ok(out)
}

fn title(device: Device) -> String {
    format!("{:.0} TFLOP/s, {:.0} GB/s", device.peak / 1e12, device.bandwidth / 1e9)
}

fn heads() -> String {
    DEVICES.iter().map(|device| format!(" {} |", title(*device))).collect()
}

/// Threads that a step starts.
fn threads(step: &Step) -> Result<f64, String> {
    let groups: u32 = step.dispatch.workgroup_count.iter().product();
    Ok(f64::from(groups) * f64::from(Kernel::read(&step.dispatch.kernel)?.threads()))
}

/// A step's bound on each device.
fn bounds(facts: &Facts, threads: f64) -> [(f64, Limit); 3] {
    DEVICES.map(|device| device.bound(facts.flop(), facts.bytes as f64, threads))
}

/// The stage of a layer: `layer2` for `layer2.1.conv2`, `stem` or `head` outside the stages.
fn stage(label: &str) -> &str {
    match label.split('.').next() {
        Some(first) if first.starts_with("layer") => first,
        Some("conv1" | "maxpool") => "stem",
        _ => "head",
    }
}

#[derive(Default)]
struct Stage {
    name: String,
    flop: f64,
    bytes: f64,
    seconds: [f64; 3],
    /// Seconds by limit, for each device.
    shares: [[f64; 3]; 3],
}

fn stages(out: &mut String, plan: &Plan) -> Result<(), String> {
    let mut stages: Vec<Stage> = Vec::new();
    for step in &plan.steps {
        let name = stage(&step.label);
        if stages.last().is_none_or(|last| last.name != name) {
            stages.push(Stage { name: name.to_owned(), ..Stage::default() });
        }
        let facts = Facts::of(plan, step);
        let all = bounds(&facts, threads(step)?);
        let Some(last) = stages.last_mut() else { continue };
        last.flop += facts.flop();
        last.bytes += facts.bytes as f64;
        for (index, (seconds, limit)) in all.into_iter().enumerate() {
            last.seconds[index] += seconds;
            last.shares[index][limit as usize] += seconds;
        }
    }
    let _ = writeln!(out, "### Stages: ms at least, and what limits\n");
    let _ = writeln!(out, "| stage | GFLOP | MB |{}", heads());
    let _ = writeln!(out, "| --- | ---: | ---: | ---: | ---: | ---: |");
    for stage in &stages {
        let cell = |index: usize| {
            let share = |limit: Limit| stage.shares[index][limit as usize];
            let most = [Limit::Arithmetic, Limit::Bytes, Limit::Threads].into_iter();
            let most = most.max_by(|a, b| share(*a).total_cmp(&share(*b))).map_or("", Limit::word);
            format!("{:.3}, {most}", stage.seconds[index] * 1e3)
        };
        let _ = writeln!(
            out,
            "| {} | {:.2} | {:.1} | {} | {} | {} |",
            stage.name,
            stage.flop / 1e9,
            stage.bytes / 1e6,
            cell(0),
            cell(1),
            cell(2)
        );
    }
    total(out, &stages);
    Ok(())
}

fn total(out: &mut String, stages: &[Stage]) {
    let sum = |of: &dyn Fn(&Stage) -> f64| stages.iter().map(of).sum::<f64>();
    let (flop, bytes) = (sum(&|stage| stage.flop), sum(&|stage| stage.bytes));
    let cell = |index: usize| format!("**{:.2}**", sum(&|stage| stage.seconds[index]) * 1e3);
    let (a, b, c) = (cell(0), cell(1), cell(2));
    let _ = writeln!(out, "| all | {:.2} | {:.1} | {a} | {b} | {c} |", flop / 1e9, bytes / 1e6);
    let alone = |device: Device| format!("{:.2}", flop / device.peak * 1e3);
    let [a, b, c] = DEVICES.map(alone);
    let _ = writeln!(out, "| arithmetic alone | | | {a} | {b} | {c} |\n");
}

fn layers(out: &mut String, plan: &Plan) -> Result<(), String> {
    let _ = writeln!(out, "### Layers: µs at least, one dispatch\n");
    let _ = writeln!(out, "| layer | times | MFLOP | MB | FLOP/byte | workgroups | threads |{}", heads());
    let _ = writeln!(out, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (facts, indices) in distinct(plan) {
        let step = &plan.steps[indices[0]];
        let threads = threads(step)?;
        let groups: u32 = step.dispatch.workgroup_count.iter().product();
        let cells = bounds(&facts, threads).map(|(seconds, limit)| format!("{:.1} {}", seconds * 1e6, limit.word()));
        let _ = writeln!(
            out,
            "| {} | {} | {:.1} | {:.2} | {:.0} | {groups} | {threads} | {} |",
            facts.shape,
            indices.len(),
            facts.flop() / 1e6,
            facts.bytes as f64 / 1e6,
            facts.flop() / facts.bytes as f64,
            cells.join(" | ")
        );
    }
    out.push('\n');
    Ok(())
}

fn kernels(out: &mut String, plan: &Plan) -> Result<(), String> {
    let _ = writeln!(out, "### Kernels, per thread and per workgroup\n");
    let _ = writeln!(out, "| variant | dispatches | GFLOP | threads | tile | reuse | registers | workgroup memory |");
    let _ = writeln!(out, "| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: |");
    let mut seen: Vec<(String, Kernel, usize, u64)> = Vec::new();
    for step in &plan.steps {
        let name = step.dispatch.kernel.name();
        match seen.iter_mut().find(|(known, ..)| *known == name) {
            Some((_, _, count, macs)) => (*count, *macs) = (*count + 1, *macs + step.macs),
            None => seen.push((name, Kernel::read(&step.dispatch.kernel)?, 1, step.macs)),
        }
    }
    for (name, kernel, count, macs) in seen {
        let [x, y, z] = kernel.workgroup_size;
        let tile: Vec<String> = kernel.tile.iter().map(|(name, size)| format!("{name} {size}")).collect();
        let shared = f64::from(kernel.shared) / f64::from(kernel.threads());
        let _ = writeln!(
            out,
            "| `{name}` | {count} | {:.2} | {x}×{y}×{z} | {} | {} | {} | {} |",
            2e-9 * macs as f64,
            if tile.is_empty() { "–".to_owned() } else { tile.join(", ") },
            kernel.reuse().map_or("–".to_owned(), |reuse| format!("{reuse:.1}")),
            kernel.registers,
            if kernel.shared == 0 {
                "–".to_owned()
            } else {
                format!("{} B, {shared:.0} B per thread", kernel.shared)
            }
        );
    }
    let lanes: Vec<String> = DEVICES.iter().map(|device| format!("{:.0}", device.lanes())).collect();
    let _ = writeln!(out, "\nLanes at {:.1} GHz: {}.", CLOCK / 1e9, lanes.join(", "));
    Ok(())
}
