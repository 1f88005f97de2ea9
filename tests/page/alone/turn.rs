//! How soon the next network answers when the dial is turned, on two cores of the processor.

use serde_json::json;

use super::hold;
use crate::visit::{Page, Visit};

/// Milliseconds from a click on the dial to the answer of its network, the median of all turns.
const ANSWERED: f64 = 150.0;
/// Stops of the dial that have weights, in turns.
const STOPS: [usize; 3] = [1, 32, 8];
const TURNS: usize = 12;

/// Milliseconds from a click on a stop of the dial to its answer.
async fn turn(page: &Page, cardinality: usize) -> f64 {
    let body = "
        const [cardinality] = arguments;
        const answer = `#page[data-cardinality=\"${cardinality}\"][data-state=ready] #answer[data-state=fresh]`;
        return new Promise((resolve) => {
            const start = performance.now();
            new MutationObserver((_, observer) => {
                if (!document.querySelector(answer)) return;
                observer.disconnect();
                resolve(performance.now() - start);
            }).observe(document, { attributes: true, childList: true, subtree: true });
            document.querySelector(`#cardinality [data-value=\"${cardinality}\"]`).click();
        });";
    page.script(body, vec![json!(cardinality)]).await.as_f64().expect("milliseconds")
}

#[test]
fn the_next_network_answers_soon() {
    hold(|| {
        let visit = Visit::new("?backend=cpu&cores=2").answers_only().alone();
        let mut times = Vec::new();
        visit.run(async |page| {
            page.answer_to("Kitten").await;
            page.wait_for(60, "html[data-offline=kept]").await;
            // The weights of each are then in the browser's cache.
            for stop in STOPS {
                turn(page, stop).await;
            }
            for count in 0..TURNS {
                times.push(turn(page, STOPS[count % STOPS.len()]).await);
            }
        });
        println!("{}", times.iter().map(|ms| format!("{ms:.0}")).collect::<Vec<_>>().join(" "));
        times.sort_by(f64::total_cmp);
        vec![("a turn of the dial to its answer, two cores", times[TURNS / 2], ANSWERED)]
    });
}
