//! Notices, in words.

use crate::decimal::bytes;
use crate::protocol::{Backend, LoadFailure, Notice};

/// The text of a notice.
pub fn notice(notice: &Notice) -> String {
    match notice {
        Notice::Failed(text) => text.clone(),
        #[cfg(feature = "page")]
        Notice::CoresFailed(why) => {
            format!("The processor’s cores cannot share this network ({why}). It runs on one, which takes longer.")
        }
        Notice::Picture { title, reason } | Notice::File { title, failure: LoadFailure { reason, .. } } => {
            format!("{}: {reason}", short_name(title))
        }
        Notice::Fetch { title, reason } => format!("{} could not be fetched. {reason}", short_name(title)),
        Notice::NotTimed { title, reason } => format!("{title} could not be timed. {reason}"),
        Notice::NotSaved { title, reason } => format!("{title} could not be saved. {reason}"),
        Notice::Described { file, network } => format!("{} is used for {}.", short_name(file), short_name(network)),
        Notice::DescriptionKept { file } => {
            format!("{} is kept for the weights that you open next.", short_name(file))
        }
        Notice::TestPictures { reason } => format!("The test pictures could not be fetched. {reason}"),
        Notice::DeviceLost { hung, on_cpu } => {
            let what = if *hung { "stopped answering" } else { "was lost" };
            let now = if *on_cpu { "Now running on the CPU." } else { "It has been opened again." };
            format!("The GPU {what}. {now}")
        }
        Notice::WrongResults { layer, error, adapter, on_cpu } => {
            let error = error.map_or("no numbers".into(), |error| format!("results {} off", peak_share(error)));
            let now = match on_cpu {
                true => "Now running on the CPU. Update the graphics driver and the browser",
                false => "Another kernel computes it now, and the picture was classified again",
            };
            format!("The self-check found that {adapter} gives {error} for {layer}. {now}.")
        }
        Notice::TooLarge { title, needed, limit, now } => {
            let title = short_name(title);
            let needs = needed.map_or("which needs more".into(), |needed| format!("which needs {}", bytes(needed)));
            let why = match limit {
                None => format!("The GPU has no memory left for {title}, {needs}"),
                Some(limit) => format!("The GPU allows buffers of {}, too little for {title}, {needs}", bytes(*limit)),
            };
            let now = match now.backend {
                Backend::Cpu => "on the CPU".into(),
                Backend::WebGpu => format!("with the {} plan and {} weights", now.plan, now.weight_dtype),
            };
            format!("{why}. It runs {now} now.")
        }
        Notice::NotCached { title, full } => {
            let why = match full {
                true => "The disk, or the share of it that this page may use, is full",
                false => "This browser keeps no files for this page (a private window, perhaps)",
            };
            let title = short_name(title);
            format!("{why}: {title} stays in memory and must be downloaded again on the next visit.")
        }
    }
}

/// An error as a share of the peak: `3e-7 of the peak`, `12 % of the peak`.
pub fn peak_share(error: f32) -> String {
    match error {
        0.0 => "0 of the peak".into(),
        large if large >= 1e-3 => format!("{:.3} % of the peak", f64::from(large) * 100.0),
        small => format!("{small:.1e} of the peak"),
    }
}

/// A name of more characters than this is shortened.
const NAME: usize = 40;

/// A long file name without its middle: its beginning and its ending say most.
pub fn short_name(name: &str) -> String {
    let count = name.chars().count();
    if count <= NAME {
        return name.to_owned();
    }
    let ending = 15;
    let beginning: String = name.chars().take(NAME - 1 - ending).collect();
    beginning + "…" + &name.chars().skip(count - ending).collect::<String>()
}

/// Text as a sentence: errors of the library end without a full stop, as errors in Rust do.
pub fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

/// The worker has died and was replaced.
pub fn worker_replaced(reason: &str) -> String {
    format!(
        "The worker that runs the network has stopped ({reason}). It was started again; your picture and settings are kept."
    )
}

