//! Every dispatch of a run as a row: time, rate, bytes, share of the device's best; the rows' order, and the same as files.

mod csv;
mod trace;

pub use csv::csv;
pub(in crate::view) use csv::field;
pub use trace::trace;

use std::cmp::Reverse;

use crate::protocol::{Backend, Profile, StepProfile};

/// Milliseconds that all repeats of a dispatch must have taken together, so that the rounding of browsers' clocks, to 0.1 ms, is at
/// most a tenth of it.
pub const CLEAR_MS: f64 = 1.0;

/// What the rows are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// The order in which they run.
    Order,
    /// Time, the longest first.
    #[default]
    Time,
    /// Multiply-adds per second, the most first.
    Rate,
    /// Bytes moved, the most first.
    Bytes,
}

/// The highest rate of any dispatch of a device.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// The device.
    pub backend: Backend,
    /// Multiply-adds per second.
    pub rate: f64,
    /// Which dispatch it was: `layer3.0.conv2 of ResNeXt-20 8×8d`.
    pub what: String,
}

/// Multiply-adds per second; `None` for a dispatch that has none, or none that its clock could see.
pub fn rate(step: &StepProfile) -> Option<f64> {
    (step.macs > 0 && step.ms > 0.0).then(|| step.macs as f64 / step.ms * 1e3)
}

/// Bytes per second; `None` where the clock saw no time.
pub fn bandwidth(step: &StepProfile) -> Option<f64> {
    (step.ms > 0.0).then(|| step.bytes as f64 / step.ms * 1e3)
}

/// Milliseconds of all dispatches.
pub fn total_ms(steps: &[StepProfile]) -> f64 {
    steps.iter().map(|step| step.ms).sum()
}

/// The indices of the steps in the order of the table.
pub fn sorted(steps: &[StepProfile], by: SortBy) -> Vec<usize> {
    let mut order: Vec<usize> = (0..steps.len()).collect();
    // As integers, which have an order; equal ones stay in the order of the run.
    let key = |step: &StepProfile| match by {
        SortBy::Order => 0,
        SortBy::Time => (step.ms * 1e6) as u64,
        SortBy::Rate => rate(step).unwrap_or(0.0) as u64,
        SortBy::Bytes => step.bytes as u64,
    };
    order.sort_by_key(|&index| Reverse(key(&steps[index])));
    order
}

/// What the table calls a dispatch: its first layer, and the names of those that are computed with it.
pub fn name(step: &StepProfile) -> (String, String) {
    let first = step.layers.first().cloned().unwrap_or_default();
    let prefix = block(&first).map_or(String::new(), |block| format!("{block}."));
    let others = step.layers.iter().skip(1).map(|layer| layer.strip_prefix(&prefix).unwrap_or(layer));
    let others = others.collect::<Vec<_>>().join(", ");
    (first, if others.is_empty() { others } else { format!("with {others}") })
}

/// The rate as a share of the device's best; `None` where the dispatch was too short to tell.
pub fn share_of_best(step: &StepProfile, best: Option<&Best>) -> Option<f64> {
    Some(rate(step).filter(|_| is_clear(step))? / best?.rate)
}

fn is_clear(step: &StepProfile) -> bool {
    step.ms * step.repeats as f64 >= CLEAR_MS
}

/// The best of a profile, and of what was known of the device before. A dispatch counts where all its repeats took at least
/// [`CLEAR_MS`].
pub fn best(before: Option<Best>, profile: &Profile) -> Option<Best> {
    let clear = profile.steps.iter().filter(|step| is_clear(step));
    clear.fold(before, |best, step| match (rate(step), best) {
        (Some(rate), best) if best.as_ref().is_none_or(|best| best.rate < rate) => Some(Best {
            backend: profile.setting.backend,
            rate,
            what: format!("{} of {}", name(step).0, profile.setting.config.title()),
        }),
        (_, best) => best,
    })
}

/// The name of a file with a profile: `resnext-20_8x8d_fused_webgpu.csv`.
pub fn file_name(profile: &Profile, ending: &str) -> String {
    let setting = &profile.setting;
    let title = setting.config.title().to_lowercase().replace('×', "x").replace(", ", "_").replace(' ', "_");
    format!("{title}_{}_{}.{ending}", setting.plan, setting.backend.name())
}

