//! The CPU beside a software adapter: where the page begins, because it is faster. WebGPU is one click away, with the same answers.

use crate::visit::{Page, Visit};

/// Counts the shaders that are compiled.
const COMPILED: &str = "
    const make = GPUDevice.prototype.createShaderModule;
    self.compiled = 0;
    GPUDevice.prototype.createShaderModule = function (how) {
        compiled += 1;
        return make.call(this, how);
    };";

async fn logits(page: &Page) -> Vec<f64> {
    let text = page.attribute("#top", "data-logits").await;
    text.split(' ').map(|logit| logit.parse().expect("a number")).collect()
}

async fn median(page: &Page) -> f64 {
    page.wait_for(60, "#page[data-state=ready] #wall[data-runs=\"3\"]").await;
    page.number("Number(document.getElementById('wall').dataset.ms)").await
}

/// Waits for the offer of the other backend, and takes it.
async fn take_offer(page: &Page, backend: &str, button: &str) {
    page.wait_for(30, &format!("#offer[data-value={backend}]")).await;
    let words = page.text("document.getElementById('where').innerText").await;
    println!("{words}");
    assert_eq!(words, format!("No GPU here: the browser is emulating one. The CPU is much faster. {button}"));
    page.click("#offer").await;
    page.wait_for(30, &format!("#page[data-backend={backend}]")).await;
}

#[test]
fn beside_a_software_adapter_the_cpu_is_first_and_answers_are_the_same() {
    Visit::new("?runs=3").tuned().worker_script(COMPILED).run(async |page| {
        page.answer_to("Kitten").await;
        assert_eq!(page.attribute("#page", "data-backend").await, "cpu");
        let (on_cpu, cpu_ms) = (logits(page).await, median(page).await);
        // Weights are f32 there.
        assert_eq!(page.text("document.getElementById('weights').checkVisibility()").await, "false");
        assert_eq!(page.number_in_worker("compiled").await, 0.0, "nothing is compiled for what does not run");
        assert!(
            page.text("document.getElementById('adapter-told').textContent").await.contains("The CPU is much faster")
        );
        assert!(!page.text("location.search").await.contains("backend"), "nobody chose it");

        take_offer(page, "webgpu", "Run on WebGPU").await;
        page.answer_to("Kitten").await;
        let (on_gpu, gpu_ms) = (logits(page).await, median(page).await);
        println!("{gpu_ms} ms by WebGPU, {cpu_ms} ms on the CPU");
        let peak = on_gpu.iter().fold(0.0_f64, |peak, logit| peak.max(logit.abs()));
        let apart = on_gpu.iter().zip(&on_cpu).fold(0.0_f64, |far, (a, b)| far.max((a - b).abs()));
        println!("{:.1e} of the peak apart", apart / peak);
        assert!(on_cpu.len() == 10 && apart < 1e-4 * peak, "{on_gpu:?}, {on_cpu:?}");
        let link = page.text("location.search").await;
        assert!(link.contains("backend=webgpu"), "{link}");

        // The times of both are kept apart.
        take_offer(page, "cpu", "Run on the CPU").await;
        page.wait_for(30, "#page[data-backend=cpu][data-state=ready]").await;
        assert_eq!(median(page).await, cpu_ms);
        let link = page.text("location.search").await;
        assert!(link.contains("backend=cpu"), "{link}");
        page.open(&link).await;
        page.wait_for(30, "#page[data-backend=cpu]").await;
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
    });
}
