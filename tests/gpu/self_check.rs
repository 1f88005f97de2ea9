//! The self-check on this machine's adapter.

use std::rc::Rc;

use cardinal::classifier::{Classifier, LoadOptions, Model};
use cardinal::gpu::Gpu;
use cardinal::kernels::{ConvClass, Method};
use cardinal::model::ResNextConfig;
use cardinal::plan::{GpuDtype, KernelCheck, PlanKind, PlanOptions, Tuning};

use crate::common;

/// A network of one block per stage on the adapter.
async fn network(gpu: &Rc<Gpu>, cardinality: usize, options: PlanOptions) -> Classifier {
    let model = Model::untrained(ResNextConfig::cifar(1, cardinality, 8));
    let options = LoadOptions { warm_up: false, ..options.into() };
    Classifier::load(gpu, &model, options, |_| {}).await.unwrap_or_else(|error| panic!("{error}"))
}

/// Ten times less than what is let pass.
fn demand_all(checks: &[KernelCheck]) {
    assert!(!checks.is_empty());
    for check in checks {
        let error = check.error.unwrap_or_else(|| panic!("no number: {check:?}"));
        assert!(error <= check.limit / 10.0 && !check.layers.is_empty(), "{check:?}");
    }
}

#[test]
fn every_method_of_this_adapter_passes() {
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        let f16 = gpu.adapter().f16;
        for method in Method::ALL {
            for (kind, weight_dtype, activation_f16) in [
                (PlanKind::Fused, GpuDtype::F32, false),
                (PlanKind::Plain, GpuDtype::F16, false),
                (PlanKind::Fused, GpuDtype::F16, f16),
            ] {
                let mut tuning = Tuning::all(method);
                tuning.activation_f16 = activation_f16;
                let options = PlanOptions { kind, weight_dtype, tuning: Some(tuning) };
                for cardinality in [1, 8] {
                    let classifier = network(&gpu, cardinality, options).await;
                    demand_all(&classifier.self_check().await.unwrap());
                }
            }
        }
    });
}

#[test]
fn a_kernel_is_checked_once_until_it_is_forgotten() {
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        let classifier = network(&gpu, 8, PlanOptions::default()).await;
        let first = classifier.self_check().await.unwrap();
        let probes = classifier.plan().probes();
        assert_eq!(first.len(), probes.len());
        assert!(probes.iter().all(|probe| gpu.trust().checked(probe).is_some()));
        assert_eq!(classifier.self_check().await.unwrap(), first);
        gpu.trust().forget_checks();
        assert!(probes.iter().all(|probe| gpu.trust().checked(probe).is_none()));
    });
}

/// What a wrong kernel brings about: another method for its layers, until there is none, and never the same again.
#[test]
fn what_is_wrong_is_avoided() {
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        let classifier = network(&gpu, 8, PlanOptions::default()).await;
        let steps = &classifier.plan().steps;
        let of = |label: &str| {
            vec![KernelCheck { kernel: String::new(), layers: vec![label.into()], error: None, limit: 1e-4 }]
        };
        let grouped = steps.iter().find(|step| step.label == "layer1.0.conv2").unwrap();
        let cardinal::plan::Task::Convolution(launch, _) = grouped.task else { panic!("a convolution") };
        let class = ConvClass::of(launch.spec, launch.output).unwrap();
        let mut methods = vec![gpu.tuning().method(class)];
        while let Some(tuning) = classifier.avoid(&of("layer1.0.conv2")) {
            assert_eq!(gpu.tuning(), tuning);
            methods.push(tuning.method(class));
        }
        let mut all = class.methods().to_vec();
        all.sort_by_key(|method| method.name());
        methods.sort_by_key(|method| method.name());
        assert_eq!(methods, all, "each method once");
        assert_eq!(classifier.avoid(&of("avgpool")), None, "there is one kernel for it");
        let before = gpu.tuning();
        let other = classifier.avoid(&of("layer1.0.conv1")).expect("1×1 has kernels of its own");
        assert_ne!(other.method(ConvClass::Pointwise), before.method(ConvClass::Pointwise));
    });
}

/// The example's report of the kernels that are quickly checked; every kernel and variant, where all are.
#[test]
fn the_example_reports_every_kernel() {
    let run = common::example::command("self_check").args(["--json", "--part", "others"]).output().unwrap();
    let text = String::from_utf8(run.stdout).unwrap();
    assert!(run.status.success(), "{text}{}", String::from_utf8_lossy(&run.stderr));
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["passed"], true);
    assert!(report["adapter"]["facts"]["maxBufferSize"].is_string(), "{text}");
    let kernels = report["kernels"].as_array().unwrap();
    let softmax = kernels.iter().find(|kernel| kernel["kernel"] == "softmax").unwrap();
    assert!(softmax["launches"].as_u64() >= Some(5) && softmax["error"].as_f64() < Some(1e-5), "{softmax}");
    let names: Vec<&str> = kernels.iter().map(|kernel| kernel["kernel"].as_str().unwrap()).collect();
    let not_run: Vec<&str> = report["not_run"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let all = cardinal::kernels::all_variants();
    assert!(
        all.iter().all(|variant| names.contains(&variant.name.as_str()) != not_run.contains(&variant.name.as_str()))
    );
    assert!(not_run.iter().all(|name| !name.starts_with("max_pool.") && *name != "softmax"), "{not_run:?}");
}
