//! Compares every kernel and every variant with its reference, at shapes where N, C, H, W, stride and groups all differ. The tests
//! demand all of it, and the example `self_check` reports it.

pub mod convolutions;
pub mod half;
pub mod others;
pub mod training;

use cardinal::gpu::Gpu;
use cardinal::kernels::Dispatch;
use cardinal::shape::Conv2dSpec;

use super::compare::{Deviation, compare};
use super::unit::TOLERANCE;

/// What came of one launch.
pub struct Outcome {
    /// The kernel's name, with its variant.
    pub kernel: String,
    /// How far it was off, or why it is wrong.
    pub result: Result<Deviation, String>,
}

/// The convolutions of an inference.
pub async fn of_convolutions(gpu: &Gpu) -> Vec<Outcome> {
    let parts = [
        convolutions::windows_in_groups(gpu).await,
        convolutions::pointwise_convolution(gpu).await,
        convolutions::products_in_f16(gpu).await,
        convolutions::direct_convolution(gpu).await,
        half::activations_in_f16(gpu).await,
    ];
    parts.into_iter().flatten().collect()
}

/// The other operations of an inference.
pub async fn of_others(gpu: &Gpu) -> Vec<Outcome> {
    let parts = [
        others::elementwise_kernels(gpu).await,
        others::an_elementwise_kernel_over_many_elements(gpu).await,
        others::concatenation(gpu).await,
        others::pooling(gpu).await,
        others::class_activation_maps(gpu).await,
        others::linear_and_softmax(gpu).await,
    ];
    parts.into_iter().flatten().collect()
}

/// The operations of a step of training.
pub async fn of_training(gpu: &Gpu) -> Vec<Outcome> {
    let parts = [
        training::batch_norm(gpu).await,
        training::gradients_of_convolutions(gpu).await,
        training::gradients_in_their_places(gpu).await,
        training::packed_weights(gpu).await,
        training::pools_and_sums(gpu).await,
        training::loss(gpu).await,
        training::gradient_descent(gpu).await,
    ];
    parts.into_iter().flatten().collect()
}

async fn check(gpu: &Gpu, what: &str, dispatch: Dispatch, inputs: &[&[u8]], expected: &[f64]) -> Outcome {
    let kernel = dispatch.kernel.name();
    let what = format!("{kernel} {what}");
    let result = match gpu.run_once(&dispatch, inputs, expected.len()).await {
        Ok(actual) => compare(&what, &actual, expected, TOLERANCE),
        Err(error) => Err(format!("{what}: {error}")),
    };
    Outcome { kernel, result }
}

pub const fn conv(
    in_channels: usize,
    out_channels: usize,
    kernel_size: usize,
    stride: usize,
    padding: usize,
    groups: usize,
) -> Conv2dSpec {
    Conv2dSpec { in_channels, out_channels, kernel_size, stride, padding, groups }
}
