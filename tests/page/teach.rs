//! Teaching in the page: classes by files and folders, how well they are learned, a picture in the wrong class, the network that has
//! learned as a network like any other, and what is kept. Nothing is sent anywhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use cardinal::weights::Checkpoint;
use image::{Rgb, RgbImage};
use serde_json::json;

use crate::death::{THROW, says_so};
use crate::files::{made, made_folder, name, ours};
use crate::visit::{Page, Visit};

const SIDE: u32 = 64;
/// The class of a picture is its shape; each has colours of its own too.
const SHAPES: [&str; 5] = ["circle", "square", "cross", "stripes", "ring"];
const COLOURS: [[u8; 3]; 5] = [[210, 40, 40], [40, 90, 220], [40, 170, 60], [230, 200, 40], [150, 60, 180]];

/// A picture of a shape; `number` decides its place, its size and the light.
pub fn picture(shape: usize, number: u32) -> Vec<u8> {
    let random = |salt: u32, range: u32| (number.wrapping_mul(2_654_435_761).wrapping_add(salt * 40_503) >> 7) % range;
    let (cx, cy, radius) = (26 + random(1, 13) as i32, 26 + random(2, 13) as i32, 14 + random(3, 8) as i32);
    let paper = 200 + random(4, 40) as u8;
    let pixels = RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let (dx, dy) = (x as i32 - cx, y as i32 - cy);
        let (far, square) = (dx * dx + dy * dy, dx.abs().max(dy.abs()));
        let is_inside = match shape {
            0 => far <= radius * radius,
            1 => square <= radius,
            2 => square <= radius && (dx.abs() <= 5 || dy.abs() <= 5),
            3 => square <= radius && (dy + 64) % 8 < 4,
            _ => far <= radius * radius && far >= (radius - 6) * (radius - 6),
        };
        if is_inside { Rgb(COLOURS[shape]) } else { Rgb([paper, paper, paper - 10]) }
    });
    let mut file = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut file, image::ImageFormat::Png).expect("a PNG");
    file.into_inner()
}

/// Files of a shape.
fn files(shape: usize, numbers: std::ops::Range<u32>) -> Vec<PathBuf> {
    numbers.map(|number| made(&format!("{}-{number}.png", SHAPES[shape]), &picture(shape, number))).collect()
}

/// A folder with a folder of pictures for each of these shapes.
fn folder(of: &str, shapes: &[usize], count: u32) -> PathBuf {
    let files = shapes.iter().flat_map(|&shape| {
        let name = SHAPES[shape];
        (0..count).map(move |number| (format!("{name}/{name}-{number}.png"), picture(shape, number)))
    });
    made_folder(of, &files.collect::<Vec<_>>())
}

impl Page {
    /// Opens the panel, where it is not open.
    async fn open_teaching(&self) {
        if self.text("document.getElementById('teach').open").await == "false" {
            self.click("#teach-open").await;
        }
        self.wait_for(5, "#teach[open] [data-class]").await;
    }

    /// The key of the class at a place.
    async fn class(&self, place: usize) -> String {
        self.text(&format!("document.querySelectorAll('[data-class]')[{place}].dataset.class")).await
    }

    async fn name_class(&self, place: usize, name: &str) {
        let css = format!("[data-class=\"{}\"] input[type=text]", self.class(place).await);
        self.type_into(&css, name).await;
        self.script("document.querySelector(arguments[0]).blur()", vec![css.into()]).await;
    }

    /// Gives files to the class at a place.
    pub async fn give(&self, place: usize, files: &[PathBuf]) {
        let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
        let css = format!("[data-class=\"{}\"] input[type=file]", self.class(place).await);
        self.choose_all_in(&css, &files).await;
    }

