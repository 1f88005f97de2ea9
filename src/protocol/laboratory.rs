//! The laboratory's measurement over all stops of the dial: which run is next, and which runs count. Plain data, so that session and
//! command line measure alike.

use serde::{Deserialize, Serialize};

use super::{Backend, Setting};

/// A run that takes more than this many times the median of its stop was disturbed.
pub const OUTLIER: f64 = 3.0;
/// As many runs a stop must have before one of them can be called an outlier.
const ENOUGH: usize = 4;
/// Milliseconds that the event loop may take for an empty turn beside a run. Where it takes longer, something else keeps the machine
/// busy, and the run was disturbed.
pub const DRIFT_MS: f64 = 50.0;

/// A measurement over several stops, as far as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Laboratory {
    /// When it began, as the page's clock writes it; empty before.
    pub begun: String,
    /// Undisturbed runs of each stop that are wanted.
    pub runs: usize,
    /// The stops, in the order of their runs.
    pub stops: Vec<LabStop>,
    /// Whether the networks did not fit into memory together, so that they are loaded in turn.
    pub in_turn: bool,
    /// How far GPU and CPU agree, once that is known.
    pub agreement: Option<Agreement>,
    /// Whether it goes on.
    pub is_running: bool,
    /// Whether it waits until the page is seen again.
    pub is_hidden: bool,
}

/// The runs of one stop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabStop {
    /// What is measured.
    pub setting: Setting,
    /// Milliseconds to the answer, one entry per run that counts.
    pub wall: Vec<f64>,
    /// Milliseconds on the GPU, one entry per run that counts; empty where the adapter has no timestamps.
    pub gpu: Vec<f64>,
    /// Disturbed runs that were redone.
    pub redone: usize,
    /// Why it cannot be measured, as a sentence.
    pub refused: Option<String>,
}

/// How far the two backends agree on the same picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The network's title.
    pub network: String,
    /// The largest difference between two logits, as a share of the largest logit.
    pub difference: f32,
}

impl Agreement {
    /// That of two lists of logits; `None` where they cannot be compared.
    pub fn of(network: String, one: &[f32], other: &[f32]) -> Option<Self> {
        let peak = one.iter().chain(other).fold(0.0f32, |peak, logit| peak.max(logit.abs()));
        let is_comparable = one.len() == other.len() && peak > 0.0 && peak.is_finite();
        let difference = one.iter().zip(other).fold(0.0f32, |largest, (one, other)| largest.max((one - other).abs()));
        is_comparable.then(|| Self { network, difference: difference / peak })
    }
}

impl LabStop {
    /// A stop without runs.
    pub fn new(setting: Setting) -> Self {
        Self { setting, wall: Vec::new(), gpu: Vec::new(), redone: 0, refused: None }
    }

    /// Drops its runs.
    pub fn clear(&mut self) {
        *self = Self::new(self.setting.clone());
    }

    /// Takes a run. A disturbed one is counted and left out, to be redone; so is one that turns out to be an outlier. On a machine
    /// that is never quiet that ends: at most as many runs are redone as are wanted.
    fn take(&mut self, wanted: usize, wall_ms: f64, gpu_ms: Option<f64>, is_disturbed: bool) {
        let may_redo = self.redone < wanted;
        if is_disturbed && may_redo {
            self.redone += 1;
            return;
        }
        self.wall.push(wall_ms);
        self.gpu.extend(gpu_ms);
        if self.wall.len() < ENOUGH || !may_redo {
            return;
        }
        let mut sorted = self.wall.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let limit = OUTLIER * sorted[sorted.len() / 2];
        if let Some(outlier) = self.wall.iter().position(|ms| *ms > limit) {
            if self.gpu.len() == self.wall.len() {
                self.gpu.remove(outlier);
            }
            self.wall.remove(outlier);
            self.redone += 1;
        }
    }
}

impl Laboratory {
    /// A measurement of these settings that has not begun.
    pub fn new(settings: Vec<Setting>, runs: usize) -> Self {
        Self { runs, stops: settings.into_iter().map(LabStop::new).collect(), ..Self::default() }
    }

