//! The three forms side by side as the paper's Figure 3 draws them, with the selected block's numbers.

use leptos::prelude::*;

use crate::model::{Block, BlockForm};
use crate::ui::network::part_shape::text;
use crate::view::forms::{NAMES, figure, made_of};
use crate::view::number::px;

pub(crate) fn figures(block: &Block) -> AnyView {
    let one = |((form, name), what): ((BlockForm, &'static str), String)| {
        view! {
            <figure data-figure=name>
                <figcaption>{format!("Form {name}")}</figcaption>
                {drawing(&figure::Figure::new(block, form), what)}
            </figure>
        }
    };
    let forms = BlockForm::ALL.into_iter().zip(NAMES).zip(made_of(block.groups));
    view! { <div class="figures">{forms.map(one).collect_view()}</div> }.into_any()
}

fn drawing(figure: &figure::Figure, label: String) -> AnyView {
    let boxes = figure.boxes.iter().map(|conv| {
        let figure::ConvBox { bar, text: label, grouped } = conv;
        view! {
            <g class=if *grouped { "conv grouped" } else { "conv" }>
                <rect x=px(bar.x) y=px(bar.y) width=px(bar.width) height=px(bar.height) rx="3" />
                {text(label)}
            </g>
        }
    });
    let adds = figure.adds.iter().map(|&(x, y)| {
        view! {
            <circle class="add" cx=px(x) cy=px(y) r="6" />
            <path class="plus" d=format!("M{} {y}h6M{x} {}v6", x - 3.0, y - 3.0) />
        }
    });
    view! {
        <svg role="img" aria-label=label width=px(figure::WIDTH) height=px(figure::HEIGHT)>
            <path class="flow" d=figure.lines.clone() />
            <path class="between" d=figure.cuts.clone() />
            {boxes.collect_view()}
            {adds.collect_view()}
            {figure.texts.iter().map(text).collect_view()}
        </svg>
    }
    .into_any()
}