    /// Lets files go over an element.
    async fn drop_on(&self, css: &str, files: &[PathBuf]) {
        let point = "const element = document.querySelector(arguments[0]);
            element.scrollIntoView({ block: 'center' });
            const box = element.getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2];";
        let point = self.script(point, vec![css.into()]).await;
        let files: Vec<String> = files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
        let data = json!({ "items": [], "files": files, "dragOperationsMask": 1 });
        for kind in ["dragEnter", "dragOver", "drop"] {
            let event = json!({ "type": kind, "x": point[0], "y": point[1], "data": data });
            self.tab.command("Input.dispatchDragEvent", event).await;
        }
    }

    /// Waits until all of these pictures have been learned, and the network that has learned is on the page. Gives what is said of it.
    async fn learned(&self, pictures: usize) -> String {
        self.wait(30, format_args!("/(All|of) {pictures} of your pictures are recognised/.test(document.getElementById('teach-state').innerText)"))
            .await;
        self.wait_for(10, ".outcome[data-state=still]").await;
        self.wait_for(30, "#page[data-model=taught][data-state=ready] #answer[data-state=fresh]").await;
        let said = self.text("document.getElementById('teach-state').innerText").await;
        println!("{said} {}", self.text("document.getElementById('teach-details').innerText").await);
        said
    }

    /// A class for each of these shapes, and its pictures.
    pub async fn teach(&self, shapes: &[usize], count: u32) {
        self.open_teaching().await;
        for (place, &shape) in shapes.iter().enumerate() {
            if place > 1 {
                self.click("#teach-add").await;
            }
            self.name_class(place, SHAPES[shape]).await;
            self.give(place, &files(shape, 0..count)).await;
        }
        self.learned(shapes.len() * count as usize).await;
    }
}

#[test]
fn classes_are_taught_by_files_and_by_folders_and_a_wrong_picture_is_moved() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.open_teaching().await;
        let words = page.text("document.getElementById('teach-state').innerText").await;
        assert!(words.starts_with("Give two classes some pictures"), "{words}");
        page.name_class(0, "circle").await;
        page.name_class(1, "circle").await;
        page.wait(5, "document.querySelector('.trouble').innerText === 'Another class has this name.'").await;
        page.name_class(1, "square").await;
        let misplaced = made("misplaced.png", &picture(1, 77));
        page.give(0, &[files(0, 0..6), vec![misplaced]].concat()).await;
        page.give(1, &files(1, 0..6)).await;
        let said = page.learned(13).await;
        assert!(said.starts_with("12 of 13 "), "{said}");
        // It is named where one looks, and a click moves it.
        let wrong = page.list("document.querySelectorAll('#teach-wrong p'), (one) => one.innerText").await;
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert!(wrong[0].starts_with("misplaced.png: in circle, taken for square ("), "{wrong:?}");
        assert_eq!(page.number("document.querySelectorAll('.thumbs .wrong').length").await, 1.0);
        page.click("#teach-wrong [data-do=move]").await;
        page.learned(13).await;
        page.wait(5, "!document.querySelector('#teach-wrong li')").await;
        let counts = page.list("document.querySelectorAll('.count'), (one) => one.innerText").await;
        assert_eq!(counts, ["6 pictures", "7 pictures"]);
        // A folder of folders: classes by their names, known and new.
        page.drop_on(".taught .more", &[folder("two shapes", &[1, 2], 7)]).await;
        let said = page.learned(21).await;
        let names = page.list("document.querySelectorAll('[data-class] input[type=text]'), (one) => one.value").await;
        assert_eq!(names, ["circle", "square", "cross"]);
        println!("{said}");
        let left_out = page.list("document.querySelectorAll('#teach-left-out li'), (one) => one.innerText").await;
        assert!(left_out.len() == 6 && left_out[0].ends_with("it is in square already"), "{left_out:?}");
        // What is no picture is named, dropped on a class or chosen; nothing else is lost.
        page.drop_on("[data-class]", &[ours("tests/data/preprocess/broken/text.jpg"), made("notes.json", b"{}")]).await;
        page.wait(10, "document.querySelectorAll('#teach-left-out li').length === 8").await;
        let left_out = page.text("document.getElementById('teach-left-out').innerText").await;
        assert!(left_out.contains("notes.json: this is no picture") && left_out.contains("text.jpg: "), "{left_out}");
        page.learned(21).await;
        // The picture on the page, and one that is pasted where a class is focused.
        page.click("[data-class] [data-do=shown]").await;
        page.learned(22).await;
        let paste = "
            const button = document.querySelector('[data-class] [data-do=shown]');
            button.focus();
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(arguments[0])], 'pasted.png', { type: 'image/png' }));
            button.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));";
        page.script(paste, vec![json!(picture(0, 90))]).await;
        page.learned(23).await;
        assert_eq!(page.text("document.querySelector('#picture').dataset.picture").await, "Kitten");
        for _ in 0..2 {
            page.click(".thumbs button:last-of-type").await;
            page.click(".class .tools [data-do=remove]").await;
        }
        page.learned(21).await;
        // Selected, a picture is removed.
        page.click(".thumbs button").await;
        page.click(".class .tools [data-do=remove]").await;
        page.learned(20).await;
    });
}

