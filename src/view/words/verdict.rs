//! The page's question, and its answer while it is measured: what more groups do to latency and accuracy at equal cost.

/// What the page is about.
pub const QUESTION: &str = "Same cost, more groups: is it faster? Is it more accurate?";

/// An option of the dial, and what is known of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    /// Groups of its 3×3 convolutions.
    pub cardinality: usize,
    /// Median latency and its spread in milliseconds, once it has been measured.
    pub ms: Option<(f64, f64)>,
    /// Accuracy from the recipe of all, 0 to 1.
    pub accuracy: Option<f64>,
}

/// Latencies that differ by less than this share are told as equal, and so are those that differ by less than their spreads:
/// medians of a handful of runs are no better.
const SAME: f64 = 0.05;

/// The answer, from the fewest groups to the most: `Here, 32 groups take 1.3 times as long as 1. Accuracy rises from
/// 87.32 % to 88.74 %.`
pub fn verdict(options: &[Compared]) -> String {
    let time = ends(options, |option| option.ms).map_or_else(|| measuring(options), told_time);
    let accuracy = ends(options, |option| option.accuracy).map(told_accuracy).unwrap_or_default();
    format!("{time}{accuracy}")
}

/// Cardinality and value of the first and the last option, where both are known and differ in cardinality.
fn ends<T>(options: &[Compared], value: impl Fn(&Compared) -> Option<T>) -> Option<[(usize, T); 2]> {
    let [first, .., last] = options else { return None };
    Some([(first.cardinality, value(first)?), (last.cardinality, value(last)?)])
}

fn measuring(options: &[Compared]) -> String {
    if options.len() == 1 {
        return "This network has no others of equal cost to be compared with.".into();
    }
    let done = options.iter().filter(|option| option.ms.is_some()).count();
    format!("Timing here: {done} of {} done.", options.len())
}

fn told_time([(few, before), (many, after)]: [(usize, (f64, f64)); 2]) -> String {
    let ((before, before_spread), (after, after_spread)) = (before, after);
    let ratio = after / before.max(1e-3);
    let many = format!("Here, {many} groups");
    let is_noise = (after - before).abs() < before_spread + after_spread;
    if is_noise || (1.0 - SAME..=1.0 + SAME).contains(&ratio) {
        format!("{many} take about as long as {few}.")
    } else if ratio < 1.0 {
        format!("{many} are {} times as fast as {few}.", times(1.0 / ratio))
    } else {
        format!("{many} take {} times as long as {few}.", times(ratio))
    }
}

/// `1.3`, `2`: one decimal is as much as a handful of runs can tell.
fn times(ratio: f64) -> String {
    let digits = format!("{ratio:.1}");
    digits.strip_suffix(".0").unwrap_or(&digits).to_owned()
}

fn told_accuracy([(_, before), (_, after)]: [(usize, f64); 2]) -> String {
    let moves = if after < before { "falls" } else { "rises" };
    format!(" Accuracy {moves} from {} to {}.", share(before), share(after))
}

/// `87.32 %`, or `76.1 %` where the source has one decimal. The number and its sign stay in one line.
fn share(accuracy: f64) -> String {
    let digits = format!("{:.2}", accuracy * 100.0);
    format!("{}\u{a0}%", digits.strip_suffix('0').unwrap_or(&digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(ends: [(Option<f64>, Option<f64>); 3]) -> String {
        let option = |((ms, accuracy), cardinality): ((Option<f64>, _), _)| Compared {
            cardinality,
            ms: ms.map(|ms| (ms, 0.01)),
            accuracy,
        };
        let options: Vec<Compared> = ends.into_iter().zip([1, 8, 32]).map(option).collect();
        verdict(&options).replace('\u{a0}', " ")
    }

    #[test]
    fn what_is_measured_is_told() {
        let none = (None, None);
        assert_eq!(told([none; 3]), "Timing here: 0 of 3 done.");
        assert_eq!(told([(Some(2.0), None), none, none]), "Timing here: 1 of 3 done.");
        assert_eq!(told([(Some(2.0), None), none, (Some(2.6), None)]), "Here, 32 groups take 1.3 times as long as 1.");
        assert_eq!(told([(Some(2.0), None), none, (Some(1.0), None)]), "Here, 32 groups are 2 times as fast as 1.");
        assert_eq!(told([(Some(2.0), None), none, (Some(2.04), None)]), "Here, 32 groups take about as long as 1.");
    }

    #[test]
    fn a_difference_within_the_spread_is_none() {
        let option = |cardinality, ms| Compared { cardinality, ms: Some(ms), accuracy: None };
        let told = |spread| verdict(&[option(1, (2.0, spread)), option(32, (3.0, 0.2))]);
        assert_eq!(told(0.9), "Here, 32 groups take about as long as 1.");
        assert_eq!(told(0.7), "Here, 32 groups take 1.5 times as long as 1.");
    }

    #[test]
    fn accuracy_is_told_where_both_ends_have_it() {
        let ends = |first, last| [(Some(1.0), Some(first)), (None, None), (Some(1.0), Some(last))];
        assert_eq!(
            told(ends(0.8732, 0.8874)),
            "Here, 32 groups take about as long as 1. Accuracy rises from 87.32 % to 88.74 %."
        );
        assert!(told(ends(0.778, 0.761)).ends_with("Accuracy falls from 77.8 % to 76.1 %."));
        assert!(!told([(Some(1.0), Some(0.8)), (None, None), (Some(1.0), None)]).contains("Accuracy"));
    }

    #[test]
    fn a_dial_with_one_option_has_no_ends() {
        let option = Compared { cardinality: 8, ms: Some((1.0, 0.0)), accuracy: Some(0.9) };
        for option in [option, Compared { ms: None, ..option }] {
            assert_eq!(verdict(&[option]), "This network has no others of equal cost to be compared with.");
        }
    }
}
