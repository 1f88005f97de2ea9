//! The laboratory's measurement as rows, one per stop of the dial, as a sentence, and as a file.

mod csv;

pub use csv::csv;

use crate::classifier::percentiles;
use crate::model::{BlockForm, Graph};
use crate::protocol::{LabStop, Laboratory, Setting};
use crate::zoo::{Recipe, comparable_accuracy, paper_error};

/// A stop of the dial with what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What is measured.
    pub setting: Setting,
    /// Parameters of the network.
    pub parameters: u64,
    /// Multiply-adds of a run.
    pub macs: u64,
    /// How many runs count.
    pub runs: usize,
    /// 10th percentile, median and 90th percentile of the runs, in milliseconds; `None` before the first.
    pub wall: Option<[f64; 3]>,
    /// Top-1 error on ImageNet in percent, where the paper reports one.
    pub paper_error: Option<f64>,
    /// Top-1 accuracy on CIFAR-10, 0 to 1, of our network of this cardinality.
    pub accuracy: Option<f64>,
    /// Disturbed runs that were redone.
    pub redone: usize,
    /// Why it cannot be measured, as a sentence.
    pub refused: Option<String>,
}

impl Row {
    /// Multiply-adds per second, by the median.
    pub fn rate(&self) -> Option<f64> {
        self.wall.filter(|[_, median, _]| *median > 0.0).map(|[_, median, _]| self.macs as f64 / median * 1e3)
    }
}

/// A row per stop, in their order. `side` is that of the pictures of a network, by its place in the list.
pub fn rows(laboratory: &Laboratory, side: impl Fn(usize) -> usize) -> Vec<Row> {
    laboratory.stops.iter().map(|stop| row(stop, side(stop.setting.network))).collect()
}

fn row(stop: &LabStop, side: usize) -> Row {
    let config = &stop.setting.config;
    // A dial has only networks that can be built.
    let graph = Graph::build(config, 1, (side, side), BlockForm::C).ok();
    let accuracy = comparable_accuracy(config).filter(|(recipe, _)| *recipe == Recipe::Shipped);
    Row {
        parameters: graph.as_ref().map_or(0, Graph::parameters),
        macs: graph.as_ref().map_or(0, Graph::macs),
        runs: stop.wall.len(),
        wall: (!stop.wall.is_empty()).then(|| percentiles(&stop.wall, [0.1, 0.5, 0.9])),
        paper_error: paper_error(config),
        accuracy: accuracy.map(|(_, top1)| top1),
        redone: stop.redone,
        refused: stop.refused.clone(),
        setting: stop.setting.clone(),
    }
}

/// The measurement that the laboratory shows: the one that is known, where it runs or is of these settings, otherwise one that
/// has not begun.
pub fn shown(known: Option<&Laboratory>, settings: Vec<Setting>, runs: usize) -> Laboratory {
    let is_of = |known: &&Laboratory| known.is_running || known.stops.iter().map(|stop| &stop.setting).eq(&settings);
    match known.filter(is_of) {
        // Those that are wanted may have changed since it was stopped.
        Some(known) if !known.is_running => Laboratory { runs, ..known.clone() },
        Some(known) => known.clone(),
        None => Laboratory::new(settings, runs),
    }
}

/// Whether it was stopped before its end.
pub fn can_go_on(laboratory: &Laboratory) -> bool {
    !laboratory.is_running && laboratory.progress().0 > 0 && laboratory.next().is_some()
}

