//! Operations on one pixel: transparency over white, colour to grey.

/// One channel of a pixel with opacity `alpha`, over white, rounded to the nearest level.
///
/// A transparent picture on a white page looks like this. PIL's `convert("RGB")` drops the alpha
/// channel instead and shows the colours under it.
#[inline]
pub(crate) fn over_white(channel: u8, alpha: u8) -> u8 {
    let (channel, alpha) = (u32::from(channel), u32::from(alpha));
    let blended = channel * alpha + 255 * (255 - alpha);
    // At most 255 * 255, so the rounded quotient fits.
    ((blended + 127) / 255) as u8
}

/// An RGBA pixel with straight alpha over white, as RGB.
#[inline]
#[must_use]
pub fn flatten(pixel: [u8; 4]) -> [u8; 3] {
    let [red, green, blue, alpha] = pixel;
    if alpha == 255 {
        return [red, green, blue];
    }
    [red, green, blue].map(|channel| over_white(channel, alpha))
}

/// Grey of an RGB pixel by PIL's `convert("L")`: ITU-R 601-2 luma in 16-bit fixed point.
#[inline]
pub(crate) fn luma(pixel: [u8; 3]) -> u8 {
    let [red, green, blue] = pixel.map(u32::from);
    // The three weights sum to 1 << 16, so white stays 255.
    ((red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16) as u8
}
