//! Convolutions and pools as operations of the processor's arithmetic.

use cardinal_core::{Operation, Pointwise, Pool, Window};

use crate::kernels::ConvLaunch;
use crate::shape::{Conv2dSpec, Nchw, PoolSpec};

/// 1×1 in one group and without a stride is a matrix product as it lies; everything else slides a window.
pub(crate) fn convolution(ConvLaunch { spec, input, output, .. }: ConvLaunch) -> Operation {
    let Conv2dSpec { in_channels, out_channels, .. } = spec;
    if spec.kernel_size == 1 && spec.padding == 0 && spec.groups == 1 && spec.stride == 1 {
        return Operation::Pointwise(Pointwise { n: input.n, in_channels, out_channels, pixels: input.h * input.w });
    }
    Operation::Window(sliding(spec, input, output))
}

/// The sizes of a convolution from `input` to `output`.
pub(crate) fn sliding(spec: Conv2dSpec, input: Nchw, output: Nchw) -> Window {
    Window {
        n: input.n,
        groups: spec.groups,
        in_channels: spec.in_channels,
        out_channels: spec.out_channels,
        in_h: input.h,
        in_w: input.w,
        out_h: output.h,
        out_w: output.w,
        kernel_size: spec.kernel_size,
        stride: spec.stride,
        padding: spec.padding,
    }
}

/// The sizes of a max-pool from `input` to `output`.
pub(crate) fn pooling(pool: PoolSpec, input: Nchw, output: Nchw) -> Pool {
    Pool {
        in_h: input.h,
        in_w: input.w,
        out_h: output.h,
        out_w: output.w,
        kernel_size: pool.kernel_size,
        stride: pool.stride,
        padding: pool.padding,
    }
}
