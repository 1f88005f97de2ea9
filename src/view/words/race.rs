//! What is said of two networks in training.

use super::sentence;
use crate::model::ResNextConfig;
use crate::protocol::{KeptRace, OwnPictures, OwnProblem, RaceFacts, RacePace, RaceStage, RaceTest};
use crate::train::KEPT;
use crate::view::number::{count, grouped, percent, significant};

/// How the visitor's own pictures are to be brought.
pub const OWN_EXPLAINED: &str = "Choose or drop a folder with one folder per class, ten pictures or more in each: every tenth is \
                                 kept for the test. Or bring cifar-10-binary.tar.gz, all 60,000 pictures, from CIFAR-10’s home \
                                 page. All of it stays on this machine.";
/// What such a race can show.
pub const RACE_LIMITS: &str = "What this can show: whether one of the two learns faster from these pictures, with this seed. What it \
                               cannot: that cardinality is better in general. Another seed moves the result by some percent, and so \
                               do few test pictures. For more, race with several seeds, on more pictures.";

/// The worker that trains could not be started.
pub fn trainer_missing(reason: &str) -> String {
    format!("The worker that trains could not be started: {}", sentence(reason))
}

/// The worker that trains has stopped.
pub fn trainer_stopped(reason: &str) -> String {
    format!("The worker that trains has stopped: {} What was kept last is still there.", sentence(reason))
}

/// The device was lost, and the race goes on.
pub fn race_lost(step: usize) -> String {
    format!("The GPU was lost during training. The CPU trains from step {step} on, until the GPU is ready again.")
}

/// The device was lost for good.
pub fn race_on_cpu(reason: &str) -> String {
    format!("The GPU is not used for training any more, and the CPU goes on: {}", sentence(reason))
}

/// Something beside the race failed.
pub fn race_trouble(reason: &str) -> String {
    format!("Training goes on, but something could not be kept or written: {}", sentence(reason))
}

/// A time that is about right: `40 s`, `3 min`, `2 h 10 min`.
fn duration(seconds: f64) -> String {
    match seconds {
        ..90.0 => format!("{} s", seconds.round().max(1.0)),
        ..5400.0 => format!("{} min", (seconds / 60.0).round()),
        _ => {
            let minutes = (seconds / 600.0).round() as u64 * 10;
            format!("{} h {} min", minutes / 60, minutes % 60)
        }
    }
}

/// What is going on, after so many steps.
pub fn race_stage(stage: &RaceStage, step: usize, facts: Option<&RaceFacts>, pace: Option<RacePace>) -> String {
    let steps = facts.map_or(0, |facts| facts.steps);
    let at = format!("{} of {} steps", grouped(step as u64), grouped(steps as u64));
    let left = pace.filter(|_| step < steps).map(|pace| format!(", about {} left", duration(pace.left_s)));
    match stage {
        RaceStage::Idle => String::new(),
        RaceStage::Preparing => "Bringing pictures and networks.".into(),
        RaceStage::Running => format!("{at}{}", left.unwrap_or_default()),
        RaceStage::Asking(seconds) => format!(
            "By the first steps, this will take about {} on this machine. Continue, or stop and choose less.",
            duration(*seconds)
        ),
        RaceStage::Paused => format!("Paused after {at}. It can be continued, also after the page was reloaded."),
        RaceStage::Stopped => format!("Stopped after {at}. The networks can still be saved."),
        RaceStage::Done => format!("Done: {} steps each.", grouped(step as u64)),
        RaceStage::Failed(reason) => sentence(reason),
    }
}

/// `212 pictures per second`
pub fn race_pace(step_ms: f64, batch_size: usize) -> String {
    format!("{} pictures per second", significant(batch_size as f64 / step_ms.max(0.01) * 1000.0))
}

/// `93 of 200 right, 46.5 %`
pub fn race_counted(right: usize, of: usize) -> String {
    format!("{right} of {of} right, {}", percent(right as f64 / of.max(1) as f64))
}

/// `✓ cat 83 %`, or with a cross.
pub fn race_guess(name: &str, probability: f32, is_right: bool) -> String {
    // A space at which no line breaks.
    format!("{} {name} {}\u{a0}%", if is_right { "✓" } else { "✗" }, (probability * 100.0).round())
}

/// What the two networks cost, and that it is the same.
pub fn race_cost(networks: &[ResNextConfig; 2], costs: [(u64, u64); 2]) -> String {
    let each = |place: usize| {
        let (macs, parameters) = costs[place];
        let title = networks[place].template();
        format!("{title}: {} multiply-adds per picture, {} parameters", count(macs), count(parameters))
    };
    format!("{}. {}.", each(0), each(1))
}

/// The last losses, for those who cannot see the chart.
pub fn race_losses(networks: &[ResNextConfig; 2], losses: &[Vec<f32>; 2]) -> String {
    let each = |place: usize| {
        let last = losses[place].last().map_or("none yet".to_owned(), |&loss| significant(loss.into()));
        format!("{}: {last}", groups(&networks[place]))
    };
    format!("Loss after {} steps. {}. {}.", losses[1].len(), each(0), each(1))
}

