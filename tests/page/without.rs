//! Without WebGPU, without an adapter, with an adapter whose limits are too low, and when the device is lost: the page says so and
//! answers on the CPU. Where a visitor still chooses the GPU, it says why there is none, and stays usable.

use crate::files::ours;
use crate::visit::{DEVICES, Page, Visit, has_words};

/// In the page and in its worker.
pub const NO_WEBGPU: &str = "delete Object.getPrototypeOf(navigator).gpu;";
const NO_ADAPTER: &str = "
    const requestAdapter = GPU.prototype.requestAdapter;
    GPU.prototype.requestAdapter = async () => null;
    self.plugIn = () => { GPU.prototype.requestAdapter = requestAdapter; };
";
const SMALL: &str =
    "Object.defineProperty(GPUSupportedLimits.prototype, 'maxStorageBufferBindingSize', { get: () => 1 << 20 });";
const REFUSED: &str =
    "GPUAdapter.prototype.requestDevice = async () => { throw new DOMException('not today', 'OperationError'); };";
/// The page runs on the CPU and says why; returns the reason it gives.
async fn answers_on_the_cpu(page: &Page, state: &str, wanted: &[&str]) {
    let top = page.answer_to("Kitten").await;
    assert_eq!((top.len(), top[0].0.as_str()), (5, "cat"));
    assert_eq!(page.attribute("#page", "data-backend").await, "cpu");
    assert_eq!(page.attribute("#adapter", "data-state").await, state);
    let text = page.text("document.getElementById('where').innerText").await;
    println!("{state}: {text}");
    has_words(&text, wanted);
    has_words(&text, &["Running on the CPU"]);
}

/// The page of a visitor who chooses a missing GPU: message, drawing, table, picture, dial.
async fn stands(page: &Page, state: &str, wanted: &[&str]) -> String {
    page.wait_for(30, &format!("#answer[data-state=\"{state}\"]")).await;
    let text = page.text("document.querySelector('#answer .words').innerText").await;
    println!("{state}: {text}");
    has_words(&text, wanted);
    assert_eq!(page.attribute("#answer .words", "role").await, "alert");
    assert_eq!(page.attribute("#adapter", "data-state").await, state);
    page.wait_for(30, "#picture[data-picture=\"Kitten\"] img").await;
    assert_eq!(page.number("document.querySelectorAll('#drawing .part').length").await, 8.0);
    page.click("#cardinality [data-value=\"32\"]").await;
    page.wait_for(5, "#drawing .part[data-channels=\"64→128→256, 32×4\"], #drawing .part[data-channels*=\", 32×\"]")
        .await;
    assert_eq!(page.number("document.querySelectorAll('#drawing .part').length").await, 8.0);
    page.click("#cardinality [data-value=\"8\"]").await;
    text
}

#[test]
fn without_webgpu_the_message_stands() {
    Visit::new("?backend=webgpu").script(NO_WEBGPU).worker_script(NO_WEBGPU).run(async |page| {
        stands(page, "no-webgpu", &["This browser has no WebGPU", "Firefox", "Try again"]).await;
        assert_eq!(page.text_in_worker("navigator.gpu").await, "undefined");
        // A picture is still shown.
        page.drop_file(&ours("assets/samples/horses.jpg")).await;
        page.wait_for(30, "#picture[data-picture=\"horses.jpg\"] img").await;
    });
}

/// WebGPU on the page but not in workers, as Firefox and Safari had it for a time: the network runs in the worker.
#[test]
fn webgpu_in_the_page_alone_is_told_so() {
    Visit::new("?runs=3").answers_only().worker_script(NO_WEBGPU).run(async |page| {
        assert_eq!(page.text("navigator.gpu").await, "[object GPU]");
        answers_on_the_cpu(page, "no-webgpu", &["has WebGPU, but not in workers"]).await;
    });
}