/// How far it is: `Run 12 of 60.`
pub fn progress(laboratory: &Laboratory) -> String {
    let (done, total) = laboratory.progress();
    let redone = match laboratory.redone() {
        0 => String::new(),
        1 => " 1 disturbed run was redone.".into(),
        runs => format!(" {runs} disturbed runs were redone."),
    };
    match laboratory {
        Laboratory { is_hidden: true, .. } => format!("Waits at run {done} of {total} until this page is seen again."),
        Laboratory { is_running: true, .. } => format!("Run {} of {total}.{redone}", (done + 1).min(total)),
        _ if done == 0 => format!("Not measured yet: {total} runs, one of each stop in turn."),
        _ if laboratory.next().is_some() => format!("Stopped after {done} of {total} runs.{redone}"),
        _ => format!("{done} runs, one of each stop in turn.{redone}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{PlanKind, WeightDtype};
    use crate::protocol::Backend;
    use crate::zoo::{cardinality_options, offers};

    pub(super) fn laboratory(offer: usize, runs: usize) -> Laboratory {
        let own = offers().remove(offer);
        let mut stops = cardinality_options(&own.config, &own.trained);
        stops.retain(|config| [1, 8, 32].contains(&config.cardinality));
        let setting = |config| Setting {
            network: offer,
            config,
            backend: Backend::Cpu,
            plan: PlanKind::Fused,
            weight_dtype: WeightDtype::F32,
        };
        Laboratory::new(stops.into_iter().map(setting).collect(), runs)
    }

    #[test]
    fn a_row_has_the_percentiles_and_the_rate_of_its_runs() {
        let mut measured = laboratory(0, 5);
        for ms in [5.0, 1.0, 3.0, 2.0, 4.0] {
            measured.take(1, ms, None, false);
        }
        let rows = rows(&measured, |_| 32);
        assert_eq!(rows.len(), 3);
        let [low, median, high] = rows[1].wall.unwrap();
        assert!((low - 1.4).abs() < 1e-12 && median == 3.0 && (high - 4.6).abs() < 1e-12);
        assert_eq!((rows[1].runs, rows[1].rate()), (5, Some(rows[1].macs as f64 / 3e-3)));
        assert_eq!((rows[0].wall, rows[0].rate()), (None, None));
        let graph = Graph::build(&rows[1].setting.config, 1, (32, 32), BlockForm::C).unwrap();
        assert_eq!((rows[1].parameters, rows[1].macs), (graph.parameters(), graph.macs()));
        assert_eq!(rows.iter().map(|row| row.accuracy).collect::<Vec<_>>(), [Some(0.8732), Some(0.8834), Some(0.8874)]);
        assert!(rows.iter().all(|row| row.paper_error.is_none()), "the paper's errors are ImageNet's");
    }

    #[test]
    fn the_papers_errors_are_beside_its_networks() {
        let paper = rows(&laboratory(offers().len() - 1, 3), |_| 224);
        assert_eq!(paper.iter().map(|row| row.paper_error).collect::<Vec<_>>(), [Some(23.9), Some(22.3), Some(22.2)]);
        assert!(paper.iter().all(|row| row.accuracy.is_none()), "that error is not an accuracy of ours");
    }

    #[test]
    fn what_is_stopped_goes_on_and_another_setting_begins_anew() {
        let mut known = laboratory(0, 2);
        let settings: Vec<Setting> = known.stops.iter().map(|stop| stop.setting.clone()).collect();
        assert!(!can_go_on(&known), "it has not begun");
        known.take(0, 1.0, None, false);
        assert!(can_go_on(&known));
        assert_eq!(progress(&known), "Stopped after 1 of 6 runs.");
        assert_eq!(shown(Some(&known), settings.clone(), 2), known);
        assert_eq!(shown(Some(&known), settings.clone(), 4).progress(), (1, 12));
        let other: Vec<Setting> = settings.iter().map(Setting::on_other_backend).collect();
        assert_eq!(shown(Some(&known), other.clone(), 2), Laboratory::new(other.clone(), 2));
        known.is_running = true;
        assert_eq!((progress(&known).as_str(), can_go_on(&known)), ("Run 2 of 6.", false));
        assert_eq!(shown(Some(&known), other, 9), known, "what runs is shown");
        known.is_hidden = true;
        assert_eq!(progress(&known), "Waits at run 1 of 6 until this page is seen again.");
    }

    #[test]
    fn the_end_is_told_with_what_was_redone() {
        let mut known = laboratory(0, 1);
        assert_eq!(progress(&known), "Not measured yet: 3 runs, one of each stop in turn.");
        known.take(0, 1.0, None, true);
        (0..3).for_each(|place| known.take(place, 1.0, None, false));
        assert_eq!(progress(&known), "3 runs, one of each stop in turn. 1 disturbed run was redone.");
        assert!(!can_go_on(&known));
    }
}
