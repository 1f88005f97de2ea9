//! Networks of unusual shapes and heads, on the GPU.

use std::rc::Rc;

use crate::common;
use crate::common::compare::demand;
use crate::common::field::{check, open, run};
use cardinal::classifier::Device;
use cardinal::kernels::{Method, Tuning};
use cardinal::model::BlockForm;
use cardinal::plan::{FEATURES, GpuDtype, PROBABILITIES, PlanKind, PlanOptions};

/// 5, 10 and 20 channels per group, which are no multiples of a kernel's four.
#[test]
fn free_widths_agree_in_every_plan_form_method_and_type() {
    pollster::block_on(async {
        let device = Device::Gpu(Rc::new(common::gpu().await));
        let free = ("free_widths", "free_widths.io");
        let mut outcomes = Vec::new();
        for kind in [PlanKind::Plain, PlanKind::Fused] {
            for form in [BlockForm::A, BlockForm::B, BlockForm::C] {
                outcomes.push(check(&device, free, kind, form).await);
            }
            let half = PlanOptions { kind, weight_dtype: GpuDtype::F16, tuning: None };
            outcomes.push(check(&device, free, half, BlockForm::C).await);
        }
        for method in Method::ALL {
            let options = PlanOptions { tuning: Some(Tuning::all(method)), ..PlanKind::Fused.into() };
            outcomes.push(check(&device, free, options, BlockForm::C).await);
        }
        demand(outcomes);
    });
}

#[test]
fn one_logit_is_a_sigmoid_and_no_head_gives_features() {
    pollster::block_on(async {
        let device = Device::Gpu(Rc::new(common::gpu().await));
        for kind in [PlanKind::Plain, PlanKind::Fused] {
            let outputs = run(&device, &open("one_logit"), "io", kind, BlockForm::C).await;
            let [yes] = outputs.values(PROBABILITIES) else { panic!("{outputs:?}") };
            assert!((yes - 0.2310).abs() < 5e-5, "{yes}");
            let outputs = run(&device, &open("no_head"), "io", kind, BlockForm::C).await;
            assert_eq!(outputs.values(FEATURES).len(), 128);
        }
    });
}
