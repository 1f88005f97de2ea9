//! What index.html shows before the program is there is what the program will show.

use cardinal::view::drawing::Drawing;
use cardinal::view::words;
use cardinal::zoo::{Listed, offers};

const PAGE: &str = include_str!("../../index.html");

/// The page begins with the first offer. Where this fails, put in what `cargo run --example drawing` prints.
#[test]
fn index_html_has_the_drawing_of_the_first_network() {
    let first = Listed::new(offers().remove(0)).unwrap();
    let drawing = Drawing::new(first.graph(), true, 954.0).to_string();
    let start = PAGE.find("<svg viewBox").expect("index.html has a drawing");
    let end = PAGE[start..].find("</svg>").map(|end| start + end + "</svg>".len()).expect("it ends");
    let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&PAGE[start..end]), lines(&drawing));
}

#[test]
fn index_html_asks_the_question_of_the_page() {
    assert!(PAGE.contains(&format!("<h2>{}</h2>", words::QUESTION)), "{}", words::QUESTION);
}
