//! Methods compared by the times of several rounds, in each of which every method takes its turn.
//!
//! Other work on the machine makes a run slower by any amount, for a moment or for long. So a method has to be faster than the known
//! one within several rounds more than not, and in its fastest run too, which is the least disturbed. The known one needs fewer rounds
//! to stay, and stays where the rounds end without a verdict: the two are about equal then.

use crate::kernels::Method;

/// In a round that counts for it, a method takes less than the known one by this share.
pub(super) const MARGIN: f64 = 0.05;
/// Rounds by which a method has to be ahead to take the known one's place.
const LEAD: i32 = 3;
/// Rounds by which the known one has to be ahead to stay.
const KNOWN_LEAD: i32 = 2;
/// Rounds after which the known one stays.
const MOST_ROUNDS: usize = 9;
/// Rounds without which no method can take the known one's place.
pub(super) const LEAST_ROUNDS: usize = LEAD as usize;

/// A method, and the milliseconds of its launch in each round. One that has a verdict is timed no more.
pub(super) type Times = (Method, Vec<f64>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Faster,
    NotFaster,
    Open,
}

/// The verdict on a method, by its times and the known one's in the same rounds. A time of zero means that the clock is too coarse.
fn verdict(known: &[f64], other: &[f64]) -> Verdict {
    let is_faster = |other: f64, known: f64| other > 0.0 && other < known * (1.0 - MARGIN);
    let (mut ahead, mut least_known, mut least_other) = (0, f64::INFINITY, f64::INFINITY);
    for (&known, &other) in known.iter().zip(other) {
        (least_known, least_other) = (least_known.min(known), least_other.min(other));
        ahead += if is_faster(other, known) { 1 } else { -1 };
        if ahead >= LEAD && is_faster(least_other, least_known) {
            return Verdict::Faster;
        }
        if ahead <= -KNOWN_LEAD {
            return Verdict::NotFaster;
        }
    }
    if other.len() >= MOST_ROUNDS { Verdict::NotFaster } else { Verdict::Open }
}

/// Whether what takes `other` is to take the place of what takes `known`, by times of the same rounds; `None` as long as that is open.
pub(super) fn is_faster(known: &[f64], other: &[f64]) -> Option<bool> {
    match verdict(known, other) {
        Verdict::Faster => Some(true),
        Verdict::NotFaster => Some(false),
        Verdict::Open => None,
    }
}

/// Those to be timed in the next round: the known one, which is the first, and all without a verdict. None where all have one.
pub(super) fn next_round(times: &[Times]) -> Vec<usize> {
    let Some(((_, known), others)) = times.split_first() else { return Vec::new() };
    let open: Vec<usize> = (1..)
        .zip(others)
        .filter(|(_, (_, other))| verdict(known, other) == Verdict::Open)
        .map(|(index, _)| index)
        .collect();
    // In turns, so that none is always the first of its round, after a pause.
    match (open.is_empty(), known.len() % 2) {
        (true, _) => open,
        (false, 0) => std::iter::once(0).chain(open).collect(),
        (false, _) => open.into_iter().rev().chain([0]).collect(),
    }
}

/// The method to take: of those that are faster than the known one, which is the first, the one that takes the least of its time.
pub(super) fn fastest(times: &[Times]) -> Option<Method> {
    let ((known_method, known), others) = times.split_first()?;
    let share = |other: &[f64]| median(other.iter().zip(known).map(|(other, known)| other / known).collect());
    let faster = others.iter().filter(|(_, other)| verdict(known, other) == Verdict::Faster);
    let least = faster.min_by(|(_, a), (_, b)| share(a).total_cmp(&share(b)));
    Some(least.map_or(*known_method, |(method, _)| *method))
}

