//! For eyes and hands of every kind: size of text and of targets, small windows, forced colours.

use serde_json::json;

use crate::browser::Key;
use crate::visit::{DESKTOP, PHONE, Page, Visit};

/// The smallest window that the page is made for.
const SMALL: (u32, u32) = (320, 640);

/// Everything of the page open: settings, every disclosure, a map over the picture, the walk.
async fn opened(page: &Page) {
    page.ready().await;
    page.click("#change").await;
    page.click("#top li:first-child .guess").await;
    page.wait_for(20, "#map[data-complete=true]").await;
    page.script(
        "document.querySelectorAll('main details:not([open]) > summary').forEach((one) => one.click())",
        vec![],
    )
    .await;
    page.wait_for(10, "#table tbody tr").await;
    page.wait_for(10, "#teach [data-class]").await;
    page.wait_for(20, "#inside-body[data-state=fresh] #sum").await;
    page.wait_for(30, ".forms[data-state=fresh] tbody").await;
    page.wait_for(20, "#laboratory tbody tr").await;
    page.wait_for(30, "#dispatches tbody tr").await;
    // A step closes what it does not show: the last of what is open.
    let open = page.text("location.search").await;
    page.open(&format!("{open}&walk=6")).await;
    page.wait_for(20, "#walk[data-step=\"6\"]").await;
    page.wait_for(20, "#map[data-complete=true]").await;
    page.wait_for(20, "#inside-body[data-state=fresh] #sum").await;
    page.wait_for(30, ".forms[data-state=fresh] tbody").await;
    page.wait_for(30, "#dispatches tbody tr").await;
    page.click("#change").await;
}

/// What a script that returns a list of faults finds at each size.
async fn no_faults(page: &Page, what: &str, faults: &str) {
    for size in [DESKTOP, PHONE, SMALL] {
        page.look(size, "light").await;
        // Drawing and chart are drawn again after the frame in which their width has changed.
        page.script("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))", vec![])
            .await;
        page.wait(5, "document.getAnimations().length === 0").await;
        let found = page.list(faults).await;
        assert!(found.is_empty(), "{what}, {size:?}: {found:#?}");
    }
}

#[test]
fn no_text_is_under_12_px() {
    Visit::new("?backend=cpu&runs=3").run(async |page| {
        opened(page).await;
        let small = "[...document.body.querySelectorAll('*')].filter((element) => element.checkVisibility()
            && [...element.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim()))
            .map((element) => {
                // Text in a drawing is scaled with it.
                const svg = element.ownerSVGElement;
                const scale = svg?.viewBox.baseVal.width ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
                return [parseFloat(getComputedStyle(element).fontSize) * scale, element.textContent.slice(0, 40)];
            }).filter(([size]) => size < 11.99).map(([size, text]) => `${size} px: ${text}`)";
        no_faults(page, "text", small).await;
    });
}

/// Links within a sentence are as high as its line.
#[test]
fn targets_are_at_least_24_px() {
    Visit::new("?backend=cpu&runs=3").run(async |page| {
        opened(page).await;
        let small =
            "[...document.querySelectorAll('button, summary, label:has(input), [role=button], input[type=url], a.plain, a.step')]
            .filter((element) => element.checkVisibility({ visibilityProperty: true }))
            .map((element) => [element.getBoundingClientRect(), element])
            .filter(([box]) => box.width < 23.9 || box.height < 23.9)
            .map(([box, element]) => `${box.width}x${box.height}: ${element.outerHTML.slice(0, 120)}`)";
        no_faults(page, "targets", small).await;
    });
}

