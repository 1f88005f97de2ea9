//! Kernels are chosen by measurement on the first visit, kept for the next, and chosen again when asked.

use crate::visit::Visit;

const KEPT: &str = "Object.keys(localStorage).filter((key) => key.startsWith('cardinal.tuning.')).map((key) => localStorage[key]).join(' ')";

#[test]
fn kernels_are_chosen_by_measurement_and_kept() {
    Visit::new("?runs=3&backend=webgpu").run(async |page| {
        page.answer_to("Kitten").await;
        page.wait_for(60, "#tuned[data-tuning*=registers]").await;
        let (tuning, ms) = (page.attribute("#tuned", "data-tuning").await, page.attribute("#tuned", "data-ms").await);
        println!("{tuning} in {ms} ms: {}", page.text("document.getElementById('tuned').innerText").await);
        assert_eq!(tuning.split(',').count(), 5, "{tuning}");
        assert!(ms.parse::<u32>().is_ok_and(|ms| ms > 0), "{ms}: it was measured, not known");
        assert_eq!(page.text(KEPT).await, tuning);

        // What is kept is taken, whatever it says, and answers are the same.
        let all_narrow = "registers-small,registers-small,registers-small,registers-small,registers-small";
        page.text(&format!("Object.keys(localStorage).forEach((key) => localStorage[key] = '{all_narrow}')")).await;
        page.open("?runs=3&backend=webgpu").await;
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
        page.wait_for(60, &format!("#tuned[data-tuning=\"{all_narrow}\"][data-ms=kept]")).await;

        // Measured again when asked, and then not kept from before any more.
        page.wait_for(60, "#page[data-state=ready]").await;
        page.click("#tune").await;
        page.wait_for(60, "#tuned[data-ms]:not([data-ms=kept]):not([data-tuning=\"\"])").await;
        assert_eq!(page.text(KEPT).await, page.attribute("#tuned", "data-tuning").await);
        page.wait_for(60, "#page[data-state=ready]").await;
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");

        // A text that is not a tuning is measured again, without a message.
        page.text("Object.keys(localStorage).forEach((key) => localStorage[key] = 'fast')").await;
        page.open("?runs=3&backend=webgpu").await;
        page.answer_to("Kitten").await;
        page.wait_for(60, "#tuned[data-ms]:not([data-ms=kept]):not([data-tuning=\"\"])").await;
    });
}
