//! The pictures that would be taken for another class, each with what can be done about it.

use leptos::prelude::*;

use super::thumbs::Tools;
use crate::protocol::LeftOutPicture;
use crate::ui::state::{Outcome, Teach};
use crate::view::teach as say;

/// A picture that is taken for another class: its id, its address, the words beside it, and the key of that class.
type Wrong = (u64, String, String, u64);

#[component]
pub(super) fn WrongPictures() -> impl IntoView {
    let teach = expect_context::<Teach>();
    let wrong = move || {
        teach.outcome.with(|outcome| {
            let Some(Outcome { learned, keys }) = outcome else { return Vec::new() };
            let wrong = learned.left_out.iter().filter(|picture| !picture.is_right);
            wrong.filter_map(|picture| shown(teach, keys, picture)).collect::<Vec<_>>()
        })
    };
    let row = |(id, url, words, to): Wrong| {
        view! {
            <li data-picture=id.to_string()>
                <img src=url alt="" width="56" height="56" />
                <div><p>{words}</p><Tools id to /></div>
            </li>
        }
    };
    view! {
        <ul id="teach-wrong">
            {move || wrong().into_iter().map(row).collect_view()}
        </ul>
    }
}

fn shown(teach: Teach, keys: &[u64], picture: &LeftOutPicture) -> Option<Wrong> {
    let id = picture.picture;
    let to = *keys.get(picture.answer)?;
    let answer = teach.of(to, |class| class.name.clone())?;
    teach.classes.with(|all| {
        let class = all.iter().find(|class| class.pictures.iter().any(|one| one.id == id))?;
        let shown = class.pictures.iter().find(|one| one.id == id)?;
        let words = say::wrong(&shown.name, &class.name, &answer, f64::from(picture.probability));
        // Moved where it was taken for, it is on its way.
        (class.key != to).then(|| (id, shown.url.clone(), words, to))
    })
}
