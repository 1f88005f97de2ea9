//! Compares every kernel and every variant with its reference, at shapes where N, C, H, W, stride and groups all differ.

mod convolutions;
mod others;
mod training;

use crate::common::compare::{Deviation, compare};
use crate::common::unit::TOLERANCE;
use cardinal::gpu::Gpu;
use cardinal::kernels::Dispatch;
use cardinal::shape::Conv2dSpec;

type Outcome = Result<Deviation, String>;

async fn check(gpu: &Gpu, what: &str, dispatch: Dispatch, inputs: &[&[u8]], expected: &[f64]) -> Outcome {
    let what = format!("{} {what}", dispatch.kernel.name());
    match gpu.run_once(&dispatch, inputs, expected.len()).await {
        Ok(actual) => compare(&what, &actual, expected, TOLERANCE),
        Err(error) => Err(format!("{what}: {error}")),
    }
}

const fn conv(
    in_channels: usize,
    out_channels: usize,
    kernel_size: usize,
    stride: usize,
    padding: usize,
    groups: usize,
) -> Conv2dSpec {
    Conv2dSpec { in_channels, out_channels, kernel_size, stride, padding, groups }
}

/// A comparator that cannot fail proves nothing.
#[test]
fn the_comparator_fails_where_it_must() {
    let expected = [1.0, -4.0, 2.0];
    assert!(compare("equal", &[1.0, -4.0, 2.0], &expected, 1e-5).is_ok());
    assert!(compare("near", &[1.0, -4.0, 2.000_03], &expected, 1e-5).is_ok());
    let text = compare("far", &[1.0, -4.0, 2.001], &expected, 1e-5).unwrap_err();
    assert!(text.contains("at 2") && text.contains("2.5"), "{text}");
    assert!(compare("NaN", &[1.0, f32::NAN, 2.0], &expected, 1.0).unwrap_err().contains("NaN at 1"));
    assert!(compare("short", &[1.0, -4.0], &expected, 1e-5).is_err());
}
