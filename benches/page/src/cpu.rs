//! The page's work on the processor before the GPU's: preprocessing and planning.

use cardinal::image::{Preprocess, StripResizer};
use cardinal::model::{BlockForm, Graph, ResNextConfig};
use cardinal::plan::{Plan, PlanKind};
use wasm_bindgen::prelude::*;
use web_time::Instant;

use crate::say;

/// Rows per strip, as in the page.
const STRIP_ROWS: usize = 256;

/// Milliseconds from a picture's RGBA rows to ImageNet's tensor.
///
/// # Errors
///
/// Where the picture is too small or too large.
#[wasm_bindgen]
pub fn preprocess_ms(width: usize, height: usize) -> Result<f64, JsError> {
    // Every strip has the same noise: the filter's work does not depend on it, and 48 MB of pixels need not be stored.
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8 | 1
    });
    let mut strip: Vec<u8> = noise.take(width * STRIP_ROWS * 4).collect();
    strip.chunks_exact_mut(4).for_each(|pixel| pixel[3] = 255);

    let start = Instant::now();
    let mut resizer = StripResizer::new(width, height, &Preprocess::imagenet()).map_err(say)?;
    let mut left = height;
    while left > 0 {
        let rows = left.min(STRIP_ROWS);
        resizer.push_rows(&strip[..rows * width * 4]).map_err(say)?;
        left -= rows;
    }
    let prepared = resizer.finish().map_err(say)?;
    let ms = start.elapsed().as_secs_f64() * 1e3;
    // The result must be used, or the compiler removes the work.
    if prepared.tensor.iter().any(|value| !value.is_finite()) {
        return Err(say("the tensor is not finite"));
    }
    Ok(ms)
}

/// Milliseconds from a network's name to its plan.
///
/// # Errors
///
/// Where no network has this name.
#[wasm_bindgen]
pub fn plan_ms(name: &str) -> Result<f64, JsError> {
    let start = Instant::now();
    let config = ResNextConfig::preset(name).map_err(say)?;
    let side = config.stem.default_input_size();
    let graph = Graph::build(&config, 1, (side, side), BlockForm::C).map_err(say)?;
    let plan = Plan::new(graph, PlanKind::Fused).map_err(say)?;
    let ms = start.elapsed().as_secs_f64() * 1e3;
    if plan.steps.is_empty() {
        return Err(say("the plan is empty"));
    }
    Ok(ms)
}
