//! Networks of one logit, without a head, and of widths that follow no rule, dropped on the page.

use crate::files::ours;
use crate::visit::{Visit, has_words};

const FOLDER: &str = "tests/data/field/checkpoints";

fn inner(css: &str) -> String {
    format!("document.querySelector('{css}').innerText")
}

#[test]
fn one_logit_answers_yes_or_no_and_no_head_names_no_classes() {
    Visit::new("?backend=cpu&runs=3").answers_only().run(async |page| {
        page.answer_to("Kitten").await;
        page.drop_file(&ours(&format!("{FOLDER}/one_logit.safetensors"))).await;
        page.wait(30, "document.querySelectorAll('#top li').length === 2").await;
        let top = page.answer_to("Kitten").await;
        let mut labels: Vec<&str> = top.iter().map(|(label, _)| label.as_str()).collect();
        labels.sort_unstable();
        assert_eq!(labels, ["cat rather than dog", "not “cat rather than dog”"]);
        assert!((top[0].1 + top[1].1 - 1.0).abs() < 1e-5 && top[0].1 < 0.999, "{top:?}");

        page.drop_file(&ours(&format!("{FOLDER}/no_head.safetensors"))).await;
        page.wait(30, "document.querySelector('#answer').dataset.state === 'no-head'").await;
        page.ready().await;
        has_words(
            &page.text(&inner("#answer")).await,
            &["no head", "fc", "name no classes", "No classes: its head is missing"],
        );
        assert!(page.top().await.is_empty());

        page.drop_file(&ours(&format!("{FOLDER}/free_widths.safetensors"))).await;
        page.wait(30, "document.querySelector('#title').innerText.includes('widths 15-30-60')").await;
        assert_eq!(page.answer_to("Kitten").await.len(), 5);
        has_words(&page.text(&inner("#title")).await, &["ResNeXt-14, 3 groups, widths 15-30-60"]);
        has_words(&page.text(&inner("#explain")).await, &["3 groups, widths 15-30-60", "follow no rule"]);
        has_words(&page.text(&inner("#verdict")).await, &["no others of equal cost"]);
    });
}
