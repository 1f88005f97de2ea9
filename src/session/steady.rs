//! The answer to a moving picture, steadied: the mean of the last few frames' probabilities.

use std::collections::VecDeque;

use crate::protocol::Setting;

/// The most frames that are averaged.
const FRAMES: usize = 5;
/// Milliseconds after which a frame no longer counts: with a slow network, the frames before show something else.
const LONGEST_MS: f64 = 1000.0;

/// The probabilities of the last few frames.
#[derive(Debug, Default)]
pub struct Steady {
    setting: Option<Setting>,
    /// When each came, in milliseconds, and its probabilities; the newest at the end.
    frames: VecDeque<(f64, Vec<f32>)>,
}

impl Steady {
    /// Forgets all frames.
    pub fn clear(&mut self) {
        self.frames.clear();
    }

    /// Adds a frame's probabilities, and gives the mean over the last few of the same setting.
    pub fn push(&mut self, setting: &Setting, now: f64, probabilities: Vec<f32>) -> Vec<f32> {
        if self.setting.as_ref() != Some(setting) {
            self.setting = Some(setting.clone());
            self.frames.clear();
        }
        self.frames.push_back((now, probabilities));
        while self.frames.len() > FRAMES || self.frames.front().is_some_and(|(at, _)| now - at > LONGEST_MS) {
            self.frames.pop_front();
        }
        let Some(((_, newest), older)) = self.frames.make_contiguous().split_last() else { return Vec::new() };
        let share = 1.0 / (older.len() + 1) as f32;
        let sum = |class: usize| newest[class] + older.iter().map(|(_, frame)| frame[class]).sum::<f32>();
        (0..newest.len()).map(|class| sum(class) * share).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ResNextConfig;
    use crate::plan::{GpuDtype, PlanKind};
    use crate::protocol::Backend;

    fn setting(network: usize) -> Setting {
        let config = ResNextConfig::preset("resnext20_8x8d").expect("a preset");
        let (backend, plan, weight_dtype) = (Backend::Cpu, PlanKind::Fused, GpuDtype::F32);
        Setting { network, config, backend, plan, weight_dtype, cores: 0 }
    }

    #[test]
    fn the_last_five_frames_of_a_second_count() {
        let mut steady = Steady::default();
        let mut push =
            |network: usize, now: f64, first: f32| steady.push(&setting(network), now, vec![first, 1.0 - first]);
        assert_eq!(push(0, 0.0, 1.0), [1.0, 0.0]);
        assert_eq!(push(0, 10.0, 0.0), [0.5, 0.5], "one odd frame does not turn the answer");
        for frame in 0..4 {
            push(0, 20.0 + f64::from(frame), 0.0);
        }
        assert_eq!(push(0, 30.0, 0.0), [0.0, 1.0], "the first is out");
        assert_eq!(push(0, 1025.0, 1.0), [0.5, 0.5], "only the one before is younger than a second");
        assert_eq!(push(0, 3000.0, 1.0), [1.0, 0.0]);
        assert_eq!(push(1, 3001.0, 0.0), [0.0, 1.0], "another network has its own");
    }
}
