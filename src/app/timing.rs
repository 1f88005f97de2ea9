//! The part of a round that takes times: of every layer, of whole runs, and of the processor beside a software adapter.

use leptos::prelude::*;

use super::backend::Backend;
use super::outcome::{Profile, Timed};
use super::page::{AdapterState, Work};
use super::round::{Round, Stop};
use super::setting::Setting;
use crate::classifier::{Classifier, Device};

/// A network that takes less is loaded a second time, to try the CPU.
const SMALL_BYTES: usize = 32 << 20;

impl Round {
    pub(super) async fn profile(&self, classifier: &Classifier, setting: &Setting, tensor: &[f32]) -> Result<(), Stop> {
        // The CPU's clock can be asked at any time.
        let timestamps = setting.backend == Backend::Cpu
            || matches!(self.page.adapter.get_untracked(), AdapterState::Ready(adapter) if adapter.timestamps);
        let known =
            self.page.profile.with_untracked(|known| known.as_ref().is_some_and(|known| known.setting == *setting));
        if known || !timestamps {
            return Ok(());
        }
        self.page.work.set(Work::Running("timing every layer".into(), None));
        let steps = classifier.profile(tensor).await?;
        self.check()?;
        self.undisturbed()?;
        let steps = steps.into_iter().map(|step| (step.layers, step.ms)).collect();
        self.page.profile.set(Some(Profile { setting: setting.clone(), steps }));
        Ok(())
    }

    /// As many timed runs as asked for; the first, if nothing ran before it, is warm-up and left out.
    pub(super) async fn measure(
        &self,
        classifier: &Classifier,
        setting: &Setting,
        tensor: &[f32],
        warm: bool,
    ) -> Result<(), Stop> {
        let runs = self.page.runs.get_untracked();
        let mut timed = Timed { setting: setting.clone(), runs, wall: Vec::new(), gpu: Vec::new() };
        let done = self.page.timed.with_untracked(|all| {
            all.iter().any(|known| known.setting == *setting && known.runs == runs && known.wall.len() == runs)
        });
        if done {
            return Ok(());
        }
        if !warm {
            classifier.classify(tensor).await?;
        }
        for run in 0..runs {
            let text = format!("measuring, run {} of {runs}", run + 1);
            self.page.work.set(Work::Running(text, Some(run as f64 / runs as f64)));
            let timing = classifier.classify(tensor).await?.timing;
            self.check()?;
            self.undisturbed()?;
            timed.wall.push(timing.wall_ms);
            timed.gpu.extend(timing.gpu_ms);
            self.page.timed.update(|all| {
                all.retain(|known| known.setting != *setting);
                all.push(timed.clone());
            });
        }
        Ok(())
    }

    /// Where the adapter computes on the processor anyway: once, with a network that is small, how fast the CPU is by itself.
    pub(super) async fn compare_with_cpu(
        &self,
        classifier: &Classifier,
        setting: &Setting,
        tensor: &[f32],
    ) -> Result<(), Stop> {
        let page = self.page;
        let software = matches!(page.adapter.get_untracked(), AdapterState::Ready(adapter) if adapter.software);
        let known = page.cpu_tenths.get_untracked().is_some() || page.wanted.get_untracked().is_some();
        let gpu =
            page.timed.with_untracked(|all| all.iter().find(|timed| timed.setting == *setting).and_then(Timed::wall));
        let Some((gpu_ms, _)) = gpu.filter(|_| software && !known && classifier.bytes() < SMALL_BYTES) else {
            return Ok(());
        };
        page.work.set(Work::Running("trying the CPU".into(), None));
        let cpu = self.load(&Device::Cpu, classifier.model(), setting, &|_| {}).await?;
        let (first, second) = (cpu.classify(tensor).await?, cpu.classify(tensor).await?);
        let cpu_ms = first.timing.wall_ms.min(second.timing.wall_ms);
        page.cpu_tenths.set(Some((10.0 * gpu_ms / cpu_ms.max(0.1)) as usize));
        self.check()
    }
}
