//! The sample pictures: first what the chosen network knows, and one stop of the Tab key for all of them.

use crate::browser::Key;
use crate::files::ours;
use crate::visit::{PHONE, Page, Visit};

/// The pictures of each row, after its caption.
async fn rows(page: &Page) -> Vec<String> {
    let row = "row => (row.querySelector('span')?.innerText ?? '') + '|' \
        + [...row.querySelectorAll('button')].map(thumb => thumb.dataset.sample.split('/').at(-1).split('.')[0]).join(' ')";
    page.list(&format!("document.querySelectorAll('#picture .samples'), {row}")).await
}

#[test]
fn samples_lead_with_what_the_network_knows() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        let tiny = "airplane automobile bird cat deer dog frog horse ship truck";
        let known = "kitten kingfisher horses moose chelsea german-shepherd duck";
        let first =
            [format!("|{known}"), format!("|{tiny}"), "Not among its 10 classes:|rocket coffee lizard pagoda".into()];
        assert_eq!(rows(page).await, first);
        // A network without names for its classes: nothing is known to be missing.
        page.drop_file(&ours("tests/data/golden/models/tiny_cifar3.weights.safetensors")).await;
        page.wait_for(30, "#page[data-model=file][data-state=ready] #top").await;
        assert_eq!(rows(page).await, [format!("|{known} rocket coffee lizard pagoda"), format!("|{tiny}")]);
        // CIFAR-10's labels count, whatever file they come from.
        page.drop_file(&ours("assets/models/resnext20_8x8d_cifar10_f16.safetensors")).await;
        page.wait_for(30, "#page[data-model=file][data-state=ready] #top li[data-label=cat]").await;
        assert_eq!(rows(page).await, first);
    });
}

#[test]
fn the_first_samples_are_answered_rightly() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        let samples = cardinal::zoo::samples::samples();
        // The duck, which stands last among the known ones, is a bird by less than one half.
        for sample in samples.iter().take_while(|sample| sample.file != "duck.jpg") {
            page.click(&format!("[data-sample=\"{}\"]", sample.file)).await;
            assert_eq!(Some(&page.answer_to(&sample.title).await[0].0), sample.cifar10.as_ref(), "{}", sample.file);
        }
    });
}

/// The sample that has the focus.
async fn focused(page: &Page) -> String {
    page.text("document.activeElement.dataset.sample").await
}

#[test]
fn samples_are_one_tab_stop() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.script("document.getElementById('choose').focus()", vec![]).await;
        // The caption under the picture has a link.
        page.keys(&[Key::Tab, Key::Tab]).await;
        assert_eq!(focused(page).await, "kitten.jpg");
        page.keys(&[Key::Right, Key::Right, Key::Left]).await;
        assert_eq!(focused(page).await, "kingfisher.jpg");
        page.keys(&[Key::End]).await;
        assert_eq!(focused(page).await, "pagoda.jpg");
        // There is nothing after the last.
        page.keys(&[Key::Right, Key::Home, Key::Down]).await;
        assert_eq!(focused(page).await, "kingfisher.jpg");
        page.keys(&[Key::Tab]).await;
        assert_eq!(focused(page).await, "undefined", "a second stop among the samples");
        page.keys(&[Key::BackTab]).await;
        assert_eq!(focused(page).await, "kingfisher.jpg", "where it was left");
    });
}

#[test]
fn on_a_phone_all_samples_are_one_line() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.ready().await;
        page.look(PHONE, "light").await;
        let tops =
            "new Set([...document.querySelectorAll('[data-sample]')].map(it => it.getBoundingClientRect().top)).size";
        assert_eq!(page.number(tops).await, 1.0);
        page.click("[data-sample=\"cifar10/frog.png\"]").await;
        assert_eq!(page.answer_to("Frog").await[0].0, "frog");
    });
}
