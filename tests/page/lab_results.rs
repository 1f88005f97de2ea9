//! Results of the laboratory: kept over a reload, copied and read back, laid over each other, and saved.

use std::fs;

use cardinal::protocol::Agreement;
use cardinal::view::lab::{FORMAT, LabResult, Stop, VERSION, read};

use crate::files::made;
use crate::laboratory::{column, marks, open};
use crate::visit::{Page, Visit, has_words};

const QUERY: &str = "?backend=cpu&runs=3";
const STORED: &str = "Object.keys(localStorage).filter(key => key.startsWith('cardinal.result.')).length";
const TOLD: &str = "document.getElementById('result-told').innerText";

/// A result of two stops.
fn result(date: &str, adapter: &str, ms: [f64; 2]) -> LabResult {
    let stop = |cardinality: usize, template: &str, ms: f64| Stop {
        cardinality,
        template: template.into(),
        parameters: 312_000 + cardinality as u64,
        multiply_adds: 41_000_000,
        runs: 5,
        median_ms: Some(ms),
        p10_ms: Some(ms - 0.5),
        p90_ms: Some(ms + 0.75),
        accuracy: (cardinality == 8).then_some(0.8834),
        ..Stop::default()
    };
    LabResult {
        format: FORMAT.into(),
        version: VERSION,
        date: date.into(),
        adapter: adapter.into(),
        backend: "WebGPU".into(),
        browser: "Firefox 145, Linux".into(),
        network: "ResNeXt-20".into(),
        input_size: 32,
        plan: "fused".into(),
        weights: "f32".into(),
        agreement: Some(Agreement { network: "ResNeXt-20 8×8d".into(), difference: 2.5e-6 }),
        stops: vec![stop(4, "4×15d", ms[0]), stop(8, "8×8d", ms[1])],
        ..LabResult::default()
    }
}

pub fn mine() -> LabResult {
    result("2026-11-26T08:15:00.000Z", "SwiftShader", [12.3457, 24.125])
}

pub fn theirs() -> LabResult {
    result("2026-11-27T09:30:00.000Z", "NVIDIA Ada <b>", [1.25, 2.5])
}

async fn medians(page: &Page, table: &str) -> Vec<f64> {
    let rows = page.list(&format!("document.querySelectorAll('#{table} tbody tr'), row => row.dataset.ms")).await;
    rows.iter().map(|ms| ms.parse().expect("milliseconds")).collect()
}

/// Puts a text into the field for results, as pasting does.
async fn paste(page: &Page, text: &str) {
    page.type_into("#result-text", text).await;
}

#[test]
fn a_measured_result_is_kept_copied_and_read_back() {
    Visit::new(QUERY).answers_only().run(async |page| {
        page.ready().await;
        page.tab.grant(&["clipboardReadWrite", "clipboardSanitizedWrite"]).await;
        open(page).await;
        assert_eq!(page.number(STORED).await, 0.0);
        page.click("#measure-stops [data-do=measure]").await;
        page.wait_for(60, "#measure-stops[data-running=false][data-done=\"18\"]").await;
        page.wait(10, format_args!("{STORED} === 1")).await;
        let shown = medians(page, "stops").await;
        assert_eq!(shown.len(), 6);

        // Closed it is gone with all that it costs; opened again it has lost nothing.
        let width = "document.getElementById('stops-chart').getAttribute('width')";
        let wide = page.text(width).await;
        assert_ne!(wide, "900", "its own width was measured");
        page.click("#laboratory summary").await;
        page.wait(5, "!document.getElementById('stops')").await;
        open(page).await;
        assert_eq!(medians(page, "stops").await, shown);
        page.wait(5, format_args!("{width} === '{wide}'")).await;

        page.click("#bring [data-do=copy]").await;
        page.wait(5, format_args!("{TOLD}.startsWith('Copied')")).await;
        let copied = page.script("return navigator.clipboard.readText()", vec![]).await;
        let copied = copied.as_str().expect("a text");
        assert!(copied.len() < 4000 && !copied.contains("http"), "{copied}");
        let own = read(copied).expect("a result");
        assert_eq!(
            own.stops.iter().map(|stop| stop.median_ms).collect::<Vec<_>>(),
            shown.iter().copied().map(Some).collect::<Vec<_>>()
        );
        assert_eq!(
            (own.adapter.as_str(), own.plan.as_str(), own.network.as_str(), own.input_size),
            ("CPU, 2 cores", "fused", "ResNeXt-20", 32)
        );
        assert!(own.browser.starts_with("headless Chrome ") && own.date.starts_with("20"), "{own:?}");
        let difference = own.agreement.as_ref().expect("SwiftShader and the CPU were compared").difference;
        assert!(difference > 0.0 && difference < 1e-3, "{difference}");
        let told = page.text("document.getElementById('agreement').innerText").await;
        assert!(told.contains(&format!("{difference:.1e}")), "{told}");

        // After a reload it is shown again, by itself. What is damaged is passed over.
        page.script("localStorage.setItem('cardinal.result.damaged', '{\"format\": \"cardinal-laboratory\"')", vec![])
            .await;
        page.open(QUERY).await;
        page.ready().await;
        open(page).await;
        assert_eq!(medians(page, "stops").await, shown);
        assert_eq!(page.attribute("#measure-stops", "data-done").await, "0", "nothing has run on this visit");
        assert_eq!(page.text("document.getElementById('shown-result').value").await, own.id());

        // Another visitor reads it.
        page.click("#results [data-do=remove]").await;
        page.wait(5, format_args!("{STORED} === 1")).await;
        page.wait(5, "!document.querySelector('#stops tbody tr[data-ms]')").await;
        paste(page, copied).await;
        page.wait_for(5, "#stops tbody tr[data-ms]").await;
        assert_eq!(medians(page, "stops").await, shown);
        let file = page.saved("#result-files [data-save=json]", "result", "cardinality_fused_cpu.json").await;
        assert_eq!(fs::read_to_string(file).expect("a text"), copied, "it goes round unchanged");
        assert!(page.notices().await.is_empty());
    });
}

