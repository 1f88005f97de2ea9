//! BMP: one whose pixels are all transparent has no transparency; many programs write zeros there.

use super::parts::{Part, Still, u32_le};

/// The place of the alpha channel's mask, in headers that have one.
const MASK: usize = 14 + 52;

pub(super) fn read(bytes: &[u8], mut still: Still) -> Still {
    if is_all_transparent(bytes) == Some(true) {
        still.parts = vec![Part::Kept(0..MASK), Part::Made(vec![0; 4]), Part::Kept(MASK + 4..bytes.len())];
    }
    still
}

/// Whether every pixel of a file with 32 bits per pixel has an alpha of 0; `None` where it has no alpha.
fn is_all_transparent(bytes: &[u8]) -> Option<bool> {
    let has_mask = u32_le(bytes, 14)? >= 56 && bytes.get(28) == Some(&32) && matches!(u32_le(bytes, 30)?, 3 | 6);
    let mask = u32_le(bytes, MASK)? as u32;
    if !has_mask || mask == 0 {
        return None;
    }
    let pixels = bytes.get(u32_le(bytes, 10)?..)?.as_chunks::<4>().0;
    Some(pixels.iter().all(|pixel| u32::from_le_bytes(*pixel) & mask == 0))
}
