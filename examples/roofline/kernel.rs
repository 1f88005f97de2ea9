//! Figures per thread and per workgroup, read from a kernel's final WGSL, so that they cannot be out of date.

use std::collections::BTreeMap;

use cardinal::kernels::KernelKey;
use naga::AddressSpace;
use naga::valid::{Capabilities, ValidationFlags, Validator};

/// A compiled variant as figures.
#[derive(Clone, Debug)]
pub struct Kernel {
    pub workgroup_size: [u32; 3],
    /// Outputs per thread in this variant: channels, then pixels.
    pub tile: Vec<(String, u32)>,
    /// 32-bit words of the variables that `main` declares, those of one name once: about the registers that a thread holds.
    /// `results` is a copy of others after the last product.
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
        let info = Validator::new(ValidationFlags::all(), capabilities)
            .validate(&module)
            .map_err(|error| error.emit_to_string(&source))?;
        let size = |ty| module.types[ty].inner.size(module.to_ctx());
        let entry = module.entry_points.first().ok_or_else(|| format!("{} has no entry point", key.name()))?;
        // WebGPU counts what the entry point uses; some of it is for variants with slices only.
        let used = |handle: naga::Handle<naga::GlobalVariable>| !info.get_entry_point(0)[handle].is_empty();
        let shared = module.global_variables.iter().filter(|&(handle, _)| used(handle)).map(|(_, variable)| variable);
        let locals = entry.function.local_variables.iter();
        let named = locals.filter_map(|(_, local)| Some((local.name.as_deref()?, size(local.ty) / 4)));
        let registers: BTreeMap<&str, u32> = named.filter(|(name, _)| *name != "results").collect();
        Ok(Self {
            workgroup_size: entry.workgroup_size,
            tile: tile(&module),
            registers: registers.values().sum(),
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

/// Channels and pixels that a thread computes: the constants `OC_TILE` and `PIXELS`.
fn tile(module: &naga::Module) -> Vec<(String, u32)> {
    let value = |name: &str| {
        let (_, constant) = module.constants.iter().find(|(_, constant)| constant.name.as_deref() == Some(name))?;
        match module.global_expressions[constant.init] {
            naga::Expression::Literal(naga::Literal::U32(value)) => Some(value),
            _ => None,
        }
    };
    let named = |name: &str, constant| Some((name.to_owned(), value(constant)?));
    [named("channels", "OC_TILE"), named("pixels", "PIXELS")].into_iter().flatten().collect()
}