/// The median, of an even number the lower one; infinite without times.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::Method::{RegistersLarge, RegistersSmall, Workgroup32};
    use super::*;

    /// Rounds until each has a verdict, with times from `time`, which gets the method's number and the round's.
    fn compare(methods: &[Method], mut time: impl FnMut(usize, usize) -> f64) -> (Method, usize) {
        let mut times: Vec<Times> = methods.iter().map(|&method| (method, Vec::new())).collect();
        loop {
            let next = next_round(&times);
            if next.is_empty() {
                let runs = times.iter().map(|(_, of)| of.len()).sum();
                return (fastest(&times).expect("there is a method"), runs);
            }
            for index in next {
                let round = times[index].1.len();
                times[index].1.push(time(index, round));
            }
        }
    }

    fn steady(ms: &[f64]) -> Method {
        let methods = [RegistersLarge, RegistersSmall, Workgroup32];
        compare(&methods[..ms.len()], |index, _| ms[index]).0
    }

    #[test]
    fn a_method_takes_the_place_of_a_slower_one() {
        assert_eq!(steady(&[1.0, 0.96, 2.0]), RegistersLarge, "hardly faster");
        assert_eq!(steady(&[1.0, 0.9, 0.8]), Workgroup32);
        assert_eq!(steady(&[1.0, 0.8, 0.9]), RegistersSmall);
        assert_eq!(steady(&[1.0, 0.0]), RegistersLarge, "zero is no measurement");
        assert_eq!(steady(&[0.0, 0.1]), RegistersLarge);
        assert_eq!(steady(&[1.0, f64::INFINITY]), RegistersLarge, "it was refused");
        assert_eq!(steady(&[f64::INFINITY, 1.0]), RegistersSmall);
        assert_eq!(steady(&[1.0]), RegistersLarge);
        assert_eq!(fastest(&[]), None);
    }

    #[test]
    fn the_known_method_stays_without_a_verdict() {
        assert_eq!(
            fastest(&[(RegistersLarge, vec![1.0, 1.0]), (RegistersSmall, vec![0.1, 0.1])]),
            Some(RegistersLarge)
        );
        let (method, runs) = compare(&[RegistersLarge, RegistersSmall], |index, round| match (index, round % 2) {
            (1, 0) => 0.5,
            _ => 1.0,
        });
        assert_eq!((method, runs), (RegistersLarge, 2 * MOST_ROUNDS), "faster in every other round");
    }

    #[test]
    fn another_type_takes_the_place_of_f32_only_where_it_is_faster() {
        let after = |rounds, other| is_faster(&vec![1.0; rounds], &vec![other; rounds]);
        assert_eq!([0, 1, 2].map(|rounds| after(rounds, 0.5)), [None; 3], "that may be chance");
        assert_eq!(after(3, 0.5), Some(true));
        for other in [0.96, 1.0, 2.0, f64::INFINITY, 0.0] {
            assert_eq!(after(2, other), Some(false), "{other}");
        }
    }

    #[test]
    fn a_clear_verdict_takes_few_runs() {
        assert_eq!(compare(&[RegistersLarge, RegistersSmall], |index, _| [1.0, 2.0][index]), (RegistersLarge, 4));
        assert_eq!(compare(&[RegistersLarge, RegistersSmall], |index, _| [2.0, 1.0][index]), (RegistersSmall, 6));
        let (method, runs) = compare(&[RegistersLarge, RegistersSmall, Workgroup32], |index, _| [2.0, 1.0, 4.0][index]);
        assert_eq!((method, runs), (RegistersSmall, 3 + 3 + 2));
    }

    /// Numbers from 0 to 1 that are the same in every run of a test.
    fn noise(seed: u64) -> impl FnMut() -> f64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1u64 << 53) as f64
        }
    }

    /// Milliseconds on a machine whose other work takes a core away now and then: each run is up to a tenth slower, a third of them
    /// up to three times as slow, one in ten up to eight times.
    fn busy(noise: &mut impl FnMut() -> f64, ms: f64) -> f64 {
        let burst = match noise() {
            burst if burst < 0.1 => 8.0,
            burst if burst < 0.33 => 3.0,
            _ => 1.1,
        };
        ms * (1.0 + (burst - 1.0) * noise())
    }

    /// How many of 1000 choices are more than a twentieth slower than the best.
    fn wrong(ms: [f64; 2]) -> usize {
        let is_wrong = |seed: &u64| {
            let mut noise = noise(*seed + 1);
            let (method, _) = compare(&[RegistersLarge, RegistersSmall], |index, _| busy(&mut noise, ms[index]));
            ms[usize::from(method == RegistersSmall)] > 1.05 * ms[0].min(ms[1])
        };
        (0..1000).filter(is_wrong).count()
    }

    #[test]
    fn other_work_on_the_machine_seldom_changes_the_choice() {
        for known_ms in [2.0, 1.5, 1.2] {
            let (good, bad) = (wrong([1.0, known_ms]), wrong([known_ms, 1.0]));
            println!("a method {known_ms} times as slow is taken in {good} of 1000 comparisons, kept in {bad}");
            assert!(good <= 15, "the known method is the faster one, by {known_ms}: {good} of 1000 wrong");
            assert!(bad <= 200, "the known method is slower, by {known_ms}: {bad} of 1000 wrong");
        }
    }

    #[test]
    fn rounds_that_were_disturbed_do_not_decide() {
        // The first two runs of the faster method are disturbed: the fastest of two would be the other method's.
        let known = [15.8, 15.2, 4.6, 4.4, 4.5, 4.4, 4.8, 4.4, 4.5];
        let other = [5.9, 6.1, 6.0, 5.9, 13.1, 5.9, 5.9, 6.2, 5.9];
        let (method, _) = compare(&[RegistersLarge, RegistersSmall], |index, round| [known, other][index][round]);
        assert_eq!(method, RegistersLarge);
    }
}
