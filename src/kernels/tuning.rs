//! Which kernel and which tile a convolution gets: a choice by kind of layer, made by measurement on each adapter.

use std::fmt;
use std::str::FromStr;

use super::conv2d_grouped::{self, DENSE_CHANNELS};
use super::key::HAS_F16_ACTIVATIONS;
use super::method::Method;
use super::{conv2d_implicit, conv2d_pointwise};
use crate::shape::{Conv2dSpec, Nchw};

/// Classes of convolutions, each of which may be fastest with another method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConvClass {
    /// 1×1 over many pixels.
    Pointwise,
    /// 1×1 over few: the last stages.
    SmallPointwise,
    /// 3×3 in many groups, and the stem.
    Grouped,
    /// The same over few pixels: the last stages.
    SmallGrouped,
    /// 3×3 in groups so large that it is nearly dense: cardinality 1 and 2.
    Dense,
}

/// Output pixels of a batch below which a layer counts as small. 28×28 is small: in tiles of 64 × 64 it makes 52 workgroups, and
/// there are GPUs with more cores.
const MANY_PIXELS: usize = 1024;
impl ConvClass {
    /// Every class there is.
    pub const ALL: [Self; 5] = [Self::Pointwise, Self::SmallPointwise, Self::Grouped, Self::SmallGrouped, Self::Dense];

    /// `None` for a convolution that only [`conv2d_direct`](super::conv2d_direct) computes.
    pub fn of(spec: Conv2dSpec, output: Nchw) -> Option<Self> {
        let small = output.n * output.h * output.w < MANY_PIXELS;
        if conv2d_pointwise::supports(spec) {
            Some(if small { Self::SmallPointwise } else { Self::Pointwise })
        } else if !conv2d_grouped::supports(spec) {
            None
        } else if conv2d_implicit::supports(spec) && spec.in_channels_per_group() >= DENSE_CHANNELS {
            Some(Self::Dense)
        } else {
            Some(if small { Self::SmallGrouped } else { Self::Grouped })
        }
    }

    /// Methods worth trying. The first one suits any device and takes the place of one that computes something else. A group of few
    /// channels would leave most of a matrix product's tile empty, and where there are many pixels there are enough threads without
    /// splitting sums.
    pub fn methods(self) -> &'static [Method] {
        match self {
            Self::Grouped | Self::SmallGrouped => &[Method::RegistersSmall, Method::RegistersLarge],
            Self::Pointwise => &[
                Method::RegistersSmall,
                Method::RegistersLarge,
                Method::RegistersMedium,
                Method::Workgroup32,
                Method::Workgroup64,
                #[cfg(not(target_arch = "wasm32"))]
                Method::Subgroup,
            ],
            Self::SmallPointwise => &Method::ALL,
            Self::Dense => &[
                Method::RegistersSmall,
                Method::RegistersLarge,
                Method::Workgroup32,
                Method::Workgroup64,
                Method::Split32,
                #[cfg(not(target_arch = "wasm32"))]
                Method::Subgroup,
            ],
        }
    }
}

/// A method for every class. As text, `registers-large,registers-large,registers-large,registers-small,workgroup64`, in the order of [`ConvClass::ALL`], then `+f16` where products may
/// be f16, then `+f16-activations` where activations are, then `+rolled` where loops are not unrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tuning {
    methods: [Method; ConvClass::ALL.len()],
    /// Whether networks with weights in f16 are multiplied in f16 too, where the method has it. The device must have
    /// `shader-f16` and have passed a check.
    pub product_f16: bool,
    /// Whether activations are stored in f16, up to the average over the last block. The device must have `shader-f16`. A value beyond
    /// ±65504 is an error of the run.
    pub activation_f16: bool,
    /// Whether the loops that shaders mark for it are unrolled before the driver sees them. Without, the driver is trusted to keep
    /// the arrays of a tile in registers; software adapters do not.
    pub unroll: bool,
}

impl Tuning {
    /// The fastest on SwiftShader, as measured.
    pub const SOFTWARE: Self = Self::f32([Method::RegistersLarge; ConvClass::ALL.len()]);
    /// The fastest on lavapipe, as measured, which compiles for the processor's wide vectors.
    pub const WIDE_SOFTWARE: Self = Self::f32([
        Method::RegistersMedium,
        Method::RegistersMedium,
        Method::RegistersLarge,
        Method::RegistersLarge,
        Method::RegistersLarge,
    ]);
    /// The same where its subgroups share weights: the 1×1 and dense 3×3 then take 0.6 of the time.
    #[cfg(not(target_arch = "wasm32"))]
    pub const SHARING_SOFTWARE: Self = Self::f32([
        Method::Subgroup,
        Method::Subgroup,
        Method::RegistersLarge,
        Method::RegistersLarge,
        Method::Subgroup,
    ]);
    /// A first guess for a GPU, from what others report; replaced by what is measured.
    pub const GPU: Self = Self::f32([
        Method::Workgroup64,
        Method::Split32,
        Method::RegistersSmall,
        Method::RegistersSmall,
        Method::Workgroup64,
    ]);

