//! Failures between a host and the page: each has an error text of its own, and the network in use goes on working.

use cardinal::store::CHUNK_BYTES;

use crate::files::ours;
use crate::hosts::hub::{CUT, Manner};
use crate::menu::{ID, hub, row};
use crate::visit::{Page, Visit, has_words};

/// What the host does, and words that the page's error must have.
const FAILURES: [(Manner, &[&str]); 7] = [
    (Manner::Offline, &["cannot be reached", "check the connection"]),
    (Manner::Status(404), &["404", "the file is not there"]),
    (Manner::Status(500), &["500", "the server has failed"]),
    (Manner::Html, &["sent a web page (HTML)", "sign in"]),
    (Manner::Truncated, &["bytes, ", " expected; it is another file"]),
    (Manner::CutAlways, &["broke off after 60.3 MB of 100 MB", "it goes on from there"]),
    // The rest of what was cut: both halves are held to the hash.
    (Manner::WrongHash, &["is not the one expected: SHA-256 ", "It was removed"]),
];

/// The former network is the one shown, and answers.
async fn works_on(page: &Page, photograph: &str, label: &str) {
    assert_eq!(page.attribute("#page", "data-model").await, "cifar10");
    page.drop_file(&ours(&format!("assets/samples/{photograph}"))).await;
    assert_eq!(page.answer_to(photograph).await[0].0, label);
}

#[test]
fn each_failure_has_its_own_words_and_leaves_the_former_network_working() {
    let hub = hub();
    let visit = Visit::with_hub(&hub, "&backend=cpu")
        .answers_only()
        .forgives("Failed to load resource")
        .forgives("blocked by CORS policy");
    visit.run(async |page| {
        page.ready().await;
        let mut said: Vec<String> = Vec::new();
        let photographs = [("kingfisher.jpg", "bird"), ("horses.jpg", "horse")];
        for (turn, (manner, words)) in FAILURES.into_iter().enumerate() {
            if turn > 0 {
                // The failure of the turn before.
                page.click("#arrival .notice .close").await;
                page.wait(5, "!document.querySelector('#arrival .notice')").await;
            }
            hub.behave(manner);
            hub.asked();
            page.take(ID).await;
            let text = page.failure().await;
            if manner == Manner::WrongHash {
                let ranges = hub.ranges();
                let cut = (crate::weights::resnext50_bytes() as f64 * CUT) as u64;
                assert_eq!(
                    ranges,
                    [Some(cut / CHUNK_BYTES * CHUNK_BYTES)],
                    "what came before the cut need not come again"
                );
            }
            println!("{manner:?}: {text}");
            for words in words {
                assert!(text.contains(words), "{manner:?}: `{words}` not in: {text}");
            }
            assert!(text.starts_with("ResNeXt-50 32×4d: "), "which network? {text}");
            assert_eq!(page.attribute("#arrival .notice", "role").await, "alert");
            let (photograph, label) = photographs[turn % 2];
            works_on(page, photograph, label).await;
            said.push(text);
        }
        // The numbers in them are not what tells them apart.
        let bare = |text: &String| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
        let mut kinds: Vec<String> = said.iter().map(bare).collect();
        kinds.sort();
        kinds.dedup();
        assert_eq!(kinds.len(), FAILURES.len(), "two failures have the same words: {said:#?}");

        hub.behave(Manner::Honest);
        hub.asked();
        page.click("#arrival .notice button.plain").await;
        page.turned_to(ID).await;
        assert_eq!(hub.ranges(), [None], "nothing is left of a file that was wrong");
        page.logits("kingfisher.jpg").await;
    });
}

/// A host that compresses tells another size than the file has.
#[test]
fn a_compressed_transfer_is_the_same_file() {
    let hub = hub();
    hub.behave(Manner::Gzip);
    Visit::with_hub(&hub, "&backend=cpu").answers_only().run(async |page| {
        page.answer_to("Kitten").await;
        page.take(ID).await;
        page.turned_to(ID).await;
        assert_eq!(hub.ranges(), [None]);
        assert_eq!(page.provenance("SHA-256").await, crate::weights::resnext50_sha256());
        assert_eq!(page.logits("Kitten").await.len(), 1000);
    });
}

#[test]
fn a_slow_download_tells_its_rate_is_cancelled_and_goes_on() {
    let hub = hub();
    Visit::with_hub(&hub, "&backend=cpu").answers_only().run(async |page| {
        page.ready().await;
        hub.behave(Manner::Slow(20e6));
        page.take(ID).await;
        let coming = "document.querySelector('#arrival [data-stage=coming]').innerText";
        page.wait(30, format_args!("document.querySelector('#arrival progress')?.value > 0.25")).await;
        let words = page.text(coming).await;
        println!("{words}");
        has_words(&words, &[" MB of 100 MB", " MB/s", " s left"]);
        let number = |after: &str| {
            let rest = words.split(after).next().expect("it is there").rsplit(' ').next().expect("a number");
            rest.parse::<f64>().unwrap_or_else(|_| panic!("{after} in {words}"))
        };
        assert!((12.0..=24.0).contains(&number(" MB/s")), "20 MB/s are sent: {words}");
        // 75 MB at the lowest of these rates.
        assert!((1.0..=7.0).contains(&number(" s left")), "{words}");
        // The former network works while another comes.
        assert_eq!(page.attribute("#page", "data-model").await, "cifar10");
        page.click("#arrival .notice button").await;
        page.wait(5, "!document.querySelector('#arrival .notice')").await;
        works_on(page, "kingfisher.jpg", "bird").await;

        page.open_menu().await;
        page.wait_for(5, &format!("{}[data-kept=part]", row(ID))).await;
        let words = page.row_words(ID).await;
        println!("{words}");
        assert!(words.contains(" of 100 MB kept") && words.contains("Resume download"), "{words}");
        hub.behave(Manner::Honest);
        hub.asked();
        page.click(&format!("{} .use", row(ID))).await;
        page.turned_to(ID).await;
        let ranges = hub.ranges();
        let from = ranges[0].expect("only the rest is asked for");
        assert!(ranges.len() == 1 && from >= 20_000_000 && from.is_multiple_of(CHUNK_BYTES), "{ranges:?}");
        page.logits("kingfisher.jpg").await;
        let hash = page.provenance("SHA-256").await;
        assert_eq!(hash, crate::weights::resnext50_sha256(), "the two halves are one file");
    });
}

#[test]
fn an_address_fetches_nothing_large_by_itself() {
    let hub = hub();
    Visit::with_hub(&hub, &format!("&backend=cpu&model={ID}")).run(async |page| {
        page.answer_to("Kitten").await;
        assert_eq!(page.attribute("#page", "data-model").await, "cifar10");
        let notices = page.notices().await;
        assert!(
            notices.iter().any(|text| text.contains("ResNeXt-50 32×4d, which is not downloaded yet")),
            "{notices:?}"
        );
        assert_eq!(hub.asked(), []);
        // The notice downloads it, and goes.
        let button = page.text("document.querySelector('#notices .plain')?.innerText").await;
        assert_eq!(button, "Download 100 MB");
        page.click("#notices .plain").await;
        page.turned_to(ID).await;
        assert!(page.notices().await.is_empty());
        assert_eq!(page.logits("Kitten").await.len(), 1000);
    });
}
