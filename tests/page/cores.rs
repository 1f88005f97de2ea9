//! Cores of the processor that share a network: chosen, shown, and done without.

use crate::hosts::server::Spoilt;
use crate::visit::{DESKTOP, PHONE, Page, Visit};

/// The cores that the settings name; none where there are none to choose from.
const RUNS_ON: &str = "(document.querySelector('#cores :checked')?.value ?? 'none')";
const COLOURED: &str = "document.querySelectorAll('#drawing .core').length";

/// Counts the workers that the page's worker starts as `started`, and keeps what each says of its memory when it has let go of a network.
/// By their places: those in `deaf` do not hear that they should, and those in `broken` fail when they do. The one that is `missing` does not
/// hear of its next run.
const COUNTED: &str = "
    self.started = 0;
    self.memory = [];
    const Starts = self.Worker;
    self.Worker = class extends Starts {
        place = self.started++;
        constructor(...args) {
            super(...args);
            this.addEventListener('message', ({ data }) => data.memory && self.memory.push(data.memory));
        }
        postMessage(message, ...rest) {
            if (message.what === 'end' && self.deaf?.includes(this.place)) return;
            if (message.what === 'end' && self.broken?.includes(this.place)) message = { what: 'nothing' };
            if (message.what === 'run' && self.missing === this.place) return (self.missing = undefined);
            super.postMessage(message, ...rest);
        }
    };";

async fn turn(page: &Page, cardinality: usize) {
    page.click(&format!("#cardinality [data-value=\"{cardinality}\"]")).await;
    page.wait_for(30, &format!("#page[data-cardinality=\"{cardinality}\"] #answer[data-state=fresh]")).await;
}

/// The next network has the workers of the last one, and its memory.
#[test]
fn workers_are_kept_from_one_network_to_the_next() {
    let visit = Visit::new("?backend=cpu&cores=2").answers_only().worker_script(COUNTED);
    visit.run(async |page| {
        let first = logits(page).await;
        let mut memory = Vec::new();
        for _ in 0..4 {
            for cardinality in [1, 32, 8] {
                turn(page, cardinality).await;
            }
            memory.push(page.number_in_worker("Math.max(...memory.splice(0))").await);
        }
        println!("{memory:?} bytes");
        assert_eq!((page.number_in_worker("started").await, logits(page).await), (2.0, first));
        assert_eq!(memory[1], memory[3], "a network takes what the last one has freed");
        // A run under way, in which one core waits for the other.
        page.in_worker("self.missing = 1", vec![]).await;
        page.click("[data-sample=\"duck.jpg\"]").await;
        page.wait_in_worker(10, "missing === undefined").await;
        turn(page, 32).await;
        assert_eq!(page.number_in_worker("started").await, 2.0);
    });
}

/// Workers that cannot let go of a network are replaced.
#[test]
fn workers_that_hang_or_fail_are_replaced() {
    let script = format!("{COUNTED} self.deaf = [0]; self.broken = [1];");
    Visit::new("?backend=cpu&cores=2&runs=3").answers_only().worker_script(&script).run(async |page| {
        let first = logits(page).await;
        for (cardinality, started) in [(32, 4.0), (8, 4.0)] {
            turn(page, cardinality).await;
            assert_eq!(page.number_in_worker("started").await, started, "workers");
        }
        assert_eq!((logits(page).await, &page.text(RUNS_ON).await[..]), (first, "2"));
    });
}

async fn logits(page: &Page) -> String {
    page.wait_for(30, "#page[data-state=ready] #answer[data-state=fresh]").await;
    page.attribute("#top", "data-logits").await
}

fn numbers(logits: &str) -> Vec<f64> {
    logits.split(' ').map(|logit| logit.parse().expect("a number")).collect()
}

fn agree(one: &str, other: &str) {
    let (one, other) = (numbers(one), numbers(other));
    let peak = one.iter().fold(0.0_f64, |peak, logit| peak.max(logit.abs()));
    let apart = one.iter().zip(&other).fold(0.0_f64, |far, (a, b)| far.max((a - b).abs()));
    println!("{:.1e} of the peak apart", apart / peak);
    assert!(one.len() == other.len() && apart < 1e-4 * peak, "{one:?}, {other:?}");
}

