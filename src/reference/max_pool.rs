use crate::shape::{Nchw, PoolSpec};

/// The largest input per window, of `output_shape` (`torch.nn.MaxPool2d`); padding counts as minus infinity.
pub fn max_pool<T: Copy + Into<f64>>(input: &[T], shape: Nchw, output_shape: Nchw, pool: PoolSpec) -> Vec<f64> {
    let mut output = Vec::with_capacity(output_shape.len());
    for plane in input.chunks_exact(shape.h * shape.w) {
        for oh in 0..output_shape.h {
            for ow in 0..output_shape.w {
                let mut largest = f64::NEG_INFINITY;
                for kh in 0..pool.kernel_size {
                    for kw in 0..pool.kernel_size {
                        let ih = (oh * pool.stride + kh).wrapping_sub(pool.padding);
                        let iw = (ow * pool.stride + kw).wrapping_sub(pool.padding);
                        if ih < shape.h && iw < shape.w {
                            largest = largest.max(plane[ih * shape.w + iw].into());
                        }
                    }
                }
                output.push(largest);
            }
        }
    }
    output
}
