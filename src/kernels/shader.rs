//! A shader, and the limits of what can be launched.

/// A shader as written (in the page without comments), and what reflection knows of it with its own constants. Tiles are
/// unrolled by `template.rs`.
#[derive(Debug, PartialEq, Eq)]
pub struct Shader {
    /// The name of its file in `shaders/`, without the extension.
    pub name: &'static str,
    /// WGSL with its own values for constants, before imports and unrolling.
    pub source: &'static str,
    /// Threads along x, y and z, with its own values for constants.
    pub workgroup_size: [u32; 3],
    /// Storage buffers in binding order from 1; the last one is the output. Binding 0 is the uniform struct.
    pub bindings: &'static [&'static str],
    /// Constants a variant may replace.
    pub constants: &'static [&'static str],
    /// Whether it marks loops that are unrolled for drivers that do not do it themselves.
    pub has_marked_loops: bool,
}

/// A launch that WebGPU cannot express.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KernelError {
    /// Too many workgroups along one axis.
    #[error("{kernel} would need {got} workgroups along one axis; WebGPU allows {MAX_WORKGROUPS}: use a smaller batch")]
    TooManyWorkgroups {
        /// The shader's name.
        kernel: &'static str,
        /// Workgroups that it would take.
        got: usize,
    },
    /// A tensor with more elements than the shader can index.
    #[error("{kernel} works on at most {limit} elements at once, got {got}: use a smaller batch or picture")]
    TooManyElements {
        /// The shader's name.
        kernel: &'static str,
        /// Elements of the tensor.
        got: usize,
        /// The most that it can index.
        limit: usize,
    },
}

/// `maxComputeWorkgroupsPerDimension` that every WebGPU device has.
pub const MAX_WORKGROUPS: usize = 65_535;

impl Shader {
    /// Workgroups for one thread an item: a second axis where the first is full. The shader flattens the two.
    pub(super) fn linear_grid(&self, items: usize) -> [usize; 3] {
        let groups = items.div_ceil(self.workgroup_size[0] as usize).max(1);
        let rows = groups.div_ceil(MAX_WORKGROUPS);
        [groups.div_ceil(rows), rows, 1]
    }

    /// Sizes go to the GPU as u32, and indices are computed in it.
    pub(super) fn u32(&self, value: usize) -> Result<u32, KernelError> {
        let limit = i32::MAX as usize;
        match u32::try_from(value) {
            Ok(fits) if value <= limit => Ok(fits),
            _ => Err(KernelError::TooManyElements { kernel: self.name, got: value, limit }),
        }
    }
}
