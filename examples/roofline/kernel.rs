//! What a kernel's final WGSL says of a thread and its workgroup: read from the code, so that it cannot be out of date.

use cardinal::kernels::KernelKey;
use naga::AddressSpace;
use naga::valid::{Capabilities, ValidationFlags, Validator};

/// A compiled variant as figures.
#[derive(Clone, Debug)]
pub struct Kernel {
    pub workgroup_size: [u32; 3],
    /// The shader's tile constants as they stand in this variant, such as `OC` 4 and `PIXEL` 8: what a thread computes.
    pub tile: Vec<(String, u32)>,
    /// 32-bit words of the variables that `main` declares: the fewest registers that a thread holds.
    pub registers: u32,
    /// Bytes of workgroup memory.
    pub shared: u32,
}

impl Kernel {
    pub fn read(key: &KernelKey) -> Result<Self, String> {
        let source = key.source();
        let module = naga::front::wgsl::parse_str(&source).map_err(|error| error.emit_to_string(&source))?;
        // What naga counts as a capability; every WebGPU device has unpack2x16float.
        let capabilities = Capabilities::SHADER_FLOAT16_IN_FLOAT32 | Capabilities::SHADER_FLOAT16;
        Validator::new(ValidationFlags::all(), capabilities)
            .validate(&module)
            .map_err(|error| error.emit_to_string(&source))?;
        let size = |ty| module.types[ty].inner.size(module.to_ctx());
        let entry = module.entry_points.first().ok_or_else(|| format!("{} has no entry point", key.name()))?;
        let shared = module.global_variables.iter().map(|(_, variable)| variable);
        Ok(Self {
            workgroup_size: entry.workgroup_size,
            tile: tile(&source),
            registers: entry.function.local_variables.iter().map(|(_, local)| size(local.ty) / 4).sum(),
            shared: shared.filter(|one| one.space == AddressSpace::WorkGroup).map(|one| size(one.ty)).sum(),
        })
    }

    pub fn threads(&self) -> u32 {
        self.workgroup_size.iter().product()
    }

    /// Multiply-adds a loaded value in a matrix product of such tiles: outputs over values that they share.
    pub fn reuse(&self) -> Option<f64> {
        let [(_, a), (_, b)] = self.tile[..] else { return None };
        Some(f64::from(a * b) / f64::from(a + b))
    }
}

/// `const OC_TILE: u32 = 4u;` and its like.
fn tile(source: &str) -> Vec<(String, u32)> {
    let constant = |line: &str| {
        let (name, value) = line.strip_prefix("const ")?.split_once(": u32 = ")?;
        let name = name.strip_suffix("_TILE")?;
        Some((name.to_owned(), value.trim_end_matches(';').trim_end_matches('u').parse().ok()?))
    };
    source.lines().filter_map(constant).collect()
}
