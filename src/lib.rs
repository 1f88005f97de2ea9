//! ResNeXt (Xie et al. 2017, "Aggregated Residual Transformations for Deep Neural Networks") on WebGPU.
//!
//! A configuration becomes a graph, the graph a plan, and an engine runs the plan on a picture's tensor to get probabilities:
//! `config -> graph -> plan -> engine`. Everything before the engine is data that can be printed.
//!
//! A picture, classified on the processor; with `Device::from(&Rc::new(Gpu::request().await?))`, on the GPU:
//!
//! ```
//! # #[cfg(not(target_arch = "wasm32"))]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::rc::Rc;
//!
//! use cardinal::classifier::{Classifier, Device, LoadOptions, Model};
//! use cardinal::image::decode;
//!
//! pollster::block_on(async {
//!     let weights = std::fs::read("assets/models/resnext20_8x8d_cifar10_f16.safetensors")?;
//!     let model = Model::open("cifar10", Rc::new(weights), None).await?;
//!     let classifier = Classifier::load(Device::Cpu, &model, LoadOptions::default(), |_| {}).await?;
//!     let picture = decode(&std::fs::read("assets/samples/kitten.jpg")?)?;
//!     let answer = classifier.classify(&model.preprocess().apply(&picture)?.tensor).await?;
//!     assert_eq!(answer.top_k[0].label.as_deref(), Some("cat"));
//!     Ok(())
//! })
//! # }
//! # #[cfg(target_arch = "wasm32")]
//! # fn main() {}
//! ```
//!
//! In a browser (`wasm32-unknown-unknown`) it is the same up to two things: the file comes from a fetch or from a person, as
//! `Download` or `BlobSource` of [`store`] in the place of the bytes, and the browser decodes the picture, whose
//! rows of RGBA go through [`image::StripResizer`]:
//!
//! ```no_run
//! # use std::rc::Rc;
//! # use cardinal::classifier::{Classification, Classifier, LoadOptions, Model};
//! # use cardinal::gpu::Gpu;
//! # use cardinal::image::StripResizer;
//! /// Classifies a picture of `width` by `height` pixels, whose RGBA values came from a canvas.
//! async fn classify(weights: Vec<u8>, rgba: &[u8], width: usize, height: usize) -> Result<Classification, cardinal::Error> {
//!     let gpu = Rc::new(Gpu::request().await?);
//!     let model = Model::open("network", Rc::new(weights), None).await?;
//!     let classifier = Classifier::load(&gpu, &model, LoadOptions::default(), |_| {}).await?;
//!     let mut resizer = StripResizer::new(width, height, model.preprocess())?;
//!     resizer.push_rows(rgba)?;
//!     classifier.classify(&resizer.finish()?.tensor).await
//! }
//! ```

pub mod classifier;
pub mod cpu;
mod decimal;
mod error;
pub mod gpu;
pub mod image;
pub mod kernels;
pub mod model;
pub mod plan;
#[cfg(target_arch = "wasm32")]
pub mod platform;
pub mod protocol;
#[cfg(feature = "page")]
pub mod race;
pub mod reference;
pub mod session;
pub mod shape;
pub mod store;
pub mod teach;
#[cfg(target_arch = "wasm32")]
pub mod torch;
pub mod train;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod trainer;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod ui;
#[cfg(feature = "page")]
pub mod view;
pub mod weights;
#[cfg(target_arch = "wasm32")]
pub mod worker;
pub mod zoo;

pub use error::Error;
