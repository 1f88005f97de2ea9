//! Compares operators, blocks and whole networks with PyTorch, natively.

use std::rc::Rc;

use crate::common::compare::{Deviation, demand};
use crate::common::fixture::{SMALL, golden, listed, small};
use crate::common::{self, network, prng, unit};
use cardinal::gpu::Gpu;
use cardinal::kernels::{Method, Tuning};
use cardinal::model::BlockForm;
use cardinal::plan::{GpuDtype, PlanKind, PlanOptions};

#[test]
fn generator_is_the_specified_one() {
    let checks: serde_json::Value = serde_json::from_slice(&golden("prng.json")).unwrap();
    for check in checks.as_array().unwrap() {
        let (seed, name) = (check["seed"].as_u64().unwrap(), check["name"].as_str().unwrap());
        assert_eq!(format!("{:016x}", prng::start(seed, name)), check["start"].as_str().unwrap());
        for k in 0..4 {
            let float = |key: &str| check[key][k].as_f64().unwrap();
            assert_eq!(prng::unit(prng::start(seed, name), k as u64) as f32, float("unit") as f32);
            assert_eq!(prng::uniform(seed, name, 4, -1.0, 1.0)[k], float("uniform_m1_1") as f32);
            assert_eq!(prng::normal(seed, name, 4, 1.0)[k], float("normal_1") as f32);
        }
    }
}

/// The fused plan with one method for every convolution that the method can compute.
fn with(method: Method) -> PlanOptions {
    PlanOptions { tuning: Some(Tuning::all(method)), ..PlanKind::Fused.into() }
}

fn f16(kind: PlanKind) -> PlanOptions {
    PlanOptions { kind, weight_dtype: GpuDtype::F16, tuning: None }
}

pub const DEEP: [&str; 2] = ["resnext101_32x8d", "resnext101_64x4d"];

/// The options tested on networks of 101 layers: the fastest kernels without workgroup memory, the fastest with it, and weights
/// in f16.
pub fn methods() -> [PlanOptions; 3] {
    [with(Method::RegistersSmall), with(Method::Workgroup64), f16(PlanKind::Fused)]
}

/// Runs each of the options on one of the two networks: except for the grouped layers, both have layers of the same shapes.
/// `layers.rs` runs the grouped layers of the other network.
pub fn deep() -> [(&'static str, PlanOptions); 3] {
    let [registers_small, workgroup64, f16] = methods();
    [(DEEP[1], registers_small), (DEEP[0], workgroup64), (DEEP[1], f16)]
}

/// The runs of the deep networks that have weights of this type.
async fn check_deep(gpu: &Rc<Gpu>, dtype: GpuDtype) -> Vec<Result<Deviation, String>> {
    let mut outcomes = Vec::new();
    for (name, options) in deep().into_iter().filter(|(_, options)| options.weight_dtype == dtype) {
        outcomes.extend(network::check_full(gpu, &golden(&format!("full/{name}.safetensors")), options).await);
    }
    outcomes
}

#[test]
fn every_operator_case_agrees() {
    pollster::block_on(async {
        let gpu = common::gpu().await;
        let files = listed("units/");
        assert_eq!(files.len(), 49);
        let mut outcomes = Vec::new();
        for file in files {
            outcomes.extend(unit::check(&gpu, &golden(&file)).await);
        }
        demand(outcomes);
    });
}

#[test]
fn every_small_network_agrees_in_both_plans_and_all_forms() {
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        let mut outcomes = Vec::new();
        for name in SMALL {
            let [weights, io] = small(name);
            for kind in [PlanKind::Plain, PlanKind::Fused] {
                for form in [BlockForm::A, BlockForm::B, BlockForm::C] {
                    outcomes.extend(network::check_small(&gpu, &weights, &io, kind, form).await);
                }
            }
            for method in Method::ALL {
                outcomes.extend(network::check_small(&gpu, &weights, &io, with(method), BlockForm::C).await);
            }
        }
        demand(outcomes);
    });
}

#[test]
fn torchvisions_networks_agree() {
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        let resnext50 = golden("full/resnext50_32x4d.safetensors");
        demand(network::check_full(&gpu, &resnext50, PlanKind::Plain).await);
        for method in Method::ALL {
            demand(network::check_full(&gpu, &resnext50, with(method)).await);
        }
        demand(check_deep(&gpu, GpuDtype::F32).await);
    });
}

/// Rounding the activations moves the logits by less than 3e-3 of the peak and does not change the five most probable classes of
/// any picture.
#[test]
fn networks_with_f16_activations_agree() {
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        if !gpu.adapter().f16 {
            return println!("{} has no shader-f16", gpu.adapter().name);
        }
        let with = |method, kind: PlanKind, weight_dtype| {
            let mut tuning = Tuning::all(method);
            tuning.activation_f16 = true;
            PlanOptions { kind, weight_dtype, tuning: Some(tuning) }
        };
        let mut outcomes = Vec::new();
        for name in SMALL {
            let [weights, io] = small(name);
            for form in [BlockForm::A, BlockForm::B, BlockForm::C] {
                let plain = with(Method::RegistersSmall, PlanKind::Plain, GpuDtype::F32);
                outcomes.extend(network::check_small(&gpu, &weights, &io, plain, form).await);
                let fused = with(Method::Workgroup32, PlanKind::Fused, GpuDtype::F16);
                outcomes.extend(network::check_small(&gpu, &weights, &io, fused, form).await);
            }
        }
        let resnext50 = golden("full/resnext50_32x4d.safetensors");
        let options = with(Method::RegistersSmall, PlanKind::Fused, GpuDtype::F32);
        outcomes.extend(network::check_full(&gpu, &resnext50, options).await);
        let worst = outcomes.iter().flatten().map(|deviation| deviation.of_peak).fold(0.0, f64::max);
        println!("largest deviation with f16 activations: {worst:.2e} of the peak");
        demand(outcomes);
    });
}

/// Rounding the weights moves the logits by less than 2e-3 of the peak and does not change the five most probable classes of any
/// picture.
#[test]
fn networks_with_f16_weights_agree() {
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        let mut outcomes = Vec::new();
        for name in SMALL {
            let [weights, io] = small(name);
            for kind in [PlanKind::Plain, PlanKind::Fused] {
                outcomes.extend(network::check_small(&gpu, &weights, &io, f16(kind), BlockForm::C).await);
            }
        }
        let resnext50 = golden("full/resnext50_32x4d.safetensors");
        outcomes.extend(network::check_full(&gpu, &resnext50, f16(PlanKind::Fused)).await);
        outcomes.extend(check_deep(&gpu, GpuDtype::F16).await);
        if gpu.adapter().f16 {
            let mut tuning = Tuning::all(Method::Workgroup64);
            tuning.product_f16 = true;
            let products = PlanOptions { tuning: Some(tuning), ..f16(PlanKind::Fused) };
            let outcomes = network::check_full(&gpu, &resnext50, products).await;
            let worst = outcomes.iter().flatten().map(|deviation| deviation.of_peak).fold(0.0, f64::max);
            println!("largest deviation with f16 products: {worst:.2e} of the peak");
            demand(outcomes);
        } else {
            println!("{} has no shader-f16", gpu.adapter().name);
        }
        let worst = outcomes.iter().flatten().map(|deviation| deviation.of_peak).fold(0.0, f64::max);
        println!("largest deviation with f16 weights: {worst:.2e} of the peak");
        demand(outcomes);
    });
}
