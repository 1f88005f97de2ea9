//! What a network does to a picture, and how far a download is, in words.

use super::number;
use crate::decimal;
use crate::image::{Interpolation, Preprocess};
use crate::model::ResNextConfig;
use crate::zoo::bundled::{ALIKE, ALIKE_EPOCHS, SHIPPED, Shipped};
use crate::zoo::{Place, Weights};

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

/// What the accuracies on a dial do not tell by themselves, where shipped networks stand on it.
pub fn trained_alike(stops: &[ResNextConfig], trained: &[Weights]) -> Option<String> {
    let first = trained.iter().find(|weights| matches!(weights.place, Place::Bundled(_)))?;
    if !stops.contains(&first.config) {
        return None;
    }
    let [one, eight, many] = ALIKE.map(|of| format!("{} at {}{}", number::accuracy(of.top1), of.cardinality, of.work));
    let Shipped { epochs, top1, .. } = SHIPPED[0];
    let setting = first.config.setting();
    let top1 = number::accuracy(top1);
    let words = format!(
        "Trained alike for {ALIKE_EPOCHS} epochs, by cardinality: {one}, {eight}, {many}. The {setting} here had {epochs} epochs: {top1}."
    );
    // A number and its sign stay in one line.
    Some(words.replace(" %", "\u{a0}%"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo::{self, Network};

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

    #[test]
    fn the_comparison_stands_where_the_shipped_networks_stand() {
        let said = |offer: &Network, depth| {
            let base = zoo::at_depth(&offer.config, depth);
            trained_alike(&zoo::stops(&base, &offer.trained), &offer.trained)
        };
        let offers = zoo::offers();
        assert_eq!(
            said(&offers[0], 20).map(|words| words.replace('\u{a0}', " ")).as_deref(),
            Some(
                "Trained alike for 15 epochs, by cardinality: 87.32 % at 1, 88.34 % at 8 (6 % more work), 88.74 % at 32. \
                 The 8×8d here had 30 epochs: 91.05 %."
            )
        );
        assert_eq!(said(&offers[0], 29), None);
        assert!(offers[1..].iter().all(|offer| said(offer, offer.config.depth()).is_none()));
    }
}
