//! What a pipeline is compiled from: a shader and the values put into it.

use std::hash::{Hash, Hasher};

use super::dtype::GpuDtype;
use super::shader::Shader;
use super::table;
use super::wgsl;

/// The value of a WGSL `const`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Constant {
    /// `true` or `false`.
    Bool(bool),
    /// `8u`.
    U32(u32),
}

/// Everything that a compiled pipeline depends on: the shader and the values for its constants.
#[derive(Clone, Debug)]
pub struct KernelKey {
    /// The shader as written.
    pub shader: &'static Shader,
    /// In the order of [`Shader::constants`]; those not named keep the shader's own value.
    pub constants: Vec<(&'static str, Constant)>,
    /// Whether the loops that are marked for it are unrolled: [`Tuning::unroll`](super::Tuning::unroll).
    pub unroll: bool,
}

impl PartialEq for KernelKey {
    fn eq(&self, other: &Self) -> bool {
        self.shader.name == other.shader.name && self.constants == other.constants && self.unroll == other.unroll
    }
}

impl Eq for KernelKey {}

impl Hash for KernelKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.shader.name.hash(state);
        self.constants.hash(state);
        self.unroll.hash(state);
    }
}

/// Whether activations may be f16 at all. What chooses them, by measurement, is part of the page, so the npm package has nothing of it.
pub(crate) const HAS_F16_ACTIVATIONS: bool = cfg!(feature = "page");

/// What a shader calls activations in f16: those that it reads and writes, or those that it reads alone.
const F16: [&str; 2] = ["ACTIVATION_F16", "INPUT_F16"];

impl KernelKey {
    /// `shader` with these values for constants of it, unrolled.
    ///
    /// # Panics
    /// In debug builds, if the shader has no constant of such a name.
    pub fn new(shader: &'static Shader, constants: &[(&'static str, Constant)]) -> Self {
        debug_assert!(
            constants.iter().all(|(name, _)| shader.constants.contains(name)),
            "{} has no such constant",
            shader.name
        );
        Self { shader, constants: constants.to_vec(), unroll: true }
    }

    /// The same, unrolled or not. A shader that marks no loop for it is one kernel, not two.
    #[must_use]
    pub fn unrolled(mut self, unroll: bool) -> Self {
        self.unroll = unroll || !self.shader.has_marked_loops;
        self
    }

    /// The same with activations in f16, which the device must have `shader-f16` for, or in f32. It is one kernel, not two, where the
    /// shader has no such choice.
    #[must_use]
    pub fn over_f16(mut self, f16: bool) -> Self {
        if HAS_F16_ACTIVATIONS {
            self.constants.retain(|(name, _)| !F16.contains(name));
        }
        if HAS_F16_ACTIVATIONS && f16 {
            let named = F16.into_iter().find(|name| self.shader.constants.contains(name));
            self.constants.extend(named.map(|name| (name, Constant::Bool(true))));
        }
        self
    }

    /// How the activations lie that it reads.
    pub fn input_dtype(&self) -> GpuDtype {
        GpuDtype::f16_if(HAS_F16_ACTIVATIONS && self.constants.iter().any(|(name, _)| F16.contains(name)))
    }

    /// How those lie that it writes. A kernel that writes f16 has one more binding, [`OVERFLOW`](Self::OVERFLOW).
    pub fn output_dtype(&self) -> GpuDtype {
        GpuDtype::f16_if(HAS_F16_ACTIVATIONS && self.constants.iter().any(|(name, _)| *name == F16[0]))
    }

    /// The binding of 4 bytes, 0 before the launch, that are 1 after it where a value was no number that f16 holds.
    pub const OVERFLOW: u32 = 6;

    /// The WGSL that is compiled: the shader with these values for its constants, its imports, and its loops unrolled if they are
    /// to be.
    pub fn source(&self) -> String {
        let value = |value| match value {
            Constant::Bool(value) => format!("{value}"),
            Constant::U32(value) => format!("{value}u"),
        };
        let values: Vec<(&str, String)> =
            self.constants.iter().map(|&(name, constant)| (name, value(constant))).collect();
        let import = |name: &str| table::IMPORTS.iter().find(|(known, _)| *known == name).map(|&(_, text)| text);
        let read = "build.rs has read it";
        let source = wgsl::import(&wgsl::with_values(self.shader.source, &values), import).expect(read);
        if self.unroll { wgsl::unroll(&source).expect(read) } else { source }
    }

    /// `conv2d_grouped.stride_2.relu`: the shader, numbers, and the switches that are on.
    pub fn name(&self) -> String {
        let mut name = self.shader.name.to_owned();
        for (constant, value) in &self.constants {
            let constant = constant.to_ascii_lowercase();
            match value {
                Constant::Bool(true) => name.push_str(&format!(".{constant}")),
                Constant::Bool(false) => {}
                Constant::U32(value) => name.push_str(&format!(".{constant}_{value}")),
            }
        }
        if !self.unroll {
            name.push_str(".rolled");
        }
        name
    }
}
