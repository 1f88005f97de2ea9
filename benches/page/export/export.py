#!/usr/bin/env python3
"""A network and the grouped convolutions of ResNeXt, once as safetensors and once as ONNX: the same weights, bit for bit.

    export.py NETWORK OUT_DIR          (needs what requirements.txt lists; `cargo xtask bench peers` calls it)

NETWORK is a name such as resnext50_32x4d or resnext29_8x64d. The weights are random, from a seed, with batch-norm statistics that
keep activations near 1, so that a difference between two engines shows at the end. OUT_DIR gets

    network.safetensors   PyTorch's names, f32: what Cardinal loads
    network.onnx          the same state dict, exported by PyTorch (opset 17, batch norm folded as its exporter folds it)
    input.f32, output.f32 a picture [1, 3, side, side] and PyTorch's logits for it
    conv_C.onnx, conv_C.weight.f32, conv_C.bias.f32, conv_C.input.f32, conv_C.output.f32
                          a 3x3 convolution in 32 groups with C channels, at the size that it has in ResNeXt-50 32x4d
"""
import re
import sys
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

SEED = 2017
EXPANSION = 4
IMAGENET_BLOCKS = {26: (2, 2, 2, 2), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
OPSET = 17
# Channels and side of the picture in each stage.
CONVOLUTIONS = ((128, 56), (256, 28), (512, 14), (1024, 7))
GROUPS = 32


class Block(nn.Module):
    def __init__(self, in_channels, planes, stride, cardinality, base_width):
        super().__init__()
        width, out_channels = int(planes * base_width / 64) * cardinality, planes * EXPANSION
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, groups=cardinality, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            conv = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
            self.downsample = nn.Sequential(conv, nn.BatchNorm2d(out_channels))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNeXt(nn.Module):
    """ImageNet's four stages behind a 7x7 stem, or CIFAR's three behind a 3x3 one."""

    def __init__(self, depth, cardinality, base_width):
        super().__init__()
        self.imagenet = depth in IMAGENET_BLOCKS
        blocks = IMAGENET_BLOCKS[depth] if self.imagenet else ((depth - 2) // 9,) * 3
        self.side, classes = (224, 1000) if self.imagenet else (32, 10)
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False) if self.imagenet else nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        channels = 64
        for stage, count in enumerate(blocks):
            planes, layer = 64 << stage, []
            for index in range(count):
                stride = 2 if stage > 0 and index == 0 else 1
                layer.append(Block(channels, planes, stride, cardinality, base_width))
                channels = planes * EXPANSION
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layer))
        self.stages = len(blocks)
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        if self.imagenet:
            x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        # A global average pool by its own name: the exporter then writes the operator that engines have a kernel for.
        return self.fc(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1))


def parse(name):
    match = re.fullmatch(r"resnext(\d+)_(\d+)x(\d+)d", name)
    depth = int(match[1]) if match else 0
    if not match or depth not in (20, 29, *IMAGENET_BLOCKS):
        sys.exit(f"export.py: `{name}` is no network; write resnext50_32x4d, resnext101_64x4d, resnext29_8x64d")
    return depth, int(match[2]), int(match[3])


def fill(model):
    """Kaiming's variance for every convolution, batch norm unlike the identity, small residual branches."""
    with torch.no_grad():
        for name, module in model.named_modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                module.weight.normal_(0, (2 / module.weight[0].numel()) ** 0.5)
                if module.bias is not None:
                    module.bias.uniform_(-0.1, 0.1)
            elif isinstance(module, nn.BatchNorm2d):
                scale = 0.2 if name.endswith("bn3") else 1.0
                module.weight.uniform_(0.5 * scale, 1.5 * scale)
                module.bias.uniform_(-0.2, 0.2)
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.5, 1.5)


def write_f32(path, tensor):
    path.write_bytes(tensor.detach().contiguous().numpy().astype("<f4").tobytes())


def export(model, x, stem):
    # The older of PyTorch's two exporters: a file, without a second runtime to describe it in.
    names = dict(input_names=["input"], output_names=["output"])
    torch.onnx.export(model, (x,), str(stem.with_suffix(".onnx")), dynamo=False, opset_version=OPSET, **names)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    network, out = parse(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    with torch.no_grad():
        model = ResNeXt(*network)
        fill(model)
        model.eval()
        x = torch.randn(1, 3, model.side, model.side)
        save_file(model.state_dict(), out / "network.safetensors")
        write_f32(out / "input.f32", x)
        write_f32(out / "output.f32", model(x))
        export(model, x, out / "network")
        for channels, side in CONVOLUTIONS:
            conv = nn.Conv2d(channels, channels, 3, 1, 1, groups=GROUPS).eval()
            x, stem = torch.randn(1, channels, side, side), out / f"conv_{channels}"
            for part, tensor in (("weight", conv.weight), ("bias", conv.bias), ("input", x), ("output", conv(x))):
                write_f32(Path(f"{stem}.{part}.f32"), tensor)
            export(conv, x, stem)
    print(f"exported {sys.argv[1]} with PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
