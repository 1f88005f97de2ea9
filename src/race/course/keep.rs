//! What is kept of a race for the next visit, and the files of its networks.

use super::super::host::{Entry, Host};
use super::super::kept::Kept;
use super::super::racer::Racer;
use super::{Course, Halt};
use crate::plan::GpuDtype;
use crate::protocol::{KeptRace, RaceEvent};
use crate::session::file_name;
use crate::weights::SavedFile;

impl<H: Host> Course<'_, H> {
    /// Keeps all that is needed to go on.
    pub(super) async fn keep(&mut self) -> Result<(), Halt> {
        let start = self.race.host.now();
        let race = KeptRace { setup: self.setup.clone(), step: self.step(), facts: self.facts.clone() };
        let (losses, tests) = (self.losses.clone(), self.tests.clone());
        let mut kept = Kept { race, losses, tests, states: Default::default() };
        for (state, racer) in kept.states.iter_mut().zip(&self.racers) {
            *state = racer.state().await?;
            self.race.host.turn().await;
        }
        let outcome = self.race.host.keep(Entry::Race, &[&kept.bytes(), &kept.states[0], &kept.states[1]]).await;
        let end = self.race.host.now();
        let is_news = self.keeping.kept(start, end, outcome.is_ok());
        if let Err(reason) = outcome
            && is_news
        {
            self.race.emit(RaceEvent::Trouble(reason));
        }
        Ok(())
    }

    /// Writes the file of a network.
    pub(super) async fn save(&mut self, network: usize, for_page: bool) -> Result<(), Halt> {
        let Some((racer, config)) = self.racers.get(network).zip(self.facts.networks.get(network)) else {
            return Ok(());
        };
        let test = self.tests.last().filter(|test| test.step == self.step());
        let metadata = racer.metadata(test.map(|test| test.right[network] as f64 / test.of.max(1) as f64));
        let tensors = racer.network().await?;
        let mut saved = SavedFile::new(config, &metadata, false)?;
        let mut parts = vec![saved.header().to_vec()];
        while let Some(part) = saved.next_part(&tensors).await? {
            parts.push(part);
        }
        match self.race.host.file(&parts) {
            Ok(file) => {
                let name = file_name(&config.title(), GpuDtype::F32);
                self.race.host.emit_file(RaceEvent::Saved { name, for_page }, &file);
            }
            Err(reason) => self.race.emit(RaceEvent::Trouble(reason)),
        }
        Ok(())
    }
}
