//! What is watched on every visit.

use super::Page;

impl Page {
    /// Milliseconds of the longest task since the page was opened, or since it was last asked; prints all of 50 ms and more.
    pub async fn longest_task(&self) -> f64 {
        let tasks = self.script("return watched.tasks.splice(0)", vec![]).await;
        let tasks = tasks.as_array().expect("an array");
        for task in tasks {
            println!("task of {} ms at {} ms, then `{}`", task["duration"], task["startTime"], task["seen"]);
        }
        tasks.iter().filter_map(|task| task["duration"].as_f64()).fold(0.0, f64::max)
    }

    /// Turns the dial and waits for the next frame; milliseconds from the click to it. It shows what was clicked.
    pub async fn paints_a_turn_to(&self, cardinality: usize) -> f64 {
        self.script("watched.paints.length = 0", vec![]).await;
        self.click(&format!("#cardinality [data-value=\"{cardinality}\"]")).await;
        self.wait(10, "watched.paints.length > 0").await;
        let paint = self.script("return watched.paints[0]", vec![]).await;
        assert_eq!(
            paint["cardinality"],
            cardinality.to_string(),
            "the frame after the click shows another cardinality"
        );
        paint["ms"].as_f64().expect("milliseconds")
    }

    /// Addresses that the page and its workers asked for since the last call.
    pub fn requests(&self) -> Vec<String> {
        self.tab.seen(|seen| std::mem::take(&mut seen.requests))
    }

    /// Addresses that the page and its workers sent something to since the last call.
    pub fn sent(&self) -> Vec<String> {
        self.tab.seen(|seen| std::mem::take(&mut seen.sent))
    }

    /// Lines on the console of page and worker since the last call.
    pub fn console(&self) -> Vec<String> {
        self.tab.seen(|seen| std::mem::take(&mut seen.console))
    }

    pub(super) fn wants_quiet(&self, others: &[String], forgiven: &[&str]) {
        let known = |url: &String| {
            url.starts_with(&self.server.address) || others.iter().any(|other| url.starts_with(&format!("{other}/")))
        };
        let foreign: Vec<String> = self.requests().into_iter().filter(|url| !known(url)).collect();
        assert!(foreign.is_empty(), "asked of others: {foreign:?}");
        let sent = self.sent();
        assert!(sent.is_empty(), "sent to a server: {sent:?}");
        let mut console = self.console();
        console.retain(|line| !forgiven.iter().any(|words| line.contains(words)));
        assert!(console.is_empty(), "on the console: {console:#?}");
    }
}
