//! Where the networks of a race learn: on the device that was chosen, and on the CPU while that is opened again after a loss.

use futures_util::FutureExt;

use super::super::facts::recipe;
use super::super::host::Host;
use super::super::kept::Kept;
use super::super::pace::Pace;
use super::super::racer::Racer;
use super::{Course, Halt};
use crate::Error;
use crate::protocol::{Backend, RaceEvent};
use crate::session::open_device;
use crate::train::Network;

impl<H: Host> Course<'_, H> {
    /// Brings both networks to where they learn, as they were kept. To compile all kernels anew takes seconds, more on a software
    /// adapter, so after a loss the CPU goes on at once.
    pub(super) async fn bring(&mut self, kept: Option<Kept>) -> Result<(), Halt> {
        let mut backend = self.setup.backend;
        if self.after_loss && backend == Backend::WebGpu {
            let (work, coming) = self.begin(backend).remote_handle();
            self.race.host.spawn(Box::pin(work));
            self.coming = Some(coming);
            backend = Backend::Cpu;
        }
        self.racers = self.begin(backend).await?;
        if let Some(kept) = kept {
            for (racer, state) in self.racers.iter_mut().zip(&kept.states) {
                racer.restore(state)?;
            }
            (self.losses, self.tests) = (kept.losses, kept.tests);
            // It was agreed to, or short, before.
            self.is_agreed = true;
        }
        Ok(())
    }

    /// Hands the networks over to the device that was opened again, as soon as it is ready for them.
    pub(super) async fn hand_over(&mut self) -> Result<(), Halt> {
        let Some(outcome) = self.coming.as_mut().and_then(FutureExt::now_or_never) else { return Ok(()) };
        self.coming = None;
        match outcome.map_err(Halt::from) {
            Ok(mut racers) => {
                for (racer, on_cpu) in racers.iter_mut().zip(&self.racers) {
                    racer.restore(&on_cpu.state().await?)?;
                }
                self.racers = racers;
                self.pace = Pace::default();
            }
            Err(Halt::Failed(reason)) => self.race.emit(RaceEvent::OnCpu(reason)),
            Err(halt) => return Err(halt),
        }
        Ok(())
    }

    /// Both networks on a device, as they begin.
    fn begin(&self, backend: Backend) -> impl Future<Output = Result<Vec<H::Racer>, Error>> + use<H> {
        let (race, pictures, after_loss) = (self.race.clone(), self.pictures.clone(), self.after_loss);
        let (configs, seed) = (self.facts.networks.clone(), self.setup.seed);
        let recipe = recipe(self.setup, self.facts.batch_size);
        async move {
            let host = &race.host;
            let device =
                open_device(after_loss, async || host.open(backend).await, async |ms| host.sleep(ms).await).await?;
            let mut racers = Vec::new();
            for config in configs {
                racers.push(host.begin(&device, Network::untrained(config, seed), recipe, pictures.clone()).await?);
                host.turn().await;
            }
            Ok(racers)
        }
    }
}
