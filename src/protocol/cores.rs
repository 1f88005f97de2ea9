//! How many cores of the processor share a network.

use serde::{Deserialize, Serialize};

/// The numbers of cores to choose from, as far as the machine has as many. More than these have little left to share.
const COUNTS: [usize; 4] = [1, 2, 4, 8];
/// The cores that a network begins with, where there are as many.
const FIRST: usize = 2;
/// A number of cores is taken only where it takes less than this share of the time that fewer take: others have work too.
const WORTH: f64 = 0.9;

/// What is known of the processor's cores.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoreCounts {
    /// As many as the browser names; 0 where a network cannot be shared, and runs in the worker itself.
    pub most: usize,
    /// Networks, as indices in the list, and the cores that were measured to be best for them.
    pub measured: Vec<(usize, usize)>,
}

impl CoreCounts {
    /// The numbers to choose from.
    pub fn counts(&self) -> impl Iterator<Item = usize> + use<> {
        let most = self.most;
        COUNTS.into_iter().filter(move |&count| count <= most)
    }

    /// The cores that share a network: those chosen, as far as there are so many; otherwise those measured.
    pub fn of(&self, chosen: Option<usize>, network: usize) -> usize {
        let measured = self.measured.iter().find(|(of, _)| *of == network).map(|(_, cores)| *cores);
        chosen.or(measured).unwrap_or(FIRST).min(self.most)
    }

    /// The best of numbers of cores, in ascending order, with the milliseconds of a run: the fewest that are worth it.
    pub fn best(times: &[(usize, f64)]) -> Option<usize> {
        let mut best: Option<(usize, f64)> = None;
        for &(cores, ms) in times {
            if best.is_none_or(|(_, least)| ms < least * WORTH) {
                best = Some((cores, ms));
            }
        }
        best.map(|(cores, _)| cores)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_comes_before_what_is_measured() {
        let cores = CoreCounts { most: 6, measured: vec![(3, 1)] };
        assert_eq!(cores.counts().collect::<Vec<_>>(), [1, 2, 4]);
        assert_eq!([cores.of(None, 0), cores.of(None, 3), cores.of(Some(4), 3), cores.of(Some(8), 0)], [2, 1, 4, 6]);
        let none = CoreCounts::default();
        assert_eq!((none.of(Some(2), 0), none.of(None, 0), none.counts().count()), (0, 0, 0));
    }

    #[test]
    fn more_cores_have_to_be_worth_it() {
        assert_eq!(CoreCounts::best(&[]), None);
        assert_eq!(CoreCounts::best(&[(1, 10.0), (2, 6.0), (4, 3.5)]), Some(4));
        assert_eq!(CoreCounts::best(&[(1, 10.0), (2, 6.0), (4, 5.8)]), Some(2));
        assert_eq!(CoreCounts::best(&[(1, 10.0), (2, 9.5), (4, 11.0)]), Some(1));
        assert_eq!(CoreCounts::best(&[(1, 10.0), (2, 11.0), (4, 8.0)]), Some(4));
    }
}
