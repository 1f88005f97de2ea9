//! The CPU beside a software adapter: offered because it is faster, chosen by a click or an address, with the same answers.

use crate::visit::{Page, Visit};

async fn logits(page: &Page) -> Vec<f64> {
    let text = page.attribute("#top", "data-logits").await;
    text.split(' ').map(|logit| logit.parse().expect("a number")).collect()
}

async fn median(page: &Page) -> f64 {
    page.wait_for(60, "#page[data-state=ready] #wall[data-runs=\"3\"]").await;
    page.number("Number(document.getElementById('wall').dataset.ms)").await
}

#[test]
fn the_cpu_is_offered_and_gives_the_same_answers() {
    Visit::new("?runs=3").tuned().run(async |page| {
        page.answer_to("Kitten").await;
        let (on_gpu, gpu_ms) = (logits(page).await, median(page).await);
        assert_eq!(page.attribute("#page", "data-backend").await, "webgpu");
        page.wait_for(60, "#offer").await;
        println!("{}", page.text("document.getElementById('where').innerText").await);
        page.click("#offer").await;
        page.wait_for(30, "#page[data-backend=cpu]").await;
        page.answer_to("Kitten").await;
        let (on_cpu, cpu_ms) = (logits(page).await, median(page).await);
        println!("{gpu_ms} ms by WebGPU, {cpu_ms} ms on the CPU");
        let peak = on_gpu.iter().fold(0.0_f64, |peak, logit| peak.max(logit.abs()));
        let apart = on_gpu.iter().zip(&on_cpu).fold(0.0_f64, |far, (a, b)| far.max((a - b).abs()));
        println!("{:.1e} of the peak apart", apart / peak);
        assert!(on_cpu.len() == 10 && apart < 1e-4 * peak, "{on_gpu:?}, {on_cpu:?}");
        // What was offered is taken; weights are f32 there.
        assert_eq!(page.text("document.getElementById('offer')").await, "null");
        assert_eq!(page.text("document.getElementById('weights').checkVisibility()").await, "false");
        let link = page.text("location.search").await;
        assert!(link.contains("backend=cpu"), "{link}");
        // The times of both are kept apart.
        page.click("#backend [data-value=webgpu]").await;
        page.wait_for(30, "#page[data-backend=webgpu][data-state=ready]").await;
        assert_eq!(median(page).await, gpu_ms);
        page.open(&link).await;
        page.wait_for(30, "#page[data-backend=cpu]").await;
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
    });
}
