//! A result of the laboratory as plain data: what the page shows, keeps, copies and reads back, and what lies in `docs/results/`.

use serde::Serialize;

use crate::classifier::percentiles;
use crate::model::{BlockForm, Graph};
use crate::protocol::{Adapter, Agreement, Backend, LabStop, Laboratory, Setting};
use crate::view::words;
use crate::zoo::{Recipe, comparable_accuracy, paper_error};

/// What a file says it is.
pub const FORMAT: &str = "cardinal-laboratory";
/// The version of the format.
pub const VERSION: u32 = 1;

/// A measurement of several stops of the dial, and what it was measured with.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LabResult {
    /// [`FORMAT`]. First, so that a person who opens the file knows what it is.
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// When the measurement began, in UTC, as ISO 8601 has it; empty while it has not begun.
    pub date: String,
    /// The name of the adapter, or `CPU`, with its cores where there are several.
    pub adapter: String,
    /// The adapter's API (`WebGPU`, natively `Vulkan`), or `CPU`.
    pub backend: String,
    /// The browser and its version, or `native`.
    pub browser: String,
    /// The network without its cardinality: `ResNeXt-20`.
    pub network: String,
    /// Side of its square input in pixels.
    pub input_size: usize,
    /// How the graph became dispatches: `fused` or `plain`.
    pub plan: String,
    /// Number format of the weights.
    pub weights: String,
    /// The GPU's kernels; empty on the CPU and where they were not measured.
    pub tuning: String,
    /// How far GPU and CPU agree, where that was computed.
    pub agreement: Option<Agreement>,
    /// What whoever sent it says of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The stops of the dial, by cardinality.
    pub stops: Vec<Stop>,
}

/// A stop of the dial.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Stop {
    /// Groups of the 3×3 convolutions.
    pub cardinality: usize,
    /// Cardinality and base width: `32×4d`.
    pub template: String,
    /// Parameters of the network.
    pub parameters: u64,
    /// Multiply-adds of a run.
    pub multiply_adds: u64,
    /// How many runs count.
    pub runs: usize,
    /// Median of the runs in milliseconds, end to end; `None` before the first.
    pub median_ms: Option<f64>,
    /// Their 10th percentile.
    pub p10_ms: Option<f64>,
    /// Their 90th percentile.
    pub p90_ms: Option<f64>,
    /// Top-1 error on ImageNet in percent, where the paper reports one.
    pub paper_error: Option<f64>,
    /// Top-1 accuracy on CIFAR-10, 0 to 1, of our network of this cardinality.
    pub accuracy: Option<f64>,
    /// Disturbed runs that were redone.
    pub redone: usize,
    /// Why it could not be measured, as a sentence.
    pub refused: Option<String>,
}

/// What a measurement ran in, which it does not know itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Surroundings {
    /// The adapter, where there is one.
    pub adapter: Option<Adapter>,
    /// The browser and its version, or `native`.
    pub browser: String,
    /// The GPU's kernels.
    pub tuning: String,
}

impl Stop {
    /// 10th percentile, median and 90th percentile of the runs, in milliseconds.
    pub fn wall(&self) -> Option<[f64; 3]> {
        Some([self.p10_ms?, self.median_ms?, self.p90_ms?])
    }

    /// Multiply-adds per second, by the median.
    pub fn rate(&self) -> Option<f64> {
        self.median_ms.filter(|median| *median > 0.0).map(|median| self.multiply_adds as f64 / median * 1e3)
    }

    fn of(stop: &LabStop, side: usize) -> Self {
        let config = &stop.setting.config;
        // A dial has only networks that can be built.
        let graph = Graph::build(config, 1, (side, side), BlockForm::C).ok();
        let accuracy = comparable_accuracy(config).filter(|(recipe, _)| *recipe == Recipe::Shipped);
        let wall = (!stop.wall.is_empty()).then(|| percentiles(&stop.wall, [0.1, 0.5, 0.9]).map(rounded));
        Self {
            cardinality: config.cardinality,
            template: config.template(),
            parameters: graph.as_ref().map_or(0, Graph::parameters),
            multiply_adds: graph.as_ref().map_or(0, Graph::macs),
            runs: stop.wall.len(),
            p10_ms: wall.map(|[low, ..]| low),
            median_ms: wall.map(|[_, median, _]| median),
            p90_ms: wall.map(|[.., high]| high),
            paper_error: paper_error(config),
            accuracy: accuracy.map(|(_, top1)| top1),
            redone: stop.redone,
            refused: stop.refused.clone(),
        }
    }
}

/// Milliseconds to a tenth of a microsecond: finer than any clock, and short enough to be read back to the bit.
fn rounded(ms: f64) -> f64 {
    (ms * 1e4).round() / 1e4
}

impl LabResult {
    /// A measurement, as far as it is. `side` is that of the network's pictures.
    pub fn of(laboratory: &Laboratory, side: usize, surroundings: Surroundings) -> Self {
        let Some(setting) = laboratory.stops.first().map(|stop| &stop.setting) else { return Self::default() };
        let Setting { config, backend, plan, weight_dtype, .. } = setting;
        let adapter = surroundings.adapter.filter(|_| *backend == Backend::WebGpu);
        let is_on_gpu = adapter.is_some();
        let on_cpu = || (words::runs_on(setting), words::backend(*backend).to_owned());
        let (adapter, api) = adapter.map_or_else(on_cpu, |adapter| (adapter.name, adapter.backend));
        Self {
            format: FORMAT.into(),
            version: VERSION,
            date: laboratory.begun.clone(),
            adapter,
            backend: api,
            browser: surroundings.browser,
            network: format!("ResNeXt-{}", config.depth()),
            input_size: side,
            plan: plan.to_string(),
            weights: weight_dtype.to_string(),
            tuning: if is_on_gpu { surroundings.tuning } else { String::new() },
            agreement: laboratory.agreement.clone(),
            note: String::new(),
            stops: laboratory.stops.iter().map(|stop| Stop::of(stop, side)).collect(),
        }
    }

    /// Whether a run of it counts.
    pub fn is_measured(&self) -> bool {
        self.stops.iter().any(|stop| stop.median_ms.is_some())
    }

    /// What tells it from others: two measurements with the same name are one, and the later is further.
    pub fn id(&self) -> String {
        [&self.date, &self.adapter, &self.backend, &self.network, &self.plan, &self.weights]
            .map(String::as_str)
            .join("|")
    }

    /// Its settings, and when it was measured: what the page calls it. First what tells most results apart, since lists cut it off.
    pub fn label(&self) -> String {
        // `2026-11-27T20:44:45.123Z` as `2026-11-27 20:44`.
        let date: String = self.date.chars().take(16).map(|of| if of == 'T' { ' ' } else { of }).collect();
        let api = if self.adapter.starts_with(&self.backend) { String::new() } else { format!(" ({})", self.backend) };
        let parts = [
            format!("{}{api}", self.adapter),
            format!("{} plan, {}", self.plan, self.weights),
            self.network.clone(),
            if date.is_empty() { date } else { format!("{date} UTC") },
            self.browser.clone(),
        ];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// The name of a file of it.
    pub fn file_name(&self, ending: &str) -> String {
        let backend = self.backend.to_ascii_lowercase();
        let backend: String = backend.chars().filter(char::is_ascii_alphanumeric).collect();
        format!("cardinality_{}_{backend}.{ending}", self.plan)
    }

    /// It as JSON on one line.
    pub fn json(&self) -> String {
        // Its keys are strings and its numbers finite.
        serde_json::to_string(self).unwrap_or_default()
    }
}
