//! The walk through the page: each step's link opens its state, and it is offered once and never in the way.

use cardinal::view::link::{Link, PANELS};
use cardinal::view::map::MapKind;
use cardinal::view::walk::{STEPS, Step, at};
use cardinal::view::words::WALK;

use crate::browser::Key;
use crate::files::ours;
use crate::visit::{DESKTOP, PHONE, Page, Visit};

const OPEN: &str = "document.querySelectorAll('details[open]'), (one) => one.id";
/// Whether the bar is in the window, and the marked place above it.
const SEEN: &str = "(() => {
    const place = document.querySelector('[data-walk]').getBoundingClientRect();
    const bar = document.getElementById('walk').getBoundingClientRect();
    return place.top >= 0 && place.top < bar.top - 40 && bar.bottom <= innerHeight + 1;
})()";

/// The page shows a step, with all that it decides.
async fn shows(page: &Page, number: usize) {
    let (step, words) = (Step::numbered(number).expect("there is such a step"), WALK[number - 1]);
    page.wait_for(20, &format!("#walk[data-step=\"{number}\"]")).await;
    page.wait_for(
        30,
        &format!("#page[data-model=cifar10][data-depth=\"20\"][data-cardinality=\"{}\"]", step.cardinality),
    )
    .await;
    page.wait_for(20, "#picture[data-picture=Kitten]").await;
    page.wait_for(10, &format!("#drawing .part[data-part=\"{}\"][aria-pressed=true]", step.part)).await;
    let open: Vec<&str> = step.open.into_iter().collect();
    assert_eq!(page.list(OPEN).await, open, "step {number}");
    match step.map {
        Some(place) => page.wait_for(30, &format!("#map[data-place=\"{place}\"][data-kind=activation]")).await,
        None => assert_eq!(page.text("String(document.querySelector('#map'))").await, "null", "step {number}"),
    }
    let is_place = format!("(one) => String(one.matches('{}'))", step.place);
    assert_eq!(page.list(&format!("document.querySelectorAll('[data-walk]'), {is_place}")).await, ["true"]);
    page.wait(5, SEEN).await;
    // What is read is what is said, once in sight and once for a screen reader.
    let seen = page.text("document.getElementById('walk').innerText.replace(/\\s+/g, ' ')").await;
    let spoken = page.text("document.getElementById('walk-spoken').textContent").await;
    for words in [words.title, words.text, words.section] {
        assert!(seen.contains(words) && spoken.contains(words), "{words}: {seen}; {spoken}");
    }
    assert_eq!(page.attribute("#walk [aria-current=step]", "href").await, format!("?walk={number}"));
}

#[test]
fn each_step_is_a_link_that_restores_its_state() {
    Visit::new("?backend=cpu&runs=3&walk=1").answers_only().run(async |page| {
        for number in 1..=STEPS {
            // The number alone, and all of it as the page writes it.
            page.open(&format!("?walk={number}&backend=cpu&runs=3")).await;
            shows(page, number).await;
            page.wait(10, "location.search.includes('model=')").await;
            let written = page.text("location.search").await;
            println!("{written}");
            assert_eq!(Link::parse(&written).1, [""; 0]);
            page.open(&written).await;
            shows(page, number).await;
            page.look(if number % 2 == 0 { DESKTOP } else { PHONE }, "light").await;
        }
    });
}

/// Whoever is in the middle of something finds it again, and what no step decides stays.
#[test]
fn the_browsers_buttons_lead_through_the_steps_and_out() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.click("[data-sample=\"chelsea.jpg\"]").await;
        page.answer_to("Cat").await;
        page.click("#cardinality [data-value=\"4\"]").await;
        page.click("[data-part=\"layer3.1\"]").await;
        page.click("#table summary").await;
        page.wait(5, "location.search.includes('part=layer3.1&open=table')").await;
        page.click("#walk-link").await;
        for number in 1..=STEPS {
            shows(page, number).await;
            assert_eq!(page.attribute("#page", "data-backend").await, "cpu");
            if number < STEPS {
                page.click("#walk nav > a:last-of-type").await;
            }
        }
        let entries = page.number("history.length").await;
        // There is no next, and no entry for it.
        page.click("#walk nav > a:last-of-type").await;
        for number in (1..STEPS).rev() {
            page.script("history.back()", vec![]).await;
            shows(page, number).await;
        }
        page.script("history.back()", vec![]).await;
        page.wait(5, "!document.querySelector('#walk') && !document.querySelector('[data-walk]')").await;
        page.wait_for(20, "#page[data-cardinality=\"4\"]").await;
        page.wait_for(20, "#picture[data-picture=Cat]").await;
        page.wait_for(5, "[data-part=\"layer3.1\"][aria-pressed=true]").await;
        assert_eq!(page.list(OPEN).await, ["table"]);
        page.script("history.forward()", vec![]).await;
        shows(page, 1).await;
        assert_eq!(page.number("history.length").await, entries);
    });
}

