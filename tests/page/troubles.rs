//! Troubles of adapter and device that nobody meets every day: no answer, no information, no adapter for who wishes the fastest, a
//! loss that repeats itself, a driver that hangs. The page never waits for ever, and says what it does instead.
//!
//! The adapter is disguised as a GPU, so that WebGPU is the default.

use crate::files::ours;
use crate::visit::{DEVICES, Page, Visit};

/// The software adapter under the name of a GPU.
const GPU: &str = "
    const info = { vendor: 'nvidia', architecture: 'ada', description: '', isFallbackAdapter: false };
    for (const name in info) Object.defineProperty(GPUAdapterInfo.prototype, name, { get: () => info[name] });
    const requestAdapter = GPU.prototype.requestAdapter;
";

fn visit(trouble: &str) -> Visit {
    Visit::new("?runs=3").answers_only().worker_script(&format!("{GPU}{DEVICES}{trouble}"))
}

/// The first answer comes from the CPU, and the page says why.
async fn answers_on_the_cpu(page: &Page, state: &str, words: &str) {
    assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
    assert_eq!(page.attribute("#page", "data-backend").await, "cpu");
    assert_eq!(page.attribute("#adapter", "data-state").await, state);
    let text = page.text("document.getElementById('where').innerText").await;
    assert_eq!(text, format!("Running on the CPU. {words} Look for a GPU again"));
}

async fn answers_on_the_gpu(page: &Page) {
    page.wait_for(30, "#page[data-backend=webgpu]").await;
    assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
    assert_eq!(page.attribute("#page", "data-backend").await, "webgpu");
    assert_eq!(page.attribute("#adapter", "data-state").await, "hardware");
}

const NO_ANSWER: &str = "The browser did not answer within 5 s when asked for a GPU.";

/// Neither the adapter nor the device ever comes, or, here, only when the test says so.
#[test]
fn a_browser_that_does_not_answer_is_not_waited_for() {
    for held in ["GPU.prototype.requestAdapter", "GPUAdapter.prototype.requestDevice"] {
        let trouble = format!(
            "const ask = {held};
            const held = new Promise((resolve) => {{ self.letGo = resolve }});
            {held} = async function (...args) {{ await held; return ask.apply(this, args) }};"
        );
        visit(&trouble).run(async |page| {
            answers_on_the_cpu(page, "no-answer", NO_ANSWER).await;
            // A late answer is taken up.
            page.in_worker("letGo()", vec![]).await;
            answers_on_the_gpu(page).await;
            assert!(page.notices().await.is_empty());
        });
    }
}

#[test]
fn who_gets_no_adapter_for_the_fastest_asks_for_any() {
    let trouble = "GPU.prototype.requestAdapter = async function (how) {
        return how?.powerPreference ? null : requestAdapter.call(this, how);
    };";
    visit(trouble).run(answers_on_the_gpu);
}

#[test]
fn an_adapter_without_information_is_an_unnamed_gpu() {
    let trouble = "
        Object.defineProperty(GPUAdapter.prototype, 'info', { get: () => undefined });
        Object.defineProperty(GPUDevice.prototype, 'adapterInfo', { get: () => undefined });";
    visit(trouble).run(async |page| {
        answers_on_the_gpu(page).await;
        let chip = page.text("document.getElementById('adapter').innerText").await;
        assert!(chip.contains("an unnamed GPU"), "{chip}");
    });
}

/// Each device is lost before anything ran on it. Two more are tried, with a moment between.
#[test]
fn a_device_that_is_lost_each_time_is_given_up() {
    let trouble = "
        const open = GPUAdapter.prototype.requestDevice;
        GPUAdapter.prototype.requestDevice = async function (...args) {
            const device = await open.apply(this, args);
            setTimeout(() => device.destroy(), 50);
            return device;
        };
        GPUBuffer.prototype.mapAsync = function () { return new Promise((_, reject) => setTimeout(reject, 200)) };";
    visit(trouble).run(async |page| {
        answers_on_the_cpu(page, "lost", "The GPU was lost several times in a row.").await;
        assert_eq!(page.number_in_worker("devices.length").await, 3.0);
        let notices = page.notices().await;
        assert!(notices.iter().any(|text| text == "The GPU was lost. Now running on the CPU."), "{notices:?}");
    });
}