/// Everything works on the CPU: picture, every cardinality, times of every block, accuracy.
#[test]
fn without_webgpu_the_cpu_answers() {
    Visit::new("?runs=3").script(NO_WEBGPU).worker_script(NO_WEBGPU).run(async |page| {
        answers_on_the_cpu(page, "no-webgpu", &["This browser has no WebGPU", "Firefox"]).await;
        page.drop_file(&ours("assets/samples/horses.jpg")).await;
        assert_eq!(page.answer_to("horses.jpg").await[0].0, "horse");
        let median = page.number("Number(document.getElementById('wall').dataset.ms)").await;
        assert!(median > 0.0 && page.attribute("#gpu", "data-ms").await == "null");
        println!("{median} ms to the answer");
        page.wait(5, "document.getElementById('network').innerText.includes(' ms of ')").await;
        page.click("#cardinality [data-value=\"32\"]").await;
        page.wait_for(30, "#page[data-state=\"ready\"] #latency tr[data-cardinality=\"32\"][data-runs=\"3\"]").await;
        page.click("#cardinality [data-value=\"8\"]").await;
        page.click("#measure").await;
        page.wait_for(60, "#measuring[data-state=done]").await;
        // An address of the CPU's visitor does not ask for it.
        assert!(!page.text("location.search").await.contains("backend"));
    });
}

#[test]
fn without_an_adapter_the_cpu_answers_until_there_is_one() {
    Visit::new("?runs=3").worker_script(NO_ADAPTER).run(async |page| {
        answers_on_the_cpu(page, "no-adapter", &["found no GPU", "hardware acceleration"]).await;
        page.in_worker("plugIn()", vec![]).await;
        page.click("#find-gpu").await;
        page.wait_for(30, "#adapter[data-state=software]").await;
        // It is a software one, which takes a choice.
        assert_eq!(page.attribute("#page", "data-backend").await, "cpu");
        page.click("#offer").await;
        page.wait_for(30, "#page[data-backend=webgpu]").await;
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
    });
}

#[test]
fn a_message_stands_until_there_is_an_adapter() {
    Visit::new("?runs=3&backend=webgpu").worker_script(NO_ADAPTER).run(async |page| {
        stands(page, "no-adapter", &["found no GPU", "hardware acceleration"]).await;
        page.in_worker("plugIn()", vec![]).await;
        page.click("#again").await;
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
        assert_eq!(page.attribute("#adapter", "data-state").await, "software");
    });
}

#[test]
fn an_adapter_that_is_too_small_is_told_so() {
    Visit::new("?backend=webgpu").worker_script(SMALL).run(async |page| {
        let wanted = ["too low", "maxStorageBufferBindingSize", "1048576", "Choose a smaller"];
        stands(page, "limits", &wanted).await;
    });
}

#[test]
fn a_device_that_is_refused_is_told_so() {
    Visit::new("?backend=webgpu").worker_script(REFUSED).run(async |page| {
        stands(page, "device", &["could not be opened", "not today"]).await;
        // From the message to the CPU is one click.
        page.set("#backend [data-value=cpu]").await;
        answers_on_the_cpu(page, "device", &["not today"]).await;
    });
}

#[test]
fn a_lost_device_is_replaced() {
    Visit::new("?runs=3&backend=webgpu").tuned().worker_script(DEVICES).run(async |page| {
        page.answer_to("Kitten").await;
        // Idle: the loss shows with the next picture.
        page.in_worker("devices[0].destroy()", vec![]).await;
        page.drop_file(&ours("assets/samples/kingfisher.jpg")).await;
        assert_eq!(page.answer_to("kingfisher.jpg").await[0].0, "bird");
        assert_eq!(page.number_in_worker("devices.length").await, 2.0);
        let notices = page.notices().await;
        println!("{notices:?}");
        assert!(notices.iter().any(|text| text.contains("GPU was lost")), "{notices:?}");
        // At work: in the middle of the measurement.
        page.set("#runs [data-value=\"100\"]").await;
        page.wait_for(30, "#page[data-state=\"running\"]").await;
        page.in_worker("devices[1].destroy()", vec![]).await;
        page.wait_in_worker(30, "devices.length === 3").await;
        page.set("#runs [data-value=\"3\"]").await;
        page.drop_file(&ours("assets/samples/horses.jpg")).await;
        assert_eq!(page.answer_to("horses.jpg").await[0].0, "horse");
    });
}
