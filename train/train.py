#!/usr/bin/env python3
"""Trains a ResNeXt on CIFAR-10, from the data to two checked safetensors files.

    python3 train.py --cardinality 32 --base-width 2

writes into runs/resnext20_32x2d_cifar10/:
    resnext20_32x2d_cifar10.safetensors         f32
    resnext20_32x2d_cifar10_f16.safetensors     f16
    log.json                                    a line an epoch: loss, learning rate, seconds, test accuracy
    state.pt                                    all that a run needs to go on; removed at the end

A run that was stopped goes on after its last whole epoch when started again with the same arguments, and ends as if it had not
been stopped: every epoch draws its order, crops and flips from its own seed. README.md has the recipe and what came out.
"""
import argparse
import copy
import datetime
import hashlib
import json
import math
import os
import platform
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import save_file

import cifar10
from resnext import STEM_CHANNELS, ResNeXt

MOMENTUM = 0.9
WEIGHT_DECAY = 5e-4
LABEL_SMOOTHING = 0.1
PADDING = 4
EMA_DECAY = 0.998


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--blocks", type=int, nargs="+", default=[2, 2, 2], help="a stage (default: 2 2 2)")
    parser.add_argument("--strides", type=int, nargs="+", default=[2, 2, 2], help="a stage (default: 2 2 2)")
    parser.add_argument("--cardinality", type=int, default=8)
    parser.add_argument("--base-width", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--small-epochs", type=int, default=0,
                        help="of these, so many at the start on crops of 24x24 pixels (default: none)")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=0.25, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder of the data's package")
    parser.add_argument("--out", type=Path, default=Path("runs"))
    args = parser.parse_args()
    if len(args.blocks) != len(args.strides):
        parser.error("as many strides as stages")
    return args


def name(args):
    depth = 3 * sum(args.blocks) + 2
    return f"resnext{depth}_{args.cardinality}x{args.base_width}d_cifar10"


def normalise(pictures):
    """u8 [n, 3, h, w] to f32 with CIFAR-10's mean and standard deviation."""
    mean = torch.tensor(cifar10.MEAN).view(1, 3, 1, 1)
    std = torch.tensor(cifar10.STD).view(1, 3, 1, 1)
    return ((pictures.float() / 255 - mean) / std).contiguous(memory_format=torch.channels_last)


def augment(pictures, generator, side):
    """A random crop of `side` pixels from each picture, padded by 4 at full size, and half of them flipped."""
    n = len(pictures)
    if side == cifar10.SIDE:
        pictures = F.pad(pictures, (PADDING,) * 4)
    range_ = pictures.shape[-1] - side + 1
    top = torch.randint(range_, (n,), generator=generator)
    left = torch.randint(range_, (n,), generator=generator)
    flip = torch.rand(n, generator=generator) < 0.5
    rows = (top[:, None] + torch.arange(side))[:, None, :, None]
    columns = torch.arange(side).expand(n, side)
    columns = left[:, None] + torch.where(flip[:, None], columns.flip(1), columns)
    return pictures[torch.arange(n)[:, None, None, None], torch.arange(3)[None, :, None, None], rows,
                    columns[:, None, None, :]]


def rate(args, step, steps):
    """Learning rate: linear over the first 15 %, then a cosine to zero."""
    warm_up = 0.15 * steps
    if step < warm_up:
        return args.rate * (step + 1) / warm_up
    return args.rate * 0.5 * (1 + math.cos(math.pi * (step - warm_up) / (steps - warm_up)))


def optimiser(model, args):
    """SGD; weight decay for weights, none for batch norm and biases."""
    weights = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": weights, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.SGD(groups, lr=args.rate, momentum=MOMENTUM, nesterov=True)


@torch.no_grad()
def follow(average, model, step):
    """Moves the average of weights and statistics towards the model's."""
    decay = min(EMA_DECAY, (1 + step) / (10 + step))
    for kept, new in zip(average.state_dict().values(), model.state_dict().values()):
        if kept.is_floating_point():
            kept.lerp_(new, 1 - decay)
        else:
            kept.copy_(new)


@torch.no_grad()
def accuracy(model, pictures, labels):
    """Share of pictures classified correctly, in f32."""
    model.eval()
    right = 0
    for start in range(0, len(labels), 500):
        logits = model(normalise(pictures[start:start + 500]))
        right += (logits.argmax(1) == labels[start:start + 500]).sum().item()
    return right / len(labels)


def train_epoch(model, average, sgd, args, epoch, pictures, labels):
    """One pass over the training pictures; the mean loss."""
    generator = torch.Generator().manual_seed(args.seed * 1_000_003 + epoch)
    side = 24 if epoch < args.small_epochs else cifar10.SIDE
    order = torch.randperm(len(labels), generator=generator)
    batches = len(labels) // args.batch
    model.train()
    total = 0.0
    for batch in range(batches):
        step = epoch * batches + batch
        for group in sgd.param_groups:
            group["lr"] = rate(args, step, args.epochs * batches)
        chosen = order[batch * args.batch:(batch + 1) * args.batch]
        x = normalise(augment(pictures[chosen], generator, side))
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(x)
        loss = F.cross_entropy(logits.float(), labels[chosen], label_smoothing=LABEL_SMOOTHING)
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        follow(average, model, step)
        total += loss.item()
    return total / batches


