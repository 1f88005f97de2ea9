//! What the visitor teaches, kept in the browser where that is asked for: names, pictures, and the network that was taught.

use leptos::prelude::*;

use super::handle::Client;
use crate::platform::{Kept, blob, read};
use crate::protocol::Command;
use crate::view::teach;

/// The cache. Visitors have caches with this name, which stay as they are.
const CACHE: &str = "cardinal-taught-1";
/// The name of the list in it; pictures are named by their ids.
const LIST: &str = "list";
/// Bytes of the longest list.
const LONGEST: u64 = 1_000_000;

/// The id of the network that was taught, and the classes: the name of each, and its pictures by id and name.
type List = (String, Vec<(String, Vec<(u64, String)>)>);

impl Client {
    /// Keeps what is taught in this browser from now on, or forgets it.
    pub(crate) async fn keep_taught(self, is_kept: bool) {
        let teach = self.state().teach;
        teach.is_kept.set(is_kept);
        if is_kept {
            self.keep_now().await;
        } else {
            Kept::forget(CACHE).await;
            teach.kept_ids.set_value(Vec::new());
        }
    }

    /// Brings what is kept up to date.
    pub(super) async fn keep_now(self) {
        let teach = self.state().teach;
        if !teach.is_kept.get_untracked() {
            return;
        }
        let has_room = self.write_kept().await.unwrap_or(false);
        if !teach.is_kept.get_untracked() {
            // Forgotten while it was written.
            Kept::forget(CACHE).await;
        } else if !has_room {
            self.keep_nothing().await;
        }
    }

    async fn keep_nothing(self) {
        let teach = self.state().teach;
        teach.is_kept.set(false);
        teach.kept_ids.set_value(Vec::new());
        teach.leave_out(teach::NO_ROOM.into());
        Kept::forget(CACHE).await;
    }

    /// Writes what is not kept yet; says whether there was room for all of it.
    async fn write_kept(self) -> Option<bool> {
        let teach = self.state().teach;
        let kept = Kept::open(CACHE).await?;
        let classes = teach.classes.get_untracked();
        let before = teach.kept_ids.get_value();
        let mut ids = Vec::new();
        for picture in classes.iter().flat_map(|class| &class.pictures) {
            if !before.contains(&picture.id) && !kept.put(&picture.id.to_string(), &picture.file).await {
                return Some(false);
            }
            ids.push(picture.id);
        }
        let choice = self.state().choice;
        let base = teach.outcome.with_untracked(|outcome| outcome.as_ref().map(|outcome| outcome.learned.base));
        let base = base.unwrap_or_else(|| choice.network.get_untracked());
        let network = untrack(|| choice.at(base, |listed| listed.network().id.clone())).unwrap_or_default();
        let names = classes
            .into_iter()
            .map(|class| (class.name, class.pictures.into_iter().map(|picture| (picture.id, picture.name)).collect()));
        let list: List = (network, names.collect());
        let text = serde_json::to_string(&list).ok()?;
        if !kept.put(LIST, &blob(text.as_bytes()).ok()?).await {
            return Some(false);
        }
        for gone in before.iter().filter(|id| !ids.contains(id)) {
            kept.remove(&gone.to_string()).await;
        }
        teach.kept_ids.set_value(ids);
        Some(true)
    }

    /// Brings back what an earlier visit has kept.
    pub(crate) async fn restore_taught(self) {
        if !Kept::has(CACHE).await {
            return;
        }
        let Some((network, classes)) = self.kept_list().await else { return };
        let Some(kept) = Kept::open(CACHE).await else { return };
        let teach = self.state().teach;
        let choice = self.state().choice;
        if let Some(place) = choice.place_of(&network).filter(|&place| untrack(|| self.state().loading.is_here(place)))
        {
            choice.turn_to(place);
        }
        // Those that the panel begins with have no pictures.
        teach.classes.update(|all| all.retain(|class| !class.pictures.is_empty()));
        teach.is_kept.set(true);
        teach.number_after(classes.iter().flat_map(|(_, pictures)| pictures).map(|(id, _)| *id).max().unwrap_or(0));
        let mut ids = Vec::new();
        for (name, pictures) in classes {
            let class = teach.class_named(&name);
            for (id, name) in pictures {
                let Some(file) = kept.get(&id.to_string()).await else { continue };
                teach.put(class, id, &name, &file);
                self.send_with(Command::TeachPicture(id), Some(file));
                ids.push(id);
            }
        }
        teach.kept_ids.set_value(ids);
        self.learn_soon();
    }

    async fn kept_list(self) -> Option<List> {
        let list = Kept::open(CACHE).await?.get(LIST).await?;
        serde_json::from_slice(&read(&list, LONGEST).await.ok()?).ok()
    }
}
