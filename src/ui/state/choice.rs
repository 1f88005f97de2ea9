//! The visitor's choice, and what follows from it without running anything.

use std::sync::Arc;

use leptos::prelude::*;

use crate::model::{Graph, Law};
use crate::plan::{GpuDtype, PlanKind};
use crate::protocol::{self, Backend, CoreCounts, GpuState, Setting};
use crate::view::network_part::{NetworkPart, network_parts};
use crate::view::typed::{Typed, typed};
use crate::view::wish::Wish;
use crate::zoo::hub::HUB;
use crate::zoo::{CardinalityOptions, DialSettings, Listed, Network, WeightsFile, offers};

/// Timed runs, unless something else is chosen.
const RUNS: usize = 10;

#[derive(Clone, Copy)]
pub(crate) struct Choice {
    /// At least the networks on offer. The list only grows, so that an index stays valid.
    pub networks: RwSignal<Vec<Listed>>,
    /// Index in [`Choice::networks`]; [`Choice::turn_to`] sets it.
    pub network: ReadSignal<usize>,
    set_network: WriteSignal<usize>,
    /// Depth, law and reference of the dial.
    pub turned: RwSignal<DialSettings>,
    pub depth: Memo<usize>,
    pub cardinality: RwSignal<usize>,
    pub plan: RwSignal<PlanKind>,
    /// Of the weights on the GPU; every network begins with f32.
    pub weight_dtype: RwSignal<GpuDtype>,
    pub runs: RwSignal<usize>,
    /// What the visitor has chosen to run on; `None` is what is faster, see [`Backend::of`].
    pub backend: RwSignal<Option<Backend>>,
    /// How many cores the visitor has chosen to share networks; `None` is what is fastest.
    pub cores: RwSignal<Option<usize>>,
    /// The host of the large networks.
    pub hub: RwSignal<String>,
    /// Whether kernels are tuned and times are taken once the answer is there.
    pub measure: RwSignal<bool>,
    /// The address's settings for a network that is not loaded yet.
    pub wish: RwSignal<Option<Wish>>,

    pub dial: Memo<CardinalityOptions>,
    pub graph: Memo<Arc<Graph>>,
    pub parts: Memo<Arc<Vec<NetworkPart>>>,
    /// All of the choice, as it is sent to the worker.
    pub sent: Memo<protocol::Choice>,
    /// What a classifier has to be built for.
    pub setting: Memo<Setting>,
    /// Cores of the processor that share the network, 1 where it runs on the GPU or on one.
    pub cores_at_work: Memo<usize>,
    /// The weights of the setting; without any it runs untrained.
    pub weights: Memo<Option<WeightsFile>>,
}

impl Choice {
    pub(crate) fn new(gpu: RwSignal<GpuState>, known_cores: RwSignal<CoreCounts>) -> Self {
        // A test sees that every offer builds.
        let networks =
            RwSignal::new(offers().into_iter().filter_map(|offer| Listed::new(offer).ok()).collect::<Vec<_>>());
        let first = networks.with_untracked(|networks| networks[0].graph().config.clone());
        let (network, set_network) = signal(0);
        let turned = RwSignal::new(DialSettings::at(first.depth()));
        let depth = Memo::new(move |_| turned.with(|turned| turned.depth));
        let cardinality = RwSignal::new(first.cardinality);
        let plan = RwSignal::new(PlanKind::Fused);
        let weight_dtype = RwSignal::new(GpuDtype::F32);
        let (backend, cores) = (RwSignal::new(None), RwSignal::new(None));
        // Only what the dial depends on: new labels of a network must not rebuild its graphs.
        let own = Memo::new(move |_| {
            networks.with(|networks| {
                let listed = &networks[network.get()];
                (listed.graph().clone(), listed.network().trained.clone())
            })
        });
        let dial = Memo::new(move |_| {
            own.with(|(own, trained)| turned.with(|turned| CardinalityOptions::new(own, trained, turned)))
        });
        let graph = Memo::new(move |_| dial.with(|dial| dial.at(cardinality.get()).clone()));
        let (runs, measure) = (RwSignal::new(RUNS), RwSignal::new(true));
        let sent = Memo::new(move |_| protocol::Choice {
            network: network.get(),
            config: graph.with(|graph| graph.config.clone()),
            backend: backend.get(),
            plan: plan.get(),
            weight_dtype: weight_dtype.get(),
            cores: cores.get(),
            runs: runs.get(),
            measure: measure.get(),
            stops: dial.with(|dial| dial.options().iter().map(|graph| graph.config.clone()).collect()),
        });
        let of = move |choice: &protocol::Choice| gpu.with(|gpu| known_cores.with(|cores| choice.setting(gpu, cores)));
        let setting = Memo::new(move |_| sent.with(of));
        let cores_at_work = Memo::new(move |_| setting.with(Setting::cores_at_work));
        let weights = Memo::new(move |_| {
            let graph = graph.get();
            own.with(|(_, trained)| trained.iter().find(|weights| weights.config == graph.config).cloned())
        });
        Self {
            networks,
            network,
            set_network,
            turned,
            depth,
            cardinality,
            plan,
            weight_dtype,
            runs,
            backend,
            cores,
            hub: RwSignal::new(HUB.into()),
            measure,
            wish: RwSignal::new(None),
            dial,
            graph,
            sent,
            parts: Memo::new(move |_| Arc::new(network_parts(&graph.get()))),
            setting,
            cores_at_work,
            weights,
        }
    }