    /// The place of the stop whose turn it is: the first of those with the fewest runs, so that run 1 of every stop comes before
    /// run 2 of any. `None` when all is done.
    pub fn next(&self) -> Option<usize> {
        let open = |stop: &&LabStop| stop.refused.is_none() && stop.wall.len() < self.runs;
        let fewest = self.stops.iter().filter(open).map(|stop| stop.wall.len()).min()?;
        self.stops.iter().position(|stop| open(&stop) && stop.wall.len() == fewest)
    }

    /// Takes a run of the stop at this place.
    pub fn take(&mut self, place: usize, wall_ms: f64, gpu_ms: Option<f64>, is_disturbed: bool) {
        let wanted = self.runs;
        if let Some(stop) = self.stops.get_mut(place) {
            stop.take(wanted, wall_ms, gpu_ms, is_disturbed);
        }
    }

    /// Runs that count so far, and runs in all.
    pub fn progress(&self) -> (usize, usize) {
        let open = self.stops.iter().filter(|stop| stop.refused.is_none());
        (self.stops.iter().map(|stop| stop.wall.len()).sum(), open.count() * self.runs)
    }

    /// Drops the runs on the GPU: they were measured with other kernels, or on another adapter.
    pub fn forget_gpu_runs(&mut self) {
        let of_gpu = self.stops.iter_mut().filter(|stop| stop.setting.backend == Backend::WebGpu);
        of_gpu.for_each(LabStop::clear);
    }

    /// Disturbed runs that were redone.
    pub fn redone(&self) -> usize {
        self.stops.iter().map(|stop| stop.redone).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ResNextConfig;
    use crate::plan::{GpuDtype, PlanKind};

    fn laboratory(runs: usize) -> Laboratory {
        let setting = |cardinality| Setting {
            network: 0,
            config: ResNextConfig::cifar(2, cardinality, 4),
            backend: Backend::Cpu,
            plan: PlanKind::Fused,
            weight_dtype: GpuDtype::F32,
            cores: 0,
        };
        Laboratory::new([1, 8, 32].map(setting).to_vec(), runs)
    }

    #[test]
    fn runs_are_interleaved() {
        let mut laboratory = laboratory(3);
        let mut order = Vec::new();
        while let Some(place) = laboratory.next() {
            order.push(place);
            laboratory.take(place, 1.0, None, false);
        }
        assert_eq!(order, [0, 1, 2, 0, 1, 2, 0, 1, 2]);
        assert_eq!(laboratory.progress(), (9, 9));
    }

    #[test]
    fn a_disturbed_run_is_redone_before_the_next_round() {
        let mut laboratory = laboratory(2);
        laboratory.take(0, 1.0, Some(0.5), false);
        laboratory.take(1, 1.0, Some(0.5), true);
        assert_eq!((laboratory.next(), laboratory.redone()), (Some(1), 1));
        laboratory.stops[1].refused = Some("full".into());
        assert_eq!((laboratory.next(), laboratory.progress()), (Some(2), (1, 4)));
    }

    #[test]
    fn an_outlier_is_redone_also_where_it_came_first() {
        let mut laboratory = laboratory(5);
        for ms in [9.0, 2.0, 2.1] {
            laboratory.take(0, ms, Some(ms / 2.0), false);
        }
        assert_eq!(laboratory.stops[0].wall.len(), 3, "three runs are too few to tell");
        laboratory.take(0, 1.9, Some(0.95), false);
        assert_eq!(laboratory.stops[0].wall, [2.0, 2.1, 1.9]);
        assert_eq!((laboratory.stops[0].gpu.as_slice(), laboratory.redone()), (&[1.0, 1.05, 0.95][..], 1));
    }

    #[test]
    fn a_machine_that_is_never_quiet_is_measured_all_the_same() {
        let mut laboratory = laboratory(2);
        let mut taken = 0;
        while let Some(place) = laboratory.next() {
            laboratory.take(place, 1.0, None, true);
            taken += 1;
        }
        assert_eq!((taken, laboratory.redone(), laboratory.progress()), (12, 6, (6, 6)));
    }

    #[test]
    fn agreement_is_relative_to_the_peak() {
        let of =
            |one: &[f32], other: &[f32]| Agreement::of("it".into(), one, other).map(|agreement| agreement.difference);
        assert_eq!(of(&[1.0, -4.0], &[1.5, -4.0]), Some(0.125));
        assert_eq!((of(&[1.0], &[1.0, 2.0]), of(&[], &[]), of(&[f32::INFINITY], &[1.0])), (None, None, None));
    }
}
