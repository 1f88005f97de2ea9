//! A disk without room: the network works from memory, and the page says so.

use serde_json::json;

use crate::death::THROW;
use crate::menu::{ID, hub, row};
use crate::visit::Visit;

#[test]
fn a_full_disk_falls_back_to_memory_and_says_so() {
    let hub = hub();
    Visit::with_hub(&hub, "&backend=cpu").answers_only().forgives("boom").run(async |page| {
        page.answer_to("Kitten").await;
        let origin = page.text("location.origin").await;
        // There is room for some chunks of the file and not for all of them.
        let quota = json!({ "origin": origin, "quotaSize": 40_000_000 });
        page.tab.command("Storage.overrideQuotaForOrigin", quota).await;
        page.take(ID).await;
        page.turned_to(ID).await;
        let notices = page.notices().await;
        println!("{notices:?}");
        assert!(notices.iter().any(|text| text.contains("is full") && text.contains("stays in memory")), "{notices:?}");
        let logits = page.logits("Kitten").await;
        assert!(logits.len() == 1000 && logits.iter().all(|logit| logit.is_finite()));
        page.open_menu().await;
        page.wait(5, format_args!("!document.querySelector('{}[data-kept=whole]')", row(ID))).await;
        page.script("document.getElementById('models').close()", vec![]).await;

        // The worker dies, and the network with it: downloading it again is not decided for the visitor.
        hub.asked();
        page.in_worker(THROW, vec![]).await;
        let words = page.failure().await;
        println!("{words}");
        assert!(words.contains("in memory only") && words.contains("downloaded again"), "{words}");
        page.wait_for(30, "#page[data-state=failed]").await;
        assert_eq!(hub.asked(), [], "it was downloaded again unasked");
        page.click("#arrival .plain").await;
        page.wait_for(60, "#page[data-state=ready]").await;
        assert_ne!(hub.asked(), []);
        assert_eq!(page.logits("Kitten").await, logits);
    });
}
