#!/usr/bin/env python3
"""Makes the fixtures of tests/native/preprocess.rs, with Pillow as the judge.

    python3 -m venv venv && venv/bin/pip install pillow numpy safetensors
    venv/bin/python tests/data/make_preprocess_fixtures.py        writes into preprocess/ beside this file

resize/<case>.safetensors   `image` u8 [h, w, 3] and `seen` u8 [crop, crop, 3]: the picture after torchvision's Resize
                            and CenterCrop on PIL pictures (its size rules are written out below), for a `case` in
                            the metadata: resize, crop, interpolation, channels.
decode/*                    small picture files of every kind that the decoder claims to read.
decode/expected.safetensors for each of them, under its file name, what a person sees on a white page:
                            u8 [h, w, 3], decoded by Pillow.
broken/*                    files that have to be refused.

The pre_*.safetensors beside them come from torchvision itself (image, out_pil and the case).
"""
import json, struct
from pathlib import Path
import numpy as np
from PIL import Image, ImageOps
from safetensors.numpy import save_file

ROOT = Path(__file__).resolve().parent / "preprocess"
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def resize_short_side(picture, size):
    """torchvision.transforms.functional.resize(picture, [size]) on a PIL picture, as (width, height)."""
    width, height = picture.size
    if width <= height:
        return size, int(size * height / width)
    return int(size * width / height), size


def center_crop(picture, crop):
    """torchvision.transforms.functional.center_crop(picture, [crop]): pads with zeros, then cuts."""
    width, height = picture.size
    if crop > width or crop > height:
        left, top = max(crop - width, 0) // 2, max(crop - height, 0) // 2
        padded = Image.new(picture.mode, (max(width, crop), max(height, crop)))
        padded.paste(picture, (left, top))
        picture = padded
        width, height = picture.size
    left, top = int(round((width - crop) / 2.0)), int(round((height - crop) / 2.0))
    return picture.crop((left, top, left + crop, top + crop))


