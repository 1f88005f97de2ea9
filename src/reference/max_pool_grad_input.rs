use crate::shape::{Nchw, PoolSpec};

/// The gradient of a max-pool's input: each gradient of the output goes to the largest input of its window, the first one in row
/// order where several are equal. `input` and `shape` are the pool's, `grad` is of `output_shape`.
pub fn max_pool_grad_input<T: Copy + Into<f64>>(
    input: &[T],
    shape: Nchw,
    grad: &[T],
    output_shape: Nchw,
    pool: PoolSpec,
) -> Vec<f64> {
    let mut sums = vec![0.0; shape.len()];
    for (to, &grad) in grad.iter().enumerate() {
        let (ow, oh) = (to % output_shape.w, to / output_shape.w % output_shape.h);
        let plane = to / (output_shape.h * output_shape.w) * shape.h * shape.w;
        let mut largest: Option<(f64, usize)> = None;
        for kh in 0..pool.kernel_size {
            for kw in 0..pool.kernel_size {
                let ih = (oh * pool.stride + kh).wrapping_sub(pool.padding);
                let iw = (ow * pool.stride + kw).wrapping_sub(pool.padding);
                if ih < shape.h && iw < shape.w {
                    let at = plane + ih * shape.w + iw;
                    let value: f64 = input[at].into();
                    if largest.is_none_or(|(largest, _)| value > largest) {
                        largest = Some((value, at));
                    }
                }
            }
        }
        if let Some((_, at)) = largest {
            sums[at] += grad.into();
        }
    }
    sums
}
