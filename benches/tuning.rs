//! Whether tuning is steady: it is repeated on new devices, and each choice is compared with the best that there is.
//!
//! ```text
//! cargo bench --bench tuning                                       # ten times, for resnext50_32x4d and resnext50_1x64d
//! cargo bench --bench tuning -- resnext50_8x14d --times 20 --runs 9
//! ```
//!
//! What a choice costs a network is the sum over its classes of convolutions of what they take with the chosen method, measured
//! afterwards in turns. The best choice has for each class the method that takes least.
#![allow(unreachable_pub, reason = "a program has no users: `pub` marks what its other files use")]
#![cfg_attr(target_arch = "wasm32", no_main)] // Clippy for wasm32 looks at every target; this one is native.
#![cfg(not(target_arch = "wasm32"))]

#[path = "common/choice.rs"]
mod choice;
#[path = "common/exit.rs"]
mod exit;

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::rc::Rc;

use cardinal::classifier::{Classifier, Model, Stats};
use cardinal::gpu::Gpu;
use cardinal::kernels::{ConvClass, Method};
use cardinal::model::{Op, ResNextConfig};
use cardinal::plan::{Plan, PlanKind, PlanOptions, Tuning};
use clap::Parser;

type Failure = Box<dyn std::error::Error>;

/// A choice may cost a network this much more than the best one.
const BAR: f64 = 1.05;

/// Whether tuning is steady: it is repeated on new devices, and each choice is compared with the best that there is.
#[derive(Parser)]
#[command(name = "tuning", bin_name = "cargo bench --bench tuning --")]
struct Args {
    /// Networks that the choices are compared on. Between them, the two by default have every class of convolutions.
    #[arg(value_name = "NETWORK", value_parser = choice::network, default_values = ["resnext50_32x4d", "resnext50_1x64d"])]
    networks: Vec<String>,
    /// How often to tune.
    #[arg(long, value_name = "N", default_value = "10")]
    times: NonZeroUsize,
    /// Timed runs of each network with each method.
    #[arg(long, value_name = "N", default_value = "5")]
    runs: NonZeroUsize,
    /// Cargo passes this flag to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    exit::finish("tuning", pollster::block_on(run(&Args::parse())))
}

async fn run(args: &Args) -> Result<(), Failure> {
    let (mut choices, mut took) = (Vec::new(), Vec::new());
    for time in 1..=args.times.get() {
        let gpu = Gpu::request().await?;
        if time == 1 {
            println!("{} ({}); first guess {}\n", gpu.adapter().name, gpu.adapter().backend, gpu.tuning());
        }
        let tuned = gpu.tune().await?;
        println!("{time:>2}. {} in {:.0} ms", tuned.tuning, tuned.ms);
        choices.push(tuned.tuning);
        took.push(tuned.ms);
    }
    let Stats { median, .. } = Stats::new(took.clone());
    println!("median {median:.0} ms, longest {:.0} ms", took.iter().copied().fold(0.0, f64::max));
    let gpu = Rc::new(Gpu::request().await?);
    let mut worst: f64 = 0.0;
    for network in &args.networks {
        let costs = costs(&gpu, network, args.runs.get()).await?;
        let least = |class: &ConvClass| of_class(&costs, *class).map(|(.., ms)| ms).fold(f64::INFINITY, f64::min);
        let classes: Vec<ConvClass> = ConvClass::ALL.into_iter().filter(|class| least(class) > 0.0).collect();
        println!("\n{network}: ms of all convolutions of a class, median of {} runs\n", args.runs);
        for (class, method, ms) in costs.iter().filter(|(class, ..)| classes.contains(class)) {
            println!("{:<16} {:<16} {ms:>8.1}", format!("{class:?}"), method.name());
        }
        let best: f64 = classes.iter().map(least).sum();
        println!("\nof the best, {best:.1} ms:");
        for (number, tuning) in (1..).zip(&choices) {
            let cost = |class: &ConvClass| {
                of_class(&costs, *class)
                    .find(|(_, method, _)| *method == tuning.method(*class))
                    .map_or(0.0, |(.., ms)| ms)
            };
            let share = classes.iter().map(cost).sum::<f64>() / best;
            println!("{number:>2}. {share:.3}");
            worst = worst.max(share);
        }
    }
    println!("\nworst choice: {worst:.3} times the best; the bar is {BAR}");
    if worst > BAR { Err("a choice was worse than the bar".into()) } else { Ok(()) }
}

type Cost = (ConvClass, Method, f64);

fn of_class(costs: &[Cost], class: ConvClass) -> impl Iterator<Item = Cost> + '_ {
    costs.iter().copied().filter(move |&(of, ..)| of == class)
}

/// Milliseconds that the convolutions of each class take together with each of its methods. On a software adapter only methods
/// without barriers are worth measuring: the others take several times as long.
async fn costs(gpu: &Rc<Gpu>, network: &str, runs: usize) -> Result<Vec<Cost>, Failure> {
    let model = Model::untrained(ResNextConfig::preset(network)?);
    let mut timed = Vec::new();
    for method in Method::ALL {
        if !gpu.adapter().software || method.in_registers() {
            let options = PlanOptions { tuning: Some(Tuning::all(method)), ..PlanKind::Fused.into() };
            timed.push((method, Classifier::load(gpu, &model, options, |_| {}).await?, Vec::new()));
        }
    }
    for _ in 0..runs {
        for (_, classifier, profiles) in &mut timed {
            let input = vec![0.5; classifier.graph().input_shape().len()];
            profiles.push(classifier.profile(&input).await?);
        }
    }
    let mut costs = Vec::new();
    for class in ConvClass::ALL {
        for (method, classifier, profiles) in timed.iter().filter(|(method, ..)| class.methods().contains(method)) {
            let plan = classifier.plan();
            let of_class: Vec<usize> =
                (0..plan.steps.len()).filter(|&step| class_of(plan, step) == Some(class)).collect();
            let sums = profiles.iter().map(|profile| of_class.iter().map(|&step| profile[step].ms).sum()).collect();
            costs.push((class, *method, Stats::new(sums).median));
        }
    }
    Ok(costs)
}

fn class_of(plan: &Plan, step: usize) -> Option<ConvClass> {
    let layer = &plan.graph.layers[plan.steps[step].layers[0]];
    match layer.op {
        Op::Conv2d { spec, .. } => ConvClass::of(spec, plan.graph.tensors[layer.output].shape),
        _ => None,
    }
}
