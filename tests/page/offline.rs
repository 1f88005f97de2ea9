//! Visits without a network. What comes with the page is kept during the first visit, and where something is not, the words say that
//! the visitor is offline.

use crate::files::ours;
use crate::visit::{Page, Visit};

const QUERY: &str = "?backend=cpu&runs=3";
/// The visitor's settings or operator say that the connection costs by the byte.
const METERED: &str = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });";
/// The browser knows that it has no network, or believes that it has one.
const ON_LINE: &str = "Object.defineProperty(navigator, 'onLine', { value: arguments[0], configurable: true })";

async fn words(page: &Page) -> String {
    page.text("document.getElementById('offline').innerText").await
}

async fn choose_sample(page: &Page, file: &str) {
    page.click(&format!("[data-sample=\"{file}\"]")).await;
}

#[test]
fn after_one_visit_everything_works_without_the_server() {
    Visit::new(QUERY).answers_only().run(async |page| {
        page.wait_for(60, "#offline[data-state=whole]").await;
        println!("{}", words(page).await);
        assert!(words(page).await.starts_with("Works offline"));
        let asleep = page.server.sleep();
        page.open(QUERY).await;
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
        for (file, title) in [("rocket.jpg", "Rocket"), ("duck.jpg", "Duck")] {
            choose_sample(page, file).await;
            page.answer_to(title).await;
        }
        for cardinality in [32, 1] {
            page.click(&format!("#cardinality [data-value=\"{cardinality}\"]")).await;
            page.wait_for(30, &format!("#page[data-cardinality=\"{cardinality}\"][data-state=ready]")).await;
            page.answer_to("Duck").await;
        }
        page.click("#measure").await;
        page.wait_for(90, "#measuring[data-state=done]").await;
        // What reads PyTorch's files is kept too, though this visitor had none yet.
        page.drop_file(&ours("tests/data/pth/2.15/checkpoint.pth")).await;
        page.wait_for(30, "#page[data-model=file][data-state=ready]").await;
        page.wait_for(5, "#offline[data-state=whole]").await;
        drop(asleep);
    });
}

/// What the next visit would fetch is asked for once.
#[test]
fn what_is_kept_is_not_fetched_again() {
    Visit::new(QUERY).answers_only().run(async |page| {
        page.wait_for(60, "#offline[data-state=whole]").await;
        page.requests();
        page.open(QUERY).await;
        page.wait_for(60, "#offline[data-state=whole]").await;
        let again: Vec<String> = page.requests();
        assert!(again.iter().any(|url| url.ends_with("kitten.jpg")), "the log of requests sees nothing: {again:?}");
        let again: Vec<&String> =
            again.iter().filter(|url| url.contains("32x2d") || url.ends_with("rocket.jpg")).collect();
        assert!(again.iter().all(|url| url.contains("/thumbs/")), "{again:?}");
    });
}

#[test]
fn a_metered_connection_keeps_what_was_used_and_says_what_is_missing() {
    let visit = Visit::new(QUERY).answers_only().script(METERED);
    // The browser tells the console of every request that fails, and of the service worker's.
    visit.forgives("net::ERR_").forgives("FetchEvent").forgives("Failed to fetch").run(async |page| {
        page.wait_for(60, "#offline[data-state=used]").await;
        println!("{}", words(page).await);
        assert!(words(page).await.contains("metered"));
        let asked = page.requests();
        let unused = ["rocket.jpg", "32x2d", "1x41d", "assets/test"];
        let is_unused = |url: &&String| !url.contains("/thumbs/") && unused.iter().any(|name| url.contains(name));
        assert_eq!(asked.iter().filter(is_unused).collect::<Vec<_>>(), [""; 0]);

        let asleep = page.server.sleep();
        let on_line = async |is_on_line: bool| {
            page.script(ON_LINE, vec![is_on_line.into()]).await;
            page.in_worker(ON_LINE, vec![is_on_line.into()]).await;
        };
        on_line(false).await;
        let newest = async || page.notices().await.pop().unwrap_or_default();
        let offline = |words: &str| {
            println!("{words}");
            assert!(words.contains("ou are offline") && !words.contains("CORS"), "{words}");
        };
        choose_sample(page, "duck.jpg").await;
        page.wait_for(10, "#notices .notice").await;
        let words = newest().await;
        offline(&words);
        assert!(words.starts_with("Duck could not be fetched."), "{words}");
        // It lies over the button, and goes when it has been read.
        page.click("#notices .close").await;
        page.wait(5, "!document.querySelector('#notices .notice')").await;
        page.click("#measure").await;
        page.wait_for(10, "#notices .notice").await;
        offline(&newest().await);
        // The one that was used is there.
        page.answer_to("Kitten").await;

        page.click("#cardinality [data-value=\"32\"]").await;
        page.wait_for(30, "#page[data-state=failed]").await;
        offline(&page.text("document.querySelector('#answer .words').innerText").await);
        // The browser has a network, the server is gone.
        on_line(true).await;
        page.click("#again").await;
        page.wait(30, "document.querySelector('#answer .words')?.innerText.includes('server')").await;
        let words = page.text("document.querySelector('#answer .words').innerText").await;
        println!("{words}");
        assert!(words.contains("own server cannot be reached") && !words.contains("CORS"), "{words}");
        drop(asleep);

        page.click("#cardinality [data-value=\"8\"]").await;
        page.ready().await;
        page.click("#offline button").await;
        page.wait_for(60, "#offline[data-state=whole]").await;
    });
}
