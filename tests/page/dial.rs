//! The cardinality dial, both plans, and the number of runs.

use std::path::PathBuf;

use cardinal::model::{BlockForm, Graph, ResNextConfig, equal_cost_family};
use cardinal::weights::Checkpoint;

use crate::files::ours;
use crate::visit::{Page, Visit};

/// The networks that the page ships with, as their weights describe them; the first is shown at the start.
fn shipped() -> Vec<ResNextConfig> {
    let first = ours("assets/models/resnext20_8x8d_cifar10_f16.safetensors");
    let folder = first.parent().expect("a folder").read_dir().expect("it can be read");
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "safetensors"));
    files.sort_by_key(|file| (*file != first, file.clone()));
    let config = |file: &PathBuf| {
        let bytes = std::fs::read(file).expect("shipped weights");
        Checkpoint::parse(bytes).expect("a network").config().clone()
    };
    files.iter().map(config).collect()
}

/// Name, widths and groups of every block.
fn blocks(config: &ResNextConfig) -> Vec<(String, String, usize)> {
    let side = config.stem.default_input_size();
    let graph = Graph::build(config, 1, (side, side), BlockForm::C).expect("a network of the family");
    graph.blocks.iter().map(|block| (block.name.clone(), block.widths(), block.width)).collect()
}

#[test]
fn every_cardinality_redraws_the_network_and_gives_a_latency() {
    // On other cores the last digit may be another.
    Visit::new("?backend=cpu&cores=2&runs=3").run(async |page| {
        let first = page.answer_to("Kitten").await;
        page.script("window.marker = 'here before the first turn'", vec![]).await;
        page.click("#table summary").await;
        let shipped = shipped();
        let mut family = equal_cost_family(&shipped[0]).expect("a family");
        // An option is a trained twin where there is one.
        for option in &mut family {
            let twin = shipped.iter().find(|twin| twin.cardinality == option.cardinality);
            option.clone_from(twin.unwrap_or(&option.clone()));
        }
        let options: Vec<usize> = family.iter().map(|option| option.cardinality).collect();
        assert_eq!(options, [1, 2, 4, 8, 16, 32]);
        for option in &family {
            turn(page, option.cardinality, 3).await;
            network_is_drawn(page, option).await;
            let trained = shipped.contains(option);
            let words = page.text("document.getElementById('answer').innerText").await.to_lowercase();
            assert_eq!(words.contains("no trained weights: timing only"), !trained, "{}: {words}", option.template());
            assert_eq!(page.top().await.is_empty(), !trained, "{}: {words}", option.template());
            assert_eq!(page.attribute("#answer", "data-state").await, if trained { "fresh" } else { "untrained" });
        }
        turn(page, 8, 3).await;
        assert_eq!(page.answer_to("Kitten").await, first);
        assert_eq!(page.number("document.querySelectorAll('#latency tbody tr').length").await, 6.0);
        assert_eq!(page.text("window.marker").await, "here before the first turn");
    });
}

/// The line under the dial, with plain spaces.
const SAME_TRAINING: &str = "document.getElementById('same-training').textContent.replace(/\\s+/g, ' ')";

/// The accuracies on the dial come from different recipes: a line says which may be compared, and no other network has it.
#[test]
fn the_same_training_is_told_beside_the_accuracies() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        let told = page.text(SAME_TRAINING).await;
        println!("{told}");
        assert!(told.starts_with("Same training (15 epochs)"), "{told}");
        let shares = page.list("document.querySelectorAll('#cardinality small'), at => at.innerText").await;
        let shares: Vec<&str> = shares.iter().filter_map(|words| words.split_once('\n')).map(|(_, of)| of).collect();
        assert_eq!(shares.len(), shipped().len(), "{shares:?}");
        assert!(shares.iter().all(|share| told.contains(share)), "{shares:?} in: {told}");
        page.click("#depth [data-value=\"29\"]").await;
        page.wait(5, format_args!("{SAME_TRAINING} === ''")).await;
        page.open("?model=imagenet&backend=cpu&runs=3").await;
        page.wait_for(30, "#page[data-model=imagenet]").await;
        assert_eq!(page.text(SAME_TRAINING).await, "");
    });
}

/// What the card of the shipped network says, so that not both sides of a comparison come from the same code.
#[test]
fn the_shipped_network_has_the_widths_of_its_card() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        let widths = page.list("document.querySelectorAll('#drawing .part'), part => part.dataset.channels").await;
        let card = [
            "3→64",
            "64→64→256, 8×8",
            "256→64→256, 8×8",
            "256→128→512, 8×16",
            "512→128→512, 8×16",
            "512→256→1024, 8×32",
            "1024→256→1024, 8×32",
            "1024→10",
        ];
        assert_eq!(widths, card);
        let texts = page.text("document.querySelector('#drawing .texts').textContent").await;
        for text in ["3→64", "64→64→256, 8×8", "stage 3 · 4² · ×2"] {
            assert!(texts.contains(text), "{text} in {texts}");
        }
    });
}

