//! Everything that can be dropped, pasted or chosen besides one picture: addresses, drawings, weights under other names, several
//! pictures, folders.

use std::path::PathBuf;

use serde_json::json;

use crate::browser::Key;
use crate::files::{made, name, ours};
use crate::visit::{DESKTOP, PHONE, Page, Visit};

fn field(name: &str) -> PathBuf {
    ours(&format!("tests/data/field/pictures/{name}"))
}

/// Drops texts as another page's drag would bring them: kinds, and what they hold.
async fn drop_texts(page: &Page, texts: &[(&str, &str)]) {
    let drop = "
        const data = new DataTransfer();
        for (const [kind, text] of arguments[0]) data.setData(kind, text);
        const event = (type) => new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data });
        const target = document.querySelector(arguments[1]);
        return ['dragenter', 'dragover', 'drop'].every((type) => !target.dispatchEvent(event(type)));";
    let taken = page.script(drop, vec![json!(texts), "#answer".into()]).await;
    assert_eq!(taken, true, "the browser would open it in place of the page");
}

/// The one notice that is shown, which is then dismissed.
async fn notice(page: &Page) -> String {
    page.wait_for(20, "#notices .notice").await;
    let notices = page.notices().await;
    assert_eq!(notices.len(), 1, "{notices:?}");
    page.click("#notices .notice button").await;
    page.wait(5, "!document.querySelector('#notices .notice')").await;
    notices[0].clone()
}

#[test]
fn a_picture_dragged_from_another_page_is_taken() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.answer_to("Kitten").await;
        let horses = format!("{}assets/samples/horses.jpg", page.server.address);
        drop_texts(page, &[("text/uri-list", &horses), ("text/plain", &horses)]).await;
        assert_eq!(page.answer_to("horses.jpg").await[0].0, "horse");
        // A picture inside of a link: its own address counts, and not that of the link.
        let bird = format!("{}assets/samples/kingfisher.jpg", page.server.address);
        let html = format!("<a href=\"https://example.org/page\"><img src=\"{bird}\"></a>");
        drop_texts(page, &[("text/uri-list", "https://example.org/page"), ("text/html", &html)]).await;
        assert_eq!(page.answer_to("kingfisher.jpg").await[0].0, "bird");
        // A text that is an address, and a picture that its address has in it.
        drop_texts(page, &[("text/plain", &horses)]).await;
        assert_eq!(page.answer_to("horses.jpg").await[0].0, "horse");
        let plain = std::fs::read(ours("assets/samples/cifar10/frog.png")).expect("a sample");
        let encode = "return btoa(String.fromCharCode(...arguments[0]))";
        let base64 = page.script(encode, vec![json!(plain)]).await;
        let data = format!("data:image/png;base64,{}", base64.as_str().expect("a text"));
        drop_texts(page, &[("text/uri-list", &data)]).await;
        assert_eq!(page.answer_to("Pasted picture").await[0].0, "frog");
        drop_texts(page, &[("text/plain", "just words")]).await;
        assert!(notice(page).await.contains("no picture, no network and no address"));
        let at = page.text("location.href").await;
        assert!(at.starts_with(&page.server.address), "{at}");
    });
}

#[test]
fn a_site_that_keeps_its_picture_is_named() {
    let visit = Visit::new("?backend=cpu&runs=3").answers_only();
    visit.forgives("Refused to connect").forgives("violates").forgives("404").run(async |page| {
        let answer = page.answer_to("Kitten").await;
        // The page's own policy keeps it from this address, as another site would: it asks for no other origin here.
        drop_texts(page, &[("text/uri-list", "http://example.invalid/cat.jpg")]).await;
        let words = notice(page).await;
        assert!(
            words.contains("cat.jpg could not be fetched: example.invalid does not let other pages read it"),
            "{words}"
        );
        assert!(words.contains("Save the picture, and drop its file here"), "{words}");
        let missing = format!("{}assets/samples/nothing.jpg", page.server.address);
        drop_texts(page, &[("text/uri-list", &missing)]).await;
        let words = notice(page).await;
        assert!(words.contains("nothing.jpg could not be fetched") && words.contains("answered 404"), "{words}");
        assert_eq!(page.answer_to("Kitten").await, answer);
    });
}

#[test]
fn a_pasted_address_is_fetched() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.answer_to("Kitten").await;
        page.tab.grant(&["clipboardReadWrite", "clipboardSanitizedWrite"]).await;
        let address = format!("{}assets/samples/horses.jpg", page.server.address);
        page.script("return navigator.clipboard.writeText(arguments[0])", vec![address.into()]).await;
        page.keys(&[Key::Paste]).await;
        assert_eq!(page.answer_to("horses.jpg").await[0].0, "horse");
    });
}

