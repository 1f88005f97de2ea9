//! What the visitor teaches: classes with their pictures, and what has come of it.

use leptos::prelude::*;
use web_sys::{Blob, Url};

use crate::protocol::{Learned, Lesson, LessonClass};
use crate::view::teach::{Counted, MOST_PICTURES};

/// A picture of a class.
#[derive(Clone)]
pub(crate) struct TeachPicture {
    pub id: u64,
    pub name: String,
    /// The object URL of its file.
    pub url: String,
    pub file: Blob,
}

/// A class. Its key stays when it is renamed.
#[derive(Clone)]
pub(crate) struct TeachClass {
    pub key: u64,
    pub name: String,
    pub pictures: Vec<TeachPicture>,
}

/// What was learned, and the keys of its classes in the order of the answers.
#[derive(Clone, PartialEq)]
pub(crate) struct Outcome {
    pub learned: Learned,
    pub keys: Vec<u64>,
}

#[derive(Clone, Copy)]
pub(crate) struct Teach {
    pub classes: RwSignal<Vec<TeachClass>, LocalStorage>,
    /// The picture that can be moved or removed.
    pub selected: RwSignal<Option<u64>>,
    pub outcome: RwSignal<Option<Outcome>>,
    /// Whether a lesson was sent that has no outcome yet.
    pub is_learning: RwSignal<bool>,
    /// Why the last lesson could not be learned.
    pub failed: RwSignal<Option<String>>,
    /// Files that were left out, each with the reason.
    pub left_out: RwSignal<Vec<String>>,
    /// The class that is given frames of the moving picture, for as long as a button is held.
    pub recording: RwSignal<Option<u64>>,
    /// The class that something is dragged over; 0 for none of them, on the panel.
    pub landing: RwSignal<Option<u64>>,
    /// Whether all of it is kept in the browser.
    pub is_kept: RwSignal<bool>,
    /// The pictures that are kept.
    pub kept_ids: StoredValue<Vec<u64>>,
    inner: StoredValue<Inner>,
}

#[derive(Default)]
struct Inner {
    /// The last number of a class, a picture or a lesson.
    last: u64,
    /// The last lesson, and the keys of its classes.
    sent: (u64, Vec<u64>),
    /// Counts the changes since the page began.
    changes: u64,
}

impl Teach {
    pub(crate) fn new() -> Self {
        Self {
            classes: RwSignal::new_local(Vec::new()),
            selected: RwSignal::new(None),
            outcome: RwSignal::new(None),
            is_learning: RwSignal::new(false),
            failed: RwSignal::new(None),
            left_out: RwSignal::new(Vec::new()),
            recording: RwSignal::new(None),
            landing: RwSignal::new(None),
            is_kept: RwSignal::new(false),
            kept_ids: StoredValue::new(Vec::new()),
            inner: StoredValue::new(Inner::default()),
        }
    }

    fn next(self) -> u64 {
        let next = |inner: &mut Inner| {
            inner.last += 1;
            inner.last
        };
        self.inner.try_update_value(next).unwrap_or_default()
    }

    /// Notes a change; gives its number.
    pub(crate) fn change(self) -> u64 {
        let next = |inner: &mut Inner| {
            inner.changes += 1;
            inner.changes
        };
        self.inner.try_update_value(next).unwrap_or_default()
    }

    /// Whether nothing has changed since this change.
    pub(crate) fn is_newest(self, change: u64) -> bool {
        self.inner.with_value(|inner| inner.changes == change)
    }

    /// The key of the class of this name, which is added where there is none.
    pub(crate) fn class_named(self, name: &str) -> u64 {
        let found =
            self.classes.with_untracked(|all| all.iter().find(|class| class.name == name).map(|class| class.key));
        found.unwrap_or_else(|| self.add_class(name.to_owned()))
    }

    /// Adds a class; gives its key.
    pub(crate) fn add_class(self, name: String) -> u64 {
        let key = self.next();
        self.classes.update(|all| all.push(TeachClass { key, name, pictures: Vec::new() }));
        key
    }

    /// A name that no class has.
    pub(crate) fn free_name(self) -> String {
        let is_taken = |name: &String| self.classes.with_untracked(|all| all.iter().any(|class| class.name == *name));
        (1..).map(|number| format!("Class {number}")).find(|name| !is_taken(name)).unwrap_or_default()
    }

    /// Adds a picture to a class; gives its id, or the name of the class that has it already.
    ///
    /// # Errors
    /// The name of the class that has it already.
    pub(crate) fn add(self, class: u64, name: &str, file: &Blob) -> Result<u64, String> {
        let is_it = |known: &TeachPicture| known.name == name && known.file.size() == file.size();
        let holder =
            |all: &Vec<TeachClass>| all.iter().find(|one| one.pictures.iter().any(is_it)).map(|one| one.name.clone());
        if let Some(holder) = self.classes.with_untracked(holder) {
            return Err(holder);
        }
        let id = self.next();
        self.put(class, id, name, file);
        Ok(id)
    }

