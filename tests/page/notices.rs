//! Messages: where they lie, how long they stay, and what they call a file.

use crate::files::{made, ours};
use crate::visit::{DESKTOP, PHONE, Page, Visit};

/// The messages that lie over the chart, where they and the chart are.
const OVER_CHART: &str = "
    const chart = document.getElementById('chart').getBoundingClientRect();
    return [...document.querySelectorAll('.notice')].map((notice) => notice.getBoundingClientRect()).filter((notice) =>
        notice.right > chart.left && notice.left < chart.right && notice.bottom > chart.top && notice.top < chart.bottom
        && notice.top < innerHeight && notice.bottom > 0
    ).map(({ left, top, right, bottom }) => [left, top, right, bottom, chart.left, chart.top].join(' '))
";

async fn leaves_the_chart_free(page: &Page, what: &str) {
    for size in [DESKTOP, PHONE] {
        page.look(size, "light").await;
        page.script("scrollTo(0, 0)", vec![]).await;
        let over = page.script(OVER_CHART, vec![]).await;
        assert_eq!(over.as_array().map(Vec::len), Some(0), "{what}, {size:?}: {over}");
        let inside = "[...document.querySelectorAll('.notice')].map((notice) => notice.getBoundingClientRect())
            .every(({ left, top, right, bottom }) => left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight)";
        assert_eq!(page.text(inside).await, "true", "{what}, {size:?}: out of the window");
    }
    page.look(DESKTOP, "light").await;
}

#[test]
fn no_message_covers_the_chart() {
    Visit::new("?backend=cpu&runs=3&colour=blue").answers_only().forgives("404").run(async |page| {
        page.ready().await;
        page.wait_for(20, "#notices [data-kind=note]").await;
        leaves_the_chart_free(page, "a note").await;
        page.drop_file(&made("notes.txt", b"Dear diary, this is no picture.")).await;
        page.wait_for(20, "#notices [data-kind=error]").await;
        leaves_the_chart_free(page, "an error and a note").await;
        page.open_menu().await;
        page.type_into("#weights-url", &format!("{}nothing.safetensors", page.server.address)).await;
        page.click("#models form button").await;
        page.failure().await;
        leaves_the_chart_free(page, "three messages").await;
    });
}

#[test]
fn errors_stay_and_notes_leave_once_they_are_read() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.drop_file(&made("notes.txt", b"Dear diary, this is no picture.")).await;
        page.wait_for(20, "#notices [data-kind=error]").await;
        let paste = "new ClipboardEvent('paste', { bubbles: true, clipboardData: new DataTransfer() })";
        page.script(&format!("window.dispatchEvent({paste})"), vec![]).await;
        page.wait_for(5, "#notices [data-kind=note]").await;
        // As long as the pointer is on it, it is being read.
        let hover = |kind: &str| {
            format!("document.querySelector('#notices [data-kind=note]').dispatchEvent(new MouseEvent('{kind}'))")
        };
        page.script(&hover("mouseenter"), vec![]).await;
        tokio::time::sleep(std::time::Duration::from_millis(11_500)).await;
        page.script(&hover("mouseleave"), vec![]).await;
        page.wait(5, "!document.querySelector('#notices [data-kind=note]')").await;
        page.wait_for(1, "#notices [data-kind=error]").await;
    });
}

#[test]
fn long_file_names_are_shortened() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.drop_file(&made(&format!("{}.txt", "notes_of_a_long_journey_".repeat(4)), b"no picture")).await;
        page.wait_for(20, "#notices .notice").await;
        let notice = page.notices().await.remove(0);
        assert!(notice.starts_with("notes_of_a_long_journey_…") && notice.contains("_journey_.txt: "), "{notice}");
        let network = std::fs::read(ours("tests/data/golden/models/tiny_cifar3.weights.safetensors")).expect("weights");
        let short = &network[..network.len() / 2];
        page.drop_file(&made(&format!("{}.safetensors", "experiment-".repeat(6)), short)).await;
        page.wait(20, "document.querySelectorAll('#notices .notice').length == 2").await;
        assert!(page.notices().await[1].starts_with("experiment-experiment-ex…"));
    });
}
