//! One file per shader: what it can compute, its uniforms, its dispatch size and how its weights are packed.
//!
//! A host file turns the facts of an operation into a [`Dispatch`]. It names no GPU library: a dispatch is data.

pub mod batch_norm_relu;
pub mod concat_channels;
mod conv2d;
pub mod conv2d_direct;
pub mod conv2d_grouped;
pub mod conv2d_implicit;
pub mod conv2d_pointwise;
mod dtype;
pub mod global_avg_pool;
pub mod max_pool;
pub mod residual_add;
pub mod softmax;
mod template;
mod tuning;
mod variant;

/// What `build.rs` read in the shaders.
pub mod table {
    include!(concat!(env!("OUT_DIR"), "/shaders.rs"));
}

pub use conv2d::{ConvKernel, ConvLaunch, Epilogue};
pub use dtype::{OutsideF16, PackedWeight, WeightDtype};
pub use tuning::{Method, NoTuning, Role, Tuning};
pub use variant::{Constant, KernelKey, Variant, all_variants};

/// A shader as written (in the page without comments), and what reflection knows of it with its own constants. Tiles are
/// unrolled by `template.rs`.
#[derive(Debug, PartialEq, Eq)]
pub struct Shader {
    pub name: &'static str,
    pub source: &'static str,
    pub workgroup_size: [u32; 3],
    /// Storage buffers in binding order from 1; the last one is the output. Binding 0 is the uniform struct.
    pub bindings: &'static [&'static str],
    /// Constants a variant may replace.
    pub constants: &'static [&'static str],
}

/// One launch of a kernel, without its buffers.
#[derive(Clone, Debug, PartialEq)]
pub struct Dispatch {
    pub kernel: KernelKey,
    /// The bytes of the shader's uniform struct.
    pub params: Vec<u8>,
    pub workgroup_count: [u32; 3],
}

/// A launch that WebGPU cannot express.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KernelError {
    #[error("{kernel} would need {got} workgroups along one axis; WebGPU allows {MAX_WORKGROUPS}: use a smaller batch")]
    TooManyWorkgroups { kernel: &'static str, got: usize },
    #[error("{kernel} works on at most {limit} elements at once, got {got}: use a smaller batch or picture")]
    TooManyElements { kernel: &'static str, got: usize, limit: usize },
}

/// `maxComputeWorkgroupsPerDimension` that every WebGPU device has.
pub const MAX_WORKGROUPS: usize = 65_535;

impl Shader {
    /// The dispatch of this shader with these constants and uniforms.
    fn dispatch<P: bytemuck::Pod>(
        &'static self,
        constants: &[(&'static str, Constant)],
        params: P,
        workgroup_count: [usize; 3],
    ) -> Result<Dispatch, KernelError> {
        let mut count = [0; 3];
        for (axis, &got) in workgroup_count.iter().enumerate() {
            count[axis] = match u32::try_from(got) {
                Ok(fits) if got <= MAX_WORKGROUPS => fits,
                _ => return Err(KernelError::TooManyWorkgroups { kernel: self.name, got }),
            };
        }
        let kernel = KernelKey::new(self, constants);
        Ok(Dispatch { kernel, params: bytemuck::bytes_of(&params).to_vec(), workgroup_count: count })
    }

    /// Workgroups for one thread an item: a second axis where the first is full. The shader flattens the two.
    fn linear_grid(&self, items: usize) -> [usize; 3] {
        let groups = items.div_ceil(self.workgroup_size[0] as usize).max(1);
        let rows = groups.div_ceil(MAX_WORKGROUPS);
        [groups.div_ceil(rows), rows, 1]
    }

    /// Sizes go to the GPU as u32, and indices are computed in it.
    fn u32(&self, value: usize) -> Result<u32, KernelError> {
        let limit = i32::MAX as usize;
        match u32::try_from(value) {
            Ok(fits) if value <= limit => Ok(fits),
            _ => Err(KernelError::TooManyElements { kernel: self.name, got: value, limit }),
        }
    }
}
