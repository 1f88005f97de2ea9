//! What a network does to a picture, and how far a download is, in words.

use super::number;
use crate::decimal;
use crate::image::{Interpolation, Preprocess};

/// `the shorter side to 256 pixels (bilinear), the middle 224×224, less 0.485 0.456 0.406, over 0.229 0.224 0.225`.
pub fn preparation(preprocess: &Preprocess) -> String {
    let Preprocess { resize, crop, interpolation, mean, std } = preprocess;
    let filter = match interpolation {
        Interpolation::Bilinear => "bilinear",
        Interpolation::Bicubic => "bicubic",
    };
    let short = |values: &[f32]| {
        let short: Vec<String> =
            values.iter().map(|&value| decimal::short((f64::from(value) * 1e4).round() / 1e4)).collect();
        short.join(" ")
    };
    format!(
        "the shorter side to {resize} pixels ({filter}, as Pillow does it), the middle {crop}×{crop}, values from 0 to 1, \
         less {} and divided by {}",
        short(mean),
        short(std)
    )
}

/// `61.0 MB of 100 MB · 4.20 MB/s · 9 s left`.
pub fn download(done: u64, total: Option<u64>, rate: Option<f64>, left: Option<f64>) -> String {
    let mut words = number::bytes(done);
    if let Some(total) = total {
        words += &format!(" of {}", number::bytes(total));
    }
    if let Some(rate) = rate {
        words += &format!(" · {}/s", number::bytes(rate as u64));
    }
    if let Some(left) = left {
        words += &format!(" · {} left", seconds(left));
    }
    words
}

/// `9 s`, `1 min 20 s`, `2 h 5 min`.
fn seconds(seconds: f64) -> String {
    match seconds.ceil() as u64 {
        s @ 0..60 => format!("{s} s"),
        s @ 60..3600 => format!("{} min {} s", s / 60, s % 60),
        s => format!("{} h {} min", s / 3600, s % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preparation_is_told_as_it_is_done() {
        let preprocess = Preprocess {
            resize: 232,
            crop: 224,
            interpolation: Interpolation::Bicubic,
            mean: vec![0.485, 0.4822, 0.5],
            std: vec![0.229, 0.2, 1.0],
        };
        let words = preparation(&preprocess);
        for part in ["to 232 pixels (bicubic", "middle 224×224", "less 0.485 0.4822 0.5 ", "by 0.229 0.2 1"] {
            assert!(words.contains(part), "`{part}` not in: {words}");
        }
    }

    #[test]
    fn downloads_say_what_is_known() {
        assert_eq!(download(61_000_000, None, None, None), "61.0 MB");
        let all = download(61_000_000, Some(100_100_000), Some(4.2e6), Some(9.2));
        assert_eq!(all, "61.0 MB of 100 MB · 4.20 MB/s · 10 s left");
        assert!(download(0, Some(9), None, Some(80.0)).ends_with(" · 1 min 20 s left"));
        assert!(download(0, Some(9), None, Some(7500.0)).ends_with(" · 2 h 5 min left"));
    }
}
