//! The page's use of the device: it frees what it no longer uses, and does without a kernel that the device refuses.

use cardinal::kernels::conv2d_pointwise::Tile;

use crate::visit::{GPU_BUDGET, GPU_BYTES, GPU_COUNTED, Page, Visit, has_words};

#[test]
fn the_gpu_holds_what_is_shown_and_no_more() {
    Visit::new("?runs=3&backend=webgpu").tuned().worker_script(GPU_COUNTED).run(async |page| {
        page.answer_to("Kitten").await;
        page.idle().await;
        let first = page.number_in_worker(GPU_BYTES).await;
        let shown: f64 = 2.5e6;
        assert!(first > shown, "{first} bytes: a network is on the GPU");
        for cardinality in [1, 32, 8] {
            page.click(&format!("#cardinality [data-value=\"{cardinality}\"]")).await;
            page.wait_for(60, &format!("#page[data-cardinality=\"{cardinality}\"][data-state=\"ready\"]")).await;
        }
        page.idle().await;
        let (last, queries) = (page.number_in_worker(GPU_BYTES).await, page.number_in_worker("live.most").await);
        println!("{first} bytes at first, {last} after three turns of the dial; at most {queries} query sets");
        assert_eq!(last, first);
        assert!(queries <= 2.0, "{queries} query sets at a time");
    });
}

/// Turns the dial, and waits until all that follows is done.
async fn turned(page: &Page, cardinality: usize, backend: &str, weights: &str) {
    page.click(&format!("#cardinality [data-value=\"{cardinality}\"]")).await;
    let is_done = format!(
        "#page[data-cardinality=\"{cardinality}\"][data-state=ready][data-backend={backend}][data-weights={weights}]"
    );
    page.wait_for(60, &is_done).await;
}

/// A device without room for a network in f32 gets it in f16, and the CPU what it has no room for at all.
#[test]
fn a_device_out_of_memory_gets_less_and_the_cpu_the_rest() {
    let script = format!("{GPU_COUNTED}{GPU_BUDGET}");
    Visit::new("?runs=3&backend=webgpu").answers_only().worker_script(&script).run(async |page| {
        page.answer_to("Kitten").await;
        page.ready().await;
        page.in_worker(&format!("self.budget = 0.75 * {GPU_BYTES}"), vec![]).await;
        turned(page, 32, "webgpu", "f16").await;
        assert_eq!(page.attribute("#answer", "data-state").await, "fresh");
        let notices = page.notices().await;
        has_words(
            &notices[0],
            &[
                "The GPU has no memory left for ResNeXt-20",
                "which needs 8.",
                "MB",
                "with the fused plan and f16 weights",
            ],
        );
        assert_eq!(notices.len(), 1, "{notices:?}");

        page.in_worker("self.budget = 1e5", vec![]).await;
        turned(page, 1, "cpu", "f32").await;
        assert_eq!(page.answer_to("Kitten").await.len(), 5);
        let notices = page.notices().await;
        assert!(notices.iter().any(|notice| notice.contains("It runs on the CPU now")), "{notices:?}");
        let note = page.text("document.getElementById('where').innerText").await;
        has_words(&note, &["Running on the CPU", "no memory for this network", "Try the GPU again"]);

        page.in_worker("self.budget = Infinity", vec![]).await;
        page.dismiss_notices().await;
        page.click("#find-gpu").await;
        page.wait_for(60, "#page[data-state=ready][data-backend=webgpu][data-weights=f32]").await;
    });
}

/// The method that is present does not compile where tuning asks for it: another takes its place.
#[test]
fn a_kernel_that_the_device_refuses_is_done_without() {
    let broken = format!(
        "const make = GPUDevice.prototype.createShaderModule;
        self.broken = 0;
        GPUDevice.prototype.createShaderModule = function (how) {{
            const only = how.label.includes('.pixels_{}.k_step');
            broken += only;
            return make.call(this, only ? {{ ...how, code: 'this is no WGSL' }} : how);
        }};",
        Tile::LARGE.pixels
    );
    // Chromium logs a shader that does not compile to the console, even where the error is caught.
    Visit::new("?runs=3&backend=webgpu").forgives("WGSL").worker_script(&broken).run(async |page| {
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
        page.wait_for(60, "#tuned:not([data-tuning=\"\"])").await;
        page.ready().await;
        assert!(page.number_in_worker("broken").await > 0.0);
        assert_eq!(page.attribute("#answer", "data-state").await, "fresh");
        let tuning = page.attribute("#tuned", "data-tuning").await;
        assert!(tuning.starts_with("registers-small,"), "{tuning}");
        assert!(page.notices().await.is_empty());
    });
}

/// No failure after the answer removes it.
#[test]
fn what_fails_after_the_answer_leaves_it() {
    // The query set of the profile, which has a pair for every dispatch, is refused.
    let broken = "
        const make = GPUDevice.prototype.createQuerySet;
        GPUDevice.prototype.createQuerySet = function (how) {
            return make.call(this, how.count > 8 ? { ...how, count: 5000 } : how);
        };";
    Visit::new("?runs=3&backend=webgpu")
        .tuned()
        .forgives("QuerySet")
        .forgives("CommandBuffer")
        .worker_script(broken)
        .run(async |page| {
            assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
            page.wait(60, "document.querySelector('#notices').innerText.includes('refused a command')").await;
            page.ready().await;
            assert_eq!(page.attribute("#answer", "data-state").await, "fresh");
            assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
        });
}

/// A visitor can choose something else while a server does not answer.
#[test]
fn what_never_comes_is_turned_away_from() {
    let silent = "
        const ask = self.fetch;
        self.fetch = (what, how) => String(what.url ?? what).includes('32x2d') ? new Promise(() => {}) : ask(what, how);";
    Visit::new("?backend=cpu&runs=3").answers_only().worker_script(silent).run(async |page| {
        let first = page.answer_to("Kitten").await;
        page.ready().await;
        page.click("#cardinality [data-value=\"32\"]").await;
        page.wait_for(30, "#page[data-cardinality=\"32\"][data-state=\"loading\"]").await;
        page.click("#cardinality [data-value=\"8\"]").await;
        page.wait_for(30, "#page[data-cardinality=\"8\"][data-state=\"ready\"]").await;
        assert_eq!(page.answer_to("Kitten").await, first);
    });
}
