//! Results as comma-separated values.

use std::fmt::Write;

use super::result::LabResult;
use crate::view::dispatches::field;

const HEAD: &str = "network,cardinality,parameters,multiply_adds,runs,median_ms,p10_ms,p90_ms,multiply_adds_per_second,paper_imagenet_error_percent,cifar10_accuracy,redone,refused,plan,weights,device,backend,browser,date\n";

/// A line per stop, with every digit: of the result that is shown, then of the one that is laid over it. What is not known is empty.
pub fn csv(results: &[LabResult]) -> String {
    let mut text = String::from(HEAD);
    let known = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    for result in results {
        for stop in &result.stops {
            // Writing into a string cannot fail.
            let _ = writeln!(
                text,
                "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
                field(&format!("{} {}", result.network, stop.template)),
                stop.cardinality,
                stop.parameters,
                stop.multiply_adds,
                stop.runs,
                known(stop.median_ms),
                known(stop.p10_ms),
                known(stop.p90_ms),
                known(stop.rate()),
                known(stop.paper_error),
                known(stop.accuracy),
                stop.redone,
                field(stop.refused.as_deref().unwrap_or_default()),
                field(&result.plan),
                field(&result.weights),
                field(&result.adapter),
                field(&result.backend),
                field(&result.browser),
                field(&result.date),
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::tests::{laboratory, result};
    use super::*;

    #[test]
    fn every_digit_is_there_and_what_is_not_known_is_empty() {
        let mut measured = laboratory(0, 3);
        [1.0, 1.25, 2.0].into_iter().for_each(|ms| measured.take(0, ms, None, false));
        measured.stops[2].refused = Some("It is too large, here.".into());
        let result = result(&measured, 32);
        let text = csv(std::slice::from_ref(&result));
        let lines: Vec<&str> = text.lines().collect();
        let stop = &result.stops[0];
        let (parameters, macs) = (stop.parameters, stop.multiply_adds);
        let rate = macs as f64 / 1.25 * 1e3;
        assert_eq!(
            lines[1],
            format!(
                "ResNeXt-20 1×41d,1,{parameters},{macs},3,1.25,1.05,1.85,{rate},,0.8732,0,,fused,f32,CPU,CPU,native,"
            )
        );
        assert!(lines[2].contains(",0,,,,,,0.8834,0,,fused,"), "{}", lines[2]);
        assert!(lines[3].contains(",\"It is too large, here.\",fused"), "{}", lines[3]);
        assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
        assert_eq!(csv(&[result.clone(), result]).lines().count(), 1 + 2 * 3);
    }
}
