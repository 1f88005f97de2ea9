//! Two tabs that want one large file: one downloads it, the other waits and takes it from the browser's cache.

use crate::hosts::hub::{Hub, Manner, WEIGHTS};
use crate::menu::{ID, hub};
use crate::visit::{Page, Visit};

/// Where each request for the weights began.
fn asked(hub: &Hub) -> Vec<Option<u64>> {
    hub.asked().into_iter().filter(|asked| asked.cdn && asked.path.ends_with(WEIGHTS)).map(|asked| asked.from).collect()
}

/// Opens another tab, and lets both want the network; the second waits.
async fn both_want(page: &Page, hub: &Hub) -> Page {
    hub.behave(Manner::Slow(20e6));
    page.answer_to("Kitten").await;
    let other = page.beside().await;
    other.open(&format!("?hub={}&runs=3&backend=cpu", hub.host)).await;
    other.answer_to("Kitten").await;
    page.take(ID).await;
    page.wait(20, "/[1-9][0-9.]* MB of 100 MB/.test(document.body.innerText)").await;
    other.take(ID).await;
    other.wait(20, "document.body.innerText.includes('another tab is downloading it')").await;
    other
}

#[test]
fn a_file_is_downloaded_once() {
    let hub = hub();
    Visit::with_hub(&hub, "&backend=cpu").answers_only().run(async |page| {
        let other = both_want(page, &hub).await;
        page.turned_to(ID).await;
        other.turned_to(ID).await;
        assert_eq!(asked(&hub), [None]);
        let title = "document.getElementById('page').dataset.model";
        assert_eq!(page.text(title).await, other.text(title).await);
    });
}

#[test]
fn who_waits_goes_on_where_the_other_tab_was_closed() {
    let hub = hub();
    Visit::with_hub(&hub, "&backend=cpu").answers_only().run(async |page| {
        let other = both_want(page, &hub).await;
        page.wait(20, "/[2-9][0-9][.][0-9] MB of 100 MB/.test(document.body.innerText)").await;
        page.tab.leave().await;
        hub.behave(Manner::Honest);
        other.turned_to(ID).await;
        let asked = asked(&hub);
        assert!(matches!(asked[..], [None, Some(from)] if from > 10_000_000), "{asked:?}");
    });
}
