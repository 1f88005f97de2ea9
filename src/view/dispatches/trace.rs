//! A profile in Chrome's Trace Event Format, which chrome://tracing and Perfetto open.

use serde_json::{Value, json};

use super::{block, name};
use crate::protocol::Profile;

/// Complete events (`"ph": "X"`) in microseconds: one per dispatch, one after the other as in a run, and one around the dispatches
/// of each block. What passes between dispatches is not measured, and not in it. `device` is its name.
pub fn trace(profile: &Profile, device: &str) -> String {
    let mut events = vec![
        json!({ "ph": "M", "name": "process_name", "pid": 1, "args": { "name": profile.setting.config.title() } }),
        json!({ "ph": "M", "name": "thread_name", "pid": 1, "tid": 1, "args": { "name": device } }),
    ];
    let complete = |name: &str, category: &str, from: f64, to: f64, args: Value| json!({ "ph": "X", "name": name, "cat": category, "pid": 1, "tid": 1, "ts": from, "dur": to - from, "args": args });
    let mut now = 0.0;
    for run in profile
        .steps
        .chunk_by(|a, b| a.layers.first().and_then(|a| block(a)) == b.layers.first().and_then(|b| block(b)))
    {
        let (begun, place) = (now, events.len());
        for step in run {
            let args = json!({
                "layers": step.layers, "kernel": step.kernel, "repeats": step.repeats,
                "multiply_adds": step.macs, "bytes": step.bytes,
            });
            let end = now + step.ms * 1e3;
            events.push(complete(&name(step).0, "dispatch", now, end, args));
            now = end;
        }
        if let Some(block) = run.first().and_then(|step| step.layers.first()).and_then(|layer| block(layer)) {
            // Before its parts: of events that begin together, the outer one comes first.
            events.insert(place, complete(block, "block", begun, now, json!({})));
        }
    }
    json!({ "traceEvents": events, "displayTimeUnit": "ms" }).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::tests::small;
    use super::*;

    #[test]
    fn dispatches_follow_each_other_within_their_blocks() {
        let trace: Value = serde_json::from_str(&trace(&small(), "A GPU")).unwrap();
        let events = trace["traceEvents"].as_array().unwrap();
        let names: Vec<&str> = events.iter().map(|event| event["name"].as_str().unwrap()).collect();
        let expected =
            ["process_name", "thread_name", "conv1", "layer1.0", "layer1.0.conv1", "layer1.0.conv3", "avgpool"];
        assert_eq!(names, expected);
        let number = |event: &Value, key: &str| event[key].as_f64().unwrap();
        let dispatches: Vec<&Value> = events.iter().filter(|event| event["cat"] == "dispatch").collect();
        let mut now = 0.0;
        for event in &dispatches {
            assert!((number(event, "ts") - now).abs() < 1e-6, "{event}");
            now += number(event, "dur");
        }
        assert!((now - 760.0).abs() < 1e-6, "microseconds: {now}");
        let block = &events[3];
        assert_eq!((number(block, "ts"), number(block, "dur")), (500.0, 260.0));
        assert!(events[2..].iter().all(|event| event["ph"] == "X" && event["pid"] == 1 && event["tid"] == 1));
        assert_eq!(dispatches[1]["args"]["multiply_adds"], 2_000_000);
        assert_eq!(events[1]["args"]["name"], "A GPU");
    }
}
