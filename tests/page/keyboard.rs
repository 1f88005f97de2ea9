//! Everything by keys alone.

use crate::browser::Key;

use crate::visit::{Page, Visit};

/// Presses Tab until the focus is on what `css` names.
async fn tab_to(page: &Page, css: &str) {
    for presses in 1..=60 {
        page.keys(&[Key::Tab]).await;
        if page.text(&format!("document.activeElement.matches('{css}')")).await == "true" {
            println!("{css}: {presses} times Tab");
            return;
        }
    }
    panic!("60 times Tab and never on {css}");
}

#[test]
fn arrow_keys_turn_the_dial() {
    Visit::new("?backend=cpu&runs=3").run(async |page| {
        page.ready().await;
        tab_to(page, "#cardinality input").await;
        for (key, cardinality) in [(Key::Right, 16), (Key::Down, 32), (Key::Left, 16), (Key::Up, 8), (Key::Left, 4)] {
            page.keys(&[key]).await;
            page.wait_for(5, &format!("#page[data-cardinality=\"{cardinality}\"]")).await;
        }
        page.wait_for(60, "#page[data-state=\"ready\"] #latency tr[data-cardinality=\"4\"][data-runs=\"3\"]").await;
    });
}

#[test]
fn a_block_is_reached_with_tab_and_closed_with_escape() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        tab_to(page, "#drawing .part").await;
        assert_eq!(page.attribute("#block", "data-part").await, "stem");
        page.keys(&[Key::Right, Key::Right]).await;
        page.wait_for(5, "#block[data-part=\"layer1.1\"]").await;
        let detail = page.text("document.getElementById('block').innerText.replace(/\\s+/g, ' ')").await;
        println!("{detail}");
        for words in ["256→64→256, 8×8", "3×3 in 8 groups of 8", "shortcut"] {
            assert!(detail.contains(words), "{words} in {detail}");
        }
        page.keys(&[Key::Left]).await;
        page.wait_for(5, "#block[data-part=\"layer1.0\"]").await;
        page.keys(&[Key::Escape]).await;
        page.wait_for(5, "#block[data-part=\"\"]").await;
        assert_eq!(page.number("document.querySelectorAll('#drawing .sel').length").await, 0.0);
    });
}

/// What is pasted and escaped from in the dialog is the dialog's.
#[test]
fn the_list_of_networks_has_keys_of_its_own() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.open_menu().await;
        page.click("#weights-url").await;
        let paste = "new ClipboardEvent('paste', { bubbles: true, clipboardData: new DataTransfer() })";
        page.script(&format!("document.activeElement.dispatchEvent({paste})"), vec![]).await;
        assert_eq!(page.notices().await, [""; 0]);
        page.keys(&[Key::Escape]).await;
        page.wait(5, "!document.querySelector('#models[open]')").await;
        assert_eq!(page.attribute("#block", "data-part").await, "layer1.0");
        // Outside the dialog a message says that there is nothing to paste.
        page.script(&format!("window.dispatchEvent({paste})"), vec![]).await;
        page.wait(5, "document.querySelector('#notices .notice')").await;
    });
}
