//! What the session is doing, in words.

use crate::protocol::{LoadStep, Work};
use crate::view::number;

/// What is being done, or why it failed.
pub fn work(work: &Work) -> String {
    match work {
        Work::Starting => "starting".into(),
        // Before the size is known there is nothing to count.
        Work::Fetching { total: 0, .. } => "fetching weights".into(),
        Work::Fetching { done, total } => {
            format!("fetching weights, {} of {}", number::bytes(*done), number::bytes(*total))
        }
        Work::Building(at) => step(*at),
        Work::Preparing => "preparing the picture".into(),
        Work::Classifying => "looking at the picture".into(),
        Work::Teaching { done, total } => format!("looking at your picture {} of {total}", next(*done, *total)),
        Work::Learning => "learning your classes".into(),
        Work::Looking => "looking inside the network".into(),
        Work::Occluding { done, total } => format!("covering part {} of {total}", next(*done, *total)),
        Work::Sharing => "choosing the number of cores".into(),
        Work::Tuning => "choosing the fastest kernels".into(),
        Work::Checking => "checking the GPU’s results".into(),
        Work::Profiling => "timing every layer".into(),
        Work::Timing { done, runs } => format!("measuring, run {} of {runs}", next(*done, *runs)),
        Work::FetchingTestPictures => "fetching test pictures".into(),
        Work::Evaluating { done, total } => format!("measuring accuracy, picture {} of {total}", next(*done, *total)),
        Work::Sweeping { done, total } => {
            format!("ready · timing the other cardinalities, {} of {total}", next(*done, *total))
        }
        Work::Measuring { done, total } => format!("ready · laboratory, run {} of {total}", next(*done, *total)),
        Work::Ready => "ready".into(),
        Work::Failed(failure) => failure.reason.clone(),
    }
}

/// The step of building a network on its device.
pub(super) fn step(step: LoadStep) -> String {
    match step {
        LoadStep::Planned { steps } => format!("planned {steps} steps"),
        LoadStep::Pipelines { done, total } => format!("compiling shader {} of {total}", next(done, total)),
        LoadStep::Weights { done, total } => {
            format!("uploading weights, {} of {}", number::bytes(done), number::bytes(total))
        }
        LoadStep::WarmUp => "warming up".into(),
    }
}

/// The number of the one being worked on, from 1.
fn next(done: usize, total: usize) -> usize {
    (done + 1).min(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_counted_from_one_to_the_last() {
        assert_eq!(work(&Work::Timing { done: 0, runs: 3 }), "measuring, run 1 of 3");
        assert_eq!(work(&Work::Timing { done: 3, runs: 3 }), "measuring, run 3 of 3");
        assert_eq!(work(&Work::Evaluating { done: 2, total: 200 }), "measuring accuracy, picture 3 of 200");
        assert_eq!(step(LoadStep::Pipelines { done: 2, total: 60 }), "compiling shader 3 of 60");
    }

    #[test]
    fn bytes_are_told_of_how_many() {
        let fetching = Work::Fetching { done: 1_200_000, total: 4_225_012 };
        assert_eq!(work(&fetching), "fetching weights, 1.20 MB of 4.23 MB");
        assert_eq!(work(&Work::Fetching { done: 0, total: 0 }), "fetching weights");
        let weights = LoadStep::Weights { done: 2_000_000, total: 4_000_000 };
        assert_eq!(work(&Work::Building(weights)), "uploading weights, 2.00 MB of 4.00 MB");
    }

    #[test]
    fn every_step_has_words_of_its_own() {
        let all = [
            Work::Starting,
            Work::Building(LoadStep::Planned { steps: 30 }),
            Work::Building(LoadStep::WarmUp),
            Work::Preparing,
            Work::Classifying,
            Work::Looking,
            Work::Tuning,
            Work::Checking,
            Work::Profiling,
            Work::FetchingTestPictures,
            Work::Ready,
        ];
        let words = [
            "starting",
            "planned 30 steps",
            "warming up",
            "preparing the picture",
            "looking at the picture",
            "looking inside the network",
            "choosing the fastest kernels",
            "checking the GPU’s results",
            "timing every layer",
            "fetching test pictures",
            "ready",
        ];
        assert_eq!(all.each_ref().map(work), words);
    }
}