/// A shadow at the edge tells that there is more, and the keyboard reaches it.
#[test]
fn what_is_wider_than_a_small_window_says_so() {
    Visit::new("?backend=cpu&runs=3").run(async |page| {
        opened(page).await;
        page.look(SMALL, "light").await;
        let wide = "[...document.querySelectorAll('.scroll')].filter((element) => element.scrollWidth > element.clientWidth + 1)";
        let count = page.number(&format!("{wide}.length")).await;
        println!("{count} regions are wider than a window of 320");
        assert!(count >= 2.0, "{count}");
        let silent = format!(
            "{wide}.filter((element) => !getComputedStyle(element).backgroundImage.includes('gradient')
                || !element.matches('[tabindex=\"0\"]') && !element.querySelector('[tabindex=\"0\"]'))"
        );
        assert_eq!(page.list(&format!("{silent}, (one) => one.outerHTML.slice(0, 120)")).await, [""; 0]);
        // Nothing else is cut off.
        assert_eq!(page.number("document.documentElement.scrollWidth").await, 320.0);
    });
}

#[test]
fn forced_colours_show_what_colours_say() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.click("#change").await;
        let forced = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
        page.tab.command("Emulation.setEmulatedMedia", forced).await;
        page.wait(5, "matchMedia('(forced-colors: active)').matches").await;
        // The chosen one of each group, the filled part of each bar.
        let pairs = [
            ("#cardinality label.on", "#cardinality label:not(.on)"),
            ("#plan label.on", "#plan label:not(.on)"),
            ("#depth label.on", "#depth label:not(.on)"),
            ("#answer .bar i", "#answer .bar"),
        ];
        for (one, other) in pairs {
            let colour = |css: &str| format!("getComputedStyle(document.querySelector('{css}')).backgroundColor");
            let (one, other) = (page.text(&colour(one)).await, page.text(&colour(other)).await);
            assert_ne!(one, other, "{pairs:?}");
        }
        let words = "['b', 'small'].map((part) => getComputedStyle(document.querySelector(`#cardinality label.on ${part}`)).color)";
        let chosen = "getComputedStyle(document.querySelector('#cardinality label.on')).backgroundColor";
        assert!(!page.list(words).await.contains(&page.text(chosen).await), "words on their own colour");
        // What the legend explains can be seen.
        let empty = "[...document.querySelectorAll('.legend i')].filter((key) => {
            const style = getComputedStyle(key);
            const paper = getComputedStyle(key.closest('section')).backgroundColor;
            return !key.matches('.arc') && style.backgroundImage === 'none'
                && [paper, 'rgba(0, 0, 0, 0)'].includes(style.backgroundColor);
        })";
        assert_eq!(page.list(&format!("{empty}, (one) => one.className")).await, [""; 0]);
    });
}

#[test]
fn the_first_stop_of_the_tab_key_leads_to_the_dial() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.keys(&[Key::Tab]).await;
        assert_eq!(page.text("document.activeElement.innerText").await, "Skip to the dial");
        let seen = "const box = document.activeElement.getBoundingClientRect();
            return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).id";
        assert_eq!(page.script(seen, vec![]).await, "skip");
        page.keys(&[Key::Enter]).await;
        assert_eq!(page.text("document.activeElement.matches('#cardinality [data-value=\"8\"] input')").await, "true");
        assert_eq!(page.text("location.hash").await, "");
        page.keys(&[Key::Right]).await;
        page.wait_for(5, "#page[data-cardinality=\"16\"]").await;
    });
}

#[test]
fn mistakes_are_one_tab_stop() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.click("#measure").await;
        page.wait(120, "document.querySelectorAll('#mistakes button').length >= 3").await;
        page.click("#measure").await;
        page.wait_for(30, "#measuring[data-state=stopped]").await;
        page.script("document.querySelector('#mistakes button').focus()", vec![]).await;
        page.keys(&[Key::Right, Key::Right]).await;
        let third = "document.activeElement === document.querySelectorAll('#mistakes button')[2]";
        assert_eq!(page.text(third).await, "true");
        page.keys(&[Key::Tab]).await;
        assert_eq!(page.text("!document.activeElement.closest('#mistakes')").await, "true");
        let stops = "document.querySelectorAll('#mistakes button:not([tabindex=\"-1\"])').length";
        assert_eq!(page.number(stops).await, 1.0);
    });
}
