//! The button that copies a link to what is shown.

use crate::visit::{DESKTOP, PHONE, Visit};

const BOX: &str = "(({ left, top, width, height }) => [left, top, width, height].join(' '))\
                   (document.getElementById('copy-link').getBoundingClientRect())";
/// The text of the button that can be seen.
const WORDS: &str = "document.getElementById('copy-link').innerText.trim()";

#[test]
fn the_link_is_copied_and_nothing_moves() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.tab.grant(&["clipboardReadWrite", "clipboardSanitizedWrite"]).await;
        page.click("#cardinality [data-value=\"4\"]").await;
        page.wait_for(30, "#page[data-cardinality=\"4\"][data-state=ready]").await;
        for size in [DESKTOP, PHONE] {
            page.look(size, "light").await;
            let place = page.text(BOX).await;
            assert_eq!(page.text(WORDS).await, "Copy link");
            page.click("#copy-link").await;
            page.wait(5, format_args!("{WORDS} === 'Copied'")).await;
            assert_eq!(page.text(BOX).await, place);
            let copied = page.script("return navigator.clipboard.readText()", vec![]).await;
            assert_eq!(copied, page.text("location.href").await);
            assert!(copied.as_str().is_some_and(|link| link.contains("cardinality=4")), "{copied}");
            page.wait(5, format_args!("{WORDS} === 'Copy link'")).await;
        }
    });
}

#[test]
fn without_a_clipboard_the_link_is_there_to_be_copied() {
    let refuse = "Clipboard.prototype.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));";
    Visit::new("?backend=cpu&runs=3").answers_only().script(refuse).run(async |page| {
        page.ready().await;
        page.click("#copy-link").await;
        page.wait_for(5, "#link").await;
        assert_eq!(page.text("document.getElementById('link').value").await, page.text("location.href").await);
        page.wait(5, "getSelection().toString() === location.href").await;
        page.script("document.activeElement.blur()", vec![]).await;
        page.wait(5, "!document.getElementById('link')").await;
    });
}

/// Whatever is being done, the header is as high as when all is done.
#[test]
fn the_header_keeps_its_height() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        let height = "document.querySelector('header').getBoundingClientRect().height";
        let tablet = [((1000, 800), 100.0), ((768, 1024), 100.0), ((600, 900), 120.0)];
        for (size, most) in [(DESKTOP, 60.0), (PHONE, 72.0), ((320, 640), 90.0)].into_iter().chain(tablet) {
            page.look(size, "light").await;
            let ready = page.number(height).await;
            let words = "document.querySelector('#state span').firstChild";
            page.script(&format!("{words}.data = 'measuring accuracy, picture 100 of 200 and more'"), vec![]).await;
            assert_eq!(page.number(height).await, ready, "{size:?}");
            page.script(&format!("{words}.data = 'ready'"), vec![]).await;
            println!("{size:?}: {ready} px");
            assert!(ready <= most, "{size:?}: {ready} px");
            let wide = page.number("document.documentElement.scrollWidth").await;
            assert!(wide <= f64::from(size.0), "{size:?}: {wide} px wide");
        }
    });
}