#[test]
fn the_network_that_has_learned_is_one_like_any_other() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.requests();
        page.teach(&[0, 1], 6).await;
        let own = made("another-circle.png", &picture(0, 200));
        page.drop_file(&own).await;
        let before = page.answer_to("another-circle.png").await;
        assert!(before[0].0 == "circle" && before.len() == 2, "{before:?}");
        // Where it looks.
        page.click("#top li button").await;
        page.wait_for(20, "#map-panel .map-line").await;
        // Saved, it opens again and says the same.
        let file = page.saved("#save [data-dtype=f32]", "taught", "resnext-20_8x8d_f32.safetensors").await;
        let checkpoint = Checkpoint::parse(fs::read(&file).expect("it is there")).expect("it is whole");
        assert_eq!(checkpoint.metadata().classes.as_deref(), Some(&["circle".to_owned(), "square".to_owned()][..]));
        assert!(checkpoint.metadata().recipe.as_ref().is_some_and(|recipe| recipe.contains("12 pictures")));
        page.drop_file(&file).await;
        page.wait_for(30, "#page[data-model=file][data-state=ready] #answer[data-state=fresh]").await;
        let after = page.top().await;
        for ((label, share), (same, other)) in after.iter().zip(&before) {
            assert!(label == same && (share - other).abs() < 1e-5, "{after:?}, {before:?}");
        }
        // Another network is on the page until it is asked for again.
        assert_eq!(page.text("document.getElementById('teach-use').checkVisibility()").await, "true");
        page.click("#teach-use").await;
        page.wait_for(30, "#page[data-model=taught][data-state=ready] #answer[data-state=fresh]").await;
        assert_eq!(page.top().await, before);
        let asked = page.requests();
        let is_own = |url: &String| url.starts_with(&page.server.address);
        assert!(asked.iter().all(is_own), "{asked:?}");
    });
}

/// The features come out of the GPU as well.
#[test]
fn a_gpu_is_taught_too() {
    Visit::new("?backend=webgpu&runs=3").tuned().answers_only().run(async |page| {
        page.ready().await;
        page.teach(&[0, 1], 4).await;
        let own = made("one-more-square.png", &picture(1, 400));
        page.drop_file(&own).await;
        assert_eq!(page.answer_to(name(&own)).await[0].0, "square");
        assert_eq!(page.attribute("#page", "data-backend").await, "webgpu");
    });
}

