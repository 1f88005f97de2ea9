//! Compares strips with whole pictures, and tests strips that do not fit.

use super::support::{in_strips, noise};
use cardinal::image::{ImageError, Interpolation, Preprocess, StripResizer};

#[test]
fn strips_give_what_the_whole_picture_gives() {
    let image = noise(301, 417, 9);
    let size = (image.width(), image.height());
    for interpolation in [Interpolation::Bilinear, Interpolation::Bicubic] {
        let preprocess = Preprocess { interpolation, ..Preprocess::imagenet() };
        let whole = preprocess.apply(&image).unwrap();
        for strip_rows in [1, 7, 64, 416, 417, 1000] {
            let strips = in_strips(&preprocess, size, &image.to_rgba(), strip_rows).unwrap();
            assert!(strips == whole, "{interpolation:?}, strips of {strip_rows} rows differ");
        }
    }
}

#[test]
fn strips_lay_transparency_over_white() {
    // Each pixel is a whole picture, so that pixels do not mix: (RGBA input, RGB result).
    let cases = [
        ([10, 20, 30, 255], [10, 20, 30]),
        ([10, 20, 30, 0], [255, 255, 255]),
        ([0, 100, 255, 128], [127, 177, 255]),
        ([0, 0, 0, 1], [254, 254, 254]),
    ];
    let preprocess = Preprocess { resize: 1, crop: 1, ..Preprocess::imagenet() };
    for (rgba, seen) in cases {
        let prepared = in_strips(&preprocess, (1, 1), &rgba, 1).unwrap();
        assert_eq!(prepared.seen.pixels(), seen, "{rgba:?}");
    }
}

#[test]
fn rows_outside_the_crop_need_not_come() {
    let image = noise(60, 200, 3);
    let (preprocess, rgba) = (Preprocess::cifar10(), image.to_rgba());
    let mut resizer = StripResizer::new(60, 200, &preprocess).unwrap();
    let wanted = resizer.wanted_rows();
    assert!(wanted.start > 50 && wanted.end < 150, "{wanted:?}");
    resizer.skip_rows(wanted.start).unwrap();
    resizer.push_rows(&rgba[wanted.start * 240..wanted.end * 240]).unwrap();
    assert!(resizer.finish().unwrap() == preprocess.apply(&image).unwrap());
}

#[test]
fn strips_that_do_not_fit_are_refused() {
    let preprocess = Preprocess::cifar10();
    let start = || StripResizer::new(60, 200, &preprocess).unwrap();
    let wanted = start().wanted_rows();

    let mut resizer = start();
    let part_of_a_row = resizer.push_rows(&[0; 241]).unwrap_err();
    assert_eq!(part_of_a_row, ImageError::StripSize { got: 241, row_bytes: 240, rows_left: 200 });
    resizer.push_rows(&[0; 240 * 150]).unwrap();
    let too_many = resizer.push_rows(&[0; 240 * 51]).unwrap_err();
    assert_eq!(too_many, ImageError::StripSize { got: 12240, row_bytes: 240, rows_left: 50 });
    assert_eq!(resizer.next_row(), 150, "a refused strip changes nothing");

    let (first, last) = (wanted.start, wanted.end - 1);
    let skipped = start().skip_rows(100).unwrap_err();
    assert_eq!(skipped, ImageError::MissingRows { first, last, missing: first });
    let mut resizer = start();
    resizer.push_rows(&[0; 240 * 90]).unwrap();
    assert_eq!(resizer.finish().unwrap_err(), ImageError::MissingRows { first, last, missing: 90 });

    assert_eq!(StripResizer::new(0, 5, &preprocess).unwrap_err(), ImageError::ZeroSize { width: 0, height: 5 });
    assert!(matches!(StripResizer::new(10_000, 10_000, &preprocess).unwrap_err(), ImageError::TooManyPixels { .. }));
}