def pattern(height, width, seed):
    """Hard edges, gradients and noise: what shows every rounding."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float64)
    image = np.stack([128 + 110 * np.sin(columns / (3 + 2 * c)) * np.cos(rows / (2 + 3 * c)) for c in range(3)], -1)
    image[(rows + 2 * columns) % 23 < 5] = (255, 0, 128)
    image += rng.uniform(-15, 15, image.shape)
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def resize_case(name, height, width, resize, crop, interpolation="bicubic", channels=3):
    image = pattern(height, width, len(name))
    picture = Image.fromarray(image)
    if channels == 1:
        picture = picture.convert("L")
    picture = picture.resize(resize_short_side(picture, resize), FILTERS[interpolation])
    seen = np.ascontiguousarray(np.asarray(center_crop(picture, crop).convert("RGB")))
    case = dict(resize=resize, crop=crop, interpolation=interpolation, channels=channels)
    save_file(dict(image=image, seen=seen), ROOT / f"resize/{name}.safetensors", metadata=dict(case=json.dumps(case)))


def resize_cases():
    resize_case("bicubic_down", 67, 91, 31, 24)
    resize_case("bicubic_up", 21, 17, 50, 48)
    resize_case("bicubic_wide", 12, 300, 37, 20)
    resize_case("bicubic_narrow", 300, 7, 9, 9)
    resize_case("bilinear_wide", 20, 500, 12, 8, "bilinear")
    resize_case("bilinear_narrow", 300, 12, 33, 20, "bilinear")
    resize_case("bilinear_far_down", 70, 90, 5, 4, "bilinear")
    resize_case("one_pixel", 1, 1, 32, 32, "bilinear")
    resize_case("one_pixel_bicubic", 1, 1, 16, 13)
    resize_case("one_row", 1, 40, 6, 6)
    resize_case("crop_larger", 30, 41, 20, 33, "bilinear")
    resize_case("crop_larger_one_axis", 24, 90, 18, 25)
    # Crop offsets of 0.5, 1.5 and 2.5 pixels, where Python rounds to even: 0, 2 and 2.
    resize_case("half_to_even_0", 33, 40, 33, 32, "bilinear")
    resize_case("half_to_even_1", 40, 35, 35, 32, "bilinear")
    resize_case("half_to_even_2", 37, 37, 37, 32, "bilinear")
    resize_case("grey", 64, 47, 40, 32, "bilinear", channels=1)
    resize_case("grey_bicubic", 23, 31, 36, 32, channels=1)


def blocks():
    """24 x 16 pixels, no two corners alike, of flat 8 x 8 blocks that every JPEG keeps."""
    colours = [[(220, 40, 30), (40, 190, 60), (30, 60, 210)], [(240, 220, 50), (20, 20, 20), (200, 200, 200)]]
    return np.kron(np.array(colours, dtype=np.uint8), np.ones((8, 8, 1), dtype=np.uint8))


# For each EXIF orientation, what was done to the upright picture to store it so.
STORED_AS = {
    1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
}


def over_white(rgba):
    colour, alpha = rgba[..., :3].astype(np.float64), rgba[..., 3:].astype(np.float64)
    return np.floor((colour * alpha + 255 * (255 - alpha)) / 255 + 0.5).astype(np.uint8)


def png_16_bit(image):
    """A 16-bit PNG by hand, since Pillow writes no 16-bit RGB; `image` is u16 [h, w, 3]."""
    import zlib

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    height, width, _ = image.shape
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in image)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def decode_cases():
    folder, expected = ROOT / "decode", {}
    upright = Image.fromarray(blocks())

    def save(name, picture, seen=None, **options):
        picture.save(folder / name, **options)
        if seen is None:
            with Image.open(folder / name) as opened:
                seen = np.asarray(ImageOps.exif_transpose(opened).convert("RGB"))
        expected[name] = np.ascontiguousarray(seen)

    for orientation, transpose in STORED_AS.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        stored = upright if transpose is None else upright.transpose(transpose)
        save(f"orientation_{orientation}.jpg", stored, exif=exif, quality=95, subsampling=0)
    assert all(np.abs(e.astype(int) - blocks()).max() <= 6 for e in expected.values()), "not upright"

    save("progressive.jpg", upright, quality=95, subsampling=0, progressive=True)
    save("subsampled.jpg", upright, quality=95, subsampling=2)
    save("grey.jpg", upright.convert("L"), quality=95)
    save("cmyk.jpg", upright.convert("CMYK"), quality=95, subsampling=0)

    rng = np.random.default_rng(7)
    noise = rng.integers(0, 256, (13, 19, 3), dtype=np.uint8)
    alpha = rng.integers(0, 256, (13, 19, 1), dtype=np.uint8)
    alpha[:, :6], alpha[:, 6:9] = 0, 255
    rgba = np.concatenate([noise, alpha], -1)
    grey_alpha = np.concatenate([noise[..., :1], alpha], -1)
    picture = Image.fromarray(noise)
    save("rgb.png", picture)
    save("grey.png", picture.convert("L"))
    save("two_levels.png", picture.convert("1"))
    save("palette.png", picture.quantize(16))
    save("rgba.png", Image.fromarray(rgba), over_white(rgba))
    save("grey_alpha.png", Image.fromarray(grey_alpha, "LA"), over_white(np.concatenate([noise[..., :1]] * 3 + [alpha], -1)))
    quantised = picture.quantize(16)
    looked_up = np.asarray(quantised.convert("RGB")).copy()
    looked_up[np.asarray(quantised) == 3] = 255
    save("palette_transparent.png", quantised, looked_up, transparency=3)

    deep = rng.integers(0, 65536, (13, 19, 3), dtype=np.uint16)
    rounded = np.floor(deep / 257 + 0.5).astype(np.uint8)
    (folder / "rgb_16.png").write_bytes(png_16_bit(deep))
    expected["rgb_16.png"] = rounded
    save("grey_16.png", Image.fromarray(deep[..., 0]), np.repeat(rounded[..., :1], 3, -1))

    exif = Image.Exif()
    exif[0x0112] = 6
    save("orientation_6.png", upright.transpose(STORED_AS[6]), exif=exif)
    save("orientation_6.webp", upright.transpose(STORED_AS[6]), exif=exif, lossless=True)
    save("lossless.webp", picture, lossless=True)
    save("lossy.webp", upright, quality=95)
    save("alpha.webp", Image.fromarray(rgba), over_white(rgba), lossless=True, exact=True)
    save("still.gif", picture.quantize(16))
    save("moving.gif", picture.quantize(16), save_all=True, append_images=[upright.resize((19, 13)).quantize(16)])
    save("transparent.gif", quantised, looked_up, transparency=3)
    save("rgb.bmp", picture)
    save("palette.bmp", picture.quantize(16))

    # Rows from the top, which a BMP says with a negative height; Pillow only writes the other kind.
    bmp = bytearray((folder / "rgb.bmp").read_bytes())
    start, row_bytes = struct.unpack_from("<I", bmp, 10)[0], (19 * 3 + 3) // 4 * 4
    struct.pack_into("<i", bmp, 22, -13)
    rows = [bmp[start + y * row_bytes:start + (y + 1) * row_bytes] for y in range(13)]
    (folder / "top_down.bmp").write_bytes(bmp[:start] + b"".join(reversed(rows)))
    expected["top_down.bmp"] = noise

    # FF bytes may fill the room before any marker.
    jpeg = (folder / "grey.jpg").read_bytes()
    frame = jpeg.index(b"\xff\xc0")
    (folder / "fill_bytes.jpg").write_bytes(jpeg[:frame] + b"\xff\xff\xff" + jpeg[frame:])
    expected["fill_bytes.jpg"] = expected["grey.jpg"]

    # What Photoshop writes: the same four planes, read as YCCK because the Adobe marker's last byte says so.
    jpeg = bytearray((folder / "cmyk.jpg").read_bytes())
    jpeg[jpeg.index(b"Adobe") + 11] = 2
    (folder / "ycck.jpg").write_bytes(jpeg)
    with Image.open(folder / "ycck.jpg") as opened:
        expected["ycck.jpg"] = np.asarray(opened.convert("RGB"))
    assert not np.array_equal(expected["ycck.jpg"], expected["cmyk.jpg"])

    for name in ("top_down.bmp", "fill_bytes.jpg"):
        with Image.open(folder / name) as opened:
            assert np.array_equal(np.asarray(opened.convert("RGB")), expected[name]), name
    save_file(expected, folder / "expected.safetensors")


def broken_cases():
    folder, decode = ROOT / "broken", ROOT / "decode"
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "text.jpg").write_bytes(b"Dear all,\nthe picture is attached.\n")
    # Pixels enough that half the file ends within them.
    Image.fromarray(pattern(64, 64, 1)).save(folder / "whole.jpg", quality=80)
    jpeg = (folder / "whole.jpg").read_bytes()
    (folder / "whole.jpg").unlink()
    (folder / "truncated.jpg").write_bytes(jpeg[:len(jpeg) * 2 // 3])
    (folder / "header_only.jpg").write_bytes(jpeg[:20])
    png = (decode / "rgb.png").read_bytes()
    (folder / "truncated.png").write_bytes(png[:len(png) // 2])
    (folder / "truncated.webp").write_bytes((decode / "lossless.webp").read_bytes()[:200])
    (folder / "truncated.gif").write_bytes((decode / "still.gif").read_bytes()[:100])
    (folder / "truncated.bmp").write_bytes((decode / "rgb.bmp").read_bytes()[:400])
    header = bytearray(png)
    struct.pack_into(">II", header, 16, 10_000, 10_000)
    (folder / "claims_100_megapixels.png").write_bytes(header[:60])
    struct.pack_into(">II", header, 16, 0, 13)
    (folder / "zero_width.png").write_bytes(header)
    Image.fromarray(blocks()).save(folder / "picture.tiff")


if __name__ == "__main__":
    for part in ("resize", "decode", "broken"):
        (ROOT / part).mkdir(parents=True, exist_ok=True)
    resize_cases()
    decode_cases()
    broken_cases()
