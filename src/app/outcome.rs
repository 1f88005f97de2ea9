//! What comes back: the picture as the network saw it, its answer, and the times it took.

use std::sync::Arc;

use super::setting::Setting;
use crate::image::RgbImage;
use crate::view::chart::median_and_spread;

/// A picture as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    pub id: u64,
    pub url: String,
    pub title: String,
    pub alt: String,
    pub credit: Option<Credit>,
    pub width: u32,
    pub height: u32,
    /// What the network saw, and the share of the short side that it is.
    pub seen: Arc<RgbImage>,
    pub crop_share: f64,
    pub prepare_ms: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Credit {
    pub author: String,
    pub licence: String,
    pub source: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    pub picture: u64,
    pub setting: Setting,
    /// Label and probability, the most likely first.
    pub top: Vec<(String, f32)>,
    /// One a class, before softmax.
    pub logits: Vec<f32>,
    pub wall_ms: f64,
    pub gpu_ms: Option<f64>,
}

/// Timed runs of one setting, as they come in.
#[derive(Clone, Debug, PartialEq)]
pub struct Timed {
    pub setting: Setting,
    pub runs: usize,
    pub wall: Vec<f64>,
    pub gpu: Vec<f64>,
}

impl Timed {
    pub fn wall(&self) -> Option<(f64, f64)> {
        median_and_spread(&self.wall)
    }

    pub fn gpu(&self) -> Option<(f64, f64)> {
        median_and_spread(&self.gpu)
    }
}

/// Milliseconds of every dispatch of a setting, with the layers it covers.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub setting: Setting,
    pub steps: Vec<(Vec<String>, f64)>,
}
