//! Runs single layers of the two ResNeXt-101 on the kernels that `golden.rs` leaves out: it runs each whole network with few
//! methods, and most layers of the other methods have the same shapes in both networks.

use cardinal::cpu::run_once;
use cardinal::gpu::Gpu;
use cardinal::kernels::{ConvKernel, ConvLaunch};
use cardinal::model::{BlockForm, Graph, ResNextConfig};
use cardinal::plan::{Folded, GpuDtype, Plan, PlanOptions, Task};

use super::golden::{DEEP, deep, methods};
use crate::common::compare::{Deviation, compare, demand};
use crate::common::unit::TOLERANCE;
use crate::common::{self, bytes, rounded, values};

type Layer = (ConvLaunch, ConvKernel);

/// The convolutions of a network, as its plan launches them.
fn convolutions(name: &str, options: PlanOptions) -> Vec<Layer> {
    let graph = Graph::build(&ResNextConfig::preset(name).unwrap(), 1, (224, 224), BlockForm::C).unwrap();
    let convolution = |task| match task {
        Task::Convolution(launch, kernel) => Some((launch, kernel)),
        _ => None,
    };
    Plan::new(graph, options).unwrap().steps.into_iter().filter_map(|step| convolution(step.task)).collect()
}

#[test]
fn layers_that_no_whole_network_runs_agree() {
    pollster::block_on(async {
        let gpu = common::gpu().await;
        let mut seen: Vec<Layer> = deep().into_iter().flat_map(|(name, options)| convolutions(name, options)).collect();
        let mut outcomes = Vec::new();
        for options in methods() {
            for layer in DEEP.iter().flat_map(|name| convolutions(name, options)) {
                if !seen.contains(&layer) {
                    seen.push(layer);
                    outcomes.push(check(&gpu, layer).await);
                }
            }
        }
        println!("{} layers", outcomes.len());
        assert!(!outcomes.is_empty());
        demand(outcomes);
    });
}

/// Compares one layer with the CPU engine, which `native/cpu.rs` compares with PyTorch and the references.
async fn check(gpu: &Gpu, (launch, kernel): Layer) -> Result<Deviation, String> {
    let ConvLaunch { spec, input, output, epilogue, weight_dtype } = launch;
    let (x, weight) = (values("x", input.len()), values("weight", spec.weight_len()));
    let (bias, residual) = (values("bias", spec.out_channels), values("residual", output.len()));
    let single = ConvLaunch { weight_dtype: GpuDtype::F32, ..launch };
    let folded = Folded { weight: rounded(&weight, weight_dtype), bias: bias.clone() };
    let other = epilogue.residual.then_some(&residual[..]);
    let expected = run_once(Task::Convolution(single, ConvKernel::Direct), Some(folded), &x, other, output.len());
    let expected: Vec<f64> = expected.into_iter().map(f64::from).collect();

    let packed = weight_dtype.encode(kernel.pack(spec, &weight)).unwrap();
    let inputs = [bytes(&x), packed.bytes(), bytes(&bias), bytes(other.unwrap_or(&bias))];
    let dispatch = kernel.dispatch(launch).unwrap();
    let what = format!("{} {spec:?} on {input} {epilogue:?}", dispatch.kernel.name());
    let actual = gpu.run_once(&dispatch, &inputs, output.len()).await.map_err(|error| format!("{what}: {error}"))?;
    let outcome = compare(&what, &actual, &expected, TOLERANCE);
    if let Ok(deviation) = &outcome {
        println!("{what}: {deviation}");
    }
    outcome
}
