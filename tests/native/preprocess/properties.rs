//! Property tests with random sizes, settings and bytes.

use super::support::{in_strips, names, noise, read};
use cardinal::image::{Interpolation, Preprocess, RgbImage, decode, inspect};
use proptest::prelude::*;

/// First bytes of real files, so that random bytes pass the first check.
fn magic() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(Vec::new()),
        Just(b"\xFF\xD8\xFF".to_vec()),
        Just(b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR".to_vec()),
        Just(b"GIF89a".to_vec()),
        Just(b"BM".to_vec()),
        Just(b"RIFF\0\0\0\0WEBPVP8 ".to_vec()),
        Just(b"RIFF\0\0\0\0WEBPVP8L".to_vec()),
        Just(b"RIFF\0\0\0\0WEBPVP8X".to_vec()),
    ]
}

proptest! {
    // A failure prints its input, so no file of seeds is kept.
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn strips_equal_whole_at_any_size(
        (width, height) in (1usize..90, 1usize..90),
        (resize, crop) in (1usize..60, 1usize..60),
        strip_rows in 1usize..100,
        bicubic: bool,
        grey: bool,
        seed: u32,
    ) {
        let channels = if grey { 1 } else { 3 };
        let preprocess = Preprocess {
            resize,
            crop,
            interpolation: if bicubic { Interpolation::Bicubic } else { Interpolation::Bilinear },
            mean: vec![0.4; channels],
            std: vec![0.3; channels],
        };
        let image = noise(width, height, seed);
        let whole = preprocess.apply(&image).unwrap();
        prop_assert_eq!(whole.tensor.len(), channels * crop * crop);
        let strips = in_strips(&preprocess, (width, height), &image.to_rgba(), strip_rows).unwrap();
        prop_assert!(strips == whole);
    }

    #[test]
    fn one_colour_stays_that_colour(
        (width, height) in (1usize..200, 1usize..200),
        colour: [u8; 3],
        bicubic: bool,
    ) {
        let interpolation = if bicubic { Interpolation::Bicubic } else { Interpolation::Bilinear };
        // The crop is at most the resize, so that nothing is padded.
        let preprocess = Preprocess { resize: 40, crop: 33, interpolation, ..Preprocess::imagenet() };
        let image = RgbImage::new(width, height, colour.repeat(width * height)).unwrap();
        let seen = preprocess.apply(&image).unwrap().seen;
        prop_assert!(seen.pixels().chunks_exact(3).all(|pixel| pixel == colour));
    }

    #[test]
    fn no_bytes_make_inspect_or_decode_panic(
        start in magic(),
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let bytes = [start, rest].concat();
        let inspected = inspect(&bytes);
        let decoded = decode(&bytes);
        if let Err(error) = inspected {
            prop_assert_eq!(decoded.unwrap_err(), error);
        }
    }

    #[test]
    fn no_flipped_byte_makes_decode_panic(
        file: prop::sample::Index,
        at: prop::sample::Index,
        byte: u8,
        keep: prop::sample::Index,
    ) {
        let names: Vec<String> =
            names("decode", "").into_iter().filter(|name| !name.ends_with("safetensors")).collect();
        let mut bytes = read(&format!("decode/{}", names[file.index(names.len())]));
        let at = at.index(bytes.len());
        bytes[at] = byte;
        // Half of the files stay whole, and half are cut at a random length.
        let cut = keep.index(bytes.len() * 2).min(bytes.len());
        let _ = decode(&bytes[..cut]);
    }
}
