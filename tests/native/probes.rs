//! The problems of the self-check: each kernel of every plan has one, on the plan's own pipeline, and small.

use cardinal::cpu;
use cardinal::kernels::Method;
use cardinal::model::{BlockForm, Graph, PRESETS, ResNextConfig};
use cardinal::plan::{GpuDtype, Plan, PlanKind, PlanOptions, Probe, Task, Tuning};

/// Every preset, in both plans, with every method and each type of weights.
fn each_plan(mut check: impl FnMut(&str, &Plan)) {
    for name in PRESETS {
        let config = ResNextConfig::preset(name).unwrap();
        let side = config.stem.default_input_size();
        // One network has the concatenations of form B, which are alike in all.
        let forms: &[BlockForm] = if name == PRESETS[0] { &[BlockForm::B, BlockForm::C] } else { &[BlockForm::C] };
        for &form in forms {
            let graph = Graph::build(&config, 1, (side, side), form).unwrap();
            for method in Method::ALL {
                for (kind, weight_dtype, product_f16, unroll) in [
                    (PlanKind::Fused, GpuDtype::F32, false, true),
                    (PlanKind::Plain, GpuDtype::F32, false, false),
                    (PlanKind::Fused, GpuDtype::F16, true, true),
                ] {
                    let mut tuning = Tuning::all(method);
                    (tuning.product_f16, tuning.activation_f16, tuning.unroll) = (product_f16, !unroll, unroll);
                    let options = PlanOptions { kind, weight_dtype, tuning: Some(tuning) };
                    let plan = Plan::new(graph.clone(), options).unwrap();
                    check(&format!("{name} {form:?} {method:?} {kind} {weight_dtype}"), &plan);
                }
            }
        }
    }
}

#[test]
fn each_kernel_has_a_problem_of_its_own_pipeline() {
    let mut plans = 0;
    each_plan(|what, plan| {
        let probes = plan.probes();
        let mut labels: Vec<&String> = probes.iter().flat_map(|probe| &probe.layers).collect();
        let mut steps: Vec<&String> = plan.steps.iter().map(|step| &step.label).collect();
        labels.sort();
        steps.sort();
        assert_eq!(labels, steps, "{what}: each step once");
        for probe in &probes {
            let kernel = &probe.dispatch.kernel;
            let f16 = kernel.input_dtype() == GpuDtype::F16;
            let small = probe.task.dispatch().unwrap().kernel.unrolled(kernel.unroll).over_f16(f16);
            assert_eq!(small, *kernel, "{what} {:?}", probe.layers);
            let of_layers = plan.steps.iter().filter(|step| probe.layers.contains(&step.label));
            assert!(of_layers.into_iter().any(|step| step.dispatch.kernel == small), "{what} {:?}", probe.layers);
            if let Task::Convolution(launch, _) = probe.task {
                assert_eq!(launch.spec.checked().unwrap().output_shape(launch.input), Ok(launch.output), "{what}");
            }
            let halves = probe.bindings()[0].len() == GpuDtype::F16.bytes(probe.inputs().0.len());
            assert_eq!(halves, f16, "{what} {:?}", probe.layers);
            assert_eq!(probe.bindings().len() + 1, small.shader.bindings.len(), "{what} {}", small.name());
        }
        let macs: u64 = probes.iter().map(macs).sum();
        assert!(macs < 60_000_000, "{what}: {macs} multiply-adds");
        plans += 1;
    });
    assert_eq!(plans, (PRESETS.len() + 1) * Method::ALL.len() * 3);
}

fn macs(probe: &Probe) -> u64 {
    if let Task::Convolution(launch, _) = probe.task { launch.spec.macs(launch.output) } else { 0 }
}

/// Where nothing is expected, nothing is compared.
#[test]
fn the_cpu_engine_has_a_value_to_compare_with() {
    let mut seen: Vec<Task> = Vec::new();
    each_plan(|what, plan| {
        for probe in plan.probes() {
            if seen.contains(&probe.task) {
                continue;
            }
            let (x, weights, other) = probe.inputs();
            let values = cpu::run_once(probe.task, weights, &x, other.as_deref(), probe.output_len);
            assert_eq!(Probe::error(&values, &values), Some(0.0), "{what} {:?}", probe.layers);
            let whole = values.iter().filter(|value| value.is_finite()).count();
            assert!(2 * whole >= values.len(), "{what} {:?}: {whole} of {}", probe.layers, values.len());
            seen.push(probe.task);
        }
    });
    assert!(seen.len() > 50, "{}", seen.len());
}

#[test]
fn an_error_is_a_share_of_the_peak_and_no_number_is_none() {
    let expected = [1.0, -4.0, f32::NAN];
    assert_eq!(Probe::error(&[1.0, -4.0, f32::NAN], &expected), Some(0.0));
    assert_eq!(Probe::error(&[2.0, -4.0, f32::NAN], &expected), Some(0.25));
    assert_eq!(Probe::error(&[1.0, f32::NAN, f32::NAN], &expected), None, "left out");
    assert_eq!(Probe::error(&[1.0, f32::INFINITY, f32::NAN], &expected), None);
    assert_eq!(Probe::error(&[1.0, -4.0, 0.0], &expected), None, "written over another step's values");
    assert_eq!(Probe::error(&[1.0, -4.0], &expected), None, "too short");
    assert_eq!(Probe::error(&[0.0, 0.0], &[0.0, 0.0]), None, "nothing to compare with");
}
