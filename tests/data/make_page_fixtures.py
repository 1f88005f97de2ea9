#!/usr/bin/env python3
"""Makes `page/`: what PyTorch says of a picture, for the page to be compared with, from its decoder to its logits.

    python3 make_page_fixtures.py OUT [--compare page]

Needs what make_torchvision_preprocess.py needs. The network is make_fixtures.py's resnext50_32x4d with its generated
weights; the picture is that script's pre_301x200_r232_c224, made ready by way of a PIL picture as torchvision's users
do: 232 pixels and the middle 224, torchvision's second recipe.

    resnext50_32x4d_picture.safetensors     image, u8 [h, w, 3]; logits64, f64 [1, 1000]
"""
import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torchvision
import torchvision.transforms.functional as transforms
from PIL import Image

from make_fixtures import FULL_NETWORKS, Fixtures, fill, load
from make_torchvision_preprocess import CASES, MEAN, STD, synthetic_picture

NETWORK = "resnext50_32x4d"
FILE = f"{NETWORK}_picture.safetensors"
PICTURE = "pre_301x200_r232_c224"
TOLERANCE = 1e-12       # of the peak, between versions of PyTorch


def make(fixtures):
    (_, height, width, resize, crop, seed), = [case for case in CASES if case[0] == PICTURE]
    picture = synthetic_picture(height, width, seed)
    pil = transforms.center_crop(transforms.resize(Image.fromarray(picture), [resize]), [crop])
    tensor = transforms.normalize(transforms.to_tensor(pil), MEAN, STD)
    net = fill(getattr(torchvision.models, NETWORK)(), FULL_NETWORKS[NETWORK]).double()
    with torch.no_grad():
        logits = net(tensor.double()[None]).numpy()
    case = dict(name=PICTURE, arch=NETWORK, seed=FULL_NETWORKS[NETWORK], resize=resize, crop=crop,
                top5=np.argsort(-logits[0], kind="stable")[:5].tolist())
    fixtures.write(FILE, dict(image=picture, logits64=logits), case)


def compare(root, other):
    """Prints how far the file is from the one in `other`; returns whether that is too far."""
    (case, ours), (other_case, theirs) = load(root / FILE), load(other / FILE)
    off = float(np.abs(ours["logits64"] - theirs["logits64"]).max() / np.abs(theirs["logits64"]).max())
    same = case == other_case and np.array_equal(ours["image"], theirs["image"]) and off <= TOLERANCE
    print(FILE, "agrees:" if same else "DIFFERS:", f"logits within {off:.1e} of the peak")
    return not same


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument("--compare", metavar="DIR", type=Path, help="compare the result with the file in DIR")
    args = parser.parse_args()
    torch.set_num_threads(1)
    fixtures = Fixtures(args.out)
    make(fixtures)
    print(json.dumps(fixtures.entries[0]["case"]))
    if args.compare and compare(args.out, args.compare):
        sys.exit(1)


if __name__ == "__main__":
    main()
