//! The worker dies: the page says so and starts another, once; what was chosen stays.

use crate::files::ours;
use crate::visit::{Page, Visit};

/// What the page says of it, in small letters.
const WORDS: &str = "stopped";

/// An error that nobody catches.
pub const THROW: &str = "self.doomed = true; setTimeout(() => { throw new Error('boom') })";
/// An error in the midst of WebAssembly, which nothing there can catch.
const TRAP: &str = "self.doomed = true; Performance.prototype.now = () => { throw new Error('boom') }";
/// A worker that dies with every picture.
const DIES_OF_PICTURES: &str = "
    self.createImageBitmap = () => {
        setTimeout(() => { throw new Error('boom') });
        return new Promise(() => {});
    };
";

/// Chooses a picture and a cardinality, and waits for the answer.
async fn chooses(page: &Page) -> Vec<(String, f64)> {
    page.ready().await;
    page.drop_file(&ours("assets/samples/horses.jpg")).await;
    page.answer_to("horses.jpg").await;
    page.click("#cardinality [data-value=\"32\"]").await;
    page.wait_for(30, "#page[data-cardinality=\"32\"][data-state=ready]").await;
    page.answer_to("horses.jpg").await
}

/// The page reports the death, and another worker runs.
pub async fn says_so(page: &Page) {
    page.wait(20, format_args!("document.getElementById('notices').innerText.toLowerCase().includes('{WORDS}')")).await;
    println!("{:?}", page.notices().await);
    page.wait_in_worker(20, "!self.doomed").await;
}

#[test]
fn a_worker_that_throws_is_replaced() {
    Visit::new("?backend=cpu&runs=3").answers_only().forgives("boom").run(async |page| {
        let before = chooses(page).await;
        page.in_worker(THROW, vec![]).await;
        says_so(page).await;
        assert_eq!(page.answer_to("horses.jpg").await, before);
        assert_eq!(page.attribute("#page", "data-cardinality").await, "32");
        // It is the new one that answers, not only what was remembered.
        page.click("#cardinality [data-value=\"8\"]").await;
        page.wait_for(30, "#page[data-cardinality=\"8\"][data-state=ready]").await;
        page.drop_file(&ours("assets/samples/kingfisher.jpg")).await;
        assert_eq!(page.answer_to("kingfisher.jpg").await[0].0, "bird");
    });
}

/// The worker dies at work: the picture that killed it is sent to the next one.
#[test]
fn a_worker_whose_wasm_traps_is_replaced() {
    Visit::new("?backend=cpu&runs=3").answers_only().forgives("boom").forgives("unreachable").run(async |page| {
        chooses(page).await;
        page.in_worker(TRAP, vec![]).await;
        page.drop_file(&ours("assets/samples/kingfisher.jpg")).await;
        says_so(page).await;
        assert_eq!(page.answer_to("kingfisher.jpg").await[0].0, "bird");
        assert_eq!(page.attribute("#page", "data-cardinality").await, "32");
    });
}

/// The second one dies as well: the page stops trying, says why, and has a button.
#[test]
fn a_worker_that_dies_again_leaves_words_and_a_button() {
    let visit = Visit::new("?backend=cpu&runs=3").answers_only().worker_script(DIES_OF_PICTURES);
    visit.forgives("boom").run(async |page| {
        page.wait_for(30, "#page[data-state=failed]").await;
        let words = page.text("document.querySelector('#answer .words').innerText").await;
        println!("{words}");
        assert!(words.to_lowercase().contains(WORDS), "{words}");
        assert_eq!(page.attribute("#answer .words", "role").await, "alert");
        assert_eq!(page.notices().await, [""; 0], "that the first one was replaced is not true any more");
        // What needs no worker works.
        page.click("#cardinality [data-value=\"32\"]").await;
        page.wait_for(5, "#page[data-cardinality=\"32\"]").await;
        // The next worker is sound.
        page.server.before_worker("");
        page.click("#again").await;
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
        assert_eq!(page.attribute("#page", "data-cardinality").await, "32");
    });
}
