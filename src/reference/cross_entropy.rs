/// The loss per picture, `-sum q_k log p_k`, where `p` is the softmax of the logits `[n, classes]`, and `q` is 1 for the label,
/// smoothed: `(1 - smoothing) * onehot + smoothing / classes`. `torch.nn.functional.cross_entropy` gives their mean.
pub fn cross_entropy<T: Copy + Into<f64>>(logits: &[T], labels: &[u32], classes: usize, smoothing: f64) -> Vec<f64> {
    let loss = |(logits, &label): (&[T], &u32)| {
        let log = log_softmax(logits);
        (0..classes).map(|k| -target(k, label, classes, smoothing) * log[k]).sum()
    };
    logits.chunks_exact(classes).zip(labels).map(loss).collect()
}

/// What the probability of class `k` should be.
pub(super) fn target(k: usize, label: u32, classes: usize, smoothing: f64) -> f64 {
    let onehot = if k == label as usize { 1.0 - smoothing } else { 0.0 };
    onehot + smoothing / classes as f64
}

/// The logarithms of a row's softmax.
pub(super) fn log_softmax<T: Copy + Into<f64>>(logits: &[T]) -> Vec<f64> {
    let largest = logits.iter().fold(f64::NEG_INFINITY, |largest, &value| largest.max(value.into()));
    let sum: f64 = logits.iter().map(|&value| (value.into() - largest).exp()).sum();
    logits.iter().map(|&value| value.into() - largest - sum.ln()).collect()
}
