//! What is kept of a race, as bytes: the length of a JSON text, the text, and behind it numbers, curves and states. Bytes that are not
//! whole, or of another version of the page, are no race.

use serde::{Deserialize, Serialize};

use crate::protocol::{KeptRace, RaceTest};
use crate::train::{Pictures, Set};

/// Another number, and what was kept before is forgotten.
const VERSION: u32 = 1;
/// The text is in the first so many bytes.
pub(super) const HEAD: u64 = 1 << 20;

#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    race: KeptRace,
    tests: Vec<RaceTest>,
    /// Bytes of the networks' states.
    states: [usize; 2],
}

/// A race, as far as it was.
pub(super) struct Kept {
    pub race: KeptRace,
    /// One per step.
    pub losses: [Vec<f32>; 2],
    pub tests: Vec<RaceTest>,
    pub states: [Vec<u8>; 2],
}

impl Kept {
    /// All but the states, which follow.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let states = [self.states[0].len(), self.states[1].len()];
        let mut bytes =
            with_text(&Head { version: VERSION, race: self.race.clone(), tests: self.tests.clone(), states });
        for losses in &self.losses {
            losses.iter().for_each(|loss| bytes.extend_from_slice(&loss.to_le_bytes()));
        }
        bytes
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (head, mut rest) = text::<Head>(bytes)?;
        let mut next = |length: usize| {
            let (part, after) = rest.split_at_checked(length)?;
            rest = after;
            Some(part)
        };
        let steps = head.race.step.checked_mul(4)?;
        let losses = [numbers(next(steps)?), numbers(next(steps)?)];
        let states = [next(head.states[0])?.to_vec(), next(head.states[1])?.to_vec()];
        (head.version == VERSION).then_some(Self { race: head.race, losses, tests: head.tests, states })
    }

    /// What can be said of a race, from the [`HEAD`] of its bytes.
    pub(super) fn read_race(bytes: &[u8]) -> Option<KeptRace> {
        let (head, _) = text::<Head>(bytes)?;
        (head.version == VERSION).then_some(head.race)
    }
}

fn numbers(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()
}

/// The length of a text, and the text.
fn with_text(value: &impl Serialize) -> Vec<u8> {
    let text = serde_json::to_vec(value).unwrap_or_else(|error| unreachable!("plain data: {error}"));
    let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
    bytes.extend(text);
    bytes
}

/// What the text says, and the bytes behind it.
fn text<T: for<'a> Deserialize<'a>>(bytes: &[u8]) -> Option<(T, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let (text, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    Some((serde_json::from_slice(text).ok()?, rest))
}

#[derive(Serialize, Deserialize)]
struct PicturesHead {
    name: String,
    classes: Vec<String>,
    side: usize,
    labels: [Vec<u32>; 2],
}

/// What is known of the visitor's pictures, as bytes. The pixels to train on follow, then those to test on.
pub(super) fn picture_bytes(pictures: &Pictures) -> Vec<u8> {
    let Pictures { name, classes, side, train, test } = pictures;
    let labels = [train.labels.clone(), test.labels.clone()];
    with_text(&PicturesHead { name: name.clone(), classes: classes.clone(), side: *side, labels })
}

pub(super) fn read_pictures(bytes: &[u8]) -> Option<Pictures> {
    let (PicturesHead { name, classes, side, labels: [train, test] }, pixels) = text(bytes)?;
    let of = |count: usize| side.checked_mul(side)?.checked_mul(3)?.checked_mul(count);
    let (first, second) = pixels.split_at_checked(of(train.len())?)?;
    let is_whole = Some(second.len()) == of(test.len());
    let is_class = |label: &u32| (*label as usize) < classes.len();
    let set = |pixels: &[u8], labels| Set { pixels: pixels.to_vec(), labels };
    (is_whole && train.iter().chain(&test).all(is_class)).then(|| Pictures {
        name,
        classes,
        side,
        train: set(first, train),
        test: set(second, test),
    })
}
