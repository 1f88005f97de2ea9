//! How fast a moving picture is answered.

use std::collections::VecDeque;

use crate::classifier::Stats;
use crate::protocol::Frame;

/// Milliseconds over which frames are counted.
const WINDOW_MS: f64 = 2000.0;
/// Milliseconds between two figures: faster ones cannot be read.
const TOLD_EVERY_MS: f64 = 500.0;

/// Where frames come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiveKind {
    /// A camera.
    Camera,
    /// A screen, a window or a tab that is shared.
    Screen,
    /// A video file.
    Video,
}

impl LiveKind {
    /// Its name in the page's attributes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Camera => "camera",
            Self::Screen => "screen",
            Self::Video => "video",
        }
    }
}

/// How fast frames are answered: medians over the last two seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Frames per second.
    pub per_second: f64,
    /// Milliseconds on the GPU; `None` where the adapter has no timestamps.
    pub gpu_ms: Option<f64>,
    /// Milliseconds from handing over the input to having the outputs.
    pub wall_ms: f64,
}

/// The frames of the last two seconds.
#[derive(Debug, Default)]
pub struct Frames {
    /// When each came, and its times: GPU, total.
    all: VecDeque<(f64, [Option<f64>; 2])>,
    told: Option<f64>,
}

impl Frames {
    /// Adds a frame that came at `now`, in milliseconds; gives the pace when it is time to tell it.
    pub fn push(&mut self, now: f64, frame: &Frame) -> Option<Pace> {
        let answer = &frame.answer;
        self.all.push_back((now, [answer.gpu_ms, Some(answer.wall_ms)]));
        // Two frames are needed, however slow the network is.
        while self.all.len() > 2 && self.all.front().is_some_and(|(at, _)| now - at > WINDOW_MS) {
            self.all.pop_front();
        }
        let (first, _) = *self.all.front()?;
        if self.all.len() < 2 || self.told.is_some_and(|told| now - told < TOLD_EVERY_MS) {
            return None;
        }
        self.told = Some(now);
        let median = |which: usize| {
            let times: Vec<f64> = self.all.iter().filter_map(|(_, times)| times[which]).collect();
            (!times.is_empty()).then(|| Stats::new(times).median)
        };
        Some(Pace {
            per_second: (self.all.len() - 1) as f64 * 1000.0 / (now - first).max(f64::MIN_POSITIVE),
            gpu_ms: median(0),
            wall_ms: median(1)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ResNextConfig;
    use crate::plan::{GpuDtype, PlanKind};
    use crate::protocol::{Answer, Backend, Picture, PictureRequest, PictureSource, Setting};

    fn frame(wall_ms: f64) -> Frame {
        let (title, alt) = (String::new(), String::new());
        let request = PictureRequest { id: 1, title, alt, credit: None, source: PictureSource::File };
        let picture = Picture { request, width: 4, height: 3, side: 2, crop_share: 1.0, prepare_ms: 1.0 };
        let config = ResNextConfig::preset("resnext20_8x8d").expect("a preset");
        let (backend, plan, weight_dtype) = (Backend::Cpu, PlanKind::Fused, GpuDtype::F32);
        let setting = Setting { network: 0, config, backend, plan, weight_dtype, cores: 0 };
        let answer = Answer { picture: 1, setting, top: Vec::new(), logits: Vec::new(), wall_ms, gpu_ms: None };
        Frame { picture, answer, class_activation: None }
    }

    #[test]
    fn the_pace_is_of_the_last_two_seconds_and_told_twice_per_second() {
        let mut frames = Frames::default();
        assert_eq!(frames.push(0.0, &frame(900.0)), None, "one frame has no pace");
        let second = frames.push(1000.0, &frame(10.0)).expect("two have");
        assert_eq!((second.per_second, second.gpu_ms, second.wall_ms), (1.0, None, 455.0));
        assert_eq!(frames.push(1100.0, &frame(10.0)), None, "too soon");
        let told: Vec<Pace> =
            (1..=40).filter_map(|step| frames.push(1100.0 + 50.0 * f64::from(step), &frame(10.0))).collect();
        assert_eq!(told.len(), 4);
        let last = told.last().expect("told");
        assert!((last.per_second - 20.0).abs() < 2.0, "{last:?}");
        assert_eq!(last.wall_ms, 10.0);
    }

    #[test]
    fn a_slow_network_has_a_pace_too() {
        let mut frames = Frames::default();
        frames.push(0.0, &frame(4000.0));
        let pace = frames.push(4000.0, &frame(4000.0)).expect("two frames");
        assert_eq!(pace.per_second, 0.25);
    }
}
