#!/usr/bin/env python3
"""Makes the fixtures in `golden/`: what PyTorch and torchvision compute, for Cardinal's tests to compare with.

    python3 make_fixtures.py OUT                        everything; about a minute on one core
    python3 make_fixtures.py OUT --skip-full            without the three whole networks at 224
    python3 make_fixtures.py OUT --only tiny_gray       one case or network
    python3 make_fixtures.py OUT --compare golden       everything, then compare with the fixtures in `golden`

Needs torch, torchvision, numpy and safetensors. Debian's python3-torch 1.13 and python3-torchvision 0.14 (CPU only)
do, with `pip install safetensors`; so does a current PyTorch. Outputs differ in the last bits between versions and
processors; inputs and weights do not, and `--compare` holds both to that.

THE GENERATOR
    Every input and weight comes from SplitMix64 used as a counter, so that a program in any language can rebuild what
    is too large to store. All integers are u64 and wrap.

        start(seed, name) = FNV-1a-64 over the UTF-8 bytes of "<seed>/<name>"
        draw(k)           = mix(start + (k + 1) * 0x9E3779B97F4A7C15)                      k = 0, 1, 2, ...
        mix(z)            : z ^= z >> 30;  z *= 0xBF58476D1CE4E5B9
                            z ^= z >> 27;  z *= 0x94D049BB133111EB
                            z ^= z >> 31
        unit(k)           = (draw(k) >> 40) / 2^24                                         f64 in [0, 1)
        uniform(lo, hi)   : element i = lo + (hi - lo) * unit(i)
        normal(std)       : element i = ((u0 + u1) + (u2 + u3) - 2) * (sqrt(3) * std)      u_j = unit(4 * i + j)

    Elements follow each other in row-major order. Arithmetic is f64 in the order written; the element is then rounded
    to f32. `prng.json` holds check values: seed, name, start (hex), and the first four of unit, uniform(-1, 1) and
    normal(1).

WEIGHTS of a network with seed S. The name is PyTorch's key, such as "layer1.0.conv2.weight"; bound(v) = sqrt(v /
fan_in), where fan_in is the product of the shape without its first size.
    convolution weight          uniform(-bound(6), bound(6))
    convolution bias            uniform(-0.1, 0.1)
    batch norm weight           uniform(0.5, 1.5); the last of a block (".bn3."): uniform(0.5 * 0.2, 1.5 * 0.2)
    batch norm bias             uniform(-0.2, 0.2)
    batch norm running_mean     normal(0.1)
    batch norm running_var      uniform(0.5, 1.5)
    num_batches_tracked         0, an i64 scalar, as real checkpoints have it
    fc.weight                   uniform(-bound(3), bound(3))
    fc.bias                     uniform(-0.1, 0.1)
INPUT of a network: normal(1), name "input", seed S.

OPERATOR CASES have seed 1 and the names "<case>/<tensor>":
    x                           normal(x_std, or 1); then x_shift is added in f32 where the case has one
    skip                        normal(1)
    weight of a convolution     uniform(-bound(6), bound(6)); its bias uniform(-0.5, 0.5)
    weight of a linear layer    uniform(-bound(3), bound(3)); its bias uniform(-0.1, 0.1)
    batch norm                  as above; the case's `gamma` and `var` replace the ranges of weight and running_var.
                                In `conv_bn_relu` its weight and bias are called gamma and beta

FILES are safetensors. Under "case" in the metadata each holds its case as JSON. Shapes are NCHW, weights OIHW.
    units/<case>.safetensors            one operator. "stored" true: its inputs by name, y (computed in f32) and y64
                                        (in f64). "stored" false: inputs are to be generated; y_idx (i32, flat indices
                                        into y), y_val (f32), y_val64 (f64)
    models/<net>.weights.safetensors    a small network's state dict
    models/<net>.io.safetensors         input, logits, logits64; the outputs of stem (after its ReLU), maxpool where
                                        there is one, every block layerS.B (after its last ReLU), avgpool (flattened)
    full/<net>.safetensors              logits, logits64; of stem, maxpool, every block and avgpool a sample:
                                        <tap>.idx (i32, flat), <tap>.val (f32), <tap>.val64 (f64). Weights and input
                                        are to be generated; the case has sha256 sums to check them: of the input's
                                        bytes, and of every key and its tensor's bytes in the keys' sorted order
    prng.json                           check values of the generator
    manifest.json                       versions used; each file's size, sha256 and case, and how far PyTorch's f32 run
                                        is from its own f64 run: max_abs, and max_rel_to_peak (max_abs over the
                                        largest |y64|)
SAMPLES of a tensor of n elements under a name: all of them where n is at most the count wanted; else the distinct
values of floor(unit(k) * n), k < count, under "<name>/idx", with 0 and n - 1, sorted. An operator's output has its
case's name and 4,096 samples, a tap of a whole network its own name and 256.
"""
import argparse
import fnmatch
import hashlib
import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision
from safetensors import safe_open
from safetensors.numpy import save_file
from torchvision.models.resnet import Bottleneck, ResNet

