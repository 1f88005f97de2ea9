//! The pictures that people really have: files that other programs read in ways of their own.

use cardinal::image::{ImageError, ImageFormat, Part, RgbImage, Still, decode, inspect, is_svg, stated_size};

use super::support::{compare, folder};

fn read(name: &str) -> Vec<u8> {
    let path = folder().join("../field/pictures").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn decoded(name: &str) -> RgbImage {
    decode(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Holds that files show the pixels of their control.
#[track_caller]
fn show(control: &str, names: &[&str], allowed: u8) {
    let expected = decoded(control);
    for name in names {
        let got = decoded(name);
        assert_eq!((got.width(), got.height()), (expected.width(), expected.height()), "{name}");
        let difference = compare(got.pixels(), expected.pixels());
        assert!(difference.worst <= allowed, "{name}: {difference:?}");
    }
}

#[test]
fn a_jpeg_needs_its_pixels_and_no_end_marker() {
    show("endings_control.jpg", &["endings_none.jpg", "endings_panorama.jpg", "endings_restarts_none.jpg"], 0);
    show("endings_control.jpg", &["endings_progressive_none.jpg"], 0);
    for name in ["endings_half.jpg", "endings_progressive_half.jpg"] {
        let bytes = read(name).len();
        let error = Still::of(&read(name)).expect_err(name);
        assert_eq!(error, ImageError::Truncated { format: ImageFormat::Jpeg, bytes }, "{name}");
    }
}

/// Wherever it is cut, a JPEG is refused, until less than a hundredth of it is missing.
#[test]
fn a_jpeg_cut_anywhere_is_refused() {
    let glued = [0xFF, 0xD9];
    // The last scans of a progressive file add one bit to the levels, and may be cut; and an end between two scans is one.
    for (name, last, ends) in [
        ("endings_control.jpg", 97, &[&[][..], &glued][..]),
        ("endings_restarts_none.jpg", 97, &[&[], &glued]),
        ("endings_progressive_none.jpg", 47, &[&[]]),
        ("cmyk_control.jpg", 97, &[&[], &glued]),
    ] {
        let whole = read(name);
        for (percent, end) in (12..last).flat_map(|percent| ends.iter().map(move |end| (percent, end))) {
            let cut = [&whole[..whole.len() * percent / 100], end].concat();
            let error = Still::of(&cut).expect_err(name);
            let is_damage = matches!(error, ImageError::Truncated { .. } | ImageError::BrokenHeader { .. });
            assert!(is_damage, "{name}: {error}");
        }
    }
}

#[test]
fn pictures_are_turned_whatever_their_format() {
    show("plain.png", &["orientation_exif_6.png", "orientation_exif_6.webp", "orientation_exif_7.webp"], 0);
    // ImageMagick's text is not looked into, as browsers do not.
    let stored = decoded("orientation_raw_profile.png");
    assert_eq!((stored.width(), stored.height()), (90, 160));
}

#[test]
fn gamma_and_profiles_change_nothing() {
    show("plain.png", &["colour_gamma.png", "colour_swapped.png"], 0);
    show("endings_control.jpg", &["colour_swapped.jpg"], 0);
}

#[test]
fn an_animation_is_its_first_frame_where_it_belongs() {
    show("first_frame_over_white.png", &["animation_offset.webp", "animation_placeholder_offset.png"], 0);
    show("plain.png", &["animation_placeholder.png", "animation_first_is_default.png"], 0);
}

#[test]
fn a_gif_has_a_screen_that_its_frame_fits_on() {
    show("gif_control.gif", &["gif_zero_screen.gif", "gif_small_screen.gif", "gif_cut_later.gif"], 0);
    let (gif, exact) = (decoded("gif_offset.gif"), decoded("first_frame_over_white.png"));
    assert_eq!((gif.width(), gif.height()), (exact.width(), exact.height()));
    // Its palette is coarse; where it lies is not.
    let is_white = |picture: &RgbImage, at: usize| picture.pixels()[at * 3..at * 3 + 3] == [255; 3];
    for at in [0, 40 + 19 * 160, 39 + 20 * 160, 120 + 20 * 160, 40 + 70 * 160, 159 + 89 * 160] {
        assert!(is_white(&gif, at) && is_white(&exact, at), "{at}");
    }
    assert!(!is_white(&gif, 80 + 45 * 160));
}

#[test]
fn jpegs_of_every_flavour_show_their_colours() {
    show("grey_control.jpg", &["grey_adobe_0.jpg"], 0);
    show("rgb_control.jpg", &["rgb_letters.jpg"], 0);
    show("cmyk_control.jpg", &["cmyk_letters.jpg"], 0);
    // The levels are those of the kitten, in whatever way they are stored.
    show("plain.png", &["rgb_control.jpg", "cmyk_control.jpg"], 40);
}

#[test]
fn a_bmp_whose_alpha_is_zero_everywhere_is_seen() {
    show("bmp_control.bmp", &["bmp_fourth_byte_0.bmp", "bmp_alpha_all_0.bmp"], 0);
    let mut some = read("bmp_alpha_all_0.bmp");
    let last = some.len() - 1;
    some[last] = 255;
    let pixels = decode(&some).unwrap();
    assert_eq!(pixels.pixels()[..3], [255; 3], "one pixel has alpha, so the others are transparent");
}

#[test]
fn a_panorama_of_any_width_is_read() {
    for (name, size) in [
        ("wide_70000x64.png", (70_000, 64)),
        ("wide_40000x300.jpg", (40_000, 300)),
        ("tall_64x70000.png", (64, 70_000)),
        ("column_1x360.png", (1, 360)),
    ] {
        let picture = decoded(name);
        assert_eq!((picture.width(), picture.height()), size, "{name}");
    }
}

/// What a browser's drawing context does with the matrix is what the `image` crate does with the orientation.
#[test]
fn the_matrix_turns_as_the_orientation_says() {
    let (width, height) = (5, 3);
    let stored = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 0]));
    for orientation in 1..=8 {
        let mut still = Still::of(&read("plain.png")).unwrap();
        (still.canvas.width, still.canvas.height, still.orientation) = (5, 3, orientation);
        let mut turned = image::DynamicImage::from(stored.clone());
        turned.apply_orientation(image::metadata::Orientation::from_exif(orientation).unwrap());
        assert_eq!((turned.width() as usize, turned.height() as usize), still.turned_size(), "{orientation}");
        let [a, b, c, d, e, f] = still.matrix();
        let turned = turned.into_rgb8();
        for (x, y, pixel) in stored.enumerate_pixels() {
            let (x, y) = (f64::from(x) + 0.5, f64::from(y) + 0.5);
            let at = (a * x + c * y + e - 0.5, b * x + d * y + f - 0.5);
            assert_eq!(turned.get_pixel(at.0 as u32, at.1 as u32), pixel, "{orientation}");
        }
    }
    let offset = Still { orientation: 6, ..Still::of(&read("animation_offset.webp")).unwrap() };
    assert_eq!(offset.matrix(), [0.0, 1.0, -1.0, 0.0, 90.0 - 20.0, 40.0]);
}

