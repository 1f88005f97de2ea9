//! The cardinality laboratory: the laws of the dial, impossible values, and the measurement of every stop.

use std::fs;
use std::path::Path;

use cardinal::model::{BlockForm, Graph, Law, ResNextConfig, block_cost, family_member};
use cardinal::view::number::milliseconds;
use cardinal::zoo::{cardinality_options, offers};

use crate::visit::{Page, Visit};

const TEMPLATES: &str = "document.querySelectorAll('#cardinality label'), label => label.dataset.value + '×' + label.querySelector('small').innerText.split('\\n')[0]";

pub async fn open(page: &Page) {
    page.click("#laboratory summary").await;
    page.wait_for(10, "#groups-typed").await;
}

/// Types a number into a field and leaves it.
async fn type_number(page: &Page, css: &str, number: &str) {
    page.type_into(css, number).await;
    page.script(
        "document.querySelector(arguments[0]).dispatchEvent(new Event('change', {bubbles: true}))",
        vec![css.into()],
    )
    .await;
}

#[test]
fn the_dial_follows_either_law_at_any_cardinality() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        open(page).await;
        assert_eq!(page.list(TEMPLATES).await, ["1×41d", "2×25d", "4×15d", "8×8d", "16×4d", "32×2d"]);
        type_number(page, "#groups-typed", "6").await;
        page.wait_for(10, "#page[data-cardinality=\"6\"]").await;
        let own = ResNextConfig::cifar(2, 8, 8);
        let six = family_member(&own, Law::EqualCost, 6).expect("it exists");
        assert_eq!(page.list(TEMPLATES).await[3], six.template());
        let told = page.text("document.getElementById('block-cost').innerText.replace(/,/g, '')").await;
        for cost in [block_cost(&own), block_cost(&six)] {
            assert!(told.contains(&cost.to_string()), "{cost} in {told}");
        }
        page.click("#law [data-value=equal-width]").await;
        page.wait(10, "document.querySelectorAll('#cardinality label').length === 7").await;
        page.wait(10, "document.querySelector('#title').innerText.includes('6×8d')").await;
        assert_eq!(page.list(TEMPLATES).await, ["1×8d", "2×8d", "4×8d", "6×8d", "8×8d", "16×8d", "32×8d"]);
        type_number(page, "#width-typed", "12").await;
        page.wait(10, "document.querySelector('#title').innerText.includes('6×12d')").await;
        type_number(page, "#depth-typed", "38").await;
        page.wait_for(10, "#page[data-depth=\"38\"]").await;
        let query = page.text("location.search").await;
        for pair in ["depth=38", "cardinality=6", "law=equal-width", "reference=6x12"] {
            assert!(query.contains(pair), "{pair} in {query}");
        }
        // The address gives the same dial to somebody else.
        let dial = page.list(TEMPLATES).await;
        page.open(&query).await;
        page.wait_for(30, "#page[data-depth=\"38\"][data-cardinality=\"6\"]").await;
        assert_eq!(page.list(TEMPLATES).await, dial);
        assert!(page.notices().await.is_empty());
    });
}

#[test]
fn an_impossible_value_explains_itself() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        open(page).await;
        for (field, number, near) in [
            ("#depth-typed", "30", "29 and 38"),
            ("#groups-typed", "48", "40 and 61"),
            ("#width-typed", "5000", "4096"),
        ] {
            type_number(page, field, number).await;
            page.wait(10, format_args!("document.getElementById('impossible').innerText.includes('{near}')")).await;
            assert_eq!(page.attribute(field, "aria-invalid").await, "true");
            println!("{}", page.text("document.getElementById('impossible').innerText").await);
        }
        assert_eq!(page.attribute("#page", "data-cardinality").await, "8");
        assert_eq!(page.attribute("#page", "data-depth").await, "20");
        type_number(page, "#width-typed", "8").await;
        page.wait(10, "document.getElementById('impossible').innerText === ''").await;
    });
}

/// A column of a CSV file without quotes.
pub fn column(file: &Path, name: &str) -> Vec<f64> {
    let text = fs::read_to_string(file).expect("a text");
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let place = lines.next().expect("a head").iter().position(|head| *head == name).expect("the column");
    lines.map(|line| line[place].parse().expect("a number")).collect()
}

