//! From an empty tab to the first answer.

use crate::visit::Visit;

#[test]
fn loads_step_by_step_and_answers_for_the_first_sample() {
    loads_step_by_step("?runs=3");
}

#[test]
fn loads_step_by_step_on_webgpu() {
    loads_step_by_step("?runs=3&backend=webgpu");
}

fn loads_step_by_step(query: &str) {
    Visit::new(query).run(async |page| {
        let top = page.answer_to("Kitten").await;
        assert_eq!(top.len(), 5);
        assert_eq!(top[0].0, "cat");
        let sum: f64 = top.iter().map(|(_, share)| share).sum();
        assert!((0.9..=1.0001).contains(&sum), "{sum}");
        assert!(top.is_sorted_by(|a, b| a.1 >= b.1));
        let spoken = page.text("document.getElementById('spoken').textContent").await;
        assert_eq!(spoken, format!("cat, {:.1} %", top[0].1 * 100.0));

        let states = page.list("watched.states").await;
        println!("{states:#?}");
        let place = |start: &str| {
            let found = states.iter().position(|state| state.starts_with(start));
            found.unwrap_or_else(|| panic!("the page never said `{start}`"))
        };
        let order = ["loading: fetching weights, ", "loading: ", "running: looking", "running: measuring", "ready"];
        let places = order.map(place);
        assert!(places[0] < places[2] && places[2] < places[3] && places[3] < places[4], "{places:?}");
        assert!(states[places[0]].ends_with(" of 4.23 MB"), "{}", states[places[0]]);
    });
}

/// The service worker keeps the page for a visit without a network, and nothing else in its place.
#[test]
fn a_picture_in_a_tab_of_its_own_is_not_the_page() {
    Visit::new("?backend=cpu&runs=3").answers_only().forgives("favicon").forgives("sw.js").run(async |page| {
        page.wait_for(60, "#offline[data-state=whole]").await;
        page.open("?backend=cpu&runs=3").await;
        page.wait(30, "navigator.serviceWorker.controller").await;
        page.wait_for(60, "#offline[data-state=whole]").await;
        page.tab.go(&format!("{}assets/samples/kitten.jpg", page.server.address)).await;
        page.wait(10, "document.contentType === 'image/jpeg'").await;
        let asleep = page.server.sleep();
        page.open("?backend=cpu&runs=3").await;
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
        // The browser looks for the icon of a picture at the root.
        page.requests();
        drop(asleep);
    });
}

#[test]
fn names_the_adapter_and_calls_a_software_one_so() {
    Visit::new("?runs=3").answers_only().run(async |page| {
        page.ready().await;
        let words = page.text("document.getElementById('adapter').innerText").await;
        println!("adapter: {words}");
        assert!(words.contains("SwiftShader") && words.contains("software"), "{words}");
        assert_eq!(page.attribute("#adapter", "data-state").await, "software");
    });
}

/// Keeps the weights back until the test lets them go.
const HOLD_WEIGHTS: &str = "
    const fetched = self.fetch;
    const held = new Promise((resolve) => { self.letGo = resolve; });
    self.fetch = async (...args) => {
        const response = await fetched(...args);
        if (String(args[0].url ?? args[0]).includes('.safetensors')) await held;
        return response;
    };
";

#[test]
fn shows_network_and_picture_while_the_weights_are_on_their_way() {
    Visit::new("?runs=3&backend=webgpu").answers_only().worker_script(HOLD_WEIGHTS).run(async |page| {
        page.wait_for(30, "#picture[data-picture=\"Kitten\"] canvas").await;
        assert_eq!(page.attribute("#page", "data-state").await, "loading");
        assert_eq!(page.number("document.querySelectorAll('#drawing .part').length").await, 8.0);
        assert_eq!(page.attribute("#answer", "data-state").await, "none");
        page.in_worker("letGo()", vec![]).await;
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
    });
}

/// In milliseconds after the request for the page.
const FIRST_PAINT: f64 = 300.0;

/// The frame of the page is in index.html: it is painted before any of the program is there.
#[test]
fn the_frame_is_painted_at_once() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        let mut best = f64::INFINITY;
        for _ in 0..3 {
            page.open("?backend=cpu&runs=3").await;
            let painted = "performance.getEntriesByName('first-contentful-paint')[0]";
            page.wait(10, painted).await;
            best = best.min(page.number(&format!("{painted}.startTime")).await);
            page.ready().await;
        }
        println!("first paint of a warm visit: {best:.0} ms (bar: {FIRST_PAINT} ms)");
        assert!(best <= 3.0 * FIRST_PAINT, "{best} ms");
    });
}
