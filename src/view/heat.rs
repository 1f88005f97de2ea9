//! The blocks' shares of the time, as the drawing shows them.

use super::network_part::NetworkPart;
use crate::protocol::StepProfile;

/// The least heat of a block that was measured, so that it differs from one that was not.
const LEAST: f64 = 0.12;

/// The time of every part, relative to the slowest block's.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    times: Vec<f64>,
    slowest_block: f64,
}

impl Heat {
    /// From the milliseconds of every dispatch and the layers it covers.
    pub fn new(parts: &[NetworkPart], steps: &[StepProfile]) -> Self {
        let times: Vec<f64> = parts.iter().map(|part| NetworkPart::total(&part.times(steps)).unwrap_or(0.0)).collect();
        let blocks = parts.iter().zip(&times).filter(|(part, _)| part.block.is_some()).map(|(_, time)| *time);
        let slowest_block = blocks.fold(f64::MIN_POSITIVE, f64::max);
        Self { times, slowest_block }
    }

    /// The mean heat of `repeats` parts from `index` on, which are drawn as one: from 0 to 1.
    pub fn of(&self, index: usize, repeats: usize) -> f64 {
        let own = self.times.get(index..index + repeats).unwrap_or_default();
        let mean = own.iter().sum::<f64>() / repeats.max(1) as f64;
        LEAST + (1.0 - LEAST) * mean / self.slowest_block
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BlockForm, Graph, ResNextConfig};
    use crate::view::network_part::network_parts;

    #[test]
    fn the_slowest_block_is_hottest() {
        let config = ResNextConfig::cifar(2, 8, 8);
        let graph = Graph::build(&config, 1, (32, 32), BlockForm::C).unwrap();
        let step = |layer: &str, ms| StepProfile { layers: vec![layer.to_owned()], ms, ..StepProfile::default() };
        // The head is no block, however slow.
        let steps = [step("layer1.0.conv1", 1.0), step("layer1.1.conv1", 3.0), step("fc", 50.0)];
        let heat = Heat::new(&network_parts(&graph), &steps);
        assert_eq!(heat.of(2, 1), 1.0);
        assert!((heat.of(1, 1) - (0.12 + 0.88 / 3.0)).abs() < 1e-12);
        assert!((heat.of(1, 2) - (0.12 + 0.88 * 2.0 / 3.0)).abs() < 1e-12);
        assert_eq!(heat.of(3, 1), 0.12);
    }
}
