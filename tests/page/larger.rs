//! A picture of the visitor's own, for which the network of ten classes may have none: the answer offers a larger network.

use crate::files::ours;
use crate::hosts::hub::Manner;
use crate::menu::{ID, hub};
use crate::visit::{DESKTOP, PHONE, Page, Visit};

/// The offer's text, or `null`.
async fn offer(page: &Page) -> String {
    page.text("document.getElementById('larger')?.innerText.replace(/\\s+/g, ' ').trim()").await
}

/// Where what follows the answer begins: on a phone the dial, on a desktop the accuracy.
async fn tops(page: &Page) -> Vec<f64> {
    let mut tops = Vec::new();
    for (size, below) in [(PHONE, "cardinality-section"), (DESKTOP, "accuracy")] {
        page.look(size, "light").await;
        tops.push(page.number(&format!("document.getElementById('{below}').getBoundingClientRect().top")).await);
    }
    tops
}

#[test]
fn an_own_picture_is_offered_a_thousand_classes() {
    let hub = hub();
    Visit::with_hub(&hub, "&backend=cpu").answers_only().run(async |page| {
        page.answer_to("Kitten").await;
        assert_eq!(offer(page).await, "undefined", "a kitten is among the ten");
        let before = tops(page).await;
        page.click("[data-sample=\"rocket.jpg\"]").await;
        page.answer_to("Rocket").await;
        assert!(offer(page).await.starts_with("Recognise 1,000 things"));
        page.drop_file(&ours("assets/samples/kingfisher.jpg")).await;
        page.answer_to("kingfisher.jpg").await;
        assert_eq!(offer(page).await, "Recognise 1,000 things: ResNeXt-50 32×4d Download 100 MB");
        assert_eq!(tops(page).await, before, "the offer moves what lies below it");

        assert_eq!(hub.asked(), [], "asked for before anybody wanted it");
        hub.behave(Manner::Slow(20e6));
        page.click("#larger button").await;
        page.wait(30, "document.querySelector('#larger button:disabled')?.innerText.startsWith('Downloading ')").await;
        assert_eq!(tops(page).await, before);
        hub.behave(Manner::Honest);
        page.turned_to(ID).await;
        page.answer_to("kingfisher.jpg").await;
        assert_eq!(offer(page).await, "undefined", "it has the most classes");

        page.take("cifar10").await;
        page.turned_to("cifar10").await;
        page.answer_to("kingfisher.jpg").await;
        assert_eq!(offer(page).await, "Recognise 1,000 things: ResNeXt-50 32×4d Use it");
        page.click("#larger button").await;
        page.turned_to(ID).await;
    });
}
