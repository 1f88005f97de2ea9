/// The running averages `[2, c]` after a batch with these `statistics`, `[2, c]`: `0.9 * old + 0.1 * new`, where the new variance
/// is multiplied by `count / (count - 1)` (`torch.nn.BatchNorm2d` with its default momentum). `count` is `n * h * w`.
pub fn batch_norm_running<T: Copy + Into<f64>>(running: &[T], statistics: &[T], count: usize) -> Vec<f64> {
    let (channels, count) = (running.len() / 2, count as f64);
    let follow = |(at, (&old, &new)): (usize, (&T, &T))| {
        let unbiased = if at < channels { 1.0 } else { count / (count - 1.0) };
        0.9 * old.into() + 0.1 * unbiased * new.into()
    };
    running.iter().zip(statistics).enumerate().map(follow).collect()
}