BN_EPS = 1e-5
UNIT_SEED = 1
STORED_LIMIT = 160_000      # bytes of inputs and outputs up to which an operator case is stored whole
UNIT_SAMPLES = 4096         # elements kept of a larger case's output
TAP_SAMPLES = 256           # elements kept of each activation of a whole network


# --------------------------------------------------------------------------------------------- the generator

def start(seed, name):
    """The counter's offset: FNV-1a-64 of "<seed>/<name>"."""
    h = 0xCBF29CE484222325
    for byte in f"{seed}/{name}".encode():
        h = (h ^ byte) * 0x100000001B3 % 2**64
    return h


def unit(seed, name, count):
    """unit(0) to unit(count - 1), f64 [count]."""
    z = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(start(seed, name))
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64) / 2**24


def uniform(seed, name, shape, lo, hi):
    return (lo + (hi - lo) * unit(seed, name, math.prod(shape))).astype(np.float32).reshape(shape)


def normal(seed, name, shape, std=1.0):
    u = unit(seed, name, 4 * math.prod(shape)).reshape(-1, 4)
    total = (u[:, 0] + u[:, 1]) + (u[:, 2] + u[:, 3]) - 2.0
    return (total * (math.sqrt(3.0) * std)).astype(np.float32).reshape(shape)


def bounded(seed, name, shape, gain):
    """uniform over plus and minus sqrt(gain / fan_in)."""
    bound = math.sqrt(gain / math.prod(shape[1:]))
    return uniform(seed, name, shape, -bound, bound)


def sample_indices(seed, name, size, count):
    if size <= count:
        return np.arange(size, dtype=np.int32)
    drawn = (unit(seed, f"{name}/idx", count) * size).astype(np.int64)
    return np.unique(np.concatenate([drawn, [0, size - 1]])).astype(np.int32)


def generator_checks():
    """The entries of prng.json."""
    names = ("input", "conv1.weight", "layer1.0.bn3.weight", "ünïcode")
    return [
        dict(
            seed=seed,
            name=name,
            start=f"{start(seed, name):016x}",
            unit=unit(seed, name, 4).tolist(),
            uniform_m1_1=uniform(seed, name, (4,), -1.0, 1.0).tolist(),
            normal_1=normal(seed, name, (4,)).tolist(),
        )
        for seed in (1, 11, 50)
        for name in names
    ]


# ------------------------------------------------------------------------------------------- output and manifest

def deviation(y, y64):
    """How far an f32 result is from the f64 one."""
    worst = float(np.abs(y.astype(np.float64) - y64).max())
    return dict(max_abs=worst, max_rel_to_peak=worst / max(float(np.abs(y64).max()), 1e-30))


