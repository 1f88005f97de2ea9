//! The laboratory: its measurement as a sentence, and its results as plain data, as a chart, and as files.

mod browser;
mod chart;
mod csv;
mod list;
mod markdown;
mod read;
mod result;

pub use browser::browser;
pub use chart::{chart, picture};
pub use csv::csv;
pub use list::{DIAL, MOST, add, drawn};
pub use markdown::markdown;
pub use read::{ReadError, is_result, read};
pub use result::{FORMAT, LabResult, Stop, Surroundings, VERSION};

use crate::protocol::{Laboratory, Setting};

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

/// As far as two correct engines may be apart, as a share of the largest logit: f16 rounds its weights to about a thousandth.
const AGREE: f32 = 1e-2;

/// How far GPU and CPU agree, as a result says.
pub fn agreement(result: &LabResult) -> String {
    match &result.agreement {
        Some(of) if of.difference == 0.0 => format!("GPU and CPU give the same logits of {}, to the bit.", of.network),
        Some(of) => format!(
            "GPU and CPU {}: the largest difference between two logits of {} is {:.1e} of the largest logit.",
            if of.difference <= AGREE { "agree" } else { "differ" },
            of.network,
            f64::from(of.difference)
        ),
        None if result.is_measured() => {
            "GPU and CPU were not compared: there is no GPU, or the measurement was not ended.".into()
        }
        None => "GPU and CPU are compared when every stop is measured.".into(),
    }
}

#[cfg(test)]
pub(in crate::view) mod tests {
    use super::*;
    use crate::model::{BlockForm, Graph};
    use crate::plan::{GpuDtype, PlanKind};
    use crate::protocol::{Adapter, Agreement, Backend};
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
            weight_dtype: GpuDtype::F32,
            cores: 0,
        };
        Laboratory::new(stops.into_iter().map(setting).collect(), runs)
    }

    pub(in crate::view) fn result(laboratory: &Laboratory, side: usize) -> LabResult {
        LabResult::of(laboratory, side, Surroundings { browser: "native".into(), ..Surroundings::default() })
    }

    /// Three stops of the first dial: the first takes `ms`, and each of the others twice as long as the one before.
    pub(in crate::view) fn measured(ms: f64) -> LabResult {
        let mut measured = laboratory(0, 1);
        measured.begun = "2026-11-27T20:44:45.123Z".into();
        measured.agreement = Some(Agreement { network: "ResNeXt-20 8×8d".into(), difference: 2.5e-6 });
        (0..3).for_each(|place| measured.take(place, ms * f64::from(1 << place), None, false));
        result(&measured, 32)
    }

    #[test]
    fn a_stop_has_the_percentiles_and_the_rate_of_its_runs() {
        let mut measured = laboratory(0, 5);
        for ms in [5.0, 1.0, 3.0, 2.0, 4.0] {
            measured.take(1, ms, None, false);
        }
        let stops = result(&measured, 32).stops;
        assert_eq!(stops.len(), 3);
        assert_eq!(stops[1].wall(), Some([1.4, 3.0, 4.6]));
        assert_eq!((stops[1].runs, stops[1].rate()), (5, Some(stops[1].multiply_adds as f64 / 3e-3)));
        assert_eq!((stops[0].wall(), stops[0].rate()), (None, None));
        let graph = Graph::build(&measured.stops[1].setting.config, 1, (32, 32), BlockForm::C).unwrap();
        assert_eq!((stops[1].parameters, stops[1].multiply_adds), (graph.parameters(), graph.macs()));
        assert_eq!(
            stops.iter().map(|stop| stop.accuracy).collect::<Vec<_>>(),
            [Some(0.8732), Some(0.8834), Some(0.8874)]
        );
        assert!(stops.iter().all(|stop| stop.paper_error.is_none()), "the paper's errors are ImageNet's");
    }

    #[test]
    fn the_papers_errors_are_beside_its_networks() {
        let paper = result(&laboratory(offers().len() - 1, 3), 224).stops;
        assert_eq!(paper.iter().map(|stop| stop.paper_error).collect::<Vec<_>>(), [Some(23.9), Some(22.3), Some(22.2)]);
        assert!(paper.iter().all(|stop| stop.accuracy.is_none()), "that error is not an accuracy of ours");
    }

    #[test]
    fn a_result_names_its_device_and_its_settings() {
        let mut of = laboratory(0, 1);
        let adapter = Adapter {
            name: "llvmpipe".into(),
            backend: "Vulkan".into(),
            software: true,
            timestamps: true,
            facts: vec![],
        };
        let surroundings = Surroundings { adapter: Some(adapter), browser: "native".into(), tuning: "a,b".into() };
        let on_cpu = LabResult::of(&of, 32, surroundings.clone());
        assert_eq!((on_cpu.adapter.as_str(), on_cpu.tuning.as_str()), ("CPU", ""), "kernels are the GPU's");
        of.stops[0].setting.cores = 2;
        let on_two = LabResult::of(&of, 32, surroundings.clone());
        assert!(on_two.label().starts_with("CPU, 2 cores · fused plan"), "{}", on_two.label());
        for stop in &mut of.stops {
            stop.setting.backend = Backend::WebGpu;
        }
        of.begun = "2026-11-27T20:44:45.123Z".into();
        let on_gpu = LabResult::of(&of, 32, surroundings);
        assert_eq!(on_gpu.label(), "llvmpipe (Vulkan) · fused plan, f32 · ResNeXt-20 · 2026-11-27 20:44 UTC · native");
        assert_eq!((on_gpu.tuning.as_str(), on_gpu.file_name("csv").as_str()), ("a,b", "cardinality_fused_vulkan.csv"));
        assert_ne!(on_gpu.id(), on_cpu.id());
    }

    #[test]
    fn the_agreement_is_told_with_its_number() {
        let mut of = measured(1.0);
        assert!(
            agreement(&of).ends_with("logits of ResNeXt-20 8×8d is 2.5e-6 of the largest logit."),
            "{}",
            agreement(&of)
        );
        of.agreement.as_mut().unwrap().difference = 0.5;
        assert!(agreement(&of).starts_with("GPU and CPU differ: "), "{}", agreement(&of));
        of.agreement = None;
        assert!(agreement(&of).contains("were not compared"));
        assert!(agreement(&LabResult::default()).contains("when every stop is measured"));
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
