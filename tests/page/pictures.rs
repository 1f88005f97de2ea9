//! Pictures come in by every way there is, and are seen upright.

use crate::browser::Key;
use crate::files::{name, ours};
use crate::visit::{Page, Visit};

/// Photographs that the shipped network is sure of.
const PHOTOGRAPHS: [(&str, &str); 3] = [("kitten.jpg", "cat"), ("kingfisher.jpg", "bird"), ("horses.jpg", "horse")];

#[test]
fn dropped_photographs_are_classified_and_leave_the_machine_alone() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        // The page's own files are kept for a visit without a network.
        page.wait_for(60, "#offline[data-state=whole]").await;
        let loaded = page.requests();
        assert!(loaded.iter().any(|url| url.ends_with(".wasm")), "the log of requests sees nothing: {loaded:?}");
        for (file, label) in PHOTOGRAPHS {
            page.drop_file(&ours(&format!("assets/samples/{file}"))).await;
            assert_eq!(page.answer_to(file).await[0].0, label, "{file}");
        }
        let asked = page.requests();
        println!("requests while loading: {}, while classifying: {}", loaded.len(), asked.len());
        assert!(asked.is_empty(), "{asked:?}");
    });
}

#[test]
fn chosen_test_pictures_of_every_class_are_classified() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.choose_file(&ours("assets/samples/kingfisher.jpg")).await;
        assert_eq!(page.answer_to("kingfisher.jpg").await[0].0, "bird");
        let classes = page.text("document.getElementById('classes').innerText").await;
        for label in ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"] {
            page.choose_file(&ours(&format!("assets/samples/cifar10/{label}.png"))).await;
            let top = page.answer_to(&format!("{label}.png")).await;
            assert_eq!(top[0].0, label);
            assert!(top[0].1 > 0.85, "{label}: chosen for being sure, now {:.3}", top[0].1);
            assert!(classes.contains(label), "{classes}");
        }
    });
}

#[test]
fn a_pasted_picture_is_classified() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.tab.grant(&["clipboardReadWrite", "clipboardSanitizedWrite"]).await;
        // The browser's own clipboard takes pictures as PNG.
        let copy = "
            return (async () => {
                const bitmap = await createImageBitmap(await (await fetch('assets/samples/horses.jpg')).blob());
                const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
                canvas.getContext('2d').drawImage(bitmap, 0, 0);
                const png = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
                await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
            })()";
        page.script(copy, vec![]).await;
        page.keys(&[Key::Paste]).await;
        assert_eq!(page.answer_to("image.png").await[0].0, "horse");
    });
}

#[test]
fn a_sample_is_classified_at_a_click() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.click("[data-sample=\"cifar10/frog.png\"]").await;
        assert_eq!(page.answer_to("Frog").await[0].0, "frog");
        let credit = page.text("document.getElementById('picture-caption').innerText").await;
        assert!(credit.contains("Krizhevsky"), "{credit}");
    });
}

#[test]
fn a_rotated_photograph_is_seen_upright() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        let (upright, pixels) = answer(page, 1).await;
        for orientation in 2..=8 {
            let (turned, seen) = answer(page, orientation).await;
            let far = pixels.iter().zip(&seen).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(999);
            println!("orientation {orientation}: at most {far} grey levels from its upright twin");
            // Stored otherwise they are compressed otherwise, but by no more than this.
            assert!(pixels.len() == seen.len() && far <= 4, "orientation {orientation} is {far} grey levels away");
            assert_eq!(turned[0].0, upright[0].0, "orientation {orientation}");
            assert!((turned[0].1 - upright[0].1).abs() < 0.03, "{turned:?} against {upright:?}");
        }
    });
}

/// The answer to the fixture of this orientation, and what the network saw of it.
async fn answer(page: &Page, orientation: usize) -> (Vec<(String, f64)>, Vec<u16>) {
    let file = ours(&format!("tests/data/preprocess/decode/orientation_{orientation}.jpg"));
    page.drop_file(&file).await;
    let top = page.answer_to(name(&file)).await;
    // Read from a copy: reading the page's own canvas often would put a warning of the browser's on the console.
    let copy = "const copy = new OffscreenCanvas(32, 32).getContext('2d', { willReadFrequently: true });
        copy.drawImage(document.querySelector('#saw canvas'), 0, 0);
        return Array.from(copy.getImageData(0, 0, 32, 32).data)";
    let pixels = page.script(copy, vec![]).await;
    let pixels = pixels.as_array().expect("levels").iter().map(|level| level.as_u64().unwrap_or(999) as u16).collect();
    (top, pixels)
}
