#!/usr/bin/env python3
"""Makes the fixtures in `training/`: what PyTorch computes as it trains, for Cardinal's tests to compare with.

    python3 make_training_fixtures.py OUT                       everything; about a minute on one core
    python3 make_training_fixtures.py OUT --compare training    everything, then compare with the fixtures in `training`

Needs what `make_fixtures.py` needs, whose generator it uses: weights, running statistics and inputs of a network are rebuilt
from its seed and not stored. Labels are `floor(unit(k) * classes)` under the name "labels".

A network is trained on one batch, the same in every step, by `torch.optim.SGD`, once in f64 and once in f32. All of it runs in
`train()` mode, so batch norm uses the batch's own statistics and follows them in its running averages.

FILES are safetensors with one network each. Under "case" in the metadata each holds its case as JSON: sizes, seed, optimiser, and
`noise`, which says how far PyTorch's own f32 run is from its f64 run.
    grad/<key>          f64, the gradient of the first step by PyTorch's key
    after10/<key>       f64, the parameter or running statistic after 10 steps
    losses              f64, the loss of each of 50 steps, before the step's update
NOISE
    gradients           per key: largest difference over the peak of the tensor. A bias in front of a batch norm has a gradient of
                        zero but for rounding: keys in `zero_gradients` are measured against the network's largest gradient
    after10             per key: largest difference over the peak of the tensor
    losses              largest difference of any of the 50 losses
"""
import argparse
import itertools
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.numpy import save_file
from torchvision.models.resnet import ResNet

from make_fixtures import BN_EPS, bottleneck, fill, normal, unit

STEPS, SHORT = 50, 10
CLASSES = 7
STEM_CHANNELS = 8
SIZES = {"cifar": (5, 3, 11, 9), "imagenet": (6, 3, 37, 29)}      # n, c, h, w: all different, and not square
PLANES = (4, 6, 8)
WIDTHS = (8, 16, 24)
STRIDES = (1, 2, 2)
# In each of these runs f32 stays near f64. With other seeds an activation may lie so near 0 that f32 puts it on the other side of
# a ReLU, and a batch of five pictures makes 1e-3 of that within ten steps.
SEEDS = (101, 102, 203, 104, 205, 306, 107, 108, 109, 110, 111, 212)
OPTIMISERS = [
    dict(lr=0.02, momentum=0.9, nesterov=False, weight_decay=5e-4, decay_weights_only=False, label_smoothing=0.0),
    dict(lr=0.02, momentum=0.9, nesterov=True, weight_decay=5e-3, decay_weights_only=True, label_smoothing=0.1),
    dict(lr=0.05, momentum=0.0, nesterov=False, weight_decay=0.0, decay_weights_only=False, label_smoothing=0.0),
]


class TrainedResNeXt(ResNet):
    """torchvision's ResNet made of its Bottleneck blocks, with free widths and groups per stage."""

    def __init__(self, stem, groups, conv_bias):
        nn.Module.__init__(self)
        channels, imagenet = STEM_CHANNELS, stem == "imagenet"
        self.conv1 = nn.Conv2d(3, channels, *((7, 2, 3) if imagenet else (3, 1, 1)), bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1) if imagenet else nn.Identity()
        for stage in range(4):
            blocks = []
            # Two blocks in the second stage: the second one's shortcut is the identity.
            for block in range((1, 2, 1, 0)[stage]):
                stride = STRIDES[stage] if block == 0 else 1
                blocks.append(bottleneck(channels, PLANES[stage], stride, groups[stage], WIDTHS[stage]))
                channels = 4 * PLANES[stage]
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(channels, CLASSES)
        if conv_bias:
            for module in self.modules():
                if isinstance(module, nn.Conv2d):
                    module.bias = nn.Parameter(torch.zeros(module.out_channels))


def cases():
    """Every stem, grouping and kind of convolution, with the optimisers in turn."""
    kinds = itertools.product(SIZES, (1, 8, "depthwise"), (False, True))
    for index, (stem, cardinality, conv_bias) in enumerate(kinds):
        groups = WIDTHS if cardinality == "depthwise" else (cardinality,) * len(WIDTHS)
        grouping = cardinality if cardinality == "depthwise" else f"c{cardinality}"
        yield dict(
            name=f"{stem}_{grouping}_{'biased' if conv_bias else 'plain'}",
            seed=SEEDS[index],
            input=SIZES[stem],
            stem=stem,
            stem_channels=STEM_CHANNELS,
            groups=groups,
            widths=WIDTHS,
            planes=PLANES,
            blocks=(1, 2, 1),
            strides=STRIDES,
            classes=CLASSES,
            conv_bias=conv_bias,
            bn_eps=BN_EPS,
            optimiser=OPTIMISERS[index % len(OPTIMISERS)],
        )


