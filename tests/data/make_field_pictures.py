#!/usr/bin/env python3
"""The pictures of `field/pictures/`: what people really have, as public reports about other programs describe it. Needs Pillow.

    make_field_pictures.py OUT      (reads ../../assets/samples/kitten.jpg)

Every picture derives from the sample kitten (GalgenTX, CC-BY-2.0). The files of a group show the same pixels as its control, and
the tests hold that, unless their name says otherwise.
"""
import io, struct, sys, zlib
from pathlib import Path
from PIL import Image

OUT = Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
PHOTO = Image.open(Path(__file__).resolve().parent.parent.parent / "assets/samples/kitten.jpg").convert("RGB")
KITTEN = PHOTO.resize((160, 90), Image.Resampling.LANCZOS)


def put(name, data):
    (OUT / name).write_bytes(data)


def encoded(image, form, **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def exif(orientation):
    return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, 0x112, 3, 1, orientation, 0, 0)


# JPEG endings: no end marker; a phone's panorama, where its maker's data follow the pixels at once; half of it with an end glued on.
jpeg = encoded(KITTEN, "JPEG", quality=90)
put("endings_control.jpg", jpeg)
put("endings_none.jpg", jpeg[:-2])
put("endings_panorama.jpg", jpeg[:-2] + b"\0\0\x01\x0aPanorama" + bytes(range(200)) * 3 + b"SEFH" + bytes(40) + b"\x18\0\0\0SEFT")
put("endings_half.jpg", jpeg[: len(jpeg) // 2] + b"\xff\xd9")
progressive = encoded(KITTEN, "JPEG", quality=90, progressive=True)
put("endings_progressive_none.jpg", progressive[:-2])
put("endings_progressive_half.jpg", progressive[: len(progressive) * 2 // 5] + b"\xff\xd9")
restarts = encoded(KITTEN, "JPEG", quality=90, restart_marker_rows=1)
put("endings_restarts_none.jpg", restarts[:-2])


# Orientation.
def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_chunks(image, filters=True):
    data = encoded(image, "PNG", optimize=True)
    at, chunks = 8, []
    while at < len(data):
        length = struct.unpack(">I", data[at : at + 4])[0]
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    return chunks


def png(chunks):
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, data) for name, data in chunks)


plain = png_chunks(KITTEN)
put("plain.png", png(plain))
stored = png_chunks(KITTEN.transpose(Image.Transpose.ROTATE_90))
put("orientation_exif_6.png", png(stored[:1] + [(b"eXIf", exif(6))] + stored[1:]))
put("orientation_exif_6.webp", encoded(KITTEN.transpose(Image.Transpose.ROTATE_90), "WEBP", lossless=True, exif=exif(6)))
put("orientation_exif_7.webp", encoded(KITTEN.transpose(Image.Transpose.TRANSVERSE), "WEBP", lossless=True, exif=b"Exif\0\0" + exif(7)))
# ImageMagick's text, in which no browser looks; so neither do we: this one stays as it is stored.
raw = b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n      %d\n" % (6 + len(exif(6))) + (b"Exif\0\0" + exif(6)).hex().encode() + b"\n")
put("orientation_raw_profile.png", png(stored[:1] + [(b"zTXt", raw)] + stored[1:]))

# Colour: gamma, and a profile whose red is blue. Neither is applied.
put("colour_gamma.png", png(plain[:1] + [(b"gAMA", struct.pack(">I", 2000))] + plain[1:]))


def profile():
    def xyz(*values):
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, 563) + b"\0\0"
    text = b"text\0\0\0\0swap\0\0\0\0"
    tags = [(b"desc", b"desc\0\0\0\0" + struct.pack(">I", 5) + b"swap\0" + bytes(79)), (b"cprt", text), (b"wtpt", xyz(0.9642, 1, 0.8249))]
    tags += [(b"bXYZ", xyz(0.4361, 0.2225, 0.0139)), (b"gXYZ", xyz(0.3851, 0.7169, 0.0971)), (b"rXYZ", xyz(0.1431, 0.0606, 0.7141))]
    tags += [(name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")]
    at, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags:
        data += bytes(-len(data) % 4)
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data
    head = struct.pack(">I4sI4s4s4s12s4s4s", at + len(body), b"    ", 0x02400000, b"mntr", b"RGB ", b"XYZ ", bytes(12), b"acsp", b"    ")
    head += bytes(24) + struct.pack(">iii", 63190, 65536, 54061)
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + table + body


put("colour_swapped.png", png(plain[:1] + [(b"iCCP", b"swap\0\0" + zlib.compress(profile()))] + plain[1:]))
put("colour_swapped.jpg", encoded(KITTEN, "JPEG", quality=90, icc_profile=profile()))


# Animations.
def riff(*chunks):
    body = b"".join(name + struct.pack("<I", len(data)) + data + bytes(len(data) & 1) for name, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def u24(value):
    return struct.pack("<I", value)[:3]


def frame(image, left, top):
    data = encoded(image, "WEBP", lossless=True)[12:]
    return u24(left // 2) + u24(top // 2) + u24(image.width - 1) + u24(image.height - 1) + u24(500) + b"\0" + data


first = KITTEN.crop((40, 20, 120, 70))
white = Image.new("RGB", KITTEN.size, "white")
white.paste(first, (40, 20))
put("first_frame_over_white.png", encoded(white, "PNG", optimize=True))
red = b"\0\0\xff\xff" + struct.pack("<H", 0)
head = struct.pack("<I", 2) + u24(KITTEN.width - 1) + u24(KITTEN.height - 1)
inverse = Image.eval(KITTEN.resize((32, 18)), lambda level: 255 - level)
put("animation_offset.webp", riff((b"VP8X", head), (b"ANIM", red), (b"ANMF", frame(first, 40, 20)), (b"ANMF", frame(inverse, 0, 0))))


def control(number, size, place):
    return struct.pack(">IIIIIHHBB", number, *size, *place, 1, 2, 0, 0)


def pixels(chunks):
    return b"".join(data for name, data in chunks if name == b"IDAT")


grey = png_chunks(Image.new("RGB", KITTEN.size, "grey"))
cut = png_chunks(first)
twice = (b"acTL", struct.pack(">II", 2, 0))
small = png_chunks(inverse)
for name, place, picture in [("animation_placeholder.png", (0, 0), plain), ("animation_placeholder_offset.png", (40, 20), cut)]:
    size = struct.unpack(">II", picture[0][1][:8])
    data = [grey[0], twice, (b"IDAT", pixels(grey)), (b"fcTL", control(0, size, place)), (b"fdAT", struct.pack(">I", 1) + pixels(picture))]
    data += [(b"fcTL", control(2, inverse.size, (0, 0))), (b"fdAT", struct.pack(">I", 3) + pixels(small)), (b"IEND", b"")]
    put(name, png(data))
data = [plain[0], twice, (b"fcTL", control(0, KITTEN.size, (0, 0))), (b"IDAT", pixels(plain)), (b"fcTL", control(1, inverse.size, (0, 0)))]
put("animation_first_is_default.png", png(data + [(b"fdAT", struct.pack(">I", 2) + pixels(small)), (b"IEND", b"")]))

# GIFs: a screen of 0x0, one that the frame is larger than, a frame at an offset, and one whose second frame is cut off.
gif = encoded(KITTEN, "GIF")
assert gif[10] & 0x80 and gif[13 + 3 * 2 ** ((gif[10] & 7) + 1)] == 0x2C
put("gif_control.gif", gif)
put("gif_zero_screen.gif", gif[:6] + bytes(4) + gif[10:])
put("gif_small_screen.gif", gif[:6] + struct.pack("<HH", 20, 20) + gif[10:])
cut = bytearray(encoded(first, "GIF"))
at = 13 + 3 * 2 ** ((cut[10] & 7) + 1)
cut[6:10] = struct.pack("<HH", *KITTEN.size)
cut[at + 1 : at + 5] = struct.pack("<HH", 40, 20)
put("gif_offset.gif", bytes(cut[:at]) + b"\x21\xf9\x04\x05\x32\0\xff\0" + bytes(cut[at:]))
put("gif_cut_later.gif", gif[:-1] + gif[at:][:300])

# JPEG flavours: each has its control, which stores the same levels in the usual way.
grey_jpeg = encoded(KITTEN.convert("L"), "JPEG", quality=90)
put("grey_control.jpg", grey_jpeg)


def without(data, marker):
    at = 2
    while data[at + 1] != marker:
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return data[:at] + data[at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0] :]


adobe = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0"
bare = without(grey_jpeg, 0xE0)
put("grey_adobe_0.jpg", bare[:2] + adobe + bare[2:])
rgb = encoded(KITTEN, "JPEG", quality=90, keep_rgb=True)
put("rgb_control.jpg", rgb)
inks = Image.merge("CMYK", [Image.eval(band, lambda level: 255 - level) for band in KITTEN.split()] + [Image.new("L", KITTEN.size, 0)])
cmyk = encoded(inks, "JPEG", quality=90)
put("cmyk_control.jpg", cmyk)
# By the letters of their components alone, without Adobe's marker. Everybody takes such CMYK for inverted, as Adobe's is.
put("rgb_letters.jpg", without(rgb, 0xEE))


def lettered(data, letters):
    data = bytearray(data)
    for marker, first, step in [(0xC0, 8, 3), (0xDA, 3, 2)]:
        at = 2
        while data[at + 1] != marker:
            at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        for place, letter in enumerate(letters):
            data[at + 2 + first + step * place] = letter
    return bytes(data)


put("cmyk_letters.jpg", lettered(without(cmyk, 0xEE), b"CMYK"))

# Panoramas, with the kitten in the middle; the last is one column.
for name, size, form in [("wide_70000x64.png", (70000, 64), "PNG"), ("wide_40000x300.jpg", (40000, 300), "JPEG"), ("tall_64x70000.png", (64, 70000), "PNG")]:
    wide = Image.new("RGB", size, (90, 120, 90))
    side = min(size)
    cat = PHOTO.crop((140, 0, 500, 360)).resize((side, side), Image.Resampling.LANCZOS)
    wide.paste(cat, ((size[0] - side) // 2, (size[1] - side) // 2))
    put(name, encoded(wide, form, optimize=True))
column = PHOTO.resize((1, 360), Image.Resampling.LANCZOS)
put("column_1x360.png", encoded(column, "PNG"))

# BMPs whose fourth byte is 0.
put("bmp_control.bmp", encoded(KITTEN, "BMP"))
rows = b"".join(bytes((b, g, r, 0)) for y in reversed(range(90)) for r, g, b in [KITTEN.getpixel((x, y)) for x in range(160)])
short = struct.pack("<IiiHHIIiiII", 40, 160, 90, 1, 32, 0, len(rows), 2835, 2835, 0, 0)
put("bmp_fourth_byte_0.bmp", b"BM" + struct.pack("<IHHI", 54 + len(rows), 0, 0, 54) + short + rows)
long = struct.pack("<IiiHHIIiiII", 108, 160, 90, 1, 32, 3, len(rows), 2835, 2835, 0, 0)
long += struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + b"BGRs" + bytes(48)
put("bmp_alpha_all_0.bmp", b"BM" + struct.pack("<IHHI", 122 + len(rows), 0, 0, 122) + long + rows)

# What is no picture of ours, by its first bytes.
ppm = encoded(KITTEN.resize((32, 18)), "PPM")
put("other_ppm.ppm", ppm)
put("other_tiff.tif", encoded(KITTEN.resize((32, 18)), "TIFF"))
put("other_avif.avif", encoded(KITTEN, "AVIF", quality=60))
put("other_jpeg2000.jp2", encoded(KITTEN.resize((32, 18)), "JPEG2000"))
brand = lambda name: struct.pack(">I4s4sI4s4sI4s", 24, b"ftyp", name, 0, b"mif1", name, 8, b"mdat")
put("other_heic.heic", brand(b"heix"))
put("other_video.heic", brand(b"isom"))
put("other_page.jpg", b"<!DOCTYPE html>\n<html><head><title>Forbidden</title></head><body>hotlinking is not allowed</body></html>")
put("other_text.jpg", b"error code: 502")
put("other_weights.jpg", struct.pack("<Q", 80) + b'{"fc.bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'.ljust(80) + bytes(8))
put("other_svg.svg", b'\xef\xbb\xbf<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><rect width="90" height="60" fill="teal"/></svg>')
put("other_dicom.dcm", bytes(128) + b"DICM" + bytes(40))