#[test]
fn what_the_browser_decodes_is_welcome_and_what_it_does_not_is_named() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.drop_file(&field("other_avif.avif")).await;
        assert_eq!(page.answer_to("other_avif.avif").await[0].0, "cat");
        page.drop_file(&field("other_svg.svg")).await;
        let answer = page.answer_to("other_svg.svg").await;
        let size = page.text("document.getElementById('picture-caption').innerText").await;
        assert!(size.contains("90×60"), "{size}");
        for (file, words) in [
            ("other_heic.heic", "this browser cannot decode this HEIC file"),
            ("other_jpeg2000.jp2", "JPEG 2000 files are not read here"),
            ("other_tiff.tif", "TIFF files are not read here"),
            ("other_ppm.ppm", "PPM, PGM or PBM files are not read here"),
            ("other_dicom.dcm", "DICOM files are not read here"),
            ("other_video.heic", "this file is a video"),
            ("other_page.jpg", "this file is a web page"),
            ("other_text.jpg", "a text, \"error code: 502\""),
            // First bytes of weights are weights, whatever their name.
            ("other_weights.jpg", "ResNeXt"),
        ] {
            page.drop_file(&field(file)).await;
            let said = notice(page).await;
            println!("{said}");
            assert!(said.contains(file) && said.contains(words), "{file}: {said}");
        }
        let unsized_svg = made("broken.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><rect></svg>");
        page.drop_file(&unsized_svg).await;
        assert!(notice(page).await.contains("broken.svg: this browser cannot draw this SVG"));
        assert_eq!(page.answer_to("other_svg.svg").await, answer);
    });
}

/// Drops several files at once.
async fn drop_files(page: &Page, files: &[PathBuf]) {
    let files: Vec<_> = files.iter().map(|file| file.to_string_lossy()).collect();
    let data = json!({ "items": [], "files": files, "dragOperationsMask": 1 });
    for kind in ["dragEnter", "dragOver", "drop"] {
        let event = json!({ "type": kind, "x": 195, "y": 300, "data": data });
        page.tab.command("Input.dispatchDragEvent", event).await;
    }
}

#[test]
fn several_pictures_are_a_strip_to_step_through() {
    let samples = ["kitten.jpg", "kingfisher.jpg", "horses.jpg"].map(|name| ours(&format!("assets/samples/{name}")));
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        for size in [DESKTOP, PHONE] {
            page.look(size, "light").await;
            page.open("?backend=cpu&runs=3").await;
            page.answer_to("Kitten").await;
            let top = "document.getElementById('answer').getBoundingClientRect().top";
            let before = page.number(top).await;
            drop_files(page, &samples).await;
            assert_eq!(page.answer_to("kitten.jpg").await[0].0, "cat");
            assert_eq!(page.number("document.querySelectorAll('[data-strip]').length").await, 3.0);
            assert_eq!(page.number(top).await, before, "{size:?}: nothing moves");
            // One stop of the Tab key; the arrow keys step, and the answer follows.
            assert_eq!(page.number("document.querySelectorAll('.film [tabindex=\"0\"]').length").await, 1.0);
            page.script("document.querySelector('[data-strip=\"0\"]').focus()", vec![]).await;
            page.keys(&[Key::Right]).await;
            assert_eq!(page.answer_to("kingfisher.jpg").await[0].0, "bird");
            page.keys(&[Key::Right]).await;
            assert_eq!(page.answer_to("horses.jpg").await[0].0, "horse");
            assert_eq!(page.attribute("[data-strip=\"2\"]", "aria-pressed").await, "true");
            page.click("[data-strip=\"0\"]").await;
            assert_eq!(page.answer_to("kitten.jpg").await[0].0, "cat");
            page.click("#strip-close").await;
            page.wait(5, "!document.querySelector('.film')").await;
            assert_eq!(page.answer_to("kitten.jpg").await[0].0, "cat");
        }
    });
}

#[test]
fn a_picture_of_the_strip_that_cannot_be_used_is_stepped_over() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.answer_to("Kitten").await;
        drop_files(page, &[ours("assets/samples/horses.jpg"), field("endings_half.jpg")]).await;
        let answer = page.answer_to("horses.jpg").await;
        page.click("[data-strip=\"1\"]").await;
        assert!(notice(page).await.contains("endings_half.jpg: the JPEG file is damaged"));
        assert_eq!(page.answer_to("horses.jpg").await, answer);
    });
}

#[test]
fn a_folder_is_read() {
    let folder = made("folder-note.txt", b"beside").with_file_name("a folder of pictures");
    let below = folder.join("below");
    std::fs::create_dir_all(&below).expect("a folder");
    for (name, to) in [("kingfisher.jpg", folder.join("b.jpg")), ("horses.jpg", below.join("a.jpg"))] {
        std::fs::copy(ours(&format!("assets/samples/{name}")), to).expect("a copy");
    }
    std::fs::write(folder.join("Thumbs.db"), b"not for us").expect("a file");
    let empty = folder.with_file_name("an empty folder");
    std::fs::create_dir_all(&empty).expect("a folder");
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.answer_to("Kitten").await;
        drop_files(page, &[folder]).await;
        assert_eq!(page.answer_to("b.jpg").await[0].0, "bird");
        let names = page.list("document.querySelectorAll('[data-strip]'), (one) => one.title").await;
        assert_eq!(names, ["b.jpg", "a.jpg"]);
        drop_files(page, &[empty]).await;
        assert!(notice(page).await.contains("no picture and no network in that folder"));
    });
}

#[test]
fn too_many_pictures_are_told() {
    let tiny = std::fs::read(ours("assets/samples/cifar10/frog.png")).expect("a sample");
    let files: Vec<PathBuf> = (0..50).map(|number| made(&format!("many-{number:02}.png"), &tiny)).collect();
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.answer_to("Kitten").await;
        drop_files(page, &files).await;
        assert_eq!(page.answer_to(name(&files[0])).await[0].0, "frog");
        assert_eq!(notice(page).await, "These are the first 48 of 50 pictures. Drop the others on their own.");
        assert_eq!(page.number("document.querySelectorAll('[data-strip]').length").await, 48.0);
    });
}