/// The numbers of the chart's marks, in the order in which they are drawn.
pub async fn marks(page: &Page, panel: &str, of: usize, attribute: &str) -> Vec<f64> {
    let marks = format!("#stops-chart [data-panel=\"{panel}\"][data-of=\"{of}\"]");
    let list = page.list(&format!("document.querySelectorAll('{marks}'), mark => mark.dataset.{attribute}")).await;
    list.iter().map(|value| value.parse().expect("a number")).collect()
}

#[test]
fn every_stop_is_measured_and_the_file_has_what_the_table_has() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        open(page).await;
        let stops = page.list(TEMPLATES).await;
        let shown = "document.querySelectorAll('#stops tbody tr'), row => row.cells[0].innerText";
        assert_eq!(page.list(shown).await, stops, "a row per stop");
        let medians = "document.querySelectorAll('#stops tbody tr'), row => row.cells[3].innerText";
        assert!(page.list(medians).await.iter().all(|median| median == "–"), "nobody measured");

        page.click("#measure-stops [data-do=measure]").await;
        // Stopped as soon as a run is there, so that it is not done before.
        let stop = "(+document.getElementById('measure-stops').dataset.done > 0 && \
            (document.querySelector('#measure-stops [data-do=measure]').click(), true))";
        page.wait(60, stop).await;
        page.wait_for(10, "#measure-stops[data-running=false]").await;
        let done: usize = page.attribute("#measure-stops", "data-done").await.parse().expect("a number");
        assert!(0 < done && done < 18, "{done}");
        let told = page.text("document.getElementById('measure-told').innerText").await;
        assert!(told.starts_with(&format!("Stopped after {done} of 18 runs.")), "{told}");

        page.click("#measure-stops [data-do=go-on]").await;
        page.wait_for(60, "#measure-stops[data-running=false][data-done=\"18\"]").await;
        let told = page.text("document.getElementById('measure-told').innerText").await;
        assert!(told.starts_with("18 runs, one of each stop in turn."), "{told}");

        let file = page.saved("#result-files [data-save=csv]", "laboratory", "cardinality_fused_cpu.csv").await;
        let median = column(&file, "median_ms");
        let rows = page.list("document.querySelectorAll('#stops tbody tr'), row => row.dataset.ms").await;
        assert_eq!(median, rows.iter().map(|ms| ms.parse::<f64>().expect("milliseconds")).collect::<Vec<_>>());
        let written: Vec<String> = median.iter().map(|&ms| milliseconds(ms)).collect();
        assert_eq!(page.list(medians).await, written);
        assert_eq!(column(&file, "runs"), [3.0; 6]);
        for (panel, name, attribute, unit) in [
            ("latency", "median_ms", "value", 1e3),
            ("latency", "p10_ms", "low", 1e3),
            ("latency", "p90_ms", "high", 1e3),
            ("rate", "multiply_adds_per_second", "value", 1.0),
            ("multiply-adds", "multiply_adds", "value", 1.0),
            ("parameters", "parameters", "value", 1.0),
        ] {
            let drawn = marks(page, panel, 0, attribute).await;
            let written: Vec<f64> = column(&file, name).into_iter().map(|value| value / unit).collect();
            assert_eq!(drawn, written, "{panel}, {name}");
        }
        assert_eq!(marks(page, "latency", 0, "cardinality").await, column(&file, "cardinality"));
        assert_eq!(marks(page, "accuracy", 0, "cardinality").await, [1.0, 8.0, 32.0], "those that we have trained");
        let own = offers().remove(0);
        let macs = |config: &_| Graph::build(config, 1, (32, 32), BlockForm::C).expect("it builds").macs() as f64;
        let expected: Vec<f64> = cardinality_options(&own.config, &own.trained).iter().map(macs).collect();
        assert_eq!(column(&file, "multiply_adds"), expected);
        assert_eq!(page.attribute("#page", "data-cardinality").await, "8", "the choice stays");
        assert!(page.notices().await.is_empty());
    });
}
