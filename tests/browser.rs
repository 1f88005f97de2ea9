//! The same kernels and whole networks on WebGPU and on the CPU in WebAssembly; `wasm-pack test --headless --chrome` runs them.
#![cfg(target_arch = "wasm32")]
#![allow(unreachable_pub, reason = "a test has no users outside: `pub` marks items for its other files")]

mod common;

use std::rc::Rc;

use cardinal::classifier::Device;
use cardinal::kernels::{Constant, KernelKey, Method, Tuning, all_variants, table};
use cardinal::model::BlockForm;
use cardinal::plan::{GpuDtype, PlanKind, PlanOptions};
use cardinal::shape::{Conv2dSpec, Nchw};
use common::compare::demand;
use common::{cpu, network, unit};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The fixtures are compiled into the test's wasm, since a page cannot read files.
macro_rules! units {
    ($($name:ident)+) => {
        [$((stringify!($name), include_bytes!(concat!("data/golden/units/", stringify!($name), ".safetensors")).as_slice())),+]
    };
}

macro_rules! networks {
    ($($name:ident)+) => {
        [$((
            include_bytes!(concat!("data/golden/models/", stringify!($name), ".weights.safetensors")).as_slice(),
            include_bytes!(concat!("data/golden/models/", stringify!($name), ".io.safetensors")).as_slice(),
        )),+]
    };
}

#[wasm_bindgen_test]
async fn every_variant_compiles_in_the_browsers_compiler() {
    let gpu = common::gpu().await;
    for variant in all_variants() {
        for key in [true, false].map(|unroll| variant.key.clone().unrolled(unroll)) {
            gpu.compile(&key).await.unwrap_or_else(|error| panic!("{}: {error}", key.name()));
        }
    }
}

/// naga accepts some shaders that Chromium refuses; the test above proves nothing if compile errors are not reported.
#[wasm_bindgen_test]
async fn a_shader_that_the_browser_refuses_is_an_error() {
    let gpu = common::gpu().await;
    let key = KernelKey::new(&table::conv2d_grouped::SHADER, &[("STRIDE", Constant::Bool(true))]);
    assert!(gpu.compile(&key).await.is_err());
}

/// `usize` has 32 bits on wasm.
#[wasm_bindgen_test]
fn multiply_adds_do_not_wrap() {
    let spec = Conv2dSpec { in_channels: 256, out_channels: 256, kernel_size: 1, stride: 1, padding: 0, groups: 1 };
    assert_eq!(spec.macs(Nchw::new(1, 256, 256, 256)), 1 << 32);
}

#[wasm_bindgen_test]
async fn every_operator_case_agrees() {
    let gpu = common::gpu().await;
    let cases = units! {
        gconv_c8_g2_s1_5x5 gconv_c8_g8_depthwise_s2_7x7 gconv_c16_g1_s1_7x7 gconv_c24_o48_g4_s1_9x6
        gconv_c24_o48_g4_s2_9x6_n3_bias gconv_c32_g32_s1_15x15 gconv_c64_g16_s2_15x14 gconv_c128_g32_s1_7x7
        gconv_c128_g32_s2_7x7 gconv_c128_g32_s2_14x14 gconv_c256_g64_s2_7x7 gconv_c40_g5_s1_1x1spatial
        gconv_c128_g32_s1_56x56 gconv_c256_g32_s2_56x56 gconv_c256_g32_s1_15x15 gconv_c256_g64_s1_14x14
        gconv_c512_g32_s2_28x28 gconv_c512_g32_s1_14x14 gconv_c512_g32_s2_15x15 gconv_c1024_g32_s1_7x7
        gconv_c1024_g32_s2_14x14 gconv_c1024_g64_s1_7x7 stem_7x7_s2_p3_33x31 stem_7x7_s2_p3_gray_14x15
        stem_7x7_s2_p3_c64_224x224 conv1x1_c64_o32_s1_7x7_n2 conv1x1_c32_o64_s2_7x7 conv1x1_c32_o64_s2_14x15_bias
        conv1x1_c256_o512_s2_56x56 conv1x1_c1024_o2048_s1_7x7 maxpool_c4_15x15 maxpool_c4_14x7_n2
        maxpool_all_negative_8x8 maxpool_c64_112x112 bn_c16_7x5_n2 bn_tiny_var_c16_7x5 bn_neg_gamma_c16_7x5
        conv_bn_relu_c32_g8_s2_9x9_bias conv_bn_relu_1x1_c32_o128_7x7 add_relu_c8_7x7 avgpool_c32_7x7_n2
        avgpool_c16_5x3 avgpool_c16_1x1 avgpool_c2048_7x7 linear_64_10_n3 linear_2048_1000 softmax_1000
        softmax_large_logits
    };
    // This name has a hyphen, so the macro cannot take it as an identifier.
    let eps = include_bytes!("data/golden/units/bn_eps1e-3_c16_7x5.safetensors").as_slice();
    let cases: Vec<(&str, &[u8])> = cases.into_iter().chain([("bn_eps1e-3_c16_7x5", eps)]).collect();

    let manifest: serde_json::Value = serde_json::from_str(include_str!("data/golden/manifest.json")).unwrap();
    for file in manifest["files"].as_array().unwrap().iter().filter_map(|file| file["file"].as_str()) {
        if let Some(name) = file.strip_prefix("units/").and_then(|file| file.strip_suffix(".safetensors")) {
            assert!(cases.iter().any(|(case, _)| *case == name), "{name} is not tested in the browser");
        }
    }
    let mut outcomes = Vec::new();
    for (_, bytes) in cases {
        outcomes.extend(unit::check(&gpu, bytes).await);
        outcomes.extend(cpu::check(bytes));
    }
    demand(outcomes);
}

