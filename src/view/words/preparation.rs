//! How a picture is preprocessed for a network, in words.

use crate::image::Preprocess;

/// `shorter side resized to 256 pixels (bilinear, as in Pillow), centre 224×224 cropped, values from 0 to 1, minus the mean
/// 0.485 0.456 0.406, divided by the standard deviation 0.229 0.224 0.225`.
pub fn preparation(preprocess: &Preprocess) -> String {
    let Preprocess { resize, crop, interpolation, mean, std } = preprocess;
    let filter = interpolation.name();
    let short = |values: &[f32]| {
        let rounded = values.iter().map(|&value| (f64::from(value) * 1e4).round() / 1e4);
        rounded.map(|value| value.to_string()).collect::<Vec<_>>().join(" ")
    };
    format!(
        "shorter side resized to {resize} pixels ({filter}, as in Pillow), centre {crop}×{crop} cropped, values from 0 to 1, \
         minus the mean {}, divided by the standard deviation {}",
        short(mean),
        short(std)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Interpolation;

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
        for part in
            ["to 232 pixels (bicubic", "centre 224×224", "minus the mean 0.485 0.4822 0.5,", "deviation 0.229 0.2 1"]
        {
            assert!(words.contains(part), "`{part}` not in: {words}");
        }
    }
}
