//! Whether the device computes what it should.

use serde::{Deserialize, Serialize};

use super::Setting;
use crate::plan::KernelCheck;

/// Each kernel of a setting's plan on known values, against the CPU engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SelfCheck {
    /// Whose plan it is.
    pub setting: Setting,
    /// Its kernels.
    pub kernels: Vec<KernelCheck>,
    /// Milliseconds that those took which had not been checked before.
    pub ms: f64,
}

impl SelfCheck {
    /// The first kernel that computed something else.
    pub fn failed(&self) -> Option<&KernelCheck> {
        self.kernels.iter().find(|check| !check.passed())
    }

    /// The largest error of a kernel that gave numbers, as a share of the peak.
    pub fn error(&self) -> f32 {
        self.kernels.iter().filter_map(|check| check.error).fold(0.0, f32::max)
    }
}
