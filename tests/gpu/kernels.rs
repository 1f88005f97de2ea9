//! Every kernel and every variant against its reference (`tests/common/kernels` has the cases), and what the references and the
//! comparator are worth.

use cardinal::gpu::Gpu;
use cardinal::reference;
use cardinal::shape::Nchw;

use crate::common::compare::{compare, demand};
use crate::common::kernels::{Outcome, conv, convolutions, half, others, training};

/// Runs the cases on this machine's GPU, and demands that all of them agree.
fn run(cases: impl AsyncFnOnce(&Gpu) -> Vec<Outcome>) {
    pollster::block_on(async {
        let gpu = crate::common::gpu().await;
        demand(cases(&gpu).await.into_iter().map(|outcome| outcome.result));
    });
}

#[test]
fn windows_in_groups() {
    run(convolutions::windows_in_groups);
}

#[test]
fn pointwise_convolution() {
    run(convolutions::pointwise_convolution);
}

#[test]
fn products_in_f16() {
    run(convolutions::products_in_f16);
}

#[test]
fn activations_in_f16() {
    run(half::activations_in_f16);
}

#[test]
fn direct_convolution() {
    run(convolutions::direct_convolution);
}

#[test]
fn elementwise_kernels() {
    run(others::elementwise_kernels);
}

#[test]
fn an_elementwise_kernel_over_many_elements() {
    run(others::an_elementwise_kernel_over_many_elements);
}

#[test]
fn concatenation() {
    run(others::concatenation);
}

#[test]
fn pooling() {
    run(others::pooling);
}

#[test]
fn class_activation_maps() {
    run(others::class_activation_maps);
}

#[test]
fn linear_and_softmax() {
    run(others::linear_and_softmax);
}

#[test]
fn batch_norm() {
    run(training::batch_norm);
}

#[test]
fn gradients_of_convolutions() {
    run(training::gradients_of_convolutions);
}

#[test]
fn gradients_in_their_places() {
    run(training::gradients_in_their_places);
}

#[test]
fn packed_weights() {
    run(training::packed_weights);
}

#[test]
fn pools_and_sums() {
    run(training::pools_and_sums);
}

#[test]
fn loss() {
    run(training::loss);
}

#[test]
fn gradient_descent() {
    run(training::gradient_descent);
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

/// Checks the reference against a result computed by hand: 1 + 2 + 3 + 4 under a 3×3 window of ones at the corner of a 2×2
/// picture.
#[test]
fn the_reference_computes_what_is_computed_by_hand() {
    let spec = conv(1, 1, 3, 1, 1, 1);
    let shape = Nchw::new(1, 1, 2, 2);
    let (input, weight) = ([1.0, 2.0, 3.0, 4.0], [1.0; 9]);
    let twin = |residual, relu| reference::Conv {
        spec,
        input: &input,
        input_shape: shape,
        output_shape: shape,
        weight: &weight,
        bias: &[0.5],
        residual,
        relu,
    };
    for run in [reference::conv2d_grouped as fn(&reference::Conv<'_>) -> Vec<f64>, reference::conv2d_direct] {
        assert_eq!(run(&twin(None, false)), [10.5; 4]);
        assert_eq!(run(&twin(Some(&[-20.0, 0.0, 1.0, -10.5]), true)), [0.0, 10.5, 11.5, 0.0]);
    }
}
