//! The misclassified test pictures. A click runs the network on one again.

use leptos::prelude::*;

use crate::protocol::Evaluation;
use crate::ui::client::Client;
use crate::ui::state::Results;
use crate::ui::widgets::OneTabStop;
use crate::zoo::cifar10::{CLASSES, Item, SIDE, TEST};

/// Side of a thumbnail in CSS pixels: every pixel of the picture becomes four.
const THUMB: usize = 2 * SIDE;

/// A picture by its place on the sheet, its class, and the class that the network gave it.
type Mistake = (usize, Item, usize);

fn mistakes(evaluation: &Evaluation) -> Vec<Mistake> {
    let answers = evaluation.answers.iter().enumerate();
    let wrong = answers.filter(|(_, (item, answer))| item.class != *answer);
    wrong.map(|(place, (item, answer))| (place, *item, *answer)).collect()
}

#[component]
pub(crate) fn Mistakes() -> impl IntoView {
    let now = expect_context::<Results>().evaluation_now;
    let wrong = Memo::new(move |_| now.with(|now| now.as_ref().map(mistakes).unwrap_or_default()));
    let answers = Memo::new(move |_| now.with(|now| now.as_ref().map_or(0, |now| now.answers.len())));
    let words = move || match (wrong.with(Vec::len), answers.get()) {
        (0, 0) => "Misclassified pictures will appear here.".to_owned(),
        (0, answers) if answers == TEST.pictures => "No picture was misclassified.".into(),
        (0, _) => "No misclassified picture so far.".into(),
        (count, _) => format!("{count} misclassified. Click one to run it again."),
    };
    view! {
        <div id="mistakes">
            <p id="wrong" class="meta">{words}</p>
            <OneTabStop class="" label="Misclassified pictures">
                <ul>
                    <For each=move || wrong.get() key=|(place, _, answer)| (*place, *answer) let(mistake)>
                        <Thumb mistake />
                    </For>
                </ul>
            </OneTabStop>
        </div>
    }
}

#[component]
fn Thumb(mistake: Mistake) -> impl IntoView {
    let client = expect_context::<Client>();
    let (place, item, answer) = mistake;
    let name = |class: usize| CLASSES.get(class).copied().unwrap_or_default();
    let (truth, named) = (name(item.class), name(answer));
    let (column, row) = TEST.place(place);
    let show = move |_| {
        client.show_test_picture(place, item);
        // The button is at the foot of the page, the picture and its answer at the top.
        if let Some(section) = document().get_element_by_id("picture") {
            section.scroll_into_view();
        }
    };
    view! {
        <li>
            <button
                type="button"
                data-number=item.number.to_string()
                title=format!("Test picture {}: {truth}, classified as {named}", item.number)
                on:click=show
            >
                <i style:background-position=format!("-{}px -{}px", column * THUMB, row * THUMB)></i>
                {truth}
                <b>"→ " {named}</b>
            </button>
        </li>
    }
}
