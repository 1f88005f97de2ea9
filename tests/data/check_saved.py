#!/usr/bin/env python3
"""Files that Cardinal saved, opened by PyTorch: run by hand, the tests use stored fixtures.

    cargo run --release --example convert -- IN OUT.safetensors [--f16]
    python3 check_saved.py IN OUT.safetensors [--f16]

    cargo run --release --example teach -- --weights IN --classes DIR --out OUT.safetensors
    python3 check_saved.py IN OUT.safetensors --taught

IN is what was saved: a safetensors file, or a .pth that is loaded with weights_only=True. The tensors must be equal to the bit, or to
the nearest f16, and load with strict=True into torchvision's and timm's network of this architecture (for the CIFAR networks of
train/, into the one of train/resnext.py), with equal logits. With --taught, all tensors but the head's must be equal, and the logits must
be those of the new head on the features that IN's network has in PyTorch. Needs torch, torchvision, timm, safetensors.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "train"))


def tensors(path):
    if path.suffix == ".safetensors":
        return load_file(path)
    state = torch.load(path, map_location="cpu", weights_only=True)
    for key in ("state_dict", "model"):
        state = state.get(key, state)
    return dict(state)


def networks(config):
    """Other people's networks of the same architecture, by name."""
    blocks, groups, width = config["blocks"], config["cardinality"], config["base_width"]
    if config["stem"] == "cifar":
        from resnext import ResNeXt

        yield "train/resnext.py", ResNeXt(blocks, config["strides"], groups, width, config["num_classes"])
        return
    import timm
    from torchvision.models.resnet import Bottleneck, ResNet

    classes = config["num_classes"]
    yield "torchvision", ResNet(Bottleneck, blocks, num_classes=classes, groups=groups, width_per_group=width)
    block, layers = timm.models.resnet.Bottleneck, tuple(blocks)
    yield "timm", timm.models.resnet.ResNet(block, layers, num_classes=classes, cardinality=groups, base_width=width)


def check_taught(original, saved, config):
    """The body is IN's, and the head is another one, for as many classes as there are names."""
    assert len(config["classes"]) == config["num_classes"] == len(saved["fc.bias"]), "names and rows differ"
    body = {key: values for key, values in original.items() if not key.startswith("fc.")}
    names = {name for name in body if not name.endswith("num_batches_tracked")}
    assert names | {"fc.weight", "fc.bias"} == set(saved), "other tensors"
    for name in names:
        assert torch.equal(saved[name], body[name].float()), f"{name} differs"
    print(f"{len(names)} tensors are equal to the bit; fc knows {', '.join(config['classes'])}")
    picture = torch.randn(2, config["in_channels"], config["input_size"], config["input_size"])
    for name, model in networks(config):
        model.load_state_dict(saved, strict=True)
        with torch.no_grad():
            logits = model.eval()(picture)
            model.load_state_dict({key: v.float() if v.is_floating_point() else v for key, v in body.items()}, strict=False)
            model.fc = torch.nn.Identity()
            expected = model(picture) @ saved["fc.weight"].T + saved["fc.bias"]
        off = ((logits - expected).abs().max() / expected.abs().max()).item()
        assert off < 1e-5, f"{name}: other logits, by {off}"
        print(f"{name}: loads with strict=True, logits are the new head's on the old features ({off:.0e})")


def main():
    torch.manual_seed(0)
    paths = [Path(arg) for arg in sys.argv[1:] if not arg.startswith("--")]
    in_f16 = "--f16" in sys.argv
    original, saved = tensors(paths[0]), load_file(paths[1])
    with safe_open(paths[1], "pt") as file:
        config = json.loads(file.metadata()["config"])
    if "--taught" in sys.argv:
        check_taught(original, saved, config)
        return
    counted = [name for name in original if not name.endswith("num_batches_tracked")]
    assert sorted(counted) == sorted(saved), "other tensors"
    for name, values in saved.items():
        expected = original[name].float()
        if in_f16 and expected.dim() > 1:
            expected = expected.half().float()
        assert torch.equal(values.float(), expected), f"{name} differs"
    print(f"{len(saved)} tensors are equal" + (" to the nearest f16" if in_f16 else " to the bit"))
    picture = torch.randn(2, config["in_channels"], config["input_size"], config["input_size"])
    logits = {}
    for name, model in networks(config):
        for which, state in (("saved", saved), ("original", original)):
            state = {key: values.half().float() if in_f16 and values.dim() > 1 else values for key, values in state.items()}
            model.load_state_dict({key: v.float() if v.is_floating_point() else v for key, v in state.items()}, strict=True)
            with torch.no_grad():
                logits[which] = model.eval()(picture)
        assert torch.equal(logits["saved"], logits["original"]), f"{name}: other logits"
        print(f"{name}: loads with strict=True, logits are equal to the bit")


main()
