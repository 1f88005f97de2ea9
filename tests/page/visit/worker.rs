//! The page's worker, seen from a test.

use std::fmt::Display;

use serde_json::Value;

use super::Page;
use super::ask::call;
use crate::hosts::server::is_worker;

impl Page {
    /// Runs the body of a function in the worker, as [`Page::script`] does in the page.
    pub async fn in_worker(&self, body: &str, args: Vec<Value>) -> Value {
        self.tab
            .evaluate_in_worker(is_worker, &call(body, &args))
            .await
            .unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    pub async fn number_in_worker(&self, expression: &str) -> f64 {
        let value = self.in_worker(&format!("return {expression}"), vec![]).await;
        value.as_f64().unwrap_or_else(|| panic!("{expression} is {value} in the worker"))
    }

    /// The value of an expression in the worker, as text.
    pub async fn text_in_worker(&self, expression: &str) -> String {
        let value = self.in_worker(&format!("return String({expression})"), vec![]).await;
        value.as_str().expect("a string").to_owned()
    }

    /// Waits until an expression holds in the worker that runs then.
    pub async fn wait_in_worker(&self, seconds: u64, expression: impl Display) {
        let expression = expression.to_string();
        let held =
            self.holds(seconds, &expression, async |asked| self.tab.evaluate_in_worker(is_worker, asked).await).await;
        assert!(held, "not in {seconds} s, in the worker: {expression}");
    }
}
