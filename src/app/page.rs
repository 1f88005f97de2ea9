//! Everything the page knows, as signals: what was chosen, what follows from it, and what came back.

use std::sync::Arc;

use leptos::prelude::*;

use super::arrival::Arrival;
use super::backend::Backend;
use super::engine::Engine;
use super::exam::Accuracy;
use super::outcome::{Answered, Picture, Profile, Timed};
use super::setting::{Network, Setting, Wish};
use crate::gpu::Adapter;
use crate::model::{BlockForm, Graph, ResNextConfig};
use crate::plan::{PlanKind, PlanOptions, WeightDtype};
use crate::store::KeptFile;
use crate::view::catalogue::{self, Weights};
use crate::view::hub::HUB;
use crate::view::part::{Part, parts};

#[derive(Clone, Debug, PartialEq)]
pub enum AdapterState {
    Asking,
    Ready(Adapter),
    /// Why there is none, and what to do.
    Missing {
        kind: &'static str,
        text: String,
    },
}

/// What the page is doing.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// Words, and how much of it is done, from 0 to 1, where that is known.
    Loading(String, Option<f64>),
    Running(String, Option<f64>),
    Ready,
    Failed(String),
}

impl Work {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Loading(..) => "loading",
            Self::Running(..) => "running",
            Self::Ready => "ready",
            Self::Failed(_) => "failed",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub id: u64,
    pub error: bool,
    pub text: String,
}

/// The state of the page. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct Page {
    pub networks: RwSignal<Vec<Network>>,
    pub network: RwSignal<usize>,
    pub depth: RwSignal<usize>,
    pub cardinality: RwSignal<usize>,
    pub plan: RwSignal<PlanKind>,
    /// Of the weights on the GPU; every network begins with f32.
    pub weight_dtype: RwSignal<WeightDtype>,
    pub runs: RwSignal<usize>,
    /// What the visitor chose to run on, as a number: every type of signal is compiled anew for visitors to download.
    pub wanted: RwSignal<Option<usize>>,

    pub stops: Memo<Vec<ResNextConfig>>,
    pub setting: Memo<Setting>,
    pub graph: Memo<Arc<Graph>>,
    pub parts: Memo<Arc<Vec<Part>>>,

    pub adapter: RwSignal<AdapterState>,
    /// How many times as fast as a software adapter the CPU was, in tenths.
    pub cpu_tenths: RwSignal<Option<usize>>,
    /// The GPU's kernels, as [`Tuning`](crate::plan::Tuning) is written; empty until they were chosen.
    pub tuned: RwSignal<String>,
    /// Milliseconds that choosing took, unless that was on a former visit.
    pub tuned_ms: RwSignal<Option<usize>>,
    pub work: RwSignal<Work>,
    pub picture: RwSignal<Option<Picture>>,
    /// A picture was taken and is being made ready.
    pub preparing: RwSignal<bool>,
    pub answer: RwSignal<Option<Answered>>,
    pub timed: RwSignal<Vec<Timed>>,
    pub profile: RwSignal<Option<Profile>>,
    /// The weights of the chosen setting; without any it runs untrained.
    pub weights: Memo<Option<Weights>>,
    /// A network on its way in.
    pub arrival: RwSignal<Option<Arrival>>,
    /// The host of the large networks.
    pub hub: RwSignal<String>,
    /// Files in the browser's cache.
    pub kept: RwSignal<Vec<KeptFile>>,
    /// Bytes that a setting takes on its device.
    pub memory: RwSignal<Option<(Setting, u64)>>,
    pub accuracy: RwSignal<Accuracy>,
    pub notices: RwSignal<Vec<Notice>>,

    /// Places in [`Page::parts`].
    pub selected: RwSignal<Option<usize>>,
    pub hovered: RwSignal<Option<usize>>,
    pub folded: RwSignal<bool>,
    pub engine: StoredValue<Engine, LocalStorage>,
}

