//! Picture files: decoded as Pillow decodes them, or refused with an error.

use super::support::{compare, names, picture, read};
use cardinal::image::{ImageError, ImageFormat, MAX_FILE_BYTES, MAX_PIXELS, RgbImage, decode, inspect};
use safetensors::SafeTensors;

#[test]
fn decodes_every_kind_of_file() {
    let bytes = read("decode/expected.safetensors");
    let expected = SafeTensors::deserialize(&bytes).unwrap();
    let files = names("decode", "");
    assert_eq!(files.len(), expected.len() + 1, "one expectation per file: {files:?}");
    for name in expected.names() {
        let got = decode(&read(&format!("decode/{name}"))).unwrap_or_else(|e| panic!("{name}: {e}"));
        let expected = picture(&expected, name);
        assert_eq!((got.width(), got.height()), (expected.width(), expected.height()), "{name}");
        let difference = compare(got.pixels(), expected.pixels());
        println!("{name}: {:.1} % exact, worst {}", difference.exact * 100.0, difference.worst);
        // Lossy decoders may differ in the rounding of transforms and in the upsampling of chroma.
        let allowed = match name {
            _ if name == "subsampled.jpg" => 12,
            _ if name.ends_with(".jpg") => 3,
            _ if name == "lossy.webp" => 12,
            _ => 0,
        };
        assert!(difference.worst <= allowed, "{name}: {difference:?}");
    }
}

#[test]
fn all_eight_orientations_come_out_upright() {
    let upright = decode(&read("decode/orientation_1.jpg")).unwrap();
    for orientation in 1..=8 {
        let turned = decode(&read(&format!("decode/orientation_{orientation}.jpg"))).unwrap();
        assert_eq!((turned.width(), turned.height()), (24, 16), "orientation {orientation}");
        let difference = compare(turned.pixels(), upright.pixels());
        assert!(difference.worst <= 4, "orientation {orientation}: {difference:?}");
    }
}

#[test]
fn inspect_reads_the_stored_size_of_every_kind_of_file() {
    for name in names("decode", "").iter().filter(|name| !name.ends_with("safetensors")) {
        let bytes = read(&format!("decode/{name}"));
        let info = inspect(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let by_image = image::ImageReader::new(std::io::Cursor::new(&bytes));
        let (width, height) = by_image.with_guessed_format().unwrap().into_dimensions().unwrap();
        assert_eq!((info.width, info.height), (width as usize, height as usize), "{name}");
        let format = match name.rsplit_once('.').unwrap().1 {
            "jpg" => ImageFormat::Jpeg,
            "png" => ImageFormat::Png,
            "webp" => ImageFormat::WebP,
            "gif" => ImageFormat::Gif,
            "bmp" => ImageFormat::Bmp,
            other => panic!("{other}"),
        };
        assert_eq!(info.format, format, "{name}");
    }
}

#[test]
fn inspect_reads_headers_that_few_programs_write() {
    // BMP with the OS/2 header: 16-bit sides.
    let mut bmp = b"BM".to_vec();
    bmp.resize(26, 0);
    (bmp[14], bmp[18], bmp[20]) = (12, 7, 5);
    // Lossy WebP with scaling hints in the two upper bits of each side.
    let mut webp = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9D\x01\x2A".to_vec();
    webp.extend([7, 0x40, 5, 0xC0]);
    for bytes in [bmp, webp] {
        let info = inspect(&bytes).unwrap();
        assert_eq!((info.width, info.height), (7, 5), "{}", info.format);
    }
}

#[test]
fn refuses_before_decoding() {
    let refused = |name: &str| inspect(&read(&format!("broken/{name}"))).unwrap_err();
    assert_eq!(refused("empty.jpg"), ImageError::Empty);
    let text = refused("text.jpg");
    assert!(matches!(&text, ImageError::Text { start } if start.starts_with("Dear all,\\nth")), "{text}");
    assert_eq!(refused("picture.tiff"), ImageError::UnsupportedFormat { format: "TIFF", by_browsers: false });
    assert_eq!(refused("header_only.jpg"), ImageError::BrokenHeader { format: ImageFormat::Jpeg, bytes: 20 });
    assert_eq!(refused("claims_100_megapixels.png"), ImageError::TooManyPixels { width: 10_000, height: 10_000 });
    assert_eq!(refused("zero_width.png"), ImageError::ZeroSize { width: 0, height: 13 });

    let mut heavy = read("decode/rgb.png");
    heavy.resize(MAX_FILE_BYTES, 0);
    assert!(inspect(&heavy).is_ok(), "the limit itself is allowed");
    heavy.push(0);
    let bytes = MAX_FILE_BYTES + 1;
    assert_eq!(inspect(&heavy).unwrap_err(), ImageError::FileTooLarge { bytes });

    for name in ["empty.jpg", "text.jpg", "picture.tiff", "claims_100_megapixels.png"] {
        let bytes = read(&format!("broken/{name}"));
        assert_eq!(decode(&bytes).unwrap_err(), refused(name), "decode inspects first");
    }
}

#[test]
fn the_largest_picture_is_allowed_and_one_pixel_more_is_not() {
    let mut png = read("decode/rgb.png");
    let mut sized = |width: u32, height: u32| {
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        inspect(&png)
    };
    assert_eq!(MAX_PIXELS, 50_000_000);
    assert!(sized(10_000, 5_000).is_ok());
    assert!(matches!(sized(50_000_001, 1), Err(ImageError::TooManyPixels { .. })));
    assert!(matches!(sized(u32::MAX, u32::MAX), Err(ImageError::TooManyPixels { .. })));
}

#[test]
fn refuses_files_that_are_cut_short() {
    for ending in ["jpg", "png", "webp", "gif", "bmp"] {
        let bytes = read(&format!("broken/truncated.{ending}"));
        let format = inspect(&bytes).unwrap().format;
        let error = decode(&bytes).unwrap_err();
        println!("{error}");
        assert_eq!(error, ImageError::Truncated { format, bytes: bytes.len() });
    }
}

#[test]
fn errors_say_what_and_what_to_do() {
    let text = |error: ImageError| error.to_string();
    assert_eq!(
        text(ImageError::TooManyPixels { width: 10_000, height: 10_000 }),
        "the picture is too large: 10000x10000 are 100 megapixels, and at most 50 are read. \
         Save a smaller copy: the network looks at a few hundred pixels per side"
    );
    assert_eq!(
        text(ImageError::FileTooLarge { bytes: 61_234_567 }),
        "the file is too large: 61.2 MB, and at most 50 MB are read. Save a smaller copy of the picture"
    );
    assert_eq!(
        text(RgbImage::new(2, 3, vec![0; 4]).unwrap_err()),
        "a 2x3 RGB picture needs 18 bytes (3 per pixel), got 4. Pass width * height * 3 bytes, rows \
         from the top"
    );
    assert!(RgbImage::new(usize::MAX / 2 + 1, 2, Vec::new()).is_err(), "the product wraps to 0");
}
