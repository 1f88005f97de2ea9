//! Where the time goes, in words.

use crate::protocol::{Backend, StepProfile, Work};
use crate::view::dispatches::{Best, total_ms};
use crate::view::number;

/// `31 dispatches take 4.21 ms together. Each was repeated 20 times …`
pub fn dispatches(steps: &[StepProfile]) -> String {
    let (least, most) =
        steps.iter().fold((usize::MAX, 0), |(least, most), step| (least.min(step.repeats), most.max(step.repeats)));
    let times = match (least, most) {
        (1, 1) => "Each was timed once.".to_owned(),
        _ if least < most => {
            format!("Each was repeated, {least} to {most} times, and the mean is told: browsers round times to 0.1 ms.")
        }
        _ => format!("Each was repeated {most} times, and the mean is told: browsers round times to 0.1 ms."),
    };
    format!("{} dispatches take {} together. {times}", steps.len(), number::milliseconds(total_ms(steps)))
}

/// Why there are no times of dispatches.
pub fn no_dispatches(work: &Work) -> &'static str {
    match work {
        Work::Ready | Work::Sweeping { .. } => {
            "Not measured: this GPU’s adapter has no timestamps, or measuring is off."
        }
        Work::Failed(_) => "Not measured: the network does not run.",
        _ => "Not measured yet: this follows the answer.",
    }
}

/// What the column of shares means, for this device.
pub fn best_rate(best: Option<&Best>, backend: Backend) -> String {
    let device = match backend {
        Backend::WebGpu => "GPU",
        Backend::Cpu => "processor",
    };
    match best {
        Some(Best { rate, what, .. }) => format!(
            "Best: {} multiply-adds per second, the highest rate of any dispatch on this {device} during this visit ({what}). \
             Only dispatches whose repeats took at least 1 ms together count.",
            number::count(*rate as u64)
        ),
        None => format!(
            "No dispatch took long enough on this {device} to tell its best rate: all repeats of one must take at least 1 ms together."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_told() {
        let steps = |repeats: &[usize]| -> Vec<StepProfile> {
            repeats.iter().map(|&repeats| StepProfile { ms: 0.5, repeats, ..StepProfile::default() }).collect()
        };
        assert!(
            dispatches(&steps(&[20, 20]))
                .starts_with("2 dispatches take 1.00 ms together. Each was repeated 20 times,")
        );
        assert!(dispatches(&steps(&[1, 10, 4])).contains("repeated, 1 to 10 times"));
        assert!(dispatches(&steps(&[1, 1])).ends_with("Each was timed once."));
    }

    #[test]
    fn the_best_is_told_with_its_place() {
        let best = Best { backend: Backend::Cpu, rate: 4.2e10, what: "fc of ResNeXt-20 8×8d".into() };
        let told = best_rate(Some(&best), Backend::Cpu);
        assert!(told.contains("42.0 G multiply-adds per second") && told.contains("this processor"), "{told}");
        assert!(told.contains("(fc of ResNeXt-20 8×8d)"), "{told}");
        assert!(best_rate(None, Backend::WebGpu).contains("this GPU"));
    }
}
