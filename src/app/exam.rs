//! The test pictures, and the step of a round that puts them before the network.
//!
//! One at a time, with the classifier that answers: batches were measured on software adapters and are no faster, need
//! memory and pipelines of their own, and a visitor who stops would wait for the last of them.

use std::rc::Rc;

use leptos::prelude::*;

use super::browser;
use super::outcome::Credit;
use super::page::{Page, Work};
use super::pictures::{self, Source};
use super::round::{Round, Stop};
use super::setting::Setting;
use crate::classifier::Classifier;
use crate::image::{Preprocess, StripResizer};
use crate::view::test_set::{self, CLASSES, Item, PICTURES, SIDE};

/// Answers come in faster than anybody reads them; so often they are shown, in milliseconds.
const SHOWN_EVERY: f64 = 100.0;

/// Answers of one setting to the test pictures, as they come in.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    pub setting: Setting,
    /// A picture of the test set and the class it was given, in the order of the sheet.
    pub answers: Vec<(Item, usize)>,
    /// How long they took, pauses left out.
    pub ms: f64,
}

#[derive(Clone, Debug, Default)]
pub struct Accuracy {
    /// One entry a setting.
    pub all: Vec<Measured>,
    /// The setting whose accuracy is to be measured.
    pub wanted: Option<Setting>,
}

/// The sheet's pixels, and what its pictures show.
pub struct TestPictures {
    rgba: Vec<u8>,
    items: Vec<Item>,
}

impl TestPictures {
    async fn fetch() -> Result<Self, String> {
        let damaged = || "the list of pictures is damaged".to_owned();
        let list = browser::fetch(test_set::LIST).await?;
        let items = std::str::from_utf8(&list).ok().and_then(test_set::parse);
        let items = items.filter(|items| items.len() == PICTURES).ok_or_else(damaged)?;
        let sheet = browser::blob(&browser::fetch(test_set::SHEET).await?)?;
        let rgba = browser::pixels(&sheet).await?;
        // The last picture is there, so all are.
        test_set::cut(&rgba, PICTURES - 1).ok_or_else(damaged)?;
        Ok(Self { rgba, items })
    }

    fn tensor(&self, index: usize, preprocess: &Preprocess) -> Result<Vec<f32>, Stop> {
        let pixels = test_set::cut(&self.rgba, index).unwrap_or_default();
        let failed = |error: crate::image::ImageError| Stop::Failed(error.to_string());
        let mut resizer = StripResizer::new(SIDE, SIDE, preprocess).map_err(failed)?;
        resizer.push_rows(&pixels).map_err(failed)?;
        Ok(resizer.finish().map_err(failed)?.tensor)
    }
}

impl Round {
    /// Runs the test pictures that have no answer yet, as long as the visitor wants it. Where something newer stops it,
    /// it goes on in the round after.
    pub async fn examine(&self, classifier: &Classifier, setting: &Setting) -> Result<(), Stop> {
        if self.page.accuracy.with_untracked(|accuracy| accuracy.wanted.is_none()) {
            return Ok(());
        }
        if self.is_wanted(setting) && classifier.model().labels().is_some_and(|labels| labels == CLASSES) {
            match self.test_pictures().await? {
                Ok(pictures) => self.run_pictures(classifier, setting, &pictures).await?,
                Err(reason) => self.page.notify(true, format!("The test pictures could not be fetched ({reason}).")),
            }
        }
        self.page.accuracy.update(|accuracy| accuracy.wanted = None);
        Ok(())
    }

    /// Whether accuracy is asked for, of this setting.
    fn is_wanted(&self, setting: &Setting) -> bool {
        self.page.accuracy.with_untracked(|accuracy| accuracy.wanted.as_ref() == Some(setting))
    }

    async fn test_pictures(&self) -> Result<Result<Rc<TestPictures>, String>, Stop> {
        if let Some(pictures) = self.page.engine.with_value(|engine| engine.tests.borrow().clone()) {
            return Ok(Ok(pictures));
        }
        self.page.work.set(Work::Running("fetching test pictures".into(), None));
        let fetched = self.current(TestPictures::fetch()).await?.map(Rc::new);
        if let Ok(pictures) = &fetched {
            self.page.engine.with_value(|engine| *engine.tests.borrow_mut() = Some(pictures.clone()));
        }
        Ok(fetched)
    }

    async fn run_pictures(
        &self,
        classifier: &Classifier,
        setting: &Setting,
        pictures: &TestPictures,
    ) -> Result<(), Stop> {
        let done = self.page.accuracy.with_untracked(|accuracy| {
            accuracy.all.iter().find(|known| known.setting == *setting).map_or(0, |known| known.answers.len())
        });
        let (total, mut shown) = (pictures.items.len(), browser::now());
        let mut fresh = Vec::new();
        for (index, item) in pictures.items.iter().enumerate().skip(done) {
            if fresh.is_empty() {
                let text = format!("measuring accuracy, picture {} of {total}", index + 1);
                self.page.work.set(Work::Running(text, Some(index as f64 / total as f64)));
            }
            let tensor = pictures.tensor(index, classifier.model().preprocess())?;
            let answer = classifier.classify(&tensor).await?;
            fresh.extend(answer.top_k.first().map(|best| (*item, best.index)));
            let stopped = !self.is_wanted(setting) || self.check().is_err();
            let now = browser::now();
            if stopped || index + 1 == total || now - shown >= SHOWN_EVERY {
                self.keep(setting, &mut fresh, now - shown);
                shown = now;
            }
            if stopped {
                return self.check();
            }
        }
        Ok(())
    }

    fn keep(&self, setting: &Setting, fresh: &mut Vec<(Item, usize)>, ms: f64) {
        self.page.accuracy.update(|Accuracy { all, .. }| {
            let known = all.iter().position(|known| known.setting == *setting).unwrap_or_else(|| {
                all.push(Measured { setting: setting.clone(), answers: Vec::new(), ms: 0.0 });
                all.len() - 1
            });
            all[known].answers.append(fresh);
            all[known].ms += ms;
        });
    }
}

/// Makes a test picture the page's picture.
pub fn show(page: Page, index: usize, item: Item) {
    let pictures = page.engine.with_value(|engine| engine.tests.borrow().clone());
    let pixels = pictures.and_then(|pictures| test_set::cut(&pictures.rgba, index));
    let Some(Ok(blob)) = pixels.map(|pixels| browser::blob(&test_set::bmp(&pixels))) else { return };
    let credit = Credit {
        author: "CIFAR-10: A. Krizhevsky, 2009".into(),
        licence: "No formal licence; the authors ask to be cited".into(),
        source: test_set::SOURCE.into(),
    };
    let class = CLASSES[item.class];
    let title = format!("Test picture {}: {class}", item.number);
    let alt = format!("CIFAR-10 test picture {}, 32 by 32 pixels: {class}.", item.number);
    let id = page.engine.with_value(|engine| engine.pictures.next_id());
    pictures::take(page, id, Source { blob, title, alt, credit: Some(credit) });
    // What was chosen at the foot of the page is shown at its head.
    if let Some(section) = document().get_element_by_id("picture") {
        section.scroll_into_view();
    }
}