#[wasm_bindgen_test]
async fn every_small_network_agrees_in_both_plans() {
    let gpu = Rc::new(common::gpu().await);
    for (weights, io) in networks! { tiny_c4 tiny_c8 tiny_gray tiny_bias tiny_identity tiny_cifar3 } {
        for kind in [PlanKind::Plain, PlanKind::Fused] {
            demand(network::check_small(&gpu, weights, io, kind, BlockForm::C).await);
            demand(network::check_small(Device::Cpu, weights, io, kind, BlockForm::C).await);
        }
    }
}

#[wasm_bindgen_test]
async fn the_three_forms_of_a_block_agree() {
    let gpu = Rc::new(common::gpu().await);
    for (weights, io) in networks! { tiny_c4 } {
        for form in [BlockForm::A, BlockForm::B, BlockForm::C] {
            demand(network::check_small(&gpu, weights, io, PlanKind::Fused, form).await);
        }
    }
}

#[wasm_bindgen_test]
async fn every_small_network_agrees_with_every_method() {
    let gpu = Rc::new(common::gpu().await);
    for (weights, io) in networks! { tiny_c4 tiny_c8 tiny_gray tiny_bias tiny_identity tiny_cifar3 } {
        for method in Method::ALL {
            let options = PlanOptions { tuning: Some(Tuning::all(method)), ..PlanKind::Fused.into() };
            demand(network::check_small(&gpu, weights, io, options, BlockForm::C).await);
        }
    }
}

#[wasm_bindgen_test]
async fn resnext50_agrees_whole() {
    let gpu = Rc::new(common::gpu().await);
    let bytes = include_bytes!("data/golden/full/resnext50_32x4d.safetensors");
    demand(network::check_full(&gpu, bytes, PlanKind::Fused).await);
    demand(network::check_full(Device::Cpu, bytes, PlanKind::Fused).await);
}

/// Tuning chooses a method per class of convolution within about its time budget, and networks are then planned with it.
#[wasm_bindgen_test]
async fn a_device_is_tuned_by_measurement() {
    let gpu = common::gpu().await;
    let tuned = gpu.tune().await.expect("every method can be launched");
    assert_eq!(gpu.tuning(), tuned.tuning);
    assert!(tuned.trials.len() >= 2 && tuned.trials.iter().all(|trial| trial.ms > 0.0), "{tuned:?}");
    for trial in &tuned.trials {
        assert!(trial.class.methods().contains(&trial.method));
        common::say(&format!("{:?} {}: {:.2} ms", trial.class, trial.method.name(), trial.ms));
    }
    common::say(&format!("tuned in {:.0} ms: {}", tuned.ms, tuned.tuning));
}

#[wasm_bindgen_test]
async fn networks_with_f16_weights_agree() {
    let gpu = Rc::new(common::gpu().await);
    let f16 = PlanOptions { weight_dtype: GpuDtype::F16, ..PlanKind::Fused.into() };
    for (weights, io) in networks! { tiny_c4 tiny_c8 tiny_gray tiny_bias tiny_identity tiny_cifar3 } {
        demand(network::check_small(&gpu, weights, io, f16, BlockForm::C).await);
    }
    let bytes = include_bytes!("data/golden/full/resnext50_32x4d.safetensors");
    demand(network::check_full(&gpu, bytes, f16).await);
}