    const fn f32(methods: [Method; ConvClass::ALL.len()]) -> Self {
        Self { methods, product_f16: false, activation_f16: false, unroll: true }
    }

    /// The method of a class.
    pub fn method(&self, class: ConvClass) -> Method {
        self.methods[class as usize]
    }

    /// This tuning with another method for one class. A method that the class cannot use is ignored.
    #[must_use]
    pub fn with(mut self, class: ConvClass, method: Method) -> Self {
        if class.methods().contains(&method) {
            self.methods[class as usize] = method;
        }
        self
    }

    /// One method wherever it can be used.
    pub fn all(method: Method) -> Self {
        ConvClass::ALL.iter().fold(Self::SOFTWARE, |tuning, &class| tuning.with(class, method))
    }
}

impl Default for Tuning {
    fn default() -> Self {
        Self::SOFTWARE
    }
}

const PRODUCT_F16: &str = "+f16";
const ACTIVATION_F16: &str = "+f16-activations";
const ROLLED: &str = "+rolled";

impl fmt::Display for Tuning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, method) in self.methods.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(method.name())?;
        }
        f.write_str(if self.product_f16 { PRODUCT_F16 } else { "" })?;
        f.write_str(if HAS_F16_ACTIVATIONS && self.activation_f16 { ACTIVATION_F16 } else { "" })?;
        f.write_str(if self.unroll { "" } else { ROLLED })
    }
}

/// A text that is not a tuning, such as one that an older version stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a tuning: expected five methods such as `registers-large,registers-large,registers-large,registers-small,workgroup64`"
)]
pub struct NoTuning(String);

impl FromStr for Tuning {
    type Err = NoTuning;

    fn from_str(text: &str) -> Result<Self, NoTuning> {
        let rolled = text.strip_suffix(ROLLED);
        let methods = rolled.unwrap_or(text);
        let activation_f16 = if HAS_F16_ACTIVATIONS { methods.strip_suffix(ACTIVATION_F16) } else { None };
        let methods = activation_f16.unwrap_or(methods);
        let product_f16 = methods.strip_suffix(PRODUCT_F16);
        let mut tuning = Self {
            product_f16: product_f16.is_some(),
            activation_f16: activation_f16.is_some(),
            unroll: rolled.is_none(),
            ..Self::SOFTWARE
        };
        let mut names = product_f16.unwrap_or(methods).split(',');
        for class in ConvClass::ALL {
            let named = |method: &&Method| names.clone().next() == Some(method.name());
            let &method = class.methods().iter().find(named).ok_or_else(|| NoTuning(text.to_owned()))?;
            names.next();
            tuning = tuning.with(class, method);
        }
        if names.next().is_some() { Err(NoTuning(text.to_owned())) } else { Ok(tuning) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tuning_reads_as_it_is_written() {
        let half = Tuning { product_f16: true, ..Tuning::GPU };
        assert_eq!(half.to_string(), "workgroup64,split32,registers-small,registers-small,workgroup64+f16");
        let rolled = Tuning { unroll: false, ..half };
        assert_eq!(rolled.to_string(), "workgroup64,split32,registers-small,registers-small,workgroup64+f16+rolled");
        let stored = Tuning { activation_f16: true, ..Tuning::GPU };
        assert_eq!(
            Tuning { activation_f16: true, ..rolled }.to_string(),
            "workgroup64,split32,registers-small,registers-small,workgroup64+f16+f16-activations+rolled"
        );
        for tuning in [Tuning::SOFTWARE, Tuning::GPU, half, rolled, stored, Tuning::all(Method::Workgroup32)] {
            assert_eq!(tuning.to_string().parse(), Ok(tuning));
        }
        for text in [
            "",
            "registers-large",
            "registers-large,registers-large,registers-large,registers-large",
            "registers-large,registers-large,workgroup64,registers-large,registers-large",
            "registers-large,registers-large,registers-large,registers-large,registers-large,registers-large",
            "registers-large,registers-large,registers-large,registers-large,registers-large+rolled+f16",
        ] {
            assert!(text.parse::<Tuning>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_role_keeps_to_its_methods() {
        let tuning = Tuning::all(Method::Workgroup64);
        assert_eq!(tuning.method(ConvClass::Dense), Method::Workgroup64);
        assert_eq!(tuning.method(ConvClass::Grouped), Method::RegistersLarge);
    }
}
