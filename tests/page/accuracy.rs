//! Accuracy on the 200 test pictures, as the page measures it and as the library counts it natively.

use std::fs;
use std::rc::Rc;

use cardinal::classifier::{Classifier, Model};
use cardinal::gpu::Gpu;
use cardinal::image::{RgbImage, decode};
use cardinal::plan::PlanKind;
use cardinal::zoo::cifar10::{CLASSES, TEST};

use crate::files::ours;
use crate::visit::{Page, Visit};
use crate::without::NO_WEBGPU;

const PICTURES: usize = TEST.pictures;

/// Number, true class and answer of every picture that the shipped network misclassifies on this machine's own driver.
fn wrong_natively() -> Vec<(usize, &'static str, &'static str)> {
    pollster::block_on(async {
        let gpu = Rc::new(Gpu::request().await.expect("a GPU driver"));
        let weights = fs::read(ours("assets/models/resnext20_8x8d_cifar10_f16.safetensors")).expect("weights");
        let model = Model::open("shipped", Rc::new(weights), None).await.expect("a network");
        let classifier = Classifier::load(&gpu, &model, PlanKind::Fused, |_| {}).await.expect("it builds");
        let sheet = decode(&fs::read(ours(TEST.path)).expect("a sheet")).expect("a picture").to_rgba();
        let list = fs::read_to_string(ours(TEST.list)).expect("a list");
        let mut wrong = Vec::new();
        for (index, item) in TEST.items(&list).expect("items").into_iter().enumerate() {
            let rgba = TEST.cut(&sheet, index).expect("on the sheet");
            let picture = RgbImage::from_rgba(32, 32, &rgba).expect("32 by 32");
            let tensor = model.preprocess().apply(&picture).expect("prepared").tensor;
            let answer = classifier.classify(&tensor).await.expect("an answer").top_k[0].index;
            if answer != item.class {
                wrong.push((item.number, CLASSES[item.class], CLASSES[answer]));
            }
        }
        println!("natively, on {}: {} of {PICTURES} right", gpu.adapter().name, PICTURES - wrong.len());
        wrong
    })
}

const ANSWERED: &str = "document.querySelector('#measuring progress').value";

/// Collects what the page says of mistakes, from now on.
const LISTEN_TO_MISTAKES: &str = "
    window.said = [];
    const words = document.getElementById('wrong');
    new MutationObserver(() => said.push(words.textContent)).observe(words, { childList: true, characterData: true, subtree: true });
";

async fn press(page: &Page) {
    page.click("#measure").await;
}

async fn stage(page: &Page, stage: &str) {
    page.wait(240, format_args!("document.querySelector('#measuring')?.dataset.state === '{stage}'")).await;
}

/// Sum of the cells of the matrix that `filter` keeps: an expression of `row` and `column`.
async fn cells(page: &Page, filter: &str) -> f64 {
    page.number(&format!(
        "[...document.querySelectorAll('#confusion tbody tr')].flatMap((tr, row) => [...tr.querySelectorAll('td')]\
         .map((td, column) => ({filter}) ? Number(td.innerText) : 0)).reduce((a, b) => a + b)"
    ))
    .await
}

#[test]
fn the_page_counts_what_the_library_counts() {
    let wrong = wrong_natively();
    let right = PICTURES - wrong.len();
    // By chance one of ten is right; that much below its card would be a fault of the sample or of the code.
    assert!((160..PICTURES).contains(&right), "{right} of {PICTURES}");
    Visit::new("?runs=3&backend=webgpu").tuned().answers_only().run(async |page| {
        page.ready().await;
        stage(page, "none").await;
        let height = "document.getElementById('accuracy').offsetHeight";
        assert!(page.number(height).await < 110.0, "one line and one button until it is used");
        assert_eq!(page.text("document.getElementById('confusion').checkVisibility()").await, "false");
        assert_eq!(cells(page, "true").await, 0.0);
        page.script(LISTEN_TO_MISTAKES, vec![]).await;
        press(page).await;
        page.wait_for(30, "#accuracy.used").await;
        let before = page.number(height).await;
        stage(page, "done").await;
        page.ready().await;
        let said = page.list("said").await;
        assert_eq!(said[0], "No misclassified picture so far.");
        assert!(
            said[1].starts_with("1 misclassified.")
                && said.last().is_some_and(|last| last.starts_with(&format!("{} ", wrong.len()))),
            "{said:?}"
        );
        println!("{}", page.text("document.getElementById('accuracy').innerText").await);
        // Room was kept for all of it.
        assert_eq!(page.number(height).await, before);

        let score = page.text("document.getElementById('score').innerText").await;
        assert_eq!(score, format!("{right} of {PICTURES} right"));
        assert_eq!(page.text("document.getElementById('spoken-accuracy').innerText").await.find(&score), Some(0));
        assert!(page.text("document.getElementById('percent').innerText").await.contains("% (±"));
        assert!(page.text("document.getElementById('stated').innerText").await.contains("Its file states 91.05 %"));
        assert!(page.text("document.getElementById('pace').innerText").await.contains("pictures per second"));

        assert_eq!(cells(page, "true").await, PICTURES as f64);
        assert_eq!(cells(page, "row === column").await, right as f64);
        for (row, class) in CLASSES.iter().enumerate() {
            assert_eq!(cells(page, &format!("row === {row}")).await, 20.0, "{class}");
        }
        let named = page.list("document.querySelectorAll('#mistakes button'), it => it.title").await;
        let expected: Vec<String> = wrong
            .iter()
            .map(|(number, truth, named)| format!("Test picture {number}: {truth}, classified as {named}"))
            .collect();
        assert_eq!(named, expected);

        let (number, truth, answer) = wrong[0];
        page.click(&format!("#mistakes [data-number=\"{number}\"]")).await;
        assert_eq!(page.answer_to(&format!("Test picture {number}: {truth}")).await[0].0, answer);
        assert_eq!(page.text("document.getElementById('score').innerText").await, score);
    });
}