/// Lost at rest, as after the browser's GPU process has crashed for good: noticed at once, without a click.
#[test]
fn a_gpu_that_is_lost_and_not_found_again_leaves_the_cpu() {
    visit("").run(async |page| {
        answers_on_the_gpu(page).await;
        page.in_worker("GPU.prototype.requestAdapter = async () => null; devices[0].destroy()", vec![]).await;
        page.wait_for(30, "#page[data-backend=cpu]").await;
        // The answer stays, dimmed, until the CPU's is there.
        assert!(page.top().await[0].0 == "cat");
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
        assert_eq!(page.notices().await, ["The GPU was lost. Now running on the CPU."]);
    });
}

#[test]
fn a_driver_that_hangs_is_given_up() {
    visit("").run(async |page| {
        answers_on_the_gpu(page).await;
        page.in_worker("GPUBuffer.prototype.mapAsync = () => new Promise(() => {})", vec![]).await;
        page.drop_file(&ours("assets/samples/horses.jpg")).await;
        page.wait_for(30, "#answer[data-state=stale]").await;
        assert_eq!(page.top().await[0].0, "cat", "the answer stays");
        assert_eq!(page.answer_to("horses.jpg").await[0].0, "horse");
        assert_eq!(page.attribute("#page", "data-backend").await, "cpu");
        assert_eq!(page.notices().await, ["The GPU stopped answering. Now running on the CPU."]);
    });
}

/// Who has chosen the GPU reads why there is none, without the times of an answer that is not shown.
#[test]
fn a_chosen_gpu_that_is_lost_each_time_says_why() {
    let lost = "
        self.broken = false;
        const map = GPUBuffer.prototype.mapAsync;
        GPUBuffer.prototype.mapAsync = function (...args) {
            if (!broken) return map.apply(this, args);
            devices.at(-1).destroy();
            return Promise.reject(new DOMException('lost', 'AbortError'));
        };";
    Visit::new("?runs=3&backend=webgpu").answers_only().worker_script(&format!("{GPU}{DEVICES}{lost}")).run(
        async |page| {
            answers_on_the_gpu(page).await;
            page.in_worker("broken = true", vec![]).await;
            page.drop_file(&ours("assets/samples/horses.jpg")).await;
            page.wait_for(60, "#answer[data-state=lost]").await;
            let text = page.text("document.querySelector('#answer .words').innerText").await;
            assert!(
                text.contains("lost several times in a row.") && text.contains("Try again") && !text.contains(".."),
                "{text}"
            );
            assert_eq!(page.text("document.getElementById('timing').innerText.trim()").await, "");
            page.in_worker("broken = false", vec![]).await;
            page.click("#again").await;
            assert_eq!(page.answer_to("horses.jpg").await[0].0, "horse");
        },
    );
}

/// Decoded pixels are freed, also those of pictures that a newer one replaced while the browser decoded them.
#[test]
fn every_bitmap_is_closed() {
    let counted = "
        self.bitmaps = { made: 0, closed: 0 };
        const make = self.createImageBitmap;
        self.createImageBitmap = async (...args) => {
            bitmaps.made += 1;
            const bitmap = await make(...args);
            await new Promise((resolve) => setTimeout(resolve, 100));
            return bitmap;
        };
        const close = ImageBitmap.prototype.close;
        ImageBitmap.prototype.close = function () { bitmaps.closed += 1; close.call(this) };";
    Visit::new("?runs=3&backend=cpu").answers_only().worker_script(counted).run(async |page| {
        page.answer_to("Kitten").await;
        for _ in 0..5 {
            page.drop_file(&ours("assets/samples/kingfisher.jpg")).await;
            page.drop_file(&ours("assets/samples/horses.jpg")).await;
        }
        assert_eq!(page.answer_to("horses.jpg").await[0].0, "horse");
        page.wait_in_worker(10, "bitmaps.closed === bitmaps.made").await;
        assert!(page.number_in_worker("bitmaps.made").await > 2.0);
    });
}

/// A device that was lost leaves no listener behind.
#[test]
fn no_listener_stays_behind_a_lost_device() {
    visit("").run(async |page| {
        answers_on_the_gpu(page).await;
        page.in_worker("devices[0].destroy()", vec![]).await;
        page.wait_in_worker(30, "devices.length === 2").await;
        page.ready().await;
        page.wait_in_worker(10, "devices[0].onuncapturederror === null").await;
        assert_eq!(page.text_in_worker("devices[1].onuncapturederror !== null").await, "true");
    });
}
