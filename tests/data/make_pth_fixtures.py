#!/usr/bin/env python3
"""Makes the files in `pth/`: one small ResNeXt as `torch.save` writes it, in every way that Cardinal reads or refuses.

    python3 make_pth_fixtures.py OUT    writes OUT/<version of PyTorch>/*, and OUT/twin.safetensors

Needs torch and numpy, no more. The files here were made with PyTorch 2.15 (PyPI) and 1.13 (Debian's python3-torch): the first
writes `byteorder` and `.format_version`, the second does not. Every weight is a multiple of 1/64 between -1 and 1, which f32,
f16, bf16 and f64 all hold exactly, so that all files that are read hold the same values as the twin.

READ
    state_dict.pth      torch.save(model.state_dict())
    legacy.pth          the same without the zip archive, as before PyTorch 1.6
    protocol4.pth       the same with pickle_protocol=4
    half.pth bf16.pth double.pth    the same in these types
    shared.pth          all tensors are parts of one storage, one after the other
    strided.pth         channels-last convolutions, a transposed head, every third element of a longer bias, one column of a matrix
    strided_legacy.pth  the same in the old format
    checkpoint.pth      {"epoch", "model": ..., "model_ema": ..., "optimizer": ..., "args": argparse.Namespace, "best": a numpy scalar,
                        "history": [...], "when": a date, "out": a path}; "model" has the prefix `module.`
    module.pth          the whole module
    module_legacy.pth   the whole module in the old format, which has the source of its classes in it
    parameters.pth      a dictionary of torch.nn.Parameter, one of them with an attribute of its own
REFUSED
    quantised.pth       a tensor of torch.quantize_per_tensor among the others
    sparse.pth          a sparse tensor among the others
    script.pt           torch.jit.save
    two.pth             {"teacher": ..., "student": ...}
    optimizer.pth       the state of an optimiser alone
    reduce.pth          a class whose __reduce__ has Python call os.getcwd
"""

import argparse
import datetime
import json
import os
import pathlib
import struct
import sys
import types
import warnings

import numpy
import torch
from torch import nn

warnings.filterwarnings("ignore")

STRIDES = [1, 2, 2]
PLANES = [4, 8, 16]
CARDINALITY = 2
CLASSES = 5

# Pickles name classes by their module, and this script is another module each time.
module = types.ModuleType("small_resnext")
sys.modules["small_resnext"] = module


class Bottleneck(nn.Module):
    def __init__(self, channels, planes, stride):
        super().__init__()
        out = 4 * planes
        self.conv1 = nn.Conv2d(channels, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, groups=CARDINALITY, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, out, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        return self.relu(self.bn3(self.conv3(y)) + self.downsample(x))


class SmallResNeXt(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.relu = nn.ReLU(inplace=True)
        channels = 4
        for stage, (planes, stride) in enumerate(zip(PLANES, STRIDES), 1):
            setattr(self, f"layer{stage}", nn.Sequential(Bottleneck(channels, planes, stride)))
            channels = 4 * planes
        self.fc = nn.Linear(channels, CLASSES)

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))


for made in (Bottleneck, SmallResNeXt):
    made.__module__ = "small_resnext"
    setattr(module, made.__name__, made)


class Called:
    def __reduce__(self):
        return os.getcwd, ()


def network(seed):
    """Weights by a counter that needs no library."""
    model = SmallResNeXt()
    state = seed
    with torch.no_grad():
        for name, tensor in sorted(model.state_dict().items()):
            if name.endswith("num_batches_tracked"):
                tensor.fill_(1200)
                continue
            values = []
            for _ in range(tensor.numel()):
                state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
                values.append(((state >> 40) % 129 - 64) / 64)
            values = torch.tensor(values).reshape(tensor.shape)
            if name.endswith("running_var"):
                values = values.abs() / 2 + 0.5
            tensor.copy_(values)
    return model.eval()