/// The last test, for those who cannot see the chart.
pub fn race_accuracies(networks: &[ResNextConfig; 2], test: Option<&RaceTest>) -> String {
    let Some(test) = test else { return "No test yet.".into() };
    let each = |place: usize| format!("{}: {}", groups(&networks[place]), race_counted(test.right[place], test.of));
    format!("Test after {} steps. {}. {}.", test.step, each(0), each(1))
}

/// `8 groups`: what tells the two networks apart.
fn groups(config: &ResNextConfig) -> String {
    let noun = if config.cardinality == 1 { "group" } else { "groups" };
    format!("{} {noun}", config.cardinality)
}

/// What came of it: the difference at the last test, and whether chance alone gives as much.
pub fn race_verdict(networks: &[ResNextConfig; 2], test: &RaceTest) -> String {
    let of = test.of.max(1) as f64;
    let [fewer, more] = test.right.map(|right| right as f64 / of);
    let error = ((fewer * (1.0 - fewer) + more * (1.0 - more)) / of).sqrt();
    let apart = (more - fewer).abs();
    let [fewer_groups, more_groups] = networks.each_ref().map(groups);
    let ahead = if more > fewer { &more_groups } else { &fewer_groups };
    let lead = match apart > 0.0 {
        true => format!("The network of {ahead} is ahead by {}", percent(apart)),
        false => format!("The networks of {fewer_groups} and of {more_groups} are level"),
    };
    let judged = match apart > 2.0 * error {
        true => "more than chance usually gives",
        false => "which chance alone can give",
    };
    format!("{lead} on {} test pictures, {judged} (standard error of the difference: {}).", test.of, percent(error))
}

/// The race of an earlier visit.
pub fn kept_race(kept: &KeptRace) -> String {
    let [fewer, more] = kept.facts.networks.each_ref().map(groups);
    let date = kept.setup.begun.get(..16).unwrap_or_default().replace('T', " ");
    let (step, steps) = (kept.step, kept.facts.steps);
    let epoch = kept.setup.epochs * step / steps.max(1);
    let state = match step >= steps {
        true => "is done".to_owned(),
        false => {
            format!("is kept in this browser after epoch {epoch} of {}, step {step} of {steps}", kept.setup.epochs)
        }
    };
    format!("A race of {fewer} against {more} on {}, begun {date} UTC, {state}.", kept.facts.data)
}

/// The visitor's pictures, as far as they are read.
pub fn own_pictures(own: &OwnPictures) -> String {
    let classes: Vec<String> =
        own.classes.iter().map(|(name, trained, tested)| format!("{name} {}", trained + tested)).collect();
    let tested: usize = own.classes.iter().map(|(.., tested)| tested).sum();
    let noun = if classes.len() == 1 { "class" } else { "classes" };
    let mut text = match classes.is_empty() {
        true => String::new(),
        false => format!("{} {noun}: {}.", classes.len(), classes.join(", ")),
    };
    if classes.is_empty() && own.left > 0 {
        return format!("Reading {} pictures.", grouped(own.left as u64));
    }
    if own.left > 0 {
        return format!("{text} {} pictures are still to be read.", own.left);
    }
    text += &match &own.problem {
        None => format!(" {tested} of them are kept for the test."),
        Some(OwnProblem::Classes) => {
            " There must be two classes or more: put a folder per class into one folder.".into()
        }
        Some(OwnProblem::Few(class)) => {
            format!(" The class {class} has too few: {KEPT} pictures or more are needed in each.")
        }
    };
    if let Some((name, reason)) = own.refused.first() {
        let others = match own.refused.len() {
            1 => String::new(),
            more => format!(" Nor can {} others.", more - 1),
        };
        text += &format!(" {name} cannot be used: {}{others}", sentence(reason));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ResNextConfig;

    #[test]
    fn times_are_about_right() {
        let written = [0.2, 40.4, 200.0, 3000.0, 7900.0].map(duration);
        assert_eq!(written, ["1 s", "40 s", "3 min", "50 min", "2 h 10 min"]);
    }

    #[test]
    fn a_small_lead_is_called_chance() {
        let networks = [1, 8].map(|cardinality| ResNextConfig::cifar(1, cardinality, 8));
        let verdict = |right| race_verdict(&networks, &RaceTest { step: 9, right, of: 200 });
        assert!(verdict([88, 93]).contains("8 groups is ahead by 2.5 %"), "{}", verdict([88, 93]));
        assert!(verdict([88, 93]).contains("chance alone can give"));
        assert!(verdict([120, 60]).contains("1 group is ahead by 30.0 %"));
        assert!(verdict([120, 60]).contains("more than chance"));
        assert!(verdict([9, 9]).contains("level"));
    }

    #[test]
    fn too_few_pictures_are_told() {
        let own = |classes: &[(&str, usize, usize)], problem| OwnPictures {
            classes: classes.iter().map(|&(name, a, b)| (name.to_owned(), a, b)).collect(),
            problem,
            ..OwnPictures::default()
        };
        let one = own_pictures(&own(&[("cats", 18, 2)], Some(OwnProblem::Classes)));
        assert!(one.contains("1 class: cats 20.") && one.contains("two classes or more"), "{one}");
        let few = own_pictures(&own(&[("cats", 18, 2), ("dogs", 3, 0)], Some(OwnProblem::Few("dogs".into()))));
        assert!(few.contains("dogs has too few"), "{few}");
    }
}
