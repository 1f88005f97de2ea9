//! Figures per thread and per workgroup, read from a kernel's final WGSL, so that they cannot be out of date.

use cardinal::kernels::KernelKey;
use naga::AddressSpace;
use naga::valid::{Capabilities, ValidationFlags, Validator};

/// A compiled variant as figures.
#[derive(Clone, Debug)]
pub struct Kernel {
    pub workgroup_size: [u32; 3],
    /// Outputs per thread in this variant: channels, then pixels.
    pub tile: Vec<(String, u32)>,
    /// 32-bit words of the variables that `main` declares, the least number of registers that a thread holds. `sums` is a copy of others
    /// after the last product.
    pub registers: u32,
    /// Bytes of workgroup memory.
    pub shared: u32,
}

impl Kernel {
    pub fn read(key: &KernelKey) -> Result<Self, String> {
        let source = key.source();
        let module = naga::front::wgsl::parse_str(&source).map_err(|error| error.emit_to_string(&source))?;
        // naga counts unpack2x16float as a capability, but every WebGPU device has it.
        let capabilities = Capabilities::SHADER_FLOAT16_IN_FLOAT32 | Capabilities::SHADER_FLOAT16;
        Validator::new(ValidationFlags::all(), capabilities)
            .validate(&module)
            .map_err(|error| error.emit_to_string(&source))?;
        let size = |ty| module.types[ty].inner.size(module.to_ctx());
        let entry = module.entry_points.first().ok_or_else(|| format!("{} has no entry point", key.name()))?;
        let shared = module.global_variables.iter().map(|(_, variable)| variable);
        let is_copy = |name: &Option<String>| name.as_deref() == Some("sums");
        let locals = entry.function.local_variables.iter().filter(|(_, local)| !is_copy(&local.name));
        Ok(Self {
            workgroup_size: entry.workgroup_size,
            tile: tile(&source),
            registers: locals.map(|(_, local)| size(local.ty) / 4).sum(),
            shared: shared.filter(|one| one.space == AddressSpace::WorkGroup).map(|one| size(one.ty)).sum(),
        })
    }

    pub fn threads(&self) -> u32 {
        self.workgroup_size.iter().product()
    }

    /// Multiply-adds per loaded value in a matrix product of such tiles: outputs divided by the values that they share.
    pub fn reuse(&self) -> Option<f64> {
        let [(_, a), (_, b)] = self.tile[..] else { return None };
        Some(f64::from(a * b) / f64::from(a + b))
    }
}

/// Channels and pixels per thread, from constants such as `const OC_VECTORS: u32 = 2u;`.
fn tile(source: &str) -> Vec<(String, u32)> {
    let constant = |name: &str| {
        let value = source
            .lines()
            .find_map(|line| line.strip_prefix("const ")?.strip_prefix(name)?.strip_prefix(": u32 = "))?;
        value.split_once('u')?.0.parse::<u32>().ok()
    };
    // A vector is four channels or four pixels.
    let first = |names: &[(&str, u32)]| names.iter().find_map(|(name, times)| Some(constant(name)? * times));
    let channels = first(&[("OC_TILE", 1), ("ROW_VECTORS", 4), ("OC_VECTORS", 4)]);
    let pixels = first(&[("PIXEL_TILE", 1), ("COLUMNS", 1), ("PIXELS", 1), ("PIXEL_VECTORS", 4)]);
    let named = |name: &str, value: Option<u32>| Some((name.to_owned(), value?));
    [named("channels", channels), named("pixels", pixels)].into_iter().flatten().collect()
}
