//! Operators, blocks and whole networks against PyTorch, natively.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use std::path::PathBuf;
use std::rc::Rc;

use cardinal::kernels::{Method, Tuning};
use cardinal::model::BlockForm;
use cardinal::plan::{PlanKind, PlanOptions, WeightDtype};
use common::compare::demand;
use common::{network, prng, unit};

const SMALL: [&str; 6] = ["tiny_c4", "tiny_c8", "tiny_gray", "tiny_bias", "tiny_identity", "tiny_cifar3"];

fn golden(path: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/golden").join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Files of the manifest under a folder.
fn listed(folder: &str) -> Vec<String> {
    let manifest: serde_json::Value = serde_json::from_slice(&golden("manifest.json")).unwrap();
    let files = manifest["files"].as_array().unwrap().iter();
    files.filter_map(|file| file["file"].as_str()).filter(|file| file.starts_with(folder)).map(str::to_owned).collect()
}

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

/// The fused plan with one method wherever it can be used.
fn with(method: Method) -> PlanOptions {
    PlanOptions { tuning: Some(Tuning::all(method)), ..PlanKind::Fused.into() }
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
            let weights = golden(&format!("models/{name}.weights.safetensors"));
            let io = golden(&format!("models/{name}.io.safetensors"));
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
        for name in ["resnext101_32x8d", "resnext101_64x4d"] {
            let bytes = golden(&format!("full/{name}.safetensors"));
            for method in [Method::Narrow, Method::Workgroup64] {
                demand(network::check_full(&gpu, &bytes, with(method)).await);
            }
        }
    });
}

/// Rounding the weights moves the logits by less than 2e-3 of the peak and changes no picture's five likeliest classes.
#[test]
fn networks_with_f16_weights_agree() {
    pollster::block_on(async {
        let gpu = Rc::new(common::gpu().await);
        let mut outcomes = Vec::new();
        let f16 = |kind| PlanOptions { kind, weight_dtype: WeightDtype::F16, tuning: None };
        for name in SMALL {
            let weights = golden(&format!("models/{name}.weights.safetensors"));
            let io = golden(&format!("models/{name}.io.safetensors"));
            for kind in [PlanKind::Plain, PlanKind::Fused] {
                outcomes.extend(network::check_small(&gpu, &weights, &io, f16(kind), BlockForm::C).await);
            }
        }
        for name in ["resnext50_32x4d", "resnext101_32x8d", "resnext101_64x4d"] {
            let bytes = golden(&format!("full/{name}.safetensors"));
            outcomes.extend(network::check_full(&gpu, &bytes, f16(PlanKind::Fused)).await);
        }
        if gpu.adapter().f16 {
            let mut tuning = Tuning::all(Method::Workgroup64);
            tuning.product_f16 = true;
            let products = PlanOptions { tuning: Some(tuning), ..f16(PlanKind::Fused) };
            let bytes = golden("full/resnext50_32x4d.safetensors");
            let outcomes = network::check_full(&gpu, &bytes, products).await;
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
