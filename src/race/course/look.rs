//! What is told of a race: tests, answers to the examples, first filters, curves.

use super::super::host::Host;
use super::super::racer::Racer;
use super::{Course, Halt};
use crate::protocol::{RaceCourse, RaceEvent, RaceLook, RaceTest};

impl<H: Host> Course<'_, H> {
    /// Tests both networks, and shows what they answer.
    pub(super) async fn look(&mut self) -> Result<(), Halt> {
        let start = self.race.host.now();
        let mut test = RaceTest { step: self.step(), right: [0; 2], of: self.facts.test_pictures };
        for (right, racer) in test.right.iter_mut().zip(&mut self.racers) {
            *right = racer.accuracy().await?.0;
            self.race.host.turn().await;
        }
        self.tests.push(test);
        self.show().await?;
        self.pace.test(self.race.host.now() - start);
        Ok(())
    }

    /// Shows what both networks answer to the examples, and their first filters.
    pub(super) async fn show(&mut self) -> Result<(), Halt> {
        let places: Vec<usize> = self.facts.examples.iter().map(|(place, _)| *place).collect();
        let mut look = RaceLook { step: self.step(), guesses: Default::default(), filters: [(0, 0); 2] };
        let mut bytes = Vec::new();
        for (network, racer) in self.racers.iter_mut().enumerate() {
            for row in racer.probabilities(&places).await? {
                let best = row.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
                look.guesses[network].extend(best);
            }
            if let Some(filters) = racer.network().await?.tensors.get("conv1.weight") {
                let side = filters.shape.last().copied().unwrap_or(0);
                look.filters[network] = (filters.shape.first().copied().unwrap_or(0), side);
                filters.values.iter().for_each(|value| bytes.extend_from_slice(&value.to_le_bytes()));
            }
        }
        self.race.host.emit_bytes(RaceEvent::Look(look), &bytes);
        Ok(())
    }

    /// Tells the page what it does not know yet.
    pub(super) fn tell(&mut self) {
        let (from, tests, _) = self.told;
        self.told = (self.step(), self.tests.len(), self.race.host.now());
        self.race.emit(RaceEvent::Course(RaceCourse {
            from,
            losses: self.losses.each_ref().map(|losses| losses[from..].to_vec()),
            tests: self.tests[tests..].to_vec(),
            pace: self.pace.at(self.step(), self.facts),
        }));
    }
}