/// The block of a layer, `layer1.0` of `layer1.0.conv2`; `None` for the stem's and the head's.
fn block(layer: &str) -> Option<&str> {
    layer.match_indices('.').nth(1).map(|(end, _)| &layer[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ResNextConfig;
    use crate::plan::{GpuDtype, PlanKind};
    use crate::protocol::Setting;

    /// Layers, milliseconds of one launch, multiply-adds, bytes; each repeated ten times.
    pub(super) fn profile(steps: &[(&[&str], f64, u64, usize)]) -> Profile {
        let step = |&(layers, ms, macs, bytes): &(&[&str], f64, u64, usize)| StepProfile {
            layers: layers.iter().map(|&layer| layer.to_owned()).collect(),
            kernel: "conv2d_grouped.stride_2".into(),
            ms,
            repeats: 10,
            macs,
            bytes,
        };
        let setting = Setting {
            network: 0,
            config: ResNextConfig::preset("resnext20_8x8d").unwrap(),
            backend: Backend::WebGpu,
            plan: PlanKind::Fused,
            weight_dtype: GpuDtype::F32,
            cores: 0,
        };
        Profile { setting, steps: steps.iter().map(step).collect() }
    }

    pub(super) fn small() -> Profile {
        profile(&[
            (&["conv1", "bn1"], 0.5, 1_000_000, 4000),
            (&["layer1.0.conv1", "layer1.0.bn1"], 0.25, 2_000_000, 8000),
            (&["layer1.0.conv3", "layer1.0.bn3", "layer1.0.add"], 0.01, 4_000_000, 16_000),
            (&["avgpool"], 0.0, 0, 32_000),
        ])
    }

    #[test]
    fn rows_are_sorted_by_each_column() {
        let steps = small().steps;
        assert_eq!(sorted(&steps, SortBy::Order), [0, 1, 2, 3]);
        assert_eq!(sorted(&steps, SortBy::Time), [0, 1, 2, 3]);
        assert_eq!(sorted(&steps, SortBy::Rate), [2, 1, 0, 3]);
        assert_eq!(sorted(&steps, SortBy::Bytes), [3, 2, 1, 0]);
    }

    #[test]
    fn rates_are_per_second_and_of_what_was_timed() {
        let steps = small().steps;
        assert_eq!(steps.iter().map(rate).collect::<Vec<_>>(), [Some(2e9), Some(8e9), Some(4e11), None]);
        assert_eq!(bandwidth(&steps[0]), Some(8e6));
        assert_eq!(bandwidth(&steps[3]), None);
        assert_eq!(total_ms(&steps), 0.76);
    }

    #[test]
    fn the_best_is_the_highest_rate_that_the_clock_could_see() {
        let first = best(None, &small()).unwrap();
        assert_eq!((first.rate, first.what.as_str()), (8e9, "layer1.0.conv1 of ResNeXt-20 8×8d"));
        let shares: Vec<_> = small().steps.iter().map(|step| share_of_best(step, Some(&first))).collect();
        assert_eq!(shares, [Some(0.25), Some(1.0), None, None]);
        let slower = profile(&[(&["fc"], 1.0, 1_000_000, 1)]);
        assert_eq!(best(Some(first.clone()), &slower), Some(first.clone()));
        let faster = profile(&[(&["fc"], 1.0, 9_000_000, 1)]);
        assert_eq!(best(Some(first), &faster).unwrap().rate, 9e9);
        assert_eq!(best(None, &profile(&[(&["fc"], 0.09, 1_000_000, 1)])), None);
    }

    #[test]
    fn a_dispatch_is_called_by_its_first_layer() {
        let steps = small().steps;
        assert_eq!(name(&steps[2]), ("layer1.0.conv3".into(), "with bn3, add".into()));
        assert_eq!(name(&steps[0]), ("conv1".into(), "with bn1".into()));
        assert_eq!(name(&steps[3]), ("avgpool".into(), String::new()));
    }

    #[test]
    fn files_say_what_they_are_of() {
        assert_eq!(file_name(&small(), "csv"), "resnext-20_8x8d_fused_webgpu.csv");
    }
}
