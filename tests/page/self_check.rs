//! The self-check: known values through each kernel of the network on this device. A kernel that the test plants a mistake in is
//! caught, and the network goes on with another one or on the CPU.

use crate::visit::{Page, Visit};

/// What a check may take on a software adapter, in milliseconds, on an idle machine.
const BAR_MS: f64 = 2000.0;

/// Plants a mistake in each shader whose label has one of these words: rows begin a pixel further down than they should.
fn mistake_in(labels: &str) -> String {
    format!(
        "const create = GPUDevice.prototype.createShaderModule;
        self.planted = 0;
        GPUDevice.prototype.createShaderModule = function (descriptor) {{
            const {{ label, code }} = descriptor;
            if (!{labels}.test(label)) return create.call(this, descriptor);
            const wrong = code.replace('let ih0 = i32(oh * STRIDE)', 'let ih0 = 1 + i32(oh * STRIDE)');
            if (wrong !== code) planted += 1;
            return create.call(this, {{ ...descriptor, code: wrong }});
        }};"
    )
}

/// What the chip says where it is pointed at.
async fn told(page: &Page) -> String {
    page.text("document.getElementById('adapter-told').textContent").await
}

async fn diagnostics(page: &Page) -> String {
    // On a phone messages lie over the settings until they are dismissed.
    page.dismiss_notices().await;
    page.tab.grant(&["clipboardReadWrite", "clipboardSanitizedWrite"]).await;
    page.script(
        "if (document.getElementById('settings-controls').hidden) document.getElementById('change').click()",
        vec![],
    )
    .await;
    page.wait(5, "!document.getElementById('settings-controls').hidden").await;
    page.click("#copy-diagnostics").await;
    page.wait(5, "document.querySelector('#copy-diagnostics.copied')").await;
    let copied = page.script("return navigator.clipboard.readText()", vec![]).await;
    copied.as_str().unwrap_or_default().to_owned()
}

fn number_after(text: &str, before: &str) -> f64 {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("`{before}` in {text}")).1;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("a number after `{before}` in {text}"))
}

#[test]
fn the_kernels_of_this_device_are_checked_and_the_diagnostics_say_how() {
    Visit::new("?backend=webgpu&runs=3").tuned().run(async |page| {
        page.answer_to("Kitten").await;
        page.wait_for(60, "#adapter[data-check=passed]").await;
        let words = told(page).await;
        assert!(words.contains("kernels of this network give what the CPU gives"), "{words}");
        page.wait_for(60, "#page[data-state=ready]").await;

        let text = diagnostics(page).await;
        let ms = number_after(&text, " kernels in ");
        println!("{text}\nself-check on the software adapter: {ms} ms (bar: {BAR_MS} ms)");
        assert!(ms <= 3.0 * BAR_MS, "{ms} ms");
        for words in [
            "Browser: Mozilla",
            "SwiftShader",
            "shader-f16: ",
            "maxBufferSize: ",
            "Network: ResNeXt-20 8×8d, 10 classes, fused, f32, on WebGPU",
            "(kept from an earlier visit)",
            "Self-check: passed",
            "layer3.1.conv2",
            "Last errors: none",
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
        let origin = page.text("location.host").await;
        assert!(!text.contains(&origin) && !text.contains("itten"), "{text}");

        // Another stop has other kernels, and is checked in its turn.
        page.click("#cardinality [data-value=\"1\"]").await;
        page.wait_for(60, "#page[data-cardinality=\"1\"][data-state=ready]").await;
        page.wait_for(60, "#adapter[data-check=passed]").await;
        // The CPU needs no check.
        page.click("#offer").await;
        page.wait_for(60, "#page[data-backend=cpu][data-state=ready]").await;
        page.wait_for(5, "#adapter:not([data-check])").await;
    });
}

#[test]
fn a_wrong_kernel_is_caught_and_another_computes_the_answer() {
    let visit = Visit::new("?backend=webgpu&runs=3").tuned();
    visit.worker_script(&mistake_in("/conv2d_grouped.*pixels_4/")).run(async |page| {
        page.wait_for(60, "#notices .notice.error").await;
        let notices = page.notices().await;
        assert!(
            notices.iter().all(|text| text.starts_with("The self-check found that SwiftShader gives results ")),
            "{notices:?}"
        );
        assert!(notices[0].contains("% of the peak off for ") && notices[0].contains("conv"), "{notices:?}");
        assert!(
            notices[0].ends_with("Another kernel computes it now, and the picture was classified again."),
            "{notices:?}"
        );
        page.wait_for(60, "#adapter[data-check=passed]").await;
        assert_eq!(page.notices().await, notices, "one kernel was wrong");
        assert!(page.number_in_worker("planted").await >= 1.0);
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat", "the wrong kernel is not used any more");
        assert_eq!(page.attribute("#page", "data-backend").await, "webgpu");
        page.wait_for(60, "#page[data-state=ready]").await;
        let text = diagnostics(page).await;
        assert!(
            text.contains("Self-check: passed") && text.contains("The self-check found that SwiftShader"),
            "{text}"
        );
    });
}

#[test]
fn a_gpu_without_a_right_kernel_is_not_used() {
    let visit = Visit::new("?backend=webgpu&runs=3").tuned();
    visit.worker_script(&mistake_in("/conv2d_(grouped|implicit)/")).run(async |page| {
        page.wait_for(60, "#page[data-backend=cpu][data-state=ready]").await;
        assert_eq!(page.attribute("#adapter", "data-state").await, "wrong-results");
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
        let notices = page.notices().await;
        assert!(notices.last().is_some_and(|text| text.contains("Now running on the CPU.")), "{notices:?}");
        let text = page.text("document.getElementById('where').innerText").await;
        assert!(text.starts_with("Running on the CPU. This GPU computes something else than it should"), "{text}");
        let text = diagnostics(page).await;
        assert!(text.contains(" WRONG: ") && text.contains("computes something else"), "{text}");
        // Whoever asks for it again gets the same verdict, and the CPU again.
        page.click("#find-gpu").await;
        page.wait_for(60, "#page[data-backend=webgpu]").await;
        page.wait_for(60, "#page[data-backend=cpu][data-state=ready]").await;
    });
}