/// A network from the visitor's disk is in no address that somebody else can use, and is here all the same.
#[test]
fn the_way_back_leads_to_the_visitors_own_network() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.drop_file(&ours("tests/data/golden/models/tiny_cifar3.weights.safetensors")).await;
        page.wait_for(30, "#page[data-model=file][data-state=ready]").await;
        let said = page.notices().await;
        page.click("#walk-link").await;
        shows(page, 1).await;
        page.script("history.back()", vec![]).await;
        page.wait_for(20, "#page[data-model=file][data-state=ready]").await;
        assert_eq!(page.text("String(document.querySelector('#walk'))").await, "null");
        assert_eq!(page.notices().await, said, "nothing had to be said");
    });
}

/// Quietly: a link with other words, in the same place.
#[test]
fn it_is_offered_once() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        let words = "document.getElementById('walk-link').innerText.trim().replace(/\\s+/g, ' ')";
        let place = "JSON.stringify(document.getElementById('walk-link').getBoundingClientRect())";
        page.ready().await;
        assert_eq!(page.text(words).await, "New here? Walk through");
        assert_eq!(page.text("String(document.querySelector('#walk, #notices .notice'))").await, "null");
        let first = page.text(place).await;
        page.open("?backend=cpu&runs=3").await;
        page.ready().await;
        assert_eq!((page.text(words).await.as_str(), page.text(place).await), ("Walk through", first));
    });
}

/// A browser that keeps nothing offers it again, and says nothing of it.
#[test]
fn refused_storage_is_no_error() {
    let refuse = "for (const name of ['getItem', 'setItem']) Storage.prototype[name] = () => { throw new DOMException('no', 'SecurityError'); };";
    Visit::new("?backend=cpu&runs=3").answers_only().script(refuse).run(async |page| {
        for _ in 0..2 {
            page.open("?backend=cpu&runs=3").await;
            page.wait_for(20, "#walk-link.new").await;
        }
        page.click("#walk-link").await;
        shows(page, 1).await;
    });
}

#[test]
fn it_is_walked_with_keys_and_left_with_escape() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.script("document.getElementById('walk-link').focus()", vec![]).await;
        page.keys(&[Key::Enter]).await;
        shows(page, 1).await;
        // A labelled region, no dialog: the page behind it can be used.
        assert_eq!(page.text("document.activeElement.id").await, "walk-title");
        assert_eq!(page.text("String(document.querySelector('[aria-modal], dialog[open], [inert]'))").await, "null");
        assert_eq!(page.attribute("#walk", "aria-labelledby").await, "walk-title");
        page.keys(&[Key::Tab, Key::Tab]).await;
        assert_eq!(page.text("document.activeElement.innerText").await, "Back");
        page.keys(&[Key::Enter]).await;
        shows(page, 1).await;
        page.script("document.querySelector('#walk nav > a:last-of-type').focus()", vec![]).await;
        page.keys(&[Key::Enter]).await;
        shows(page, 2).await;
        assert_eq!(page.text("document.activeElement.innerText").await, "Next", "the focus stays where it was");
        page.keys(&[Key::Escape]).await;
        page.wait(5, "!document.getElementById('walk')").await;
        page.wait(5, "document.activeElement.id === 'block'").await;
        assert!(!page.text("location.search").await.contains("walk="), "it is closed in the address too");
        assert_eq!(page.attribute("#block", "data-part").await, "layer1.0", "the selection stays");
        // It can be opened again, from the same place.
        page.click("#walk-link").await;
        shows(page, 1).await;
        page.click("#walk-close").await;
        page.wait(5, "!document.getElementById('walk')").await;
    });
}

#[test]
fn a_step_that_is_not_there_is_named() {
    Visit::new("?walk=9&open=forms,door&map=0&backend=cpu&runs=3").answers_only().run(async |page| {
        page.wait_for(20, "#notices .notice").await;
        let notices = page.notices().await;
        for pair in ["walk=9", "open=forms,door", "map=0"] {
            assert!(notices.len() == 1 && notices[0].contains(pair), "{pair} in {notices:?}");
        }
        page.ready().await;
        assert_eq!(page.text("String(document.querySelector('#walk'))").await, "null");
        assert_eq!(page.list(OPEN).await, [""; 0]);
    });
}