#[test]
fn what_is_not_read_is_named() {
    for (name, words) in [
        ("other_ppm.ppm", "PPM, PGM or PBM files are not read here"),
        ("other_tiff.tif", "TIFF files are not read here"),
        ("other_avif.avif", "AVIF files are not read here"),
        ("other_heic.heic", "HEIC files are not read here"),
        ("other_jpeg2000.jp2", "JPEG 2000 files are not read here"),
        ("other_dicom.dcm", "DICOM files are not read here"),
        ("other_svg.svg", "SVG files are not read here"),
        ("other_video.heic", "this file is a video, not a picture"),
        ("other_page.jpg", "this file is a web page, not a picture"),
        ("other_text.jpg", "not a picture but a text, \"error code: 502\""),
        ("other_weights.jpg", "this file is the weights of a network, not a picture"),
    ] {
        let text = inspect(&read(name)).unwrap_err().to_string();
        assert!(text.contains(words), "{name}: {text}");
    }
}

#[test]
fn a_cameras_raw_is_no_plain_tiff() {
    let mut tiff = read("other_tiff.tif");
    tiff.splice(300..300, *b"NIKON CORPORATION");
    let text = inspect(&tiff).unwrap_err().to_string();
    assert!(text.contains("a camera's raw files are not read here"), "{text}");
}

#[test]
fn an_svg_is_known_by_its_element_and_an_avif_tells_its_size() {
    assert!(is_svg(&read("other_svg.svg")));
    assert!(is_svg(b"<?xml version=\"1.0\"?>\n<!-- drawn by hand -->\n<svg viewBox=\"0 0 9 9\"/>"));
    assert!(!is_svg(b"<?xml version=\"1.0\"?><rss/>") && !is_svg(b"<!DOCTYPE html><svg/>"));
    assert_eq!(stated_size(&read("other_avif.avif")), Some((160, 90)));
    assert_eq!(stated_size(&read("other_heic.heic")), None);
}

/// No copy is made of what can stay where it is.
#[test]
fn a_file_without_anything_to_leave_out_is_kept_as_it_is() {
    let bytes = read("endings_control.jpg");
    let still = Still::of(&bytes).unwrap();
    assert!(matches!(&still.parts[..], [Part::Kept(_)]) && still.is_shown_alike(), "{:?}", still.parts);
    assert_eq!(still.file(&bytes), bytes);
}
