//! How a picture is to be turned, from its EXIF data.

/// The orientation, 1 to 8, that EXIF data tell; 1 (as stored) where they tell none or are broken.
pub(super) fn orientation(exif: &[u8]) -> u8 {
    // WebP files have these bytes in front of it as JPEGs do, or not.
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    read(tiff).filter(|value| (1..=8).contains(value)).map_or(1, |value| value as u8)
}

/// The entry 0x0112 of the first directory of a TIFF header.
fn read(tiff: &[u8]) -> Option<u16> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let u16_at = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let high_and_low = |at: usize| Some((u16_at(at)?, u16_at(at + 2)?));
    let (first, second) = high_and_low(4)?;
    let (low, high) = if little { (first, second) } else { (second, first) };
    let directory = usize::from(high) << 16 | usize::from(low);
    let entries = usize::from(u16_at(directory)?);
    let entry = (0..entries).map(|entry| directory + 2 + 12 * entry).find(|&entry| u16_at(entry) == Some(0x0112))?;
    u16_at(entry + 8)
}
