//! The three forms of a block: the costs stated are the library's to the unit, the outputs agree, and the drawing has the block's numbers.

use cardinal::model::{BlockForm, Graph};

use crate::visit::{Page, Visit};

const ROWS: &str = "document.querySelectorAll('#forms tbody tr')";

async fn column(page: &Page, name: &str) -> Vec<u64> {
    let cells = page.list(&format!("{ROWS}, row => row.dataset.{name}")).await;
    cells.iter().map(|cell| cell.parse().expect("a number")).collect()
}

/// The panel shows `block` of the dial's network of this cardinality: equal costs, outputs that agree, and what the library counts.
async fn is_right(page: &Page, (groups, base_width): (usize, usize), block: &str) {
    let mut config = cardinal::zoo::offers().remove(0).config;
    (config.cardinality, config.base_width) = (groups, base_width);
    let graph = Graph::build(&config, 1, (32, 32), BlockForm::C).expect("it can be built");
    let [a, b, c] = BlockForm::ALL.map(|form| graph.block(block, form).expect("there is such a block"));
    let (macs, parameters) = (c.macs(), c.parameters());
    let by_itself = [&a, &b, &c].map(|form| (form.macs(), form.parameters()));
    assert_eq!(by_itself, [(macs, parameters); 3]);

    let grouped = format!("{groups} group{}", if groups == 1 { "" } else { "s" });
    let last = "document.querySelector('[data-figure=C] .grouped')?.textContent ?? ''";
    page.wait(
        60,
        format!("document.querySelector('.forms')?.dataset.state === 'fresh' && ({last}).endsWith(' {grouped}')"),
    )
    .await;
    page.wait(60, format!("[...{ROWS}].length === 3 && [...{ROWS}].every(row => Number(row.dataset.ms) > 0)")).await;
    assert_eq!(page.text("document.querySelector('#forms caption b').innerText").await, block);
    assert_eq!(column(page, "macs").await, [macs; 3], "{groups} groups");
    assert_eq!(column(page, "parameters").await, [parameters; 3], "{groups} groups");
    // What a person reads is the same.
    let read = page.list(&format!("{ROWS}, row => row.cells[4].innerText.replaceAll(',', '')")).await;
    assert_eq!(read, vec![macs.to_string(); 3]);
    let mut largest: f64 = 0.0;
    for pair in ["a-c", "b-c", "a-b"] {
        let difference: f64 =
            page.attribute("#forms-difference", &format!("data-{pair}")).await.parse().expect("a number");
        assert!((0.0..=1e-5).contains(&difference), "{groups} groups, {pair}: {difference}");
        largest = largest.max(difference);
    }
    let shown: f64 = page.attribute("#forms [role=meter]", "aria-valuenow").await.parse().expect("a number");
    assert!((shown - 1e7 * largest).abs() <= 0.5, "{shown} % of the limit, and {largest}");

    let boxes = page.list("document.querySelectorAll('[data-figure=A] .conv'), box => box.textContent").await;
    let (block, drawn) = (graph.blocks.iter().find(|it| it.name == block).expect("the block"), groups.min(3));
    assert_eq!(boxes.len(), 3 * drawn);
    assert_eq!(boxes[0], format!("{}, 1×1, {}", block.in_channels, block.width / groups));
}

#[test]
fn three_forms_of_a_block_cost_and_compute_the_same() {
    Visit::new("?backend=cpu").answers_only().run(async |page| {
        page.ready().await;
        assert_eq!(page.number("document.querySelectorAll('#forms table, #forms svg').length").await, 0.0, "closed");
        page.click("#forms summary").await;
        is_right(page, (8, 8), "layer1.0").await;
        // Another block, and another dial: the panel follows.
        page.click("[data-part=\"layer2.0\"]").await;
        page.wait(60, "document.querySelector('#forms caption b')?.innerText === 'layer2.0'").await;
        is_right(page, (8, 8), "layer2.0").await;
        page.click("#cardinality [data-value=\"1\"]").await;
        is_right(page, (1, 41), "layer2.0").await;
        // The stem has no forms.
        page.click("[data-part=\"stem\"]").await;
        page.wait(10, "document.querySelector('.forms').dataset.state === 'none'").await;
        assert_eq!(page.number("document.querySelectorAll('#forms svg').length").await, 0.0);
    });
}