    /// Ids that come are larger than this one.
    pub(crate) fn number_after(self, id: u64) {
        self.inner.update_value(|inner| inner.last = inner.last.max(id));
    }

    /// Puts a picture into a class.
    pub(crate) fn put(self, class: u64, id: u64, name: &str, file: &Blob) {
        let url = Url::create_object_url_with_blob(file).unwrap_or_default();
        let picture = TeachPicture { id, name: name.to_owned(), url, file: file.clone() };
        self.classes.update(|all| {
            if let Some(class) = all.iter_mut().find(|one| one.key == class) {
                class.pictures.push(picture);
            }
        });
    }

    /// Takes a picture out of its class.
    fn take(self, id: u64) -> Option<TeachPicture> {
        self.classes.try_update(|all| {
            all.iter_mut().find_map(|class| {
                let place = class.pictures.iter().position(|picture| picture.id == id)?;
                Some(class.pictures.remove(place))
            })
        })?
    }

    /// Removes a picture; gives its name.
    pub(crate) fn remove(self, id: u64) -> Option<String> {
        if self.selected.get_untracked() == Some(id) {
            self.selected.set(None);
        }
        let picture = self.take(id)?;
        // If this fails, the browser keeps the memory until the page is closed.
        let _ = Url::revoke_object_url(&picture.url);
        Some(picture.name)
    }

    /// Moves a picture to another class.
    pub(crate) fn move_to(self, id: u64, class: u64) {
        self.selected.set(None);
        let Some(picture) = self.take(id) else { return };
        self.classes.update(|all| {
            if let Some(class) = all.iter_mut().find(|one| one.key == class) {
                class.pictures.push(picture);
            }
        });
    }

    pub(crate) fn rename(self, key: u64, name: String) {
        self.classes.update(|all| {
            if let Some(class) = all.iter_mut().find(|class| class.key == key) {
                class.name = name;
            }
        });
    }

    /// Removes a class with its pictures.
    pub(crate) fn remove_class(self, key: u64) {
        let pictures = self.of(key, |class| class.pictures.iter().map(|picture| picture.id).collect::<Vec<_>>());
        for id in pictures.unwrap_or_default() {
            self.remove(id);
        }
        self.classes.update(|all| all.retain(|class| class.key != key));
    }

    /// Of a class.
    pub(crate) fn of<T>(self, key: u64, read: impl FnOnce(&TeachClass) -> T) -> Option<T> {
        self.classes.with(|all| all.iter().find(|class| class.key == key).map(read))
    }

    /// Names and numbers of pictures.
    pub(crate) fn counted(self) -> Vec<Counted> {
        self.classes.with(|all| all.iter().map(|class| (class.name.clone(), class.pictures.len())).collect())
    }

    /// Whether there are as many pictures as can be learned from.
    pub(crate) fn is_full(self) -> bool {
        self.classes.with_untracked(|all| all.iter().map(|class| class.pictures.len()).sum::<usize>() >= MOST_PICTURES)
    }

    /// The lesson of the classes that have pictures.
    pub(crate) fn lesson(self) -> Lesson {
        let id = self.next();
        let (keys, classes) = self.classes.with_untracked(|all| {
            let taught = || all.iter().filter(|class| !class.pictures.is_empty());
            let lesson = |class: &TeachClass| LessonClass {
                name: class.name.trim().to_owned(),
                pictures: class.pictures.iter().map(|picture| picture.id).collect(),
            };
            (taught().map(|class| class.key).collect(), taught().map(lesson).collect())
        });
        self.inner.update_value(|inner| inner.sent = (id, keys));
        Lesson { id, classes }
    }

    /// Takes what was learned, unless a newer lesson was sent.
    pub(crate) fn learned(self, learned: Learned) {
        let keys = self.inner.with_value(|inner| (inner.sent.0 == learned.lesson).then(|| inner.sent.1.clone()));
        if let Some(keys) = keys {
            self.is_learning.set(false);
            self.failed.set(None);
            self.outcome.set(Some(Outcome { learned, keys }));
        }
    }

    /// The newest lesson could not be learned.
    pub(crate) fn failed(self, lesson: u64, reason: String) {
        if self.inner.with_value(|inner| inner.sent.0 == lesson) {
            self.is_learning.set(false);
            self.failed.set(Some(reason));
        }
    }

    /// Says that a file was left out.
    pub(crate) fn leave_out(self, words: String) {
        self.left_out.update(|all| {
            if !all.contains(&words) {
                all.push(words);
            }
        });
    }
}
