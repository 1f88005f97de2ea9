//! One group of a convolution at work, on the GPU.

use std::rc::Rc;

use crate::common;
use crate::common::group::{check, shipped};
use cardinal::classifier::Device;
use cardinal::plan::{GpuDtype, PlanKind};

#[test]
fn the_arithmetic_gives_every_number_of_the_maps() {
    pollster::block_on(async {
        let device = Device::Gpu(Rc::new(common::gpu().await));
        let (model, tensor) = shipped("8x8d").await;
        for plan in [PlanKind::Plain, PlanKind::Fused] {
            for dtype in [GpuDtype::F32, GpuDtype::F16] {
                let seen = check(&device, &model, &tensor, plan, dtype).await;
                println!("{plan} {dtype}: {seen:?}");
                assert!(seen.pixels > 50_000 && seen.fewer < seen.pixels / 100, "{seen:?}");
            }
        }
    });
}
