//! The ways to compute a convolution.

/// A way to compute a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Large tiles in registers, no barriers: the fewest loads. Software adapters.
    RegistersLarge,
    /// Small tiles in registers, no barriers: more threads. Integrated GPUs.
    RegistersSmall,
    /// Tiles between the two, in registers, for 1×1 alone. Software adapters that compile for the processor's wide vectors.
    RegistersMedium,
    /// Operands in workgroup memory, 32 channels × 32 pixels per workgroup: many workgroups. GPUs, small layers.
    Workgroup32,
    /// The same with 64 × 64: fewer loads. GPUs, large layers.
    Workgroup64,
    /// 32 × 32 with four times the threads, each with a quarter of the sum. Large GPUs, layers of few pixels.
    Split32,
    /// Tiles in registers whose weights the threads of a subgroup load for each other, for 1×1 and dense 3×3. Native devices with
    /// subgroups.
    #[cfg(not(target_arch = "wasm32"))]
    Subgroup,
}

impl Method {
    /// Every method there is.
    pub const ALL: [Self; if cfg!(target_arch = "wasm32") { 6 } else { 7 }] = [
        Self::RegistersSmall,
        Self::RegistersLarge,
        Self::RegistersMedium,
        Self::Workgroup32,
        Self::Workgroup64,
        Self::Split32,
        #[cfg(not(target_arch = "wasm32"))]
        Self::Subgroup,
    ];

    /// Whether it does without workgroup memory and barriers.
    pub fn in_registers(self) -> bool {
        !matches!(self, Self::Workgroup32 | Self::Workgroup64 | Self::Split32)
    }

    /// Its name in a [`Tuning`](super::Tuning)'s text.
    pub fn name(self) -> &'static str {
        match self {
            Self::RegistersLarge => "registers-large",
            Self::RegistersSmall => "registers-small",
            Self::RegistersMedium => "registers-medium",
            Self::Workgroup32 => "workgroup32",
            Self::Workgroup64 => "workgroup64",
            Self::Split32 => "split32",
            #[cfg(not(target_arch = "wasm32"))]
            Self::Subgroup => "subgroup",
        }
    }
}
