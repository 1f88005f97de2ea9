//! Pictures: recognises files, decodes their pixels, and makes the tensor that a network reads.
//!
//! The transform is torchvision's evaluation transform on PIL pictures, pixel for pixel:
//! `Resize` of the short side (antialiased, rounded to u8 between the two passes), `CenterCrop`,
//! `ToTensor`, `Normalize`. A browser's own resize (`drawImage`, `createImageBitmap`) uses another
//! filter, which changes probabilities, so the page passes full-size pixels.
//!
//! ```text
//! natively   bytes ─▶ Still ─▶ decode ─▶ RgbImage ─▶ Preprocess::apply ─▶ Prepared
//! the page   bytes ─▶ Still ─▶ (createImageBitmap) ─▶ RGBA strips ─▶ StripResizer ─▶ Prepared
//! ```
//!
//! Both paths run the same two passes, those of the crate `cardinal-resize`, and agree bit for bit.

#[cfg(not(target_arch = "wasm32"))]
mod decode;
mod error;
mod exif;
mod format;
mod header;
mod inspect;
mod jpeg_scans;
mod kinds;
mod preprocess;
mod rgb;
mod still;
mod strip;
mod window;

pub use cardinal_resize::Interpolation;
#[cfg(not(target_arch = "wasm32"))]
pub use decode::decode;
pub use error::ImageError;
pub use format::{ImageFormat, MAX_FILE_BYTES, MAX_PIXELS};
pub use inspect::{ImageInfo, inspect};
pub use kinds::{is_svg, stated_size};
pub use preprocess::{MAX_SIDE, Prepared, Preprocess};
pub use rgb::RgbImage;
pub use still::{Part, Still};
pub use strip::StripResizer;
