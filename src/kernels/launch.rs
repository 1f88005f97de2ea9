//! A convolution to be launched.

use super::dispatch::Dispatch;
use super::dtype::GpuDtype;
use super::key::Constant;
use super::shader::{KernelError, Shader};
use super::table::ConvParams;
use crate::shape::{Conv2dSpec, Nchw};

/// What a convolution does with each sum before it stores it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Epilogue {
    /// Add the tensor bound as `residual`.
    pub residual: bool,
    /// Then replace what is negative by zero.
    pub relu: bool,
}

/// A convolution to be launched: sizes and what follows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConvLaunch {
    /// Kernel size, stride, padding, groups, channels.
    pub spec: Conv2dSpec,
    /// `[n, in_channels, h, w]`
    pub input: Nchw,
    /// `[n, out_channels, h, w]`
    pub output: Nchw,
    /// What follows the sum.
    pub epilogue: Epilogue,
    /// The type of the packed weights.
    pub weight_dtype: GpuDtype,
}

impl ConvLaunch {
    /// With weights in f32, and no ReLU: a convolution of a step of training, or the one whose gradients are computed.
    pub fn in_f32(spec: Conv2dSpec, input: Nchw, output: Nchw, residual: bool) -> Self {
        let epilogue = Epilogue { residual, relu: false };
        Self { spec, input, output, epilogue, weight_dtype: GpuDtype::F32 }
    }

    /// The uniforms of a shader that computes it or its gradients.
    ///
    /// # Errors
    /// More elements than WebGPU has numbers for.
    pub(super) fn params(self, shader: &Shader) -> Result<ConvParams, KernelError> {
        let Self { spec, input, output, epilogue, .. } = self;
        shader.u32(input.len().max(output.len()).max(spec.weight_len()))?;
        Ok(ConvParams {
            n: shader.u32(output.n)?,
            in_channels: shader.u32(spec.in_channels)?,
            out_channels: shader.u32(spec.out_channels)?,
            groups: shader.u32(spec.groups)?,
            in_h: shader.u32(input.h)?,
            in_w: shader.u32(input.w)?,
            out_h: shader.u32(output.h)?,
            out_w: shader.u32(output.w)?,
            kernel_size: shader.u32(spec.kernel_size)?,
            stride: shader.u32(spec.stride)?,
            padding: shader.u32(spec.padding)?,
            relu: epilogue.relu.into(),
            residual: epilogue.residual.into(),
        })
    }

    /// The launch of one of the convolutions' shaders, with the constants of its tile.
    ///
    /// # Errors
    /// More elements or workgroups than WebGPU has numbers for.
    pub(super) fn dispatch(
        self,
        shader: &'static Shader,
        mut constants: Vec<(&'static str, Constant)>,
        workgroup_count: [usize; 3],
    ) -> Result<Dispatch, KernelError> {
        constants.push(("WEIGHT_F16", Constant::Bool(self.weight_dtype == GpuDtype::F16)));
        shader.dispatch(&constants, self.params(shader)?, workgroup_count)
    }
}