#[test]
fn it_stops_and_goes_on() {
    Visit::new("?runs=3&backend=webgpu").tuned().answers_only().run(async |page| {
        page.ready().await;
        press(page).await;
        page.wait(60, format_args!("{ANSWERED} >= 5")).await;
        press(page).await;
        stage(page, "stopped").await;
        page.ready().await;
        let done = page.number(ANSWERED).await;
        assert!((5.0..PICTURES as f64).contains(&done), "{done}");
        assert_eq!(cells(page, "true").await, done);

        // The newer picture goes first, and the evaluation resumes after it.
        press(page).await;
        page.click("[data-sample=\"cifar10/frog.png\"]").await;
        page.wait_for(60, "#picture[data-picture=Frog]").await;
        page.wait_for(60, "#answer[data-state=fresh]").await;
        page.wait(60, format_args!("{ANSWERED} > {} + 3", done)).await;
        stage(page, "running").await;

        // Another setting has its own count; the first one's stays.
        page.set("#plan [data-value=plain]").await;
        page.wait_for(60, "#page[data-plan=plain][data-state=ready]").await;
        stage(page, "none").await;
        assert_eq!(cells(page, "true").await, 0.0);
        press(page).await;
        page.wait(60, format_args!("{ANSWERED} >= 3")).await;
        press(page).await;
        let compared = page.list("document.querySelectorAll('#accuracy .compared'), it => it.innerText").await;
        assert!(compared.len() == 2 && compared[1].contains("plain, f32: "), "{compared:?}");
        page.set("#plan [data-value=fused]").await;
        page.wait_for(60, "#page[data-plan=fused][data-state=ready]").await;
        stage(page, "stopped").await;
        // A stop without weights has nothing to measure, and takes nothing away from under the pointer.
        let before = page.number("document.getElementById('accuracy').offsetHeight").await;
        page.click("#cardinality [data-value=\"4\"]").await;
        page.wait_for(60, "#page[data-cardinality=\"4\"][data-state=ready] #hindered").await;
        assert_eq!(page.number("document.getElementById('accuracy').offsetHeight").await, before);
        assert_eq!(
            page.text("document.getElementById('measure').checkVisibility({ visibilityProperty: true })").await,
            "false"
        );
        page.click("#cardinality [data-value=\"8\"]").await;
        page.wait_for(60, "#page[data-cardinality=\"8\"][data-state=ready]").await;
        stage(page, "stopped").await;
        assert!(page.number(ANSWERED).await > done);
    });
}

#[test]
fn where_it_cannot_be_measured_it_says_why() {
    Visit::new("?runs=3&cardinality=4&backend=cpu").answers_only().script(NO_WEBGPU).worker_script(NO_WEBGPU).run(
        async |page| {
            let why = async |words: &str| {
                page.wait(60, format_args!("document.getElementById('hindered')?.innerText.includes('{words}')")).await;
                assert!(page.text("document.getElementById('measure')").await == "null");
            };
            why("is untrained").await;
            page.drop_file(&ours("tests/data/golden/models/tiny_cifar3.weights.safetensors")).await;
            page.wait_for(30, "#page[data-model=file][data-state=ready]").await;
            why("does not name its classes").await;
            page.open("?backend=webgpu").await;
            why("no GPU").await;
            page.open("?model=imagenet&runs=3&backend=cpu").await;
            why("may not be shipped").await;
        },
    );
}

/// A list that cannot be fetched is reported, and the page goes on working.
#[test]
fn test_pictures_that_do_not_come_are_said() {
    let lost = "const fetched = self.fetch;
        self.fetch = (...args) => String(args[0].url ?? args[0]).includes('assets/test/')
            ? Promise.resolve(new Response('', { status: 503 })) : fetched(...args);";
    Visit::new("?runs=3&backend=cpu").answers_only().worker_script(lost).run(async |page| {
        page.ready().await;
        press(page).await;
        page.wait_for(30, "#notices .notice").await;
        let notices = page.notices().await;
        assert!(notices[0].contains("test pictures could not be fetched") && notices[0].contains("503"), "{notices:?}");
        page.ready().await;
        stage(page, "none").await;
    });
}