class Fixtures:
    """Writes fixture files below `root` and lists them in a manifest."""

    def __init__(self, root):
        self.root, self.entries = root, []

    def write(self, path, tensors, case, noise=None):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        contiguous = {name: np.ascontiguousarray(value) for name, value in tensors.items()}
        save_file(contiguous, str(target), metadata={"case": json.dumps(case, sort_keys=True)})
        content = target.read_bytes()
        entry = dict(file=path, bytes=len(content), sha256=hashlib.sha256(content).hexdigest(), case=case)
        self.entries.append(entry if noise is None else dict(entry, torch_f32_vs_f64=noise))

    def finish(self):
        manifest = dict(
            torch=torch.__version__,
            torchvision=torchvision.__version__,
            numpy=np.__version__,
            total_bytes=sum(entry["bytes"] for entry in self.entries),
            files=self.entries,
        )
        self.write_json("manifest.json", manifest)
        print(f"{len(self.entries)} files, {manifest['total_bytes']} bytes, in {self.root}")

    def write_json(self, path, value):
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(json.dumps(value, indent=1, ensure_ascii=False), encoding="utf-8")


# ------------------------------------------------------------------------------------------------- operators

def conv_case(name, in_channels, out_channels, groups, kernel_size, stride, size, n=1, bias=False, op="conv", **more):
    """A convolution case; padding is half the kernel, which keeps the size at stride 1."""
    return dict(
        name=name,
        op=op,
        x=[n, in_channels, *size],
        out=out_channels,
        groups=groups,
        kernel=[kernel_size, kernel_size],
        stride=stride,
        padding=kernel_size // 2,
        bias=bias,
        **more,
    )


def grouped(name, channels, groups, stride, size, **more):
    """A 3x3 convolution that keeps the number of channels."""
    return conv_case(name, channels, channels, groups, 3, stride, size, **more)


def maxpool_case(name, shape, **more):
    return dict(name=name, op="maxpool", x=shape, kernel=3, stride=2, padding=1, **more)


def bn_case(name, shape, eps=BN_EPS, **more):
    return dict(name=name, op="bn", x=shape, eps=eps, **more)


