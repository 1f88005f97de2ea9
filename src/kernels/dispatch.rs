//! A launch of a kernel, as data.

use super::key::{Constant, KernelKey};
use super::shader::{KernelError, MAX_WORKGROUPS, Shader};

/// One launch of a kernel, without its buffers.
#[derive(Clone, Debug, PartialEq)]
pub struct Dispatch {
    /// What is compiled.
    pub kernel: KernelKey,
    /// The bytes of the shader's uniform struct.
    pub params: Vec<u8>,
    /// Workgroups along x, y and z.
    pub workgroup_count: [u32; 3],
}

impl Shader {
    /// The dispatch of this shader with these constants and uniforms.
    pub(super) fn dispatch<P: bytemuck::Pod>(
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
}
