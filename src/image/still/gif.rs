//! GIF: its first frame, on a screen that it fits on.

use super::parts::{Part, Still};
use crate::image::header::gif_frame;

/// `None` where the file ends before its first frame does.
pub(super) fn read(bytes: &[u8], mut still: Still) -> Option<Still> {
    let frame = gif_frame(bytes)?;
    let packed = *bytes.get(frame + 9)?;
    let colours = if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) };
    // The size of the smallest code, then blocks with their lengths.
    let mut at = frame + 10 + colours + 1;
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            break;
        }
    }
    let side = |side: usize| (side as u16).to_le_bytes();
    let ([w0, w1], [h0, h1]) = (side(still.canvas.width), side(still.canvas.height));
    let screen = Part::Made(vec![w0, w1, h0, h1]);
    still.parts = vec![Part::Kept(0..6), screen, Part::Kept(10..at), Part::Made(vec![0x3B])];
    Some(still)
}
