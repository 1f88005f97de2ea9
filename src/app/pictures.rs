//! The picture's way in: from a file to what the page shows and the tensor the network reads.
//!
//! A track of its own beside the engine's loop, so that a picture is shown at once, whatever the GPU is doing, and also
//! where there is no GPU. A file that cannot be used leaves everything as it was.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{Blob, Url};

use super::browser::{self, Decoded};
use super::engine;
use super::outcome::{Credit, Picture};
use super::page::Page;
use super::unless::unless;
use crate::image::{ImageError, MAX_FILE_BYTES, Preprocess, inspect};
use crate::model::Stem;

/// Enough of a file for its format and size, whatever metadata stands before them.
const HEADER_BYTES: usize = 4 << 20;

/// A picture somebody chose.
#[derive(Clone)]
pub struct Source {
    pub blob: Blob,
    pub title: String,
    pub alt: String,
    pub credit: Option<Credit>,
}

/// The picture as the network reads it.
pub struct Ready {
    pub picture: u64,
    pub tensor: Rc<Vec<f32>>,
}

struct Prepared {
    id: u64,
    source: Source,
    preprocess: Preprocess,
    tensor: Rc<Vec<f32>>,
}

#[derive(Default)]
pub struct Track {
    wanted: RefCell<Option<(u64, Source)>>,
    prepared: RefCell<Option<Prepared>>,
    /// What the network at work asks for, once it is known.
    preprocess: RefCell<Option<Preprocess>>,
    busy: Cell<bool>,
    last_id: Cell<u64>,
}

impl Track {
    /// A number that is larger than that of every picture before.
    pub fn next_id(&self) -> u64 {
        self.last_id.set(self.last_id.get() + 1);
        self.last_id.get()
    }

    pub fn is_busy(&self) -> bool {
        self.busy.get()
    }

    /// The picture, if it is ready for the network at work and no newer one is coming.
    pub fn ready(&self) -> Option<Ready> {
        let prepared = self.prepared.borrow();
        let prepared = prepared.as_ref().filter(|p| Some(&p.preprocess) == self.preprocess.borrow().as_ref())?;
        (!self.busy.get()).then(|| Ready { picture: prepared.id, tensor: prepared.tensor.clone() })
    }
}

/// Takes a picture; `id` is from [`Track::next_id`], and an older one than the last taken is let go.
pub fn take(page: Page, id: u64, source: Source) {
    page.engine.with_value(|engine| {
        let track = &engine.pictures;
        let newer = track.wanted.borrow().as_ref().map_or(0, |(id, _)| *id);
        if id == track.last_id.get() && id > newer {
            *track.wanted.borrow_mut() = Some((id, source));
        }
    });
    run(page);
}

/// Says what the network wants; a picture that was made ready for another is made ready again.
pub fn prepare_for(page: Page, preprocess: &Preprocess) {
    page.engine.with_value(|engine| {
        let track = &engine.pictures;
        *track.preprocess.borrow_mut() = Some(preprocess.clone());
        let prepared = track.prepared.take().filter(|prepared| {
            prepared.preprocess == *preprocess || {
                track.wanted.borrow_mut().get_or_insert_with(|| (prepared.id, prepared.source.clone()));
                false
            }
        });
        track.prepared.replace(prepared);
    });
    run(page);
}

fn run(page: Page) {
    let start = page.engine.with_value(|engine| {
        engine.bell.ring();
        let track = &engine.pictures;
        track.wanted.borrow().is_some() && !track.busy.replace(true)
    });
    if start {
        page.preparing.set(true);
        spawn_local(work(page));
    }
}

async fn work(page: Page) {
    let mut changed = false;
    while let Some((id, source)) = page.engine.with_value(|engine| engine.pictures.wanted.borrow_mut().take()) {
        let preprocess = wanted_preprocess(page);
        let start = browser::now();
        let newer = || page.engine.with_value(|engine| engine.pictures.wanted.borrow().is_some());
        match unless(page, decode(&source.blob, &preprocess), newer).await {
            None => {}
            Some(Err(reason)) => page.notify(true, format!("{}: {reason}.", source.title)),
            Some(Ok(decoded)) => {
                show(page, id, &source, &preprocess, &decoded, browser::now() - start);
                let tensor = Rc::new(decoded.prepared.tensor);
                let prepared = Prepared { id, source, preprocess, tensor };
                page.engine.with_value(|engine| *engine.pictures.prepared.borrow_mut() = Some(prepared));
                changed = true;
            }
        }
    }
    page.preparing.set(false);
    page.engine.with_value(|engine| engine.pictures.busy.set(false));
    if changed { engine::kick(page) } else { engine::wake(page) }
}

/// Before the weights say what they were trained on, what is usual for the network drawn.
fn wanted_preprocess(page: Page) -> Preprocess {
    let known = page.engine.with_value(|engine| engine.pictures.preprocess.borrow().clone());
    known.unwrap_or_else(|| match page.setting.get_untracked().config.stem {
        Stem::Cifar => Preprocess::cifar10(),
        Stem::Imagenet => Preprocess::imagenet(),
    })
}

async fn decode(blob: &Blob, preprocess: &Preprocess) -> Result<Decoded, String> {
    let size = blob.size();
    if size > MAX_FILE_BYTES as f64 {
        return Err(ImageError::FileTooLarge { bytes: size as usize }.to_string());
    }
    let header = browser::read(blob, Some(HEADER_BYTES)).await?;
    inspect(&header).map_err(|error| error.to_string())?;
    browser::decode(blob, preprocess).await
}

fn show(page: Page, id: u64, source: &Source, preprocess: &Preprocess, decoded: &Decoded, prepare_ms: f64) {
    let old = page.picture.get_untracked();
    let url = match &old {
        Some(old) if old.id == id => old.url.clone(),
        _ => Url::create_object_url_with_blob(&source.blob).unwrap_or_default(),
    };
    if let Some(old) = old.filter(|old| old.url != url) {
        // Its memory is the browser's to free; nothing hangs on it.
        let _ = Url::revoke_object_url(&old.url);
    }
    page.picture.set(Some(Picture {
        id,
        url,
        title: source.title.clone(),
        alt: source.alt.clone(),
        credit: source.credit.clone(),
        width: decoded.width,
        height: decoded.height,
        seen: Arc::new(decoded.prepared.seen.clone()),
        crop_share: preprocess.crop as f64 / preprocess.resize as f64,
        prepare_ms,
    }));
}