#[test]
fn it_is_kept_only_if_asked_and_forgotten_at_once() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.teach(&[0, 1], 5).await;
        let caches = "caches.keys().then((keys) => keys.filter((key) => key.includes('taught')).join())";
        let kept = async || page.script(&format!("return {caches}"), vec![]).await;
        assert_eq!(kept().await, "", "nobody asked");
        page.click("#teach-keep").await;
        page.wait(10, "caches.keys().then((keys) => keys.length)").await;
        page.wait(10, "document.getElementById('teach-keep').checked").await;
        tokio::time::sleep(std::time::Duration::from_millis(1000)).await;
        page.open("?backend=cpu&runs=3").await;
        page.ready().await;
        page.open_teaching().await;
        page.learned(10).await;
        let names = page.list("document.querySelectorAll('[data-class] input[type=text]'), (one) => one.value").await;
        assert_eq!(names, ["circle", "square"]);
        assert_eq!(page.text("document.getElementById('teach-keep').checked").await, "true");
        page.click("#teach-keep").await;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert_eq!(kept().await, "");
        page.open("?backend=cpu&runs=3").await;
        page.ready().await;
        page.open_teaching().await;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert_eq!(page.number("document.querySelectorAll('.thumbs img').length").await, 0.0);
    });
}

#[test]
fn a_worker_that_dies_is_taught_again() {
    Visit::new("?backend=cpu&runs=3").answers_only().forgives("boom").run(async |page| {
        page.ready().await;
        page.teach(&[0, 1], 5).await;
        page.in_worker(THROW, vec![]).await;
        says_so(page).await;
        page.learned(10).await;
        let own = made("yet-another-square.png", &picture(1, 300));
        page.drop_file(&own).await;
        assert_eq!(page.answer_to(name(&own)).await[0].0, "square");
    });
}

/// By pointer, and by a key that is held.
#[test]
fn a_camera_gives_pictures_while_a_button_is_held() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.tab.grant(&["videoCapture"]).await;
        page.ready().await;
        page.open_teaching().await;
        page.give(0, &files(0, 0..5)).await;
        page.click("#teach-camera").await;
        page.wait(20, "document.querySelectorAll('[data-do=record]')[1].checkVisibility()").await;
        page.script(
            "const button = document.querySelectorAll('[data-do=record]')[1];
             button.scrollIntoView({ block: 'center' });
             button.focus();
             button.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));",
            vec![],
        )
        .await;
        let count = "document.querySelectorAll('[data-class]')[1].querySelectorAll('.thumbs img').length";
        page.wait(20, format_args!("{count} >= 3")).await;
        page.script(
            "document.querySelectorAll('[data-do=record]')[1].dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));",
            vec![],
        )
        .await;
        page.wait_for(30, "#page[data-model=taught]").await;
        page.wait(20, "document.querySelector('#teach-now span')?.innerText === 'Class 2'").await;
        // Held and let go, no more come.
        let before = page.number(count).await;
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        assert_eq!(page.number(count).await, before);
        let event = |kind: &str| json!({ "type": kind, "key": " ", "code": "Space", "windowsVirtualKeyCode": 32 });
        page.tab.command("Input.dispatchKeyEvent", event("rawKeyDown")).await;
        page.wait(20, format_args!("{count} >= {before} + 2")).await;
        page.tab.command("Input.dispatchKeyEvent", event("keyUp")).await;
        page.click("#teach-stop").await;
        page.wait_for(30, "#page[data-state=ready] #answer[data-state=fresh]").await;
    });
}

/// Seconds from the last of 100 pictures to an answer of the network that has learned.
const BAR: f64 = 3.0;

#[test]
fn a_hundred_pictures_are_learned_in_seconds() {
    Visit::new("?backend=cpu&runs=3").answers_only().alone().run(async |page| {
        page.ready().await;
        page.open_teaching().await;
        let given = Instant::now();
        page.drop_on(".taught .more", &[folder("a hundred shapes", &[0, 1, 2, 3, 4], 20)]).await;
        page.wait(60, "document.querySelectorAll('.thumbs img').length === 100").await;
        let last = Instant::now();
        page.wait_for(60, "#page[data-model=taught] #answer[data-state=fresh]").await;
        let (all, seconds) = (given.elapsed().as_secs_f64(), last.elapsed().as_secs_f64());
        println!("{seconds:.2} s from the last picture, {all:.2} s from the first; the bar is {BAR} s");
        let said = page.learned(100).await;
        println!("{said}");
        assert!(seconds < 3.0 * BAR, "{seconds} s");
    });
}