UNIT_CASES = [
    # 3x3 grouped convolutions, small: one channel a group, one group, uneven channels, odd sizes, batches
    grouped("gconv_c8_g2_s1_5x5", 8, 2, 1, (5, 5)),
    grouped("gconv_c8_g8_depthwise_s2_7x7", 8, 8, 2, (7, 7)),
    grouped("gconv_c16_g1_s1_7x7", 16, 1, 1, (7, 7)),
    conv_case("gconv_c24_o48_g4_s1_9x6", 24, 48, 4, 3, 1, (9, 6)),
    conv_case("gconv_c24_o48_g4_s2_9x6_n3_bias", 24, 48, 4, 3, 2, (9, 6), n=3, bias=True),
    grouped("gconv_c32_g32_s1_15x15", 32, 32, 1, (15, 15), limit=200_000),
    grouped("gconv_c64_g16_s2_15x14", 64, 16, 2, (15, 14), limit=200_000),
    grouped("gconv_c128_g32_s1_7x7", 128, 32, 1, (7, 7), limit=200_000),
    grouped("gconv_c128_g32_s2_7x7", 128, 32, 2, (7, 7)),
    grouped("gconv_c128_g32_s2_14x14", 128, 32, 2, (14, 14), limit=220_000),
    grouped("gconv_c256_g64_s2_7x7", 256, 64, 2, (7, 7), limit=200_000),
    grouped("gconv_c40_g5_s1_1x1spatial", 40, 5, 1, (1, 1)),
    # the shapes that ResNeXt-50 and -101 have
    grouped("gconv_c128_g32_s1_56x56", 128, 32, 1, (56, 56)),
    grouped("gconv_c256_g32_s2_56x56", 256, 32, 2, (56, 56)),
    grouped("gconv_c256_g32_s1_15x15", 256, 32, 1, (15, 15)),
    grouped("gconv_c256_g64_s1_14x14", 256, 64, 1, (14, 14)),
    grouped("gconv_c512_g32_s2_28x28", 512, 32, 2, (28, 28)),
    grouped("gconv_c512_g32_s1_14x14", 512, 32, 1, (14, 14)),
    grouped("gconv_c512_g32_s2_15x15", 512, 32, 2, (15, 15)),
    grouped("gconv_c1024_g32_s1_7x7", 1024, 32, 1, (7, 7)),
    grouped("gconv_c1024_g32_s2_14x14", 1024, 32, 2, (14, 14)),
    grouped("gconv_c1024_g64_s1_7x7", 1024, 64, 1, (7, 7)),
    # the stem, and 1x1 convolutions
    conv_case("stem_7x7_s2_p3_33x31", 3, 16, 1, 7, 2, (33, 31), limit=200_000),
    conv_case("stem_7x7_s2_p3_gray_14x15", 1, 8, 1, 7, 2, (14, 15)),
    conv_case("stem_7x7_s2_p3_c64_224x224", 3, 64, 1, 7, 2, (224, 224)),
    conv_case("conv1x1_c64_o32_s1_7x7_n2", 64, 32, 1, 1, 1, (7, 7), n=2),
    conv_case("conv1x1_c32_o64_s2_7x7", 32, 64, 1, 1, 2, (7, 7)),
    conv_case("conv1x1_c32_o64_s2_14x15_bias", 32, 64, 1, 1, 2, (14, 15), bias=True),
    conv_case("conv1x1_c256_o512_s2_56x56", 256, 512, 1, 1, 2, (56, 56)),
    conv_case("conv1x1_c1024_o2048_s1_7x7", 1024, 2048, 1, 1, 1, (7, 7)),
    # pooling, normalisation, head
    maxpool_case("maxpool_c4_15x15", [1, 4, 15, 15]),
    maxpool_case("maxpool_c4_14x7_n2", [2, 4, 14, 7]),
    maxpool_case("maxpool_all_negative_8x8", [1, 4, 8, 8], x_std=0.1, x_shift=-5.0),
    maxpool_case("maxpool_c64_112x112", [1, 64, 112, 112]),
    bn_case("bn_c16_7x5_n2", [2, 16, 7, 5]),
    bn_case("bn_tiny_var_c16_7x5", [1, 16, 7, 5], var=[0.0, 2e-5]),
    bn_case("bn_neg_gamma_c16_7x5", [1, 16, 7, 5], gamma=[-1.5, 0.5]),
    bn_case("bn_eps1e-3_c16_7x5", [1, 16, 7, 5], eps=1e-3),
    conv_case("conv_bn_relu_c32_g8_s2_9x9_bias", 32, 32, 8, 3, 2, (9, 9), bias=True, op="conv_bn_relu", eps=BN_EPS),
    conv_case("conv_bn_relu_1x1_c32_o128_7x7", 32, 128, 1, 1, 1, (7, 7), op="conv_bn_relu", eps=BN_EPS),
    dict(name="add_relu_c8_7x7", op="add_relu", x=[1, 8, 7, 7]),
    dict(name="avgpool_c32_7x7_n2", op="avgpool", x=[2, 32, 7, 7]),
    dict(name="avgpool_c16_5x3", op="avgpool", x=[1, 16, 5, 3]),
    dict(name="avgpool_c16_1x1", op="avgpool", x=[1, 16, 1, 1]),
    dict(name="avgpool_c2048_7x7", op="avgpool", x=[1, 2048, 7, 7]),
    dict(name="linear_64_10_n3", op="linear", x=[3, 64], out=10),
    dict(name="linear_2048_1000", op="linear", x=[1, 2048], out=1000),
    dict(name="softmax_1000", op="softmax", x=[2, 1000], x_std=3.0),
    dict(name="softmax_large_logits", op="softmax", x=[2, 10], x_std=60.0, x_shift=500.0),
]