/// The worker has died again before it gave an answer.
pub fn worker_stopped(reason: &str) -> String {
    format!(
        "The worker that runs the network has stopped twice in a row ({reason}). Choose a smaller network or picture, or try again."
    )
}

/// There is no worker.
pub fn worker_missing(reason: &str) -> String {
    format!(
        "The worker that runs the network could not be started ({reason}). It needs a browser with module workers: \
         Chrome or Edge 80, Safari 15, Firefox 114, or later."
    )
}

/// A network's load ended with its worker.
pub const LOAD_ENDED: &str = "the worker that was loading it has stopped";

/// A network that is not stored was lost with its worker.
pub const NETWORK_LOST: &str =
    "it was in memory only, and the worker that ran it has stopped; it has to be downloaded again";

/// A network cannot be drawn.
pub fn not_listed(title: &str, reason: &str) -> String {
    format!("{} cannot be shown: {reason}", short_name(title))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ResNextConfig;
    use crate::plan::{GpuDtype, PlanKind};
    use crate::protocol::Setting;

    #[test]
    fn notices_name_what_they_are_about() {
        let (title, reason) = ("kitten.jpg".to_owned(), "it is no picture".to_owned());
        let picture = Notice::Picture { title: title.clone(), reason };
        assert_eq!(sentence(&notice(&picture)), "kitten.jpg: it is no picture.");
        let reason = "You are offline".to_owned();
        let fetch = Notice::Fetch { title, reason: reason.clone() };
        assert_eq!(notice(&fetch), "kitten.jpg could not be fetched. You are offline");
        let file = "config.json".to_owned();
        let described = Notice::Described { file: file.clone(), network: "a.pth".into() };
        assert_eq!(notice(&described), "config.json is used for a.pth.");
        let kept = Notice::DescriptionKept { file };
        assert_eq!(notice(&kept), "config.json is kept for the weights that you open next.");
        assert!(!described.is_error() && !kept.is_error());
        assert_eq!(notice(&Notice::TestPictures { reason }), "The test pictures could not be fetched. You are offline");
    }

    #[test]
    fn a_long_name_loses_its_middle() {
        let forty = "a".repeat(40);
        assert_eq!(short_name(&forty), forty);
        let long = format!("photograph of a long journey, {}, the end.jpeg", "day after day, ".repeat(5));
        let short = short_name(&long);
        assert!(short.starts_with("photograph of a long jou") && short.ends_with(", the end.jpeg"), "{short}");
        assert_eq!(short.chars().count(), 40);
    }

    #[test]
    fn what_is_too_large_says_what_it_needs_and_how_it_runs() {
        let config = ResNextConfig::cifar(2, 8, 8);
        let (network, plan, weight_dtype) = (0, PlanKind::Fused, GpuDtype::F32);
        let setting = Setting { network, config, backend: Backend::WebGpu, plan, weight_dtype, cores: 0 };
        let text = |limit, now| {
            notice(&Notice::TooLarge { title: "ResNeXt-50".into(), needed: Some(108_000_000), limit, now })
        };
        let in_f16 = setting.smaller();
        let on_cpu = Box::new(in_f16.smaller());
        assert_eq!(
            text(None, Box::new(in_f16)),
            "The GPU has no memory left for ResNeXt-50, which needs 108 MB. It runs with the fused plan and f16 weights now."
        );
        assert_eq!(
            text(Some(64_000_000), on_cpu),
            "The GPU allows buffers of 64.0 MB, too little for ResNeXt-50, which needs 108 MB. It runs on the CPU now."
        );
    }

    #[test]
    fn what_is_not_kept_says_why() {
        let text = |full| notice(&Notice::NotCached { title: "ResNeXt-50".into(), full });
        assert!(text(true).contains("is full: ResNeXt-50 stays in memory"));
        assert!(text(false).contains("a private window"));
    }

    #[test]
    fn a_sentence_has_one_full_stop() {
        assert_eq!(["cut off", "cut off."].map(sentence), ["cut off.", "cut off."]);
    }
}