#[test]
fn the_drawing_shows_which_core_computes_which_branches() {
    Visit::new("?backend=cpu&cores=2&runs=3").answers_only().run(async |page| {
        let on_two = logits(page).await;
        assert_eq!(page.text(RUNS_ON).await, "2");
        let blocks = page.number("document.querySelectorAll('#drawing .part .gr').length").await;
        assert_eq!(
            page.number(COLOURED).await,
            4.0 * blocks,
            "both cores, in the first bar and the middle one of each block"
        );
        let legend = "document.querySelector('.legend').innerText.replace(/\\s+/g, ' ')";
        let legend = page.text(legend).await;
        assert!(legend.ends_with("cores"), "{legend}");
        for (size, scheme) in [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light")] {
            page.look(size, scheme).await;
            // Both colours are told apart from each other and from the card.
            let fill = |css: &str| format!("getComputedStyle(document.querySelector('#drawing {css}')).fill");
            let (second, first) = (page.text(&fill(".core.c2")).await, page.text(&fill(".gr")).await);
            assert_ne!(first, second, "{scheme}");
        }
        page.look(DESKTOP, "light").await;
        page.set("#cores [data-value=\"1\"]").await;
        page.wait(30, &format!("{RUNS_ON} === '1'")).await;
        agree(&logits(page).await, &on_two);
        assert_eq!(page.number(COLOURED).await, 0.0);
        assert!(page.text("location.search").await.contains("cores=1"));
        // On the GPU it is no setting.
        page.set("#backend [data-value=webgpu]").await;
        page.wait_for(30, "#page[data-backend=webgpu]").await;
        assert_eq!(page.text("document.getElementById('cores').checkVisibility()").await, "false");
    });
}

/// Where the page may share memory, the cores use it; results are the same bits for the same number of cores.
#[test]
fn shared_memory_gives_the_same_bits() {
    Visit::new("?backend=cpu&cores=2&runs=3").answers_only().run(async |page| {
        let by_messages = logits(page).await;
        assert_eq!(page.text("crossOriginIsolated").await, "false");
        page.server.spoil(|_| true, Spoilt::Isolated);
        page.open("?backend=cpu&cores=2&runs=3").await;
        assert_eq!(logits(page).await, by_messages);
        assert_eq!(page.text("crossOriginIsolated").await, "true");
        assert_eq!(page.text(RUNS_ON).await, "2");
    });
}

/// A number of cores is measured after the answer, and more are not taken than pay.
#[test]
fn the_number_of_cores_is_measured() {
    Visit::new("?backend=cpu&runs=3").run(async |page| {
        page.wait_for(60, "#page[data-state=ready] #wall[data-runs=\"3\"]").await;
        let runs_on = page.text(RUNS_ON).await;
        println!("{runs_on}");
        assert!(["1", "2", "4", "8"].contains(&&runs_on[..]), "{runs_on}");
        assert!(!page.text("location.search").await.contains("cores="), "nobody chose it");
    });
}

#[test]
fn without_what_cores_run_the_worker_answers() {
    let of_cores: [fn(&str) -> bool; 2] =
        [|path| path.contains("/core-") || path.contains("/cores-"), |path| path.contains("cardinal-core")];
    for is_spoilt in of_cores {
        // The first visit runs on the GPU, and fetches nothing of them.
        let visit = Visit::new("?backend=webgpu&runs=3").answers_only().forgives("404");
        visit.script("delete Navigator.prototype.serviceWorker;").run(async |page| {
            let on_gpu = logits(page).await;
            page.server.spoil(is_spoilt, Spoilt::Missing);
            page.open("?backend=cpu&cores=2&runs=3").await;
            agree(&logits(page).await, &on_gpu);
            page.wait(10, "document.getElementById('notices').innerText.includes('cannot share this network')").await;
            assert_eq!(page.text(RUNS_ON).await, "none");
        });
    }
}
