//! Values that a test reads from the page, and conditions that it waits for.

use std::fmt::Display;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Page;
use crate::browser::Failed;

/// An expression that calls a function of this body, in which `arguments` are `args`.
pub(super) fn call(body: &str, args: &[Value]) -> String {
    format!("(function () {{ {body}\n}}).apply(null, {})", Value::from(args))
}

/// An expression that is true as soon as `expression` is, or false after this many seconds.
pub fn until(seconds: u64, expression: &str) -> String {
    format!(
        "new Promise((resolve, reject) => {{
            const end = performance.now() + {seconds}e3;
            const look = () => {{
                try {{
                    if ({expression}) resolve(true);
                    else if (performance.now() > end) resolve(false);
                    else setTimeout(look, 20);
                }} catch (error) {{ reject(error) }}
            }};
            look();
        }})"
    )
}

impl Page {
    /// Runs the body of a function in the page, whose `arguments` are `args`; a promise is waited for.
    pub async fn script(&self, body: &str, args: Vec<Value>) -> Value {
        self.tab.evaluate(&call(body, &args)).await.unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    /// The value of an expression, as text.
    pub async fn text(&self, expression: &str) -> String {
        let value = self.script(&format!("return String({expression})"), vec![]).await;
        value.as_str().expect("a string").to_owned()
    }

    pub async fn number(&self, expression: &str) -> f64 {
        let value = self.script(&format!("return {expression}"), vec![]).await;
        value.as_f64().unwrap_or_else(|| panic!("{expression} is {value}"))
    }

    /// The strings in an array; `expression` may be followed by a comma and what makes a string of each item.
    pub async fn list(&self, expression: &str) -> Vec<String> {
        let value = self.script(&format!("return Array.from({expression})"), vec![]).await;
        value.as_array().expect("an array").iter().map(|one| one.as_str().expect("a string").to_owned()).collect()
    }

    /// An attribute of the one element that `css` names.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        self.text(&format!("document.querySelector('{css}')?.getAttribute('{name}')")).await
    }

    /// Waits until an expression holds.
    pub async fn wait(&self, seconds: u64, expression: impl Display) {
        let expression = expression.to_string();
        if !self.holds(seconds, &expression, async |asked| self.tab.evaluate(asked).await).await {
            panic!("not in {seconds} s: {expression}\n{}", self.condition().await);
        }
    }

    /// Whether an expression holds within this many seconds, evaluated by `evaluate`. Where the page or worker goes away meanwhile,
    /// the next one is asked again.
    pub(super) async fn holds(
        &self,
        seconds: u64,
        expression: &str,
        evaluate: impl AsyncFn(&str) -> Result<Value, Failed>,
    ) -> bool {
        let (start, limit) = (Instant::now(), Duration::from_secs(seconds));
        loop {
            let left = limit.saturating_sub(start.elapsed());
            let asked = until(left.as_secs(), expression);
            // The page's own timers do not run while its thread is blocked.
            match tokio::time::timeout(left + Duration::from_secs(5), evaluate(&asked)).await {
                Ok(Ok(held)) => return held == true,
                Ok(Err(Failed::Threw(words))) => panic!("{expression}: {words}"),
                Err(_) => return false,
                Ok(Err(Failed::Gone(words))) => {
                    assert!(!left.is_zero(), "{expression}: {words}");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }

    /// The state of the page, for the message of a failed test.
    async fn condition(&self) -> String {
        let told = "return ['state', 'answer', 'notices', 'arrival'].map((id) => {
            const element = document.getElementById(id);
            return `${id}: ${element?.dataset.state ?? ''} ${element?.innerText.trim().replace(/\\s+/g, ' ')}`;
        }).join('\\n')";
        let asked = tokio::time::timeout(Duration::from_secs(5), self.tab.evaluate(&call(told, &[]))).await;
        match asked {
            Ok(Ok(value)) => value.as_str().unwrap_or_default().to_owned(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "the page does not answer".into(),
        }
    }

    /// Waits until an element is there.
    pub async fn wait_for(&self, seconds: u64, css: &str) {
        self.wait(seconds, format_args!("document.querySelector('{css}')")).await;
    }

    /// Waits until everything that was chosen has been run.
    pub async fn ready(&self) {
        self.wait_for(60, "#page[data-state=\"ready\"]").await;
    }

    /// Waits until nothing is measured any more either, not even for the chart.
    pub async fn idle(&self) {
        self.wait(90, "document.getElementById('state')?.innerText.trim() === 'ready'").await;
    }

    /// Waits for the answer to the picture of this title, and for the network to be idle again.
    pub async fn answer_to(&self, title: &str) -> Vec<(String, f64)> {
        self.wait(
            60,
            format_args!(
                "document.querySelector('#picture')?.dataset.picture === '{title}' && \
                 document.querySelector('#answer')?.dataset.state === 'fresh'"
            ),
        )
        .await;
        let top = self.top().await;
        self.ready().await;
        let words: Vec<String> = top.iter().map(|(label, share)| format!("{label} {:.1} %", share * 100.0)).collect();
        println!("{title}: {}", words.join(", "));
        top
    }

    /// Labels and probabilities that are shown, the likeliest first.
    pub async fn top(&self) -> Vec<(String, f64)> {
        let rows = self.list(
            "document.querySelectorAll('#top:not([hidden]) li'), li => li.dataset.label + '|' + li.dataset.probability",
        );
        let split = |row: String| {
            let (label, share) = row.split_once('|').expect("both are there");
            (label.to_owned(), share.parse().expect("a number"))
        };
        rows.await.into_iter().map(split).collect()
    }

    pub async fn notices(&self) -> Vec<String> {
        self.list("document.querySelectorAll('#notices .notice p'), p => p.innerText").await
    }
}

/// Holds that a text has all of these words.
pub fn has_words(text: &str, wanted: &[&str]) {
    for words in wanted {
        assert!(text.contains(words), "`{words}` not in: {text}");
    }
}
