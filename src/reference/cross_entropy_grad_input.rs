use super::cross_entropy::{log_softmax, target};

/// The gradient of the mean of [`cross_entropy`](super::cross_entropy) with respect to the logits: `(p - q) / n`.
pub fn cross_entropy_grad_input<T: Copy + Into<f64>>(
    logits: &[T],
    labels: &[u32],
    classes: usize,
    smoothing: f64,
) -> Vec<f64> {
    let n = labels.len() as f64;
    let row = |(logits, &label): (&[T], &u32)| {
        let log = log_softmax(logits).into_iter().enumerate();
        log.map(|(k, log)| (log.exp() - target(k, label, classes, smoothing)) / n).collect::<Vec<f64>>()
    };
    logits.chunks_exact(classes).zip(labels).flat_map(row).collect()
}
