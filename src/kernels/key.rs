//! What a pipeline is compiled from: a shader and the values put into it.

use std::hash::{Hash, Hasher};

use super::shader::Shader;
use super::template;

/// The value of a WGSL `const`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Constant {
    Bool(bool),
    U32(u32),
}

/// What a compiled pipeline depends on, and nothing else: the shader and the values put into it.
#[derive(Clone, Debug)]
pub struct KernelKey {
    pub shader: &'static Shader,
    /// In the order of [`Shader::constants`]; those not named keep the shader's own value.
    pub constants: Vec<(&'static str, Constant)>,
}

impl PartialEq for KernelKey {
    fn eq(&self, other: &Self) -> bool {
        self.shader.name == other.shader.name && self.constants == other.constants
    }
}

impl Eq for KernelKey {}

impl Hash for KernelKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.shader.name.hash(state);
        self.constants.hash(state);
    }
}

impl KernelKey {
    pub fn new(shader: &'static Shader, constants: &[(&'static str, Constant)]) -> Self {
        debug_assert!(
            constants.iter().all(|(name, _)| shader.constants.contains(name)),
            "{} has no such constant",
            shader.name
        );
        Self { shader, constants: constants.to_vec() }
    }

    /// The WGSL that is compiled: the shader's text with each `const NAME: T = …;` line replaced and its tiles unrolled.
    pub fn source(&self) -> String {
        let mut source = String::with_capacity(self.shader.source.len());
        for line in self.shader.source.lines() {
            let replaced = self.constants.iter().find_map(|(name, value)| {
                let declared = line.strip_prefix("const ")?.strip_prefix(name)?.starts_with(':');
                declared.then(|| match value {
                    Constant::Bool(value) => format!("const {name}: bool = {value};"),
                    Constant::U32(value) => format!("const {name}: u32 = {value}u;"),
                })
            });
            source.push_str(replaced.as_deref().unwrap_or(line));
            source.push('\n');
        }
        template::expand(&source).expect("build.rs has unrolled it with the names it has")
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
        name
    }
}