def batch(case):
    labels = (unit(case["seed"], "labels", case["input"][0]) * case["classes"]).astype(np.int64)
    return torch.from_numpy(normal(case["seed"], "input", case["input"])), torch.from_numpy(labels)


def trained(case, dtype):
    """Gradients of the first step, the state after 10 steps, and 50 losses; all as f64 arrays."""
    net = fill(TrainedResNeXt(case["stem"], case["groups"], case["conv_bias"]), case["seed"]).to(dtype).train()
    x, labels = batch(case)
    x, options = x.to(dtype), dict(case["optimiser"])
    weights_only, smoothing = options.pop("decay_weights_only"), options.pop("label_smoothing")
    decay = options.pop("weight_decay")
    weights = [p for p in net.parameters() if p.ndim > 1 or not weights_only]
    others = [p for p in net.parameters() if p.ndim <= 1 and weights_only]
    groups = [dict(params=weights, weight_decay=decay)] + ([dict(params=others, weight_decay=0.0)] if others else [])
    optimiser = torch.optim.SGD(groups, **options)
    gradients, state, losses = {}, {}, []
    array = lambda tensor: tensor.detach().double().numpy().copy()      # noqa: E731
    for step in range(STEPS):
        optimiser.zero_grad()
        loss = F.cross_entropy(net(x), labels, label_smoothing=smoothing)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            gradients = {name: array(p.grad) for name, p in net.named_parameters()}
        optimiser.step()
        if step + 1 == SHORT:
            state = {name: array(t) for name, t in net.state_dict().items() if t.is_floating_point()}
    return gradients, state, np.array(losses)


def of_peak(single, double, peak=None):
    return float(np.abs(single - double).max() / (np.abs(double).max() if peak is None else peak))


def make(root, case):
    gradients32, state32, losses32 = trained(case, torch.float32)
    gradients, state, losses = trained(case, torch.float64)
    largest = max(np.abs(value).max() for value in gradients.values())
    zero = [key for key, value in gradients.items() if np.abs(value).max() < 1e-12 * largest]
    noise = dict(
        gradients={
            key: of_peak(gradients32[key], value, largest if key in zero else None) for key, value in gradients.items()
        },
        after10={key: of_peak(state32[key], value) for key, value in state.items()},
        losses=float(np.abs(losses32 - losses).max()),
    )
    case = dict(case, zero_gradients=zero, noise=noise, torch=torch.__version__)
    tensors = {f"grad/{key}": value for key, value in gradients.items()}
    tensors.update({f"after10/{key}": value for key, value in state.items()}, losses=losses)
    root.mkdir(parents=True, exist_ok=True)
    target = root / f"{case['name']}.safetensors"
    save_file(tensors, str(target), metadata={"case": json.dumps(case, sort_keys=True)})
    print(
        f"{case['name']:<28} {target.stat().st_size:>7} bytes, f32 off by {max(noise['gradients'].values()):.1e} (gradients), "
        f"{max(noise['after10'].values()):.1e} (after 10 steps), {noise['losses']:.1e} (losses); "
        f"losses {losses[0]:.4f} to {losses[-1]:.4f}"
    )


def compare(ours, theirs):
    """What differs between two folders by more than another version of PyTorch may: 1e-9 of a tensor's peak in f64."""
    found = []
    for path in sorted(theirs.glob("*.safetensors")):
        with safe_open(ours / path.name, "np") as a, safe_open(path, "np") as b:
            if set(a.keys()) != set(b.keys()):
                found.append(f"{path.name}: other tensors")
                continue
            zero = json.loads(b.metadata()["case"])["zero_gradients"]
            for key in b.keys():
                off = of_peak(a.get_tensor(key), b.get_tensor(key))
                if off > 1e-9 and key.removeprefix("grad/") not in zero:
                    found.append(f"{path.name}: {key} differs by {off:.1e} of its peak")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--compare", type=Path, metavar="FOLDER")
    args = parser.parse_args()
    torch.set_num_threads(1)
    for case in cases():
        make(args.out, case)
    if args.compare:
        found = compare(args.out, args.compare)
        print("\n".join(found) or f"equal to {args.compare}")
        sys.exit(bool(found))


if __name__ == "__main__":
    main()