    /// The network at a place in the list.
    pub(crate) fn at<T>(self, place: usize, read: impl FnOnce(&Listed) -> T) -> Option<T> {
        self.networks.with(|networks| networks.get(place).map(read))
    }

    /// The place in the list of the first network with this id.
    pub(crate) fn place_of(self, id: &str) -> Option<usize> {
        self.networks.with_untracked(|networks| networks.iter().position(|listed| listed.network().id == id))
    }

    /// The chosen network.
    pub(crate) fn listed<T>(self, read: impl FnOnce(&Listed) -> T) -> T {
        self.networks.with(|networks| read(&networks[self.network.get()]))
    }

    /// What the network runs on.
    pub(crate) fn runs_on(self) -> Backend {
        self.setting.with(|setting| setting.backend)
    }

    /// Whether the setting has trained weights.
    pub(crate) fn is_trained(self) -> bool {
        self.weights.with(Option::is_some)
    }

    /// Chooses a network, at its own depth and cardinality; does nothing where the list has none at that index.
    pub(crate) fn turn_to(self, place: usize) {
        let own = self.networks.with_untracked(|networks| networks.get(place).map(|listed| listed.graph().clone()));
        if let Some(own) = own {
            self.set_network.set(place);
            self.turned
                .update(|turned| *turned = DialSettings { law: turned.law, ..DialSettings::at(own.config.depth()) });
            self.cardinality.set(own.config.cardinality);
            self.weight_dtype.set(GpuDtype::F32);
        }
    }

    /// Chooses a network with the settings that are wished.
    pub(crate) fn grant(self, wish: Wish) {
        self.turn_to(wish.network);
        self.turned.set(wish.dial);
        if let Some(cardinality) = wish.cardinality {
            self.cardinality.set(cardinality);
        }
        if let Some(weight_dtype) = wish.weight_dtype {
            self.weight_dtype.set(weight_dtype);
        }
    }

    /// Sets what was typed; where no network has it, the text says why and what there is.
    pub(crate) fn typed(self, what: Typed) -> Result<(), String> {
        let own = self.networks.with_untracked(|networks| networks[self.network.get_untracked()].graph().clone());
        let chosen = self.graph.with_untracked(|graph| graph.config.cardinality);
        let is_on_dial = |groups| {
            self.dial.with_untracked(|dial| dial.options().iter().any(|option| option.config.cardinality == groups))
        };
        match what {
            Typed::Groups(groups) if is_on_dial(groups) => self.cardinality.set(groups),
            _ => {
                let (dial, cardinality) = typed(&own, &self.turned.get_untracked(), chosen, what)?;
                self.turned.set(dial);
                self.cardinality.set(cardinality);
            }
        }
        Ok(())
    }

    /// Chooses what stays as it is from stop to stop.
    pub(crate) fn follow(self, law: Law) {
        self.turned.update(|turned| turned.law = law);
    }

    /// Chooses a depth that the network has.
    pub(crate) fn deepen(self, depth: usize) {
        self.turned.update(|turned| turned.depth = depth);
    }

    /// Updates a network of the list, or adds one at the index after the last.
    ///
    /// # Errors
    ///
    /// The text of the reason why the network cannot be shown: its graph cannot be built, or the index is too large.
    pub(crate) fn learn(self, place: usize, network: Network) -> Result<(), String> {
        let (known, count) = self.networks.with_untracked(|networks| (networks.get(place).cloned(), networks.len()));
        let listed = match known {
            Some(known) => known.with(network),
            None if place == count => Listed::new(network),
            None => return Err("the networks before it are not in the list".into()),
        };
        let listed = listed.map_err(|error| error.to_string())?;
        self.networks.update(|networks| match networks.get_mut(place) {
            Some(known) => *known = listed,
            None => networks.push(listed),
        });
        Ok(())
    }
}