impl Page {
    pub fn new() -> Self {
        let networks = RwSignal::new(catalogue::offers().into_iter().map(Network::from).collect::<Vec<_>>());
        let first = networks.with_untracked(|networks| networks[0].config.clone());
        let network = RwSignal::new(0);
        let depth = RwSignal::new(first.depth());
        let cardinality = RwSignal::new(first.cardinality);
        let plan = RwSignal::new(PlanKind::Fused);
        let weight_dtype = RwSignal::new(WeightDtype::F32);
        // A memo: what else is learned of a network, such as its labels, must not search its family again.
        let own = Memo::new(move |_| {
            networks.with(|networks| (networks[network.get()].config.clone(), networks[network.get()].trained.clone()))
        });
        let stops = Memo::new(move |_| {
            own.with(|(config, trained)| catalogue::stops(&catalogue::at_depth(config, depth.get()), trained))
        });
        let (adapter, wanted) = (RwSignal::new(AdapterState::Asking), RwSignal::new(None));
        let setting = Memo::new(move |_| {
            let backend = adapter.with(|adapter| Backend::of(wanted.get(), adapter));
            let weight_dtype = if backend == Backend::Cpu { WeightDtype::F32 } else { weight_dtype.get() };
            Setting {
                network: network.get(),
                config: stops.with(|stops| stop_of(stops, cardinality.get())).unwrap_or_else(|| own.get().0),
                backend,
                options: PlanOptions { kind: plan.get(), weight_dtype, tuning: None },
            }
        });
        let side = move || networks.with(|networks| networks[network.get()].side);
        let graph = Memo::new(move |_| Arc::new(build(&setting.get().config, side())));
        Self {
            networks,
            network,
            depth,
            cardinality,
            plan,
            weight_dtype,
            runs: RwSignal::new(10),
            wanted,
            stops,
            setting,
            graph,
            parts: Memo::new(move |_| Arc::new(parts(&graph.get()))),
            adapter,
            cpu_tenths: RwSignal::new(None),
            tuned: RwSignal::new(String::new()),
            tuned_ms: RwSignal::new(None),
            work: RwSignal::new(Work::Loading("starting".into(), None)),
            picture: RwSignal::new(None),
            preparing: RwSignal::new(false),
            answer: RwSignal::new(None),
            timed: RwSignal::new(Vec::new()),
            profile: RwSignal::new(None),
            weights: Memo::new(move |_| {
                let config = setting.get().config;
                own.with(|(_, trained)| trained.iter().find(|weights| weights.config == config).cloned())
            }),
            arrival: RwSignal::new(None),
            hub: RwSignal::new(HUB.into()),
            kept: RwSignal::new(Vec::new()),
            memory: RwSignal::new(None),
            accuracy: RwSignal::new(Accuracy::default()),
            notices: RwSignal::new(Vec::new()),
            selected: RwSignal::new(Some(1)),
            hovered: RwSignal::new(None),
            folded: RwSignal::new(true),
            engine: StoredValue::new_local(Engine::default()),
        }
    }

    /// What the network runs on.
    pub fn backend(self) -> Backend {
        self.setting.with(|setting| setting.backend)
    }

    /// [`Page::backend`], for whom it need not be told when it changes.
    pub fn backend_now(self) -> Backend {
        self.setting.with_untracked(|setting| setting.backend)
    }

    /// Whether the chosen setting has trained weights.
    pub fn is_trained(self) -> bool {
        self.weights.with(Option::is_some)
    }

    /// Turns to a network, at its own depth and cardinality.
    pub fn choose_network(self, index: usize) {
        let config = self.networks.with_untracked(|networks| networks[index].config.clone());
        self.network.set(index);
        self.depth.set(config.depth());
        self.cardinality.set(config.cardinality);
        self.weight_dtype.set(WeightDtype::F32);
        self.selected.set(Some(1));
    }

    /// Turns the chosen network to what was wished of it.
    pub fn grant(self, wish: Wish) {
        if let Some(depth) = wish.depth {
            self.depth.set(depth);
        }
        if let Some(cardinality) = wish.cardinality {
            self.cardinality.set(cardinality);
        }
        if let Some(weight_dtype) = wish.weight_dtype {
            self.weight_dtype.set(weight_dtype);
        }
    }

    /// Part pointed at, else the part chosen.
    pub fn shown_part(self) -> Option<usize> {
        let count = self.parts.with(|parts| parts.len());
        self.hovered.get().or(self.selected.get()).filter(|&part| part < count)
    }

    /// Runs of the chosen setting.
    pub fn timed_now(self) -> Option<Timed> {
        let setting = self.setting.get();
        self.timed.with(|all| all.iter().find(|timed| timed.setting == setting).cloned())
    }

    /// The profile, if it is the chosen setting's.
    pub fn steps_now(self) -> Option<Vec<(Vec<String>, f64)>> {
        let setting = self.setting.get();
        self.profile.with(|profile| profile.as_ref().filter(|p| p.setting == setting).map(|p| p.steps.clone()))
    }

    pub fn notify(self, error: bool, text: String) {
        self.notices.update(|notices| {
            // The same words twice are one notice; more than three nobody reads.
            notices.retain(|notice| notice.text != text);
            if notices.len() == 3 {
                notices.remove(0);
            }
            let id = notices.last().map_or(0, |notice| notice.id + 1);
            notices.push(Notice { id, error, text });
        });
    }
}

fn stop_of(stops: &[ResNextConfig], cardinality: usize) -> Option<ResNextConfig> {
    stops.iter().find(|stop| stop.cardinality == cardinality).cloned()
}

/// The graph of a setting. Offers, stops and depths are tested to build; a file's network was built when it was read.
fn build(config: &ResNextConfig, side: usize) -> Graph {
    Graph::build(config, 1, (side, side), BlockForm::C).unwrap_or_else(|_| Graph {
        config: config.clone(),
        tensors: vec![crate::model::Tensor { name: "input".into(), shape: crate::shape::Nchw::new(1, 3, side, side) }],
        layers: Vec::new(),
        blocks: Vec::new(),
        input: 0,
        logits: 0,
        probabilities: 0,
    })
}
