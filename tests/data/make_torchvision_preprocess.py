#!/usr/bin/env python3
"""Makes `preprocess/pre_*.safetensors`: torchvision's evaluation transform on synthetic pictures.

    python3 make_torchvision_preprocess.py OUT [--compare preprocess]

Needs what make_fixtures.py needs, and Pillow. The transform: resize the shorter side to `resize` (bilinear,
antialiased; the longer side becomes int(resize * long / short)), crop the middle `crop` x `crop` (top =
round((h - crop) / 2), half to even), divide by 255, subtract ImageNet's mean, divide by its standard deviation.

Each file holds `image`, u8 [h, w, 3], and two results, f32 [3, crop, crop]:
    out_pil      by way of a PIL picture, which rounds the resized pixels to u8: what users of torchvision get
    out_float    on float tensors, without that rounding
Results of more than 8,192 elements are sampled as in make_fixtures.py: `idx`, under the case's name, up to 4,096. The
case is JSON under "case" in the metadata.
"""
import argparse
import sys
from pathlib import Path

import numpy as np
import torch
import torchvision.transforms.functional as transforms
from PIL import Image

from make_fixtures import Fixtures, load, sample_indices, unit

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
STORED_LIMIT, SAMPLES = 8192, 4096      # elements of a result
TOLERANCE = {"out_pil": 1e-6, "out_float": 1e-6}      # of normalised values; everything else has to be equal

# name, height, width, resize, crop, seed
CASES = [
    ("pre_48x64_r36_c32", 48, 64, 36, 32, 1),
    ("pre_64x47_r40_c33", 64, 47, 40, 33, 2),
    ("pre_upscale_23x31_r36_c32", 23, 31, 36, 32, 3),
    ("pre_square_32x32_r32_c32", 32, 32, 32, 32, 4),
    ("pre_301x200_r232_c224", 301, 200, 232, 224, 5),
    ("pre_150x213_r256_c224", 150, 213, 256, 224, 6),
]


def synthetic_picture(height, width, seed):
    """Smooth waves, a disc and a bar with hard edges, and a little noise; u8 [height, width, 3]."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    waves = [127 + 90 * np.sin(x / (5 + 7 * c) + seed) * np.cos(y / (9 + 3 * c)) for c in range(3)]
    picture = np.stack(waves, axis=-1)
    disc = (x - width * 0.4) ** 2 + (y - height * 0.5) ** 2 < (min(height, width) * 0.3) ** 2
    picture[disc] = (250, 30, 60)
    picture[height // 5:height // 5 + 3, :, 1] = 255
    picture += 12 * (unit(seed, "image", picture.size).reshape(picture.shape) - 0.5)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def make(fixtures, name, height, width, resize, crop, seed):
    picture = synthetic_picture(height, width, seed)

    def finish(resized):
        return transforms.normalize(transforms.center_crop(resized, [crop]), MEAN, STD).numpy()

    pil = transforms.center_crop(transforms.resize(Image.fromarray(picture), [resize]), [crop])
    out_pil = transforms.normalize(transforms.to_tensor(pil), MEAN, STD).numpy()
    floats = torch.from_numpy(picture).permute(2, 0, 1).float() / 255
    resized = transforms.resize(floats, [resize], antialias=True)
    results = dict(out_pil=out_pil, out_float=finish(resized))
    stored = out_pil.size <= STORED_LIMIT
    case = dict(name=name, op="preprocess", image=list(picture.shape), resize=resize, resized=list(resized.shape[1:]),
                crop=crop, mean=MEAN, std=STD, stored=stored)
    if not stored:
        idx = sample_indices(seed, name, out_pil.size, SAMPLES)
        results = dict({key: value.ravel()[idx] for key, value in results.items()}, idx=idx)
    fixtures.write(f"{name}.safetensors", dict(results, image=picture), case)


def compare(root, other):
    """Prints what differs from the files in `other`; returns how many things do."""
    count = 0
    for name, *_ in CASES:
        (case, ours), (other_case, theirs) = load(root / f"{name}.safetensors"), load(other / f"{name}.safetensors")
        same = case == other_case and ours.keys() == theirs.keys()
        off = {key: float(np.abs(ours[key].astype(np.float64) - theirs[key]).max()) for key in ours} if same else {}
        same = same and all(off[key] <= TOLERANCE.get(key, 0.0) for key in off)
        count += not same
        print(name, "agrees:" if same else "DIFFERS:", ", ".join(f"{key} {value:.1e}" for key, value in off.items()))
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument("--compare", metavar="DIR", type=Path, help="compare the result with the files in DIR")
    args = parser.parse_args()
    torch.set_num_threads(1)
    fixtures = Fixtures(args.out)
    for case in CASES:
        make(fixtures, *case)
    print(f"{len(CASES)} files in {args.out}")
    if args.compare and compare(args.out, args.compare):
        sys.exit(1)


if __name__ == "__main__":
    main()
