//! Compares resize, crop and normalisation with torchvision and Pillow.

use super::support::{Difference, case, compare, floats, names, noise, number, picture, read};
use cardinal::image::{ImageError, Interpolation, Preprocess, RgbImage, StripResizer};
use safetensors::SafeTensors;

#[test]
fn comparator_sees_a_difference() {
    let difference = compare(&[1, 2, 9, 4], &[1, 2, 3, 5]);
    assert_eq!(difference, Difference { worst: 6, at: 2, exact: 0.5 });
}

#[test]
fn equals_torchvision_in_every_pixel() {
    let names = names("", ".safetensors");
    assert_eq!(names.len(), 6, "six cases were made: {names:?}");
    for name in names {
        let bytes = read(&name);
        let (case, tensors) = (case(&bytes), SafeTensors::deserialize(&bytes).unwrap());
        let preprocess =
            Preprocess { resize: number(&case, "resize"), crop: number(&case, "crop"), ..Preprocess::imagenet() };
        let prepared = preprocess.apply(&picture(&tensors, "image")).unwrap();

        // Large cases store a sample of the tensor.
        let got: Vec<(usize, f32)> = match tensors.tensor("idx") {
            Ok(indices) => {
                let (indices, _) = indices.data().as_chunks::<4>();
                let sample = indices.iter().map(|index| u32::from_le_bytes(*index) as usize);
                sample.map(|index| (index, prepared.tensor[index])).collect()
            }
            Err(_) => prepared.tensor.iter().copied().enumerate().collect(),
        };
        let expected = floats(&tensors, "out_pil");
        assert_eq!(got.len(), expected.len(), "{name}");

        let plane = preprocess.crop * preprocess.crop;
        let level = |index: usize, value: f32| {
            let (mean, std) = (preprocess.mean[index / plane], preprocess.std[index / plane]);
            let level = (value * std + mean) * 255.0;
            assert!((level - level.round()).abs() < 1e-3, "{name}: {level} is not a grey level");
            level.round() as u8
        };
        let got_levels: Vec<u8> = got.iter().map(|(index, value)| level(*index, *value)).collect();
        let expected_levels: Vec<u8> =
            got.iter().zip(&expected).map(|((index, _), value)| level(*index, *value)).collect();
        let difference = compare(&got_levels, &expected_levels);
        let equal_bits = got.iter().zip(&expected).filter(|((_, a), b)| a.to_bits() == b.to_bits()).count();
        println!(
            "{name}: {:.3} % of grey levels exact, worst {}; {equal_bits} of {} floats equal in every bit",
            difference.exact * 100.0,
            difference.worst,
            got.len()
        );
        assert!(difference.worst == 0, "{name}: {difference:?}");
        for ((index, got), expected) in got.iter().zip(&expected) {
            assert!((got - expected).abs() <= 1e-6, "{name}[{index}]: {got}, expected {expected}");
        }
    }
}

#[test]
fn equals_pillow_in_every_pixel() {
    let names = names("resize", ".safetensors");
    assert_eq!(names.len(), 17, "the script makes 17 cases: {names:?}");
    for name in names {
        let bytes = read(&format!("resize/{name}"));
        let (case, tensors) = (case(&bytes), SafeTensors::deserialize(&bytes).unwrap());
        let channels = number(&case, "channels");
        let preprocess = Preprocess {
            resize: number(&case, "resize"),
            crop: number(&case, "crop"),
            interpolation: match case["interpolation"].as_str() {
                Some("bilinear") => Interpolation::Bilinear,
                Some("bicubic") => Interpolation::Bicubic,
                other => panic!("{name}: {other:?}"),
            },
            mean: vec![0.5; channels],
            std: vec![0.25; channels],
        };
        let prepared = preprocess.apply(&picture(&tensors, "image")).unwrap();
        let difference = compare(prepared.seen.pixels(), picture(&tensors, "seen").pixels());
        println!("{name}: {:.3} % exact, worst {}", difference.exact * 100.0, difference.worst);
        assert!(difference.worst == 0, "{name}: {difference:?}");
    }
}

#[test]
fn tensor_is_the_seen_picture_normalised_and_planar() {
    for mut preprocess in [Preprocess::imagenet(), Preprocess::cifar10()] {
        for channels in [3, 1] {
            preprocess.mean.truncate(channels);
            preprocess.std.truncate(channels);
            let prepared = preprocess.apply(&noise(61, 40, 5)).unwrap();
            let crop = preprocess.crop;
            assert_eq!(prepared.tensor.len(), channels * crop * crop);
            for (index, value) in prepared.tensor.iter().enumerate() {
                let (channel, pixel) = (index / (crop * crop), index % (crop * crop));
                let level = f32::from(prepared.seen.pixels()[pixel * 3 + channel]);
                let expected = (level / 255.0 - preprocess.mean[channel]) / preprocess.std[channel];
                assert_eq!(value.to_bits(), expected.to_bits(), "{channels} channels, [{index}]");
            }
        }
    }
}

#[test]
fn very_long_pictures_cost_no_memory() {
    // Resized to 256 this would be 12.8 billion pixels long.
    for (width, height) in [(1, 1_000_000), (1_000_000, 1)] {
        let image = RgbImage::new(width, height, vec![77; 3_000_000]).unwrap();
        let prepared = Preprocess::imagenet().apply(&image).unwrap();
        assert!(prepared.seen.pixels().iter().all(|level| *level == 77));
    }
    // The longest picture that is accepted; its resized length exceeds 32 bits.
    let mut resizer = StripResizer::new(1, 50_000_000, &Preprocess::imagenet()).unwrap();
    let wanted = resizer.wanted_rows();
    assert!(wanted.start > 24_999_000 && wanted.end < 25_001_000, "{wanted:?}");
    assert!(wanted.len() <= 3, "224 of 256 times one row and its neighbours: {wanted:?}");
    resizer.skip_rows(wanted.start).unwrap();
    resizer.push_rows(&vec![77; wanted.len() * 4]).unwrap();
    assert_eq!(resizer.finish().unwrap().seen.pixels().len(), 224 * 224 * 3);
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let broken = |change: fn(&mut Preprocess)| {
        let mut preprocess = Preprocess::imagenet();
        change(&mut preprocess);
        let error = preprocess.apply(&noise(4, 4, 1)).unwrap_err();
        assert_eq!(StripResizer::new(4, 4, &preprocess).unwrap_err(), error);
        match error {
            ImageError::Setting { field, .. } => field,
            other => panic!("{other}"),
        }
    };
    assert_eq!(broken(|p| p.resize = 0), "resize");
    assert_eq!(broken(|p| p.crop = 0), "crop");
    assert_eq!(broken(|p| p.crop = usize::MAX), "crop");
    assert_eq!(broken(|p| p.mean = vec![0.5; 2]), "mean");
    assert_eq!(broken(|p| p.mean[1] = f32::NAN), "mean");
    assert_eq!(broken(|p| p.std = vec![0.5]), "std");
    assert_eq!(broken(|p| p.std[2] = 0.0), "std");
    assert_eq!(broken(|p| p.std[0] = f32::INFINITY), "std");
}
