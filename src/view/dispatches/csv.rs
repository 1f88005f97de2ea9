//! A profile as comma-separated values, in the order of the run.

use std::fmt::Write;

use super::{bandwidth, rate};
use crate::protocol::Profile;

const HEAD: &str = "order,layers,kernel,repeats,ms,multiply_adds,multiply_adds_per_second,bytes,bytes_per_second,network,plan,weights,device\n";

/// A line per dispatch, with every digit; `device` is its name. A rate that is not known is empty.
pub fn csv(profile: &Profile, device: &str) -> String {
    let setting = &profile.setting;
    let mut text = String::from(HEAD);
    let known = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    for (order, step) in profile.steps.iter().enumerate() {
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{},{},{},{},{},{},{}",
            order + 1,
            field(&step.layers.join(" + ")),
            field(&step.kernel),
            step.repeats,
            step.ms,
            step.macs,
            known(rate(step)),
            step.bytes,
            known(bandwidth(step)),
            field(&setting.config.title()),
            setting.plan,
            setting.weight_dtype,
            field(device),
        );
    }
    text
}

/// A field, in quotes where it has to be (RFC 4180).
pub(in crate::view) fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::tests::small;
    use super::super::total_ms;
    use super::*;

    #[test]
    fn the_rows_sum_to_the_time() {
        let profile = small();
        let text = csv(&profile, "A GPU, \"fast\"");
        let mut lines = text.lines();
        let head: Vec<&str> = lines.next().unwrap().split(',').collect();
        let ms = head.iter().position(|name| *name == "ms").unwrap();
        let rows: Vec<Vec<&str>> = lines.map(|line| line.splitn(head.len(), ',').collect()).collect();
        assert_eq!(rows.len(), profile.steps.len());
        assert!(rows.iter().all(|row| row.len() == head.len() && row[head.len() - 1] == "\"A GPU, \"\"fast\"\"\""));
        let sum: f64 = rows.iter().map(|row| row[ms].parse::<f64>().unwrap()).sum();
        assert_eq!(sum, total_ms(&profile.steps));
        assert_eq!(
            rows[1][..9].join(","),
            "2,layer1.0.conv1 + layer1.0.bn1,conv2d_grouped.stride_2,10,0.25,2000000,8000000000,8000,32000000"
        );
        assert_eq!(rows[3][..9].join(","), "4,avgpool,conv2d_grouped.stride_2,10,0,0,,32000,");
    }
}
