//! The rows as comma-separated values.

use std::fmt::Write;

use super::Row;
use crate::view::dispatches::field;

const HEAD: &str = "network,cardinality,parameters,multiply_adds,runs,median_ms,p10_ms,p90_ms,multiply_adds_per_second,paper_imagenet_error_percent,cifar10_accuracy,redone,refused,plan,weights,device\n";

/// A line per stop, with every digit; `device` is its name. What is not known is empty.
pub fn csv(rows: &[Row], device: &str) -> String {
    let mut text = String::from(HEAD);
    let known = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    for row in rows {
        let setting = &row.setting;
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
            field(&setting.config.title()),
            setting.config.cardinality,
            row.parameters,
            row.macs,
            row.runs,
            known(row.wall.map(|[_, median, _]| median)),
            known(row.wall.map(|[low, ..]| low)),
            known(row.wall.map(|[.., high]| high)),
            known(row.rate()),
            known(row.paper_error),
            known(row.accuracy),
            row.redone,
            field(row.refused.as_deref().unwrap_or_default()),
            setting.plan,
            setting.weight_dtype,
            field(device),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::rows;
    use super::super::tests::laboratory;
    use super::*;

    #[test]
    fn every_digit_is_there_and_what_is_not_known_is_empty() {
        let mut measured = laboratory(0, 3);
        measured.take(0, 1.25, None, false);
        measured.stops[2].refused = Some("It is too large, here.".into());
        let rows = rows(&measured, |_| 32);
        let text = csv(&rows, "A GPU");
        let lines: Vec<&str> = text.lines().collect();
        let [parameters, macs] = [rows[0].parameters, rows[0].macs];
        let rate = macs as f64 / 1.25 * 1e3;
        let title = rows[0].setting.config.title();
        assert_eq!(
            lines[1],
            format!("{title},1,{parameters},{macs},1,1.25,1.25,1.25,{rate},,0.8732,0,,fused,f32,A GPU")
        );
        assert!(lines[2].contains(",0,,,,,,0.8834,0,,fused,"), "{}", lines[2]);
        assert!(lines[3].contains(",\"It is too large, here.\",fused"), "{}", lines[3]);
        assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
    }
}