def save(args, average, log, test, test_labels, folder):
    """Writes the average in f32 and f16; each file states the accuracy of its own weights, read back from it."""
    recipe = {
        "epochs": args.epochs, "small_epochs": args.small_epochs, "batch": args.batch, "rate": args.rate,
        "momentum": MOMENTUM, "weight_decay": WEIGHT_DECAY, "label_smoothing": LABEL_SMOOTHING, "ema": EMA_DECAY,
        "seed": args.seed,
    }
    config = {
        "architecture": "resnext", "blocks": args.blocks, "strides": args.strides, "cardinality": args.cardinality,
        "base_width": args.base_width, "stem": "cifar", "stem_channels": STEM_CHANNELS, "in_channels": 3,
        "num_classes": len(cifar10.CLASSES), "input_size": cifar10.SIDE, "mean": cifar10.MEAN, "std": cifar10.STD,
        "classes": cifar10.CLASSES, "dataset": "CIFAR-10", "test_accuracy": None, "recipe": recipe,
        "date": datetime.date.today().isoformat(),
    }
    for dtype, suffix in ((torch.float32, ""), (torch.float16, "_f16")):
        path = folder / f"{name(args)}{suffix}.safetensors"
        tensors = {key: value.to(dtype).contiguous() if value.is_floating_point() else value
                   for key, value in average.state_dict().items()}
        # Written once to be measured, and again with the measured accuracy.
        for _ in range(2):
            save_file(tensors, path, {"format": "pt", "config": json.dumps(config)})
            config["test_accuracy"] = measure(path, args, test, test_labels)
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        print(f"{path}: {path.stat().st_size} bytes, sha256 {found}, test accuracy {config['test_accuracy']:.4f}")
    (folder / "log.json").write_text(json.dumps(log, indent=1) + "\n")


def measure(path, args, test, test_labels):
    """The test accuracy of a file's weights, computed in f32."""
    with safe_open(path, "pt") as file:
        weights = {key: file.get_tensor(key) for key in file.keys()}
    model = ResNeXt(args.blocks, args.strides, args.cardinality, args.base_width)
    model.load_state_dict({key: value.float() if value.is_floating_point() else value for key, value in weights.items()})
    return accuracy(model.to(memory_format=torch.channels_last), test, test_labels)


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    train, train_labels, test, test_labels = map(torch.from_numpy, cifar10.load(cifar10.fetch(args.data)))
    folder = args.out / name(args)
    folder.mkdir(parents=True, exist_ok=True)

    model = ResNeXt(args.blocks, args.strides, args.cardinality, args.base_width)
    model = model.to(memory_format=torch.channels_last)
    average = copy.deepcopy(model)
    sgd = optimiser(model, args)
    log = {
        "name": name(args), "arguments": {key: str(value) for key, value in vars(args).items()},
        "parameters": sum(p.numel() for p in model.parameters()), "multiply_adds": model.multiply_adds(),
        "machine": f"{platform.machine()}, {args.threads} of {os.cpu_count()} cores", "torch": torch.__version__,
        "epochs": [],
    }
    print(f"{name(args)}: {log['parameters']} parameters, {log['multiply_adds']} multiply-adds", flush=True)

    state_path = folder / "state.pt"
    if state_path.exists():
        state = torch.load(state_path)
        # Arguments that may differ between the parts of a run.
        free = ("threads", "data", "out")
        same = {key: value for key, value in state["log"]["arguments"].items() if key not in free}
        if same != {key: value for key, value in log["arguments"].items() if key not in free}:
            sys.exit(f"{state_path} is of a run with other arguments: {same}")
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        sgd.load_state_dict(state["sgd"])
        log = state["log"]

    for epoch in range(len(log["epochs"]), args.epochs):
        start = time.time()
        loss = train_epoch(model, average, sgd, args, epoch, train, train_labels)
        seconds = time.time() - start
        # Logged only: the last epoch's average is saved, whatever the accuracy.
        test_accuracy = accuracy(average, test, test_labels) if epoch % 4 == 3 or epoch + 1 == args.epochs else None
        log["epochs"].append({"epoch": epoch + 1, "loss": round(loss, 4), "seconds": round(seconds),
                              "test": test_accuracy})
        print(json.dumps(log["epochs"][-1]), flush=True)
        state = {"model": model.state_dict(), "average": average.state_dict(), "sgd": sgd.state_dict(), "log": log}
        # Replaced in one step: a run that is stopped here finds the old state or the new one.
        torch.save(state, state_path.with_suffix(".new"))
        os.replace(state_path.with_suffix(".new"), state_path)

    save(args, average, log, test, test_labels, folder)
    state_path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