/// `cargo xtask results --measure N` takes the file that this saves.
#[test]
fn a_result_of_the_software_adapter() {
    let runs: usize = std::env::var("CARDINAL_LAB_RUNS").map_or(3, |runs| runs.parse().expect("a number of runs"));
    Visit::new(format!("?backend=webgpu&runs={runs}")).tuned().alone().run(async |page| {
        page.ready().await;
        open(page).await;
        page.click("#measure-stops [data-do=measure]").await;
        page.wait_for(100, &format!("#measure-stops[data-running=false][data-done=\"{}\"]", 6 * runs)).await;
        let file =
            page.saved("#result-files [data-save=json]", "software-adapter", "cardinality_fused_webgpu.json").await;
        let result = read(&fs::read_to_string(file).expect("a text")).expect("a result");
        has_words(&result.adapter, &["SwiftShader"]);
        assert_eq!((result.backend.as_str(), result.tuning.is_empty()), ("WebGPU", false));
        assert!(
            result.stops.iter().all(|stop| stop.runs == runs && stop.median_ms.is_some_and(|ms| ms > 0.0)),
            "{result:?}"
        );
        assert!(result.agreement.is_some_and(|of| of.difference < 1e-3), "GPU and CPU");
    });
}

#[test]
fn two_results_lie_over_each_other() {
    Visit::new(QUERY).answers_only().run(async |page| {
        page.ready().await;
        // Dropped while the laboratory is closed: it opens.
        page.drop_file(&made("mine.json", mine().json().as_bytes())).await;
        page.wait_for(10, "#stops tbody tr[data-ms]").await;
        assert_eq!(medians(page, "stops").await, [12.3457, 24.125]);
        assert_eq!(marks(page, "latency", 1, "value").await, [0.0; 0]);
        page.choose_in("#choose-result", &made("theirs.json", theirs().json().as_bytes())).await;
        page.wait_for(10, "#stops-over tbody tr[data-ms]").await;
        has_words(&page.text(TOLD).await, &["Laid over", "NVIDIA Ada <b>"]);
        assert_eq!(medians(page, "stops").await, [12.3457, 24.125]);
        assert_eq!(medians(page, "stops-over").await, [1.25, 2.5]);
        assert_eq!(marks(page, "latency", 0, "value").await, [12.3457 / 1e3, 24.125 / 1e3]);
        assert_eq!(marks(page, "latency", 1, "value").await, [1.25 / 1e3, 2.5 / 1e3]);
        assert_eq!(marks(page, "latency", 1, "cardinality").await, [4.0, 8.0]);
        let shapes = "document.querySelectorAll('#stops-chart [data-panel=latency]'), mark => mark.tagName";
        assert_eq!(page.list(shapes).await, ["circle", "circle", "rect", "rect"], "told apart without colour");

        let csv = page.saved("#result-files [data-save=csv]", "over", "cardinality_fused_webgpu.csv").await;
        assert_eq!(column(&csv, "median_ms"), [12.3457, 24.125, 1.25, 2.5]);
        let svg = page.saved("#result-files [data-save=svg]", "over", "cardinality_fused_webgpu.svg").await;
        let svg = fs::read_to_string(svg).expect("a text");
        assert!(
            svg.contains("data-value=\"0.0025\"") && svg.contains("NVIDIA Ada &lt;b&gt;") && !svg.contains("var("),
            "{svg}"
        );
        let png = page.saved("#result-files [data-save=png]", "over", "cardinality_fused_webgpu.png").await;
        let png = image::open(png).expect("a picture").to_rgb8();
        assert_eq!(png.width(), 1800);
        let red = png.pixels().filter(|pixel| pixel.0 == [0xb3, 0x14, 0x2f]).count();
        assert!(red > 100 && png.get_pixel(0, 0).0 == [255; 3], "{red} red pixels: the chosen stop");

        // The other way round, and over nothing.
        for (list, value) in [("shown-result", theirs().id()), ("over-result", mine().id())] {
            let choose = "const list = document.getElementById(arguments[0]); list.value = arguments[1]; \
                          list.dispatchEvent(new Event('change', {bubbles: true}))";
            page.script(choose, vec![list.into(), value.into()]).await;
        }
        page.wait(5, "document.querySelector('#stops tbody tr').dataset.ms === '1.25'").await;
        assert_eq!(medians(page, "stops-over").await, [12.3457, 24.125]);
        page.click("#results [data-do=remove]").await;
        page.wait(5, format_args!("{STORED} === 1")).await;
        assert!(page.notices().await.is_empty());
    });
}

