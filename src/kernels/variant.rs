//! Variants: the same shader with other constants, and the list of all that can occur.

use super::conv2d::ConvKernel;
use super::key::{Constant, KernelKey};
use super::table;

/// A kernel that can occur, with a name for files and messages.
#[derive(Clone, Debug)]
pub struct Variant {
    /// [`KernelKey::name`].
    pub name: String,
    /// What is compiled.
    pub key: KernelKey,
}

/// Every kernel and variant that a plan can ask for.
pub fn all_variants() -> Vec<Variant> {
    let mut variants = Vec::new();
    for shader in table::ALL {
        let mut combinations = ConvKernel::tiles(shader.name);
        for &name in shader.constants {
            if !matches!(name, "RELU" | "WEIGHT_F16") {
                continue;
            }
            combinations = combinations
                .iter()
                .flat_map(|c| [false, true].map(|on| [c.as_slice(), &[(name, Constant::Bool(on))]].concat()))
                .collect();
        }
        for constants in combinations {
            let key = KernelKey::new(shader, &constants);
            variants.push(Variant { name: key.name(), key });
        }
    }
    variants
}