def write_twin(path, model):
    header, data = {"__metadata__": {"config": json.dumps({"strides": STRIDES})}}, b""
    for name, tensor in model.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            raw = tensor.numpy().astype("<f4").tobytes()
            header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
            data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def shared(weights):
    """All tensors in one storage, in the order of their names backwards."""
    floats = {name: tensor for name, tensor in weights.items() if tensor.is_floating_point()}
    flat = torch.cat([torch.zeros(7)] + [floats[name].flatten() for name in sorted(floats, reverse=True)])
    start, parts = 7, {}
    for name in sorted(floats, reverse=True):
        size = floats[name].numel()
        parts[name] = flat[start : start + size].view(floats[name].shape)
        start += size
    return {name: parts.get(name, tensor) for name, tensor in weights.items()}


def strided(weights):
    strange = dict(weights)
    for name, tensor in weights.items():
        if tensor.dim() == 4:
            strange[name] = tensor.contiguous(memory_format=torch.channels_last)
    strange["fc.weight"] = weights["fc.weight"].t().contiguous().t()
    longer = torch.full((3 * CLASSES + 2,), 9.0)
    longer[1 : 1 + 3 * CLASSES : 3] = weights["fc.bias"]
    strange["fc.bias"] = longer[1 : 1 + 3 * CLASSES : 3]
    matrix = torch.full((4, 3), 9.0)
    matrix[:, 2] = weights["bn1.weight"]
    strange["bn1.weight"] = matrix[:, 2]
    assert not any(strange[name].is_contiguous() for name in ["layer1.0.conv2.weight", "fc.weight", "fc.bias", "bn1.weight"])
    assert all(torch.equal(strange[name], weights[name]) for name in weights)
    return strange


def main():
    out = pathlib.Path(sys.argv[1])
    version = ".".join(torch.__version__.split(".")[:2])
    folder = out / version
    folder.mkdir(parents=True, exist_ok=True)
    model, other = network(1), network(2)
    weights = model.state_dict()
    write_twin(out / "twin.safetensors", model)

    def save(name, value, **options):
        torch.save(value, folder / name, **options)

    old = {"_use_new_zipfile_serialization": False}
    save("state_dict.pth", weights)
    save("legacy.pth", weights, **old)
    save("protocol4.pth", weights, pickle_protocol=4)
    for name, dtype in [("half", torch.float16), ("bf16", torch.bfloat16), ("double", torch.float64)]:
        cast = {key: tensor.to(dtype) if tensor.is_floating_point() else tensor for key, tensor in weights.items()}
        save(f"{name}.pth", cast)
    save("shared.pth", shared(weights))
    ones = dict(strided(weights))
    save("strided.pth", ones)
    save("strided_legacy.pth", ones, **old)

    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model.train()
    model(torch.ones(2, 3, 8, 8)).sum().backward()
    optimizer.step()
    model = network(1)
    weights = model.state_dict()
    save(
        "checkpoint.pth",
        {
            "epoch": 12,
            "model": {f"module.{name}": tensor for name, tensor in weights.items()},
            "model_ema": other.state_dict(),
            "optimizer": optimizer.state_dict(),
            "args": argparse.Namespace(lr=0.1, arch="small", milestones=[30, 60]),
            "best": numpy.float64(0.91),
            "history": [{"loss": 1.5}, {"loss": 0.5}],
            "when": datetime.datetime(2024, 2, 29, 12, 0),
            "out": pathlib.PurePosixPath("runs/small"),
        },
    )
    save("module.pth", model)
    # The source of a class can be found only for classes in files.
    save("module_legacy.pth", model, **old)
    parameters = {name: nn.Parameter(tensor, False) if tensor.is_floating_point() else tensor for name, tensor in weights.items()}
    parameters["fc.bias"].origin = "a note"
    save("parameters.pth", parameters)

    save("quantised.pth", {**weights, "fc.weight": torch.quantize_per_tensor(weights["fc.weight"], 0.1, 0, torch.qint8)})
    save("sparse.pth", {**weights, "fc.weight": weights["fc.weight"].to_sparse()})
    torch.jit.save(torch.jit.trace(model.layer1, torch.ones(1, 4, 8, 8)), str(folder / "script.pt"))
    save("two.pth", {"teacher": weights, "student": other.state_dict()})
    save("optimizer.pth", optimizer.state_dict())
    save("reduce.pth", {**weights, "note": Called()})


main()