#[test]
fn what_cannot_be_read_changes_nothing() {
    Visit::new(QUERY).answers_only().run(async |page| {
        page.ready().await;
        open(page).await;
        paste(page, &mine().json()).await;
        page.wait_for(5, "#stops tbody tr[data-ms]").await;
        let answer = page.top().await;
        for (text, wanted) in [
            (theirs().json().replace("\"version\":1", "\"version\":7"), ["version 7", "Reload the page"]),
            (theirs().json().replace("1.25", "-1.25"), ["Nothing was changed", "-1.25"]),
            ("a text of something else".to_owned(), ["Nothing was changed", "not a result"]),
        ] {
            paste(page, &text).await;
            page.wait(5, format_args!("{TOLD}.includes('{}')", wanted[1])).await;
            has_words(&page.text(TOLD).await, &wanted);
            assert_eq!(medians(page, "stops").await, [12.3457, 24.125]);
            assert!(page.list("document.querySelectorAll('#stops-over')").await.is_empty());
            paste(page, " ").await;
        }
        // As a file it is no description of the network on the page.
        let newer = theirs().json().replace("\"version\":1", "\"version\":7");
        page.drop_file(&made("newer.json", newer.as_bytes())).await;
        page.wait_for(10, "#notices .notice").await;
        has_words(&page.notices().await.join(" "), &["version 7"]);
        assert_eq!((page.notices().await.len(), page.top().await), (1, answer));
        assert_eq!(page.number(STORED).await, 1.0);
    });
}

#[test]
fn without_storage_and_clipboard_nothing_is_lost() {
    let refuse = "
        Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
        Clipboard.prototype.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    ";
    Visit::new(QUERY).answers_only().script(refuse).run(async |page| {
        page.ready().await;
        open(page).await;
        paste(page, &mine().json()).await;
        page.wait_for(5, "#stops tbody tr[data-ms]").await;
        has_words(&page.text(TOLD).await, &["keeps nothing for this page", "save it as JSON"]);
        assert_eq!(medians(page, "stops").await, [12.3457, 24.125]);
        page.click("#bring [data-do=copy]").await;
        page.wait(5, format_args!("{TOLD}.includes('copy it from there')")).await;
        let field = "(field => field.value.slice(field.selectionStart, field.selectionEnd))(document.activeElement)";
        assert_eq!(page.text(field).await, mine().json());
    });
}
