//! The preparation of a picture: from its file to what the page shows and the tensor that the network reads.
//!
//! This is a track of its own, so that a picture is shown at once, whatever the device is doing, and even where there is no
//! device. A file that cannot be used leaves everything as it was.

use std::rc::Rc;

use super::host::{Decoded, Host};
use super::state::Session;
use super::tracks::PreparedPicture;
use crate::image::Preprocess;
use crate::model::Stem;
use crate::protocol::{Event, Notice, Picture, PictureRequest, PictureSource};

impl<H: Host> Session<H> {
    /// Takes a picture, unless a newer one has been taken.
    pub(super) fn take_picture(&self, request: PictureRequest, file: Option<H::File>) {
        if request.id > self.picture.last_id.replace(request.id.max(self.picture.last_id.get())) {
            self.prepare_picture(request, file);
        }
    }

    /// Sets how the network wants pictures prepared. A picture that was prepared otherwise is prepared again.
    pub(super) fn prepare_for(&self, preprocess: &Preprocess) {
        *self.picture.preprocess.borrow_mut() = Some(preprocess.clone());
        if self.picture.is_busy() {
            // `prepare` compares again when it has decoded it.
            return;
        }
        let outdated = self.picture.prepared.borrow_mut().take_if(|prepared| prepared.preprocess != *preprocess);
        if let Some(PreparedPicture { request, file, .. }) = outdated {
            self.prepare_picture(request, Some(file));
        }
    }

    fn prepare_picture(&self, request: PictureRequest, file: Option<H::File>) {
        self.emit(Event::Preparing(true));
        let session = self.clone();
        self.begin(&self.picture.slot, async move {
            let prepared = match session.picture_file(&request, file).await {
                Ok(file) => session
                    .prepare(&request, file)
                    .await
                    .map_err(|reason| Notice::Picture { title: request.title.clone(), reason }),
                Err(notice) => Err(notice),
            };
            session.emit(Event::Preparing(false));
            match prepared {
                // Reported from outside of the slot, when this work has ended.
                Ok(()) => session.later(Self::picture_came),
                Err(notice) => {
                    session.notice(notice);
                    session.later(Self::picture_failed);
                }
            }
        });
    }

    /// The file of a picture, fetched where it does not come with the command.
    async fn picture_file(&self, request: &PictureRequest, file: Option<H::File>) -> Result<H::File, Notice> {
        let title = || request.title.clone();
        match (&request.source, file) {
            (_, Some(file)) => Ok(file),
            (PictureSource::Url(path), None) => {
                self.host.fetch(path).await.map_err(|reason| Notice::Fetch { title: title(), reason })
            }
            #[cfg(feature = "page")]
            (PictureSource::TestPicture(index), None) => self.test_picture(*index, title()).await,
            (PictureSource::File, None) => {
                Err(Notice::Picture { title: title(), reason: "its file is missing; choose it again".into() })
            }
        }
    }

    /// Decodes a picture and prepares it; again where it turns out meanwhile that the network wants it prepared otherwise.
    async fn prepare(&self, request: &PictureRequest, file: H::File) -> Result<(), String> {
        loop {
            let preprocess = self.current_preprocess();
            let start = self.host.now();
            let decoded = self.host.decode(&file, &preprocess).await?;
            let is_current = preprocess == self.current_preprocess();
            if is_current {
                self.show_picture(request, &file, &preprocess, decoded, self.host.now() - start);
                return Ok(());
            }
        }
    }

    /// How the network wants pictures prepared. Until its weights say so, what is usual for the chosen network.
    fn current_preprocess(&self) -> Preprocess {
        if let Some(known) = self.picture.preprocess.borrow().clone() {
            return known;
        }
        let stem = self.choice.borrow().as_ref().map_or(Stem::Cifar, |choice| choice.config.stem);
        match stem {
            Stem::Cifar => Preprocess::cifar10(),
            Stem::Imagenet => Preprocess::imagenet(),
        }
    }

    fn show_picture(
        &self,
        request: &PictureRequest,
        file: &H::File,
        preprocess: &Preprocess,
        decoded: Decoded<H::File>,
        ms: f64,
    ) {
        let Decoded { width, height, prepared, shown } = decoded;
        let picture = described(request, (width, height), preprocess, ms);
        self.host.emit_file(Event::Picture(picture), shown.as_ref().unwrap_or(file), &prepared.seen.to_rgba());
        *self.picture.prepared.borrow_mut() = Some(PreparedPicture {
            request: request.clone(),
            file: file.clone(),
            preprocess: preprocess.clone(),
            tensor: Rc::new(prepared.tensor),
        });
    }
}

/// What the page is told of a picture that is ready.
pub(super) fn described(
    request: &PictureRequest,
    (width, height): (u32, u32),
    preprocess: &Preprocess,
    prepare_ms: f64,
) -> Picture {
    let (side, crop_share) = (preprocess.crop as u32, preprocess.crop as f64 / preprocess.resize as f64);
    Picture { request: request.clone(), width, height, side, crop_share, prepare_ms }
}