def unit_inputs(case):
    """The tensors that a case's operator takes, f32, in the order in which they are listed in the case."""
    op, shape = case["op"], tuple(case["x"])
    channels = (case.get("out", shape[1]),)

    def named(make, key, *args):
        return make(UNIT_SEED, f"{case['name']}/{key}", *args)

    inputs = {"x": named(normal, "x", shape, case.get("x_std", 1.0))}
    if "x_shift" in case:
        inputs["x"] += np.float32(case["x_shift"])
    if op in ("conv", "conv_bn_relu"):
        weight_shape = (case["out"], shape[1] // case["groups"], *case["kernel"])
        inputs["weight"] = named(bounded, "weight", weight_shape, 6.0)
        if case["bias"]:
            inputs["bias"] = named(uniform, "bias", channels, -0.5, 0.5)
    if op in ("bn", "conv_bn_relu"):
        scale, shift = ("weight", "bias") if op == "bn" else ("gamma", "beta")
        inputs[scale] = named(uniform, scale, channels, *case.get("gamma", (0.5, 1.5)))
        inputs[shift] = named(uniform, shift, channels, -0.2, 0.2)
        inputs["running_mean"] = named(normal, "running_mean", channels, 0.1)
        inputs["running_var"] = named(uniform, "running_var", channels, *case.get("var", (0.5, 1.5)))
    if op == "linear":
        inputs["weight"] = named(bounded, "weight", (case["out"], shape[1]), 3.0)
        inputs["bias"] = named(uniform, "bias", channels, -0.1, 0.1)
    if op == "add_relu":
        inputs["skip"] = named(normal, "skip", shape)
    return inputs


def unit_output(case, t):
    """What PyTorch makes of the tensors `t`, in their precision."""

    def conv():
        return F.conv2d(t["x"], t["weight"], t.get("bias"), case["stride"], case["padding"], 1, case["groups"])

    def batch_norm(x, scale, shift):
        return F.batch_norm(x, t["running_mean"], t["running_var"], t[scale], t[shift], eps=case["eps"])

    operators = {
        "conv": conv,
        "conv_bn_relu": lambda: F.relu(batch_norm(conv(), "gamma", "beta")),
        "bn": lambda: batch_norm(t["x"], "weight", "bias"),
        "maxpool": lambda: F.max_pool2d(t["x"], case["kernel"], case["stride"], case["padding"]),
        "avgpool": lambda: t["x"].mean((2, 3)),
        "linear": lambda: F.linear(t["x"], t["weight"], t["bias"]),
        "softmax": lambda: F.softmax(t["x"], 1),
        "add_relu": lambda: F.relu(t["x"] + t["skip"]),
    }
    return operators[case["op"]]().numpy()


def make_unit(fixtures, case):
    inputs = unit_inputs(case)
    y = unit_output(case, {name: torch.from_numpy(value) for name, value in inputs.items()})
    y64 = unit_output(case, {name: torch.from_numpy(value).double() for name, value in inputs.items()})
    size = sum(value.nbytes for value in inputs.values()) + y.nbytes + y64.nbytes
    case = dict(
        case,
        seed=UNIT_SEED,
        y=list(y.shape),
        tensors={name: list(value.shape) for name, value in inputs.items()},
        stored=size <= case.get("limit", STORED_LIMIT),
    )
    if case["stored"]:
        tensors = dict(inputs, y=y, y64=y64)
    else:
        idx = sample_indices(UNIT_SEED, case["name"], y.size, UNIT_SAMPLES)
        tensors = dict(y_idx=idx, y_val=y.ravel()[idx], y_val64=y64.ravel()[idx])
    fixtures.write(f"units/{case['name']}.safetensors", tensors, case, deviation(y, y64))


# -------------------------------------------------------------------------------------------------- networks

class SmallResNeXt(ResNet):
    """torchvision's ResNet made of torchvision's Bottleneck blocks, with free sizes.

    layers, planes, strides     per stage: blocks, a quarter of the output channels, the first block's stride
    cardinality, base_width     inner width of stage i is cardinality * base_width * 2**i; with width="out/4": planes[i]
    stem                        "imagenet": 7x7, stride 2, then max-pool; "cifar": 3x3, stride 1, no pooling
    conv_bias                   gives every convolution a bias
    """

    def __init__(self, cardinality, planes, base_width=4, layers=(1, 1, 1, 1), strides=(1, 2, 2, 2), in_channels=3,
                 stem="imagenet", width=None, conv_bias=False):
        nn.Module.__init__(self)
        channels, imagenet = 16, stem == "imagenet"
        self.conv1 = nn.Conv2d(in_channels, channels, *((7, 2, 3) if imagenet else (3, 1, 1)), bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1) if imagenet else nn.Identity()
        for stage in range(4):
            blocks = []
            for block in range(layers[stage] if stage < len(layers) else 0):
                inner = planes[stage] if width == "out/4" else cardinality * base_width * 2**stage
                stride = strides[stage] if block == 0 else 1
                blocks.append(bottleneck(channels, planes[stage], stride, cardinality, inner))
                channels = 4 * planes[stage]
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(channels, 10)
        if conv_bias:
            for module in self.modules():
                if isinstance(module, nn.Conv2d):
                    module.bias = nn.Parameter(torch.zeros(module.out_channels))


def bottleneck(in_channels, planes, stride, cardinality, inner):
    """torchvision's block with `inner` channels in its grouped convolution."""
    downsample = None
    if stride != 1 or in_channels != 4 * planes:
        conv = nn.Conv2d(in_channels, 4 * planes, 1, stride, bias=False)
        downsample = nn.Sequential(conv, nn.BatchNorm2d(4 * planes))
    base_width = inner / cardinality * 64 / planes      # torchvision: inner = int(planes * base_width / 64) * groups
    block = Bottleneck(in_channels, planes, stride, downsample, cardinality, base_width, 1, nn.BatchNorm2d)
    assert block.conv2.in_channels == inner, f"{block.conv2.in_channels} inner channels, expected {inner}"
    return block


SMALL_NETWORKS = [
    dict(
        name="tiny_c4",
        seed=11,
        input=(1, 3, 32, 32),
        config=dict(cardinality=4, base_width=4, planes=(8, 16, 32, 64)),
        note="ImageNet stem, every block has a projection shortcut",
    ),
    dict(
        name="tiny_c8",
        seed=12,
        input=(2, 3, 32, 32),
        config=dict(cardinality=8, base_width=4, planes=(4, 8, 16, 32)),
        note="cardinality 8, inner width wider than the output; batch 2",
    ),
    dict(
        name="tiny_gray",
        seed=13,
        input=(1, 1, 28, 28),
        config=dict(cardinality=4, base_width=4, planes=(8, 16, 32, 64), in_channels=1, stem="cifar"),
        note="one input channel, 3x3 stem, no maxpool, odd sizes 28-14-7-4",
    ),
    dict(
        name="tiny_bias",
        seed=14,
        input=(1, 3, 32, 32),
        config=dict(cardinality=4, planes=(8, 16, 32, 64), width="out/4", conv_bias=True),
        note="all convs biased, bottleneck width = out/4",
    ),
    dict(
        name="tiny_identity",
        seed=15,
        input=(1, 3, 33, 47),
        config=dict(layers=(2, 3, 1, 2), cardinality=4, base_width=2, planes=(4, 8, 16, 32)),
        note="blocks without projection, odd non-square input",
    ),
    dict(
        name="tiny_cifar3",
        seed=16,
        input=(2, 3, 32, 32),
        config=dict(layers=(1, 2, 1), cardinality=8, base_width=2, planes=(8, 16, 32), stem="cifar", strides=(1, 2, 2)),
        note="CIFAR layout: 3 stages, 3x3 stem (layer4 empty); batch 2",
    ),
]

FULL_NETWORKS = {"resnext50_32x4d": 50, "resnext101_32x8d": 51, "resnext101_64x4d": 52}      # name: seed
FULL_INPUT = (1, 3, 224, 224)


def network_tensor(seed, module, key, shape):
    """One entry of a network's state dict, by the rules of the docstring."""
    leaf = key.rpartition(".")[2]
    if leaf == "num_batches_tracked":
        return np.zeros(shape, np.int64)
    if isinstance(module, nn.BatchNorm2d):
        scale = 0.2 if ".bn3." in key else 1.0
        ranges = {"weight": (0.5 * scale, 1.5 * scale), "bias": (-0.2, 0.2), "running_var": (0.5, 1.5)}
        return normal(seed, key, shape, 0.1) if leaf == "running_mean" else uniform(seed, key, shape, *ranges[leaf])
    if leaf == "bias":
        return uniform(seed, key, shape, -0.1, 0.1)
    return bounded(seed, key, shape, 3.0 if isinstance(module, nn.Linear) else 6.0)


def fill(net, seed):
    """Gives a network its generated weights and puts it into evaluation mode."""
    modules = dict(net.named_modules())
    net.load_state_dict({
        key: torch.from_numpy(network_tensor(seed, modules[key.rpartition(".")[0]], key, tuple(value.shape)))
        for key, value in net.state_dict().items()
    })
    return net.eval()


def run(net, x):
    """The logits, and the outputs of stem, maxpool, blocks and avgpool by name, in the order in which they come."""
    taps, hooks = {}, []

    def tap(name, module, keep=lambda output: output):
        def hook(_module, _inputs, output):
            taps[name] = keep(output).detach().clone().numpy()
        hooks.append(module.register_forward_hook(hook))

    tap("stem", net.relu)
    if isinstance(net.maxpool, nn.MaxPool2d):
        tap("maxpool", net.maxpool)
    for stage in range(1, 5):
        for index, block in enumerate(getattr(net, f"layer{stage}")):
            tap(f"layer{stage}.{index}", block)
    tap("avgpool", net.avgpool, lambda output: output.flatten(1))
    with torch.no_grad():
        logits = net(x).numpy()
    for hook in hooks:
        hook.remove()
    return logits, taps


def run_twice(net, x):
    """(logits, taps) of the f32 run and of the f64 run; `net` is f32 afterwards."""
    single = run(net, x)
    double = run(net.double(), x.double())
    net.float()
    return single, double


def noise_of(single, double):
    taps = {name: deviation(value, double[1][name]) for name, value in single[1].items()}
    return dict(taps, logits=deviation(single[0], double[0]))


def parameter_count(net):
    return sum(parameter.numel() for parameter in net.parameters())


def make_small(fixtures, spec):
    net = fill(SmallResNeXt(**spec["config"]), spec["seed"])
    x = normal(spec["seed"], "input", spec["input"])
    single, double = run_twice(net, torch.from_numpy(x))
    (logits, taps), (logits64, _) = single, double
    case = json.loads(json.dumps(dict(spec, bn_eps=BN_EPS, params=parameter_count(net), taps=list(taps))))
    weights = {key: value.numpy() for key, value in net.state_dict().items()}
    fixtures.write(f"models/{spec['name']}.weights.safetensors", weights, case)
    io = dict(input=x, logits=logits, logits64=logits64, **taps)
    fixtures.write(f"models/{spec['name']}.io.safetensors", io, case, noise_of(single, double))


def make_full(fixtures, name, seed):
    net = fill(getattr(torchvision.models, name)(weights=None), seed)
    x = normal(seed, "input", FULL_INPUT)
    weights_sum = hashlib.sha256()
    for key, value in sorted(net.state_dict().items()):
        weights_sum.update(key.encode() + value.numpy().tobytes())
    single, double = run_twice(net, torch.from_numpy(x))
    (logits, taps), (logits64, taps64) = single, double
    case = dict(
        arch=name,
        seed=seed,
        input=list(FULL_INPUT),
        kwargs={},
        params=parameter_count(net),
        state_dict_sha256=weights_sum.hexdigest(),
        input_sha256=hashlib.sha256(x.tobytes()).hexdigest(),
        tap_shapes={tap: list(value.shape) for tap, value in taps.items()},
        top5=np.argsort(-logits[0], kind="stable")[:5].tolist(),
    )
    tensors = dict(logits=logits, logits64=logits64)
    for tap, value in taps.items():
        idx = sample_indices(seed, tap, value.size, TAP_SAMPLES)
        tensors[f"{tap}.idx"] = idx
        tensors[f"{tap}.val"] = value.ravel()[idx]
        tensors[f"{tap}.val64"] = taps64[tap].ravel()[idx]
    fixtures.write(f"full/{name}.safetensors", tensors, case, noise_of(single, double))


# ------------------------------------------------------------------------------------------------ comparison

# Between versions of PyTorch, of a tensor's peak: two f32 runs, each up to 8e-7 from the f64 result; two f64 runs.
TOLERANCE = {np.dtype(np.float32): 2e-6, np.dtype(np.float64): 1e-12}


def is_output(path, name):
    """Whether a tensor was computed by PyTorch; everything else comes from the generator."""
    if path.startswith("units/"):
        return name in ("y", "y64", "y_val", "y_val64")
    return not (path.endswith(".weights.safetensors") or name == "input" or name.endswith(".idx"))


def load(path):
    with safe_open(str(path), "numpy") as file:
        return json.loads(file.metadata()["case"]), {name: file.get_tensor(name) for name in file.keys()}


def differences(path, ours, theirs):
    """What differs between two fixture files, in words, and the worst deviation of an output."""
    (case, tensors), (other_case, other_tensors) = load(ours), load(theirs)
    if case != other_case:
        yield "the case differs", 0.0
    if tensors.keys() != other_tensors.keys():
        yield f"tensors {sorted(tensors.keys() ^ other_tensors.keys())} are in one only", 0.0
    for name in tensors.keys() & other_tensors.keys():
        a, b = tensors[name], other_tensors[name]
        if a.shape != b.shape or a.dtype != b.dtype:
            yield f"{name}: {a.dtype} {a.shape}, expected {b.dtype} {b.shape}", 0.0
        elif not is_output(path, name):
            if a.tobytes() != b.tobytes():
                yield f"{name}: not equal to the bit", 0.0
        else:
            off = float(np.abs(a.astype(np.float64) - b).max() / max(float(np.abs(b).max()), 1e-30))
            yield (None if off <= TOLERANCE[a.dtype] else f"{name}: off by {off:.1e} of the peak"), off


def compare(fixtures, other):
    """Compares what was just made with the fixtures in `other`; returns the number of differences."""
    found, worst = [], {}
    for entry in fixtures.entries:
        path = entry["file"]
        if not (other / path).is_file():
            found.append(f"{path}: missing in {other}")
            continue
        for text, off in differences(path, fixtures.root / path, other / path):
            worst[path] = max(worst.get(path, 0.0), off)
            if text:
                found.append(f"{path}: {text}")
    ours, theirs = (json.loads((root / "prng.json").read_text("utf-8")) for root in (fixtures.root, other))
    if ours != theirs:
        found.append("prng.json: differs")
    print("\n".join(found) if found else "no differences")
    print(f"compared {len(fixtures.entries)} files with {other}: outputs within {max(worst.values()):.1e} of peak")
    return len(found)


# ----------------------------------------------------------------------------------------------------- main

def jobs(skip_full):
    """Every case's name and the function that writes it."""
    for case in UNIT_CASES:
        yield case["name"], lambda fixtures, case=case: make_unit(fixtures, case)
    for spec in SMALL_NETWORKS:
        yield spec["name"], lambda fixtures, spec=spec: make_small(fixtures, spec)
    if not skip_full:
        for name, seed in FULL_NETWORKS.items():
            yield name, lambda fixtures, name=name, seed=seed: make_full(fixtures, name, seed)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument("--skip-full", action="store_true", help="leave out the three whole networks at 224")
    parser.add_argument("--only", metavar="NAME", help="only the case or network of this name (* and ? match)")
    parser.add_argument("--compare", metavar="DIR", type=Path, help="compare the result with the fixtures in DIR")
    parser.add_argument("--threads", type=int, default=1, help="threads for PyTorch (1)")
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    selected = [(name, make) for name, make in jobs(args.skip_full) if fnmatch.fnmatch(name, args.only or "*")]
    if not selected:
        sys.exit(f"make_fixtures: no case is called {args.only}")
    fixtures = Fixtures(args.out)
    fixtures.write_json("prng.json", generator_checks())
    for name, make in selected:
        print(name, flush=True)
        make(fixtures)
    fixtures.finish()
    if args.compare and compare(fixtures, args.compare):
        sys.exit(1)


if __name__ == "__main__":
    main()