/// Weights that take their time: the words are there, and so are the place and what can be shown without an answer.
#[test]
fn it_does_not_wait_for_the_network() {
    let never = "
        const fetched = self.fetch;
        self.fetch = (...args) => String(args[0].url ?? args[0]).includes('.safetensors')
            ? new Promise(() => {}) : fetched(...args);";
    Visit::new("?backend=cpu&runs=3").answers_only().worker_script(never).run(async |page| {
        for number in [1, 3, 5] {
            page.open(&format!("?walk={number}&backend=cpu&runs=3")).await;
            shows(page, number).await;
            page.click("#walk nav > a:last-of-type").await;
            page.wait_for(5, &format!("#walk[data-step=\"{}\"]", number + 1)).await;
        }
    });
}

/// Clicks an element as soon as it is in the document.
fn clicks_at_once(css: &str) -> String {
    format!(
        "new MutationObserver((_, observer) => {{
            const found = document.querySelector('{css}');
            if (!found) return;
            observer.disconnect();
            found.click();
        }}).observe(document, {{ childList: true, subtree: true }});"
    )
}

/// The page can be used some turns of the event loop before all of it is there and the link's panels are opened.
#[test]
fn a_step_that_is_asked_for_while_the_page_appears_is_shown() {
    Visit::new("?backend=cpu&runs=3").answers_only().script(&clicks_at_once("#walk-link")).run(async |page| {
        page.ready().await;
        shows(page, 1).await;
        // It goes elsewhere than the link.
        page.open("?open=table&backend=cpu&runs=3").await;
        page.ready().await;
        shows(page, 1).await;
    });
}

#[test]
fn what_is_opened_while_the_page_appears_stays_open() {
    let script = clicks_at_once("#table summary");
    Visit::new("?open=forms&backend=cpu&runs=3").answers_only().script(&script).run(async |page| {
        page.ready().await;
        page.wait(10, "location.search.includes('open=forms,table')").await;
        assert_eq!(page.list(OPEN).await, ["forms", "table"], "the link's and the visitor's");
    });
}

/// For every visitor, not for the walk alone: what is looked at is in the address.
#[test]
fn a_link_opens_what_was_open() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        for panel in PANELS {
            page.open(&format!("?open={panel}&backend=cpu&runs=3")).await;
            page.wait_for(20, &format!("details#{panel}[open]")).await;
            assert_eq!(page.list(OPEN).await, [panel]);
        }
        page.open("?backend=cpu&runs=3").await;
        page.ready().await;
        page.click("[data-sample=\"cifar10/frog.png\"]").await;
        page.answer_to("Frog").await;
        page.click("[data-part=\"layer2.1\"]").await;
        page.click("#forms summary").await;
        page.click("#inside summary").await;
        page.click("#top li:nth-child(2) .guess").await;
        page.click("#map-kind [data-value=occlusion]").await;
        let wanted = Link {
            picture: Some("cifar10/frog".into()),
            part: Some("layer2.1".into()),
            open: vec!["inside", "forms"],
            map: Some((1, MapKind::Occlusion)),
            ..at(1, &Link::default()).expect("it is the first step")
        };
        let shown = async |page: &Page| {
            let now = Link::parse(&page.text("location.search").await).0;
            let Link { picture, part, open, map, .. } = wanted.clone();
            (now.picture, now.part, now.open, now.map) == (picture, part, open, map)
        };
        page.wait(10, "location.search.includes('occlusion') && location.search.includes('open=inside,forms')").await;
        assert!(shown(page).await, "{}", page.text("location.search").await);
        let link = page.text("location.search").await;
        page.open(&link).await;
        page.answer_to("Frog").await;
        page.wait_for(30, "#map[data-place=\"1\"][data-kind=occlusion][data-complete=true]").await;
        page.wait_for(10, "[data-part=\"layer2.1\"][aria-pressed=true]").await;
        assert_eq!(page.list(OPEN).await, ["inside", "forms"]);
        page.wait(5, "location.search.includes('map=2-occlusion')").await;
        assert!(shown(page).await, "{}", page.text("location.search").await);
        // Closed again, it is gone from the address.
        page.click("#forms summary").await;
        page.wait(5, "location.search.includes('open=inside&')").await;
    });
}
