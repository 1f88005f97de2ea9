use crate::shape::Nchw;

/// Mean and variance per channel of a batch of `shape`, `[2, c]`; the variance is divided by the number of values.
pub fn batch_norm_statistics<T: Copy + Into<f64>>(input: &[T], shape: Nchw) -> Vec<f64> {
    let count = (shape.n * shape.h * shape.w) as f64;
    let average = |c: usize, f: &dyn Fn(f64) -> f64| channel(input, shape, c).map(f).sum::<f64>() / count;
    let means: Vec<f64> = (0..shape.c).map(|c| average(c, &|x| x)).collect();
    let variances: Vec<f64> = (0..shape.c).map(|c| average(c, &|x| (x - means[c]).powi(2))).collect();
    [means, variances].concat()
}

/// The values of a channel, picture after picture.
pub(super) fn channel<T: Copy + Into<f64>>(values: &[T], shape: Nchw, c: usize) -> impl Iterator<Item = f64> {
    let plane = shape.h * shape.w;
    values.chunks_exact(plane).skip(c).step_by(shape.c).flatten().map(|&value| value.into())
}
