//! Runs a network natively and prints one JSON object:
//!
//! ```text
//! cargo run --release --example infer -- --weights W.safetensors (--image P | --tensor T.safetensors[:name]) --json
//! ```
//!
//! `--help` lists all options. The exit status is 1, with one line on standard error, where it fails, and 2 where the command line is
//! wrong.
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]
#![cfg_attr(target_arch = "wasm32", no_main)] // `wasm-pack test` builds every example; this one is native.
#![cfg(not(target_arch = "wasm32"))]

mod args;
#[path = "../../benches/common/choice.rs"]
mod choice;
#[path = "../../benches/common/device.rs"]
mod device;
#[path = "../../benches/common/exit.rs"]
mod exit;
#[path = "../../benches/common/folder.rs"]
mod folder;
mod input;
#[path = "../../benches/common/weights.rs"]
mod weights;

use std::process::ExitCode;

use args::Args;
use cardinal::classifier::{Engine, answers, class_rows, head_weight, top_k};
use cardinal::model::{BlockForm, Graph};
use cardinal::plan::{FEATURES, LOGITS, PROBABILITIES, Plan, PlanOptions};
use cardinal::weights::Checkpoint;
use choice::Backend;
use clap::Parser;
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    exit::report("infer", pollster::block_on(infer(&Args::parse())))
}

async fn infer(args: &Args) -> Result<Value, Failure> {
    let checkpoint = weights::read(&args.weights)?.checkpoint(args.strides.as_deref())?;
    let config = checkpoint.config();
    let (shape, values) = input::read(&args.input, checkpoint.metadata())?;

    let device = match args.backend {
        Backend::Cpu => device::cores(args.cores.get()),
        Backend::Gpu => device::device(args.backend).await?,
    };
    let options = PlanOptions { tuning: device.tuning(), ..args.plan() };
    let graph = Graph::build(config, shape.n, (shape.h, shape.w), BlockForm::C)?;
    if graph.input_shape() != shape {
        return Err(format!("the network takes {}, the tensor is {shape} (n×c×h×w)", graph.input_shape()).into());
    }
    let engine = Engine::build(&device, Plan::new(graph, options)?, &checkpoint, &|_| {}).await?;
    let (mut wall_ms, mut gpu_ms) = (Vec::new(), Vec::new());
    // The first run includes compiling and is not reported.
    let mut run = engine.run(&values).await?;
    for _ in 0..args.repeat.get() {
        run = engine.run(&values).await?;
        wall_ms.push(run.wall_ms);
        gpu_ms.extend(run.gpu_ms);
    }

    let cam = match args.cam {
        Some(class) => Some(cam(&engine, &checkpoint, run.id, class).await?),
        None => None,
    };

    let rows = |name: &str| {
        let values = run.outputs.values(name);
        values.chunks((values.len() / shape.n).max(1)).map(<[f32]>::to_vec).collect::<Vec<_>>()
    };
    let logits = rows(LOGITS);
    let probabilities: Vec<Vec<f32>> = rows(PROBABILITIES).into_iter().map(answers).collect();
    let has_head = config.num_classes > 0;
    if !has_head {
        eprintln!(
            "infer: these weights have no head (no fc.weight), so there are no classes; `features` has the average of each of the \
             last block's channels"
        );
    }
    let labels = checkpoint.metadata().classes.as_deref();
    let top: Vec<Value> = probabilities
        .iter()
        .map(|row| {
            let predictions = top_k(row, cardinal::classifier::TOP_K).into_iter();
            let entry = |(index, probability): (usize, f32)| {
                let label = labels.and_then(|labels| labels.get(index));
                json!({ "index": index, "label": label, "probability": probability })
            };
            predictions.map(entry).collect()
        })
        .collect();
    // For one picture, the usual case, the top five are a flat list; a batch gives one list per picture.
    let top_k = if top.len() == 1 { top[0].clone() } else { Value::from(top) };
    Ok(json!({
        "backend": args.backend.name(),
        "adapter": device::adapter(&device),
        "network": config.title(),
        "config": config,
        "reading": checkpoint.reading(),
        "plan": options.kind.to_string(),
        "tuning": options.tuning.map(|tuning| tuning.to_string()),
        "weight_dtype": options.weight_dtype.to_string(),
        "gpu_bytes": (args.backend == Backend::Gpu).then(|| engine.bytes()),
        "bytes": engine.bytes(),
        "shape": [shape.n, shape.c, shape.h, shape.w],
        "logits": logits,
        "probabilities": probabilities,
        "top_k": top_k,
        "cam": cam,
        "features": (!has_head).then(|| rows(FEATURES)),
        "wall_ms": wall_ms,
        "gpu_ms": gpu_ms,
        "submissions": run.submissions,
    }))
}

/// The class activation map of a class: its rows, or for several pictures a list of each one's.
async fn cam(engine: &Engine, checkpoint: &Checkpoint<Vec<u8>>, run: u64, class: usize) -> Result<Value, Failure> {
    let classes = checkpoint.config().num_answers();
    if class >= classes {
        return Err(format!("--cam {class}: the network has {classes} classes, numbered from 0").into());
    }
    let graph = &engine.plan().graph;
    let Some(last) = engine.plan().last_block.as_ref().map(|output| output.shape) else { return Ok(Value::Null) };
    let rows = class_rows(&head_weight(checkpoint, graph).await?, last.c, &[class]);
    let maps = engine.class_activation(run, &rows).await?.unwrap_or_default();
    let pictures: Vec<Value> =
        maps.chunks(last.h * last.w).map(|map| map.chunks(last.w).map(Value::from).collect()).collect();
    Ok(if let [only] = &pictures[..] { only.clone() } else { pictures.into() })
}
