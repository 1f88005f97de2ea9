//! The first screen: the question, its answer, the dial and the chart, without scrolling and without help.

use crate::visit::{DESKTOP, PHONE, Page, Visit};

const LAPTOP: (u32, u32) = (1366, 768);

/// Waits until every stop of the dial has been timed on both backends.
async fn swept(page: &Page) {
    let all = "const rows = [...document.querySelectorAll('#latency tbody tr')];
               return rows.length === 6 && rows.every((row) => row.dataset.otherMs)";
    page.wait(90, format_args!("(() => {{ {all} }})()")).await;
}

async fn verdict(page: &Page) -> String {
    page.text("document.getElementById('verdict').textContent.replaceAll('\\u00a0', ' ')").await
}

/// Asked at once, and answered by itself: nobody turns the dial.
#[test]
fn the_question_is_answered_by_itself() {
    Visit::new("?runs=3").tuned().run(async |page| {
        page.wait_for(30, "#verdict").await;
        let question = page.text("document.getElementById('cardinality-title').textContent").await;
        assert_eq!(question, "Same cost, more groups: is it faster? Is it more accurate?");
        assert!(verdict(page).await.starts_with("Timing here: "), "{}", verdict(page).await);
        swept(page).await;
        let answer = verdict(page).await;
        println!("{answer}");
        assert!(answer.starts_with("Here, 32 groups "), "{answer}");
        assert!(answer.ends_with(" Accuracy rises from 87.32 % to 88.74 %."), "{answer}");
        // The chart has them all: a mark for each latency, three accuracies, and the other backend's numbers.
        assert_eq!(page.number("document.querySelectorAll('#chart .ring').length").await, 6.0);
        let others = page.list("document.querySelectorAll('#chart .other'), (one) => one.textContent").await;
        assert!(others.len() == 6 && others.iter().all(|one| one.parse::<f64>().is_ok()), "{others:?}");
        // A stop that was swept is there at once, with the runs that were asked for.
        assert_eq!(page.attribute("#page", "data-cardinality").await, "8");
        page.click("#cardinality [data-value=\"32\"]").await;
        page.wait_for(60, "#page[data-state=ready] #wall[data-runs=\"3\"]").await;
    });
}

#[test]
fn dial_and_chart_are_on_the_first_screen() {
    Visit::new("?runs=10").answers_only().run(async |page| {
        page.ready().await;
        for (width, height) in [DESKTOP, LAPTOP, PHONE] {
            page.look((width, height), "light").await;
            let bottoms = "['top', 'cardinality', 'chart'].map((id) => document.getElementById(id).getBoundingClientRect().bottom)";
            let bottoms = page.list(&format!("{bottoms}, String")).await;
            println!("{width}x{height}: answer, dial and chart end at {bottoms:?}");
            for bottom in bottoms {
                let bottom: f64 = bottom.parse().expect("a number");
                assert!(bottom <= f64::from(height), "{width}x{height}: {bottom}");
            }
            let order = "document.getElementById('cardinality').compareDocumentPosition(document.getElementById('block')) & 4";
            assert_eq!(page.number(order).await, 4.0, "the dial stands before the table of a block");
        }
    });
}

/// The switches of experts take one line, which says what is set.
#[test]
fn settings_are_a_line_that_opens() {
    Visit::new("?runs=3").answers_only().run(async |page| {
        page.ready().await;
        let line = "document.querySelector('#settings p').innerText.replace(/\\s+/g, ' ')";
        assert_eq!(page.text(line).await, "CPU · fused plan · f32 weights · 3 runs Change");
        let seen = "document.getElementById('plan').checkVisibility()";
        assert_eq!(page.text(seen).await, "false");
        page.set("#plan [data-value=plain]").await;
        assert_eq!(page.text(seen).await, "true");
        assert_eq!(page.text(line).await, "CPU · plain plan · f32 weights · 3 runs Done");
        page.click("#change").await;
        assert_eq!(page.text(seen).await, "false");
    });
}

/// By pointer, by focus and by tap: what the terms of the paper mean, inside the window.
#[test]
fn terms_explain_themselves() {
    let terms = [
        ("#explain .term", "8×8d", "8 groups, each 8 channels wide"),
        ("#title .term", "ResNeXt-20 8×8d", "Cardinality × width, as the paper writes it"),
        ("#block-channels .term", "64→64→256, 8×8", "bottleneck"),
        ("#settings .term", "fused plan", "run as one step"),
    ];
    Visit::new("?runs=10").answers_only().run(async |page| {
        page.ready().await;
        for size in [DESKTOP, PHONE, (320, 640)] {
            page.look(size, "light").await;
            for (css, term, meaning) in terms {
                assert_eq!(page.text(&format!("document.querySelector('{css}').textContent.trim()")).await, term);
                let tip = format!("document.querySelector('{css} + .tip')");
                let visible = format!("String({tip}.checkVisibility({{ visibilityProperty: true }}))");
                page.script("document.activeElement.blur()", vec![]).await;
                page.click("#picture-caption").await;
                assert_eq!(page.text(&visible).await, "false", "{term}");
                page.script(&format!("document.querySelector('{css}').focus()"), vec![]).await;
                assert_eq!(page.text(&visible).await, "true", "{term}, by focus");
                let words = page.text(&format!("{tip}.textContent")).await;
                assert!(words.contains(meaning) && words.matches(". ").count() == 0, "one sentence: {words}");
                let inside =
                    format!("(({{ left, right }}) => left >= 0 && right <= innerWidth)({tip}.getBoundingClientRect())");
                assert_eq!(page.text(&inside).await, "true", "{size:?}: the explanation of {term} leaves the window");
                page.script("document.activeElement.blur()", vec![]).await;
                page.click(css).await;
                assert_eq!(page.text(&visible).await, "true", "{term}, by a press");
            }
        }
    });
}

/// The claim of the paper as a table, whose latencies are measured when they are asked for.
#[test]
fn resnet_50_stands_beside_resnext_50() {
    Visit::new("?backend=cpu").answers_only().run(async |page| {
        page.ready().await;
        let rows = "document.querySelectorAll('#pair tbody tr'), (row) => row.innerText.replace(/\\s+/g, ' ')";
        assert_eq!(
            page.list(rows).await,
            ["ResNet-50 1×64d 25.6 M 4.09 G 23.9 % –", "ResNeXt-50 32×4d 25.0 M 4.23 G 22.2 % –"]
        );
        page.click("#time-pair").await;
        page.wait(90, "document.querySelectorAll('#pair tr[data-ms]').length === 2").await;
        println!("{:?}", page.list(rows).await);
        assert_eq!(page.attribute("#page", "data-model").await, "cifar10", "the network that answers stays");
        assert_eq!(page.answer_to("Kitten").await[0].0, "cat");
    });
}