/// Turns the dial and waits for its latency over `runs` runs.
async fn turn(page: &Page, cardinality: usize, runs: usize) {
    page.click(&format!("#cardinality [data-value=\"{cardinality}\"]")).await;
    let state = format!("#page[data-cardinality=\"{cardinality}\"][data-state=\"ready\"]");
    let row = format!("#latency tr[data-cardinality=\"{cardinality}\"]");
    page.wait_for(60, &format!("{row}[data-runs=\"{runs}\"]")).await;
    page.wait_for(60, &state).await;
    let latency: f64 = page.attribute(&row, "data-wall-ms").await.parse().expect("milliseconds");
    println!("{}: {latency:.1} ms", page.text(&format!("document.querySelector('{row} th').innerText")).await);
    assert!(latency > 0.0 && latency < 60_000.0);
    assert_eq!(page.attribute("#wall", "data-ms").await.parse(), Ok(latency));
}

/// Drawing and table show the widths and groups of this network, and the heights of its bars are to scale.
async fn network_is_drawn(page: &Page, option: &ResNextConfig) {
    let expected = blocks(option);
    let widths: Vec<String> = expected.iter().map(|(name, widths, _)| format!("{name} {widths}")).collect();
    let parts = "document.querySelectorAll('#drawing .part[data-part^=layer]')";
    let drawn = page.list(&format!("{parts}, part => part.dataset.part + ' ' + part.dataset.channels")).await;
    assert_eq!(drawn, widths, "drawing of {}", option.template());
    let rows = "document.querySelectorAll('#table tr[data-part^=layer]')";
    let listed = page.list(&format!("{rows}, row => row.dataset.part + ' ' + row.cells[1].innerText")).await;
    assert_eq!(listed, widths, "table of {}", option.template());
    let cuts = page
        .list(&format!("{parts}, part => String(part.querySelector('.cut').getAttribute('d').split('M').length)"))
        .await;
    assert!(cuts.iter().all(|pieces| *pieces == option.cardinality.to_string()), "{}: {cuts:?}", option.template());
    let heights = page.list(&format!("{parts}, part => part.querySelector('.gr').getAttribute('height')")).await;
    let scale: Vec<f64> = heights
        .iter()
        .zip(&expected)
        .map(|(height, (_, _, width))| height.parse::<f64>().expect("pixels") / (*width as f64).sqrt())
        .collect();
    let straight = scale.iter().all(|one| (one / scale[0] - 1.0).abs() < 0.02);
    assert!(straight, "{}: heights {heights:?} are no square roots of the widths", option.template());
}

#[test]
fn plain_and_fused_plans_agree() {
    Visit::new("?runs=3&backend=webgpu").tuned().answers_only().run(async |page| {
        page.answer_to("Kitten").await;
        let shown = "document.querySelectorAll('#top li'), li => li.innerText.replace(/\\s+/g, ' ')";
        let fused = page.list(shown).await;
        page.set("#plan [data-value=plain]").await;
        page.wait_for(60, "#page[data-plan=\"plain\"]").await;
        page.answer_to("Kitten").await;
        let plain = page.list(shown).await;
        println!("fused {fused:?}\nplain {plain:?}");
        assert_eq!(plain, fused);
        assert!(plain[0].starts_with("cat ") && plain[0].ends_with(" %"), "{plain:?}");
        // It was another network that said the same.
        let states = page.list("watched.states.slice(watched.states.indexOf('ready: ready'))").await;
        assert!(
            states.iter().any(|state| state.starts_with("loading: ")),
            "the other plan was never built: {states:?}"
        );
    });
}

#[test]
fn as_many_runs_as_asked_for() {
    Visit::new("?backend=cpu&runs=3").run(async |page| {
        page.ready().await;
        assert_eq!(page.attribute("#wall", "data-runs").await, "3");
        page.set("#runs [data-value=\"10\"]").await;
        page.wait_for(60, "#page[data-state=\"ready\"] #wall[data-runs=\"10\"]").await;
        let words = page.text("document.getElementById('wall').innerText.replace(/\\s+/g, ' ')").await;
        println!("{words}");
        assert!(words.contains("median of 10, ±"), "{words}");
        let states = page.list("watched.states").await;
        // Runs of a few milliseconds come faster than frames, so the page does not show each.
        let told = |state: &String| state.starts_with("running: measuring, run ") && state.ends_with(" of 10");
        assert!(states.iter().any(told), "{states:?}");
    });
}

/// The widths are there at once, whatever the GPU is doing.
#[test]
fn the_papers_five_networks_are_drawn() {
    Visit::new("?model=imagenet&backend=cpu&runs=3").answers_only().run(async |page| {
        page.wait_for(30, "#page[data-model=imagenet]").await;
        page.click("#table summary").await;
        // The browser sends the event of the opening when it is idle.
        page.wait_for(10, "#table tr[data-part^=layer]").await;
        let family = equal_cost_family(&ResNextConfig::imagenet([3, 4, 6, 3], 32, 4)).expect("the paper's family");
        let settings: Vec<String> = family.iter().map(ResNextConfig::template).collect();
        assert_eq!(settings, ["1×64d", "2×40d", "4×24d", "8×14d", "32×4d"]);
        for option in &family {
            page.click(&format!("#cardinality [data-value=\"{}\"]", option.cardinality)).await;
            page.wait_for(5, &format!("#page[data-cardinality=\"{}\"]", option.cardinality)).await;
            network_is_drawn(page, option).await;
        }
        let first = page.attribute("#drawing .part[data-part=\"layer1.0\"]", "data-channels").await;
        assert_eq!(first, "64→128→256, 32×4");
    });
}
