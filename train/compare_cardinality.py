#!/usr/bin/env python3
"""Compares cardinality 1 and 32 at equal cost in small: two networks, several seeds each, on the bundled 5,000 pictures.

    python3 train/compare_cardinality.py                      # 6 runs of 30 epochs on the CPU, at the lowest priority
    python3 train/compare_cardinality.py --family resnext20   # the 20-layer networks that come with the page, 15 times the cost
    python3 train/compare_cardinality.py --cifar10 DIR        # tests on all 10,000 pictures too, with the example `accuracy`
    python3 train/compare_cardinality.py --until 1 --seeds 0  # one epoch of each, to see how long it takes

Needs Python 3.9 or later and cargo, nothing else. Each run is `cargo run --release --example train -- --data bundled`. With one seed
both networks see the same pictures in the same order, with the same crops and flips. A run that was stopped goes on after its last
whole epoch when this is started again; a run that is done is not repeated. DIR holds the binary version's test_batch.bin
(tests/data/cifar10_from_npm.py writes it). At the end it prints a table in Markdown: each run, then mean, standard deviation and
range per network, and the mean and standard deviation of the difference per seed. --check tests the arithmetic and ends.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FAMILIES = {
    "small": {1: "small_1", 32: "small_32"},
    "resnext20": {1: "resnext20_1x41d", 32: "resnext20_32x2d"},
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--family", choices=FAMILIES, default="small")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--backend", choices=("cpu", "gpu"), default="cpu")
    parser.add_argument("--until", type=int, help="stop each run after this epoch")
    parser.add_argument("--cifar10", type=Path, metavar="DIR", help="folder of test_batch.bin, for all 10,000 test pictures")
    parser.add_argument("--programs", type=Path, metavar="DIR", help="folder of the built examples (default: builds them)")
    parser.add_argument("--out", type=Path, default=ROOT / "train/runs/bundled")
    parser.add_argument("--check", action="store_true", help="test the arithmetic and end")
    return parser.parse_args()


def run(command):
    """Standard output of a command whose errors end the program."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"compare_cardinality: {' '.join(map(str, command))} ended with status {done.returncode}")
    return done.stdout


def programs(args):
    """The folder of the examples, built where none is named."""
    if args.programs:
        return args.programs
    names = ["--example", "train"] + (["--example", "accuracy"] if args.cifar10 else [])
    run(["cargo", "build", "--release", "--manifest-path", ROOT / "Cargo.toml", *names])
    return ROOT / "target/release/examples"


def train(args, folder, cardinality, seed):
    """Trains one network, unless it is trained: the shares of correct answers by the number of test pictures; None if it is not done."""
    network = FAMILIES[args.family][cardinality]
    out = args.out / f"{network}_{args.epochs}_epochs_seed_{seed}.safetensors"
    log = out.with_suffix(".log.json")
    if not out.exists():
        until = ["--until", args.until] if args.until else []
        report = json.loads(run([folder / "train", "--network", network, "--data", "bundled", "--json",
                                 "--epochs", args.epochs, "--seed", seed, "--backend", args.backend, "--out", out, *until]))
        if not report["finished"]:
            return None
    accuracies = {200: json.loads(log.read_text())["epochs"][-1]["test"]}
    if args.cifar10:
        said = run([folder / "accuracy", "--weights", out, "--cifar10", args.cifar10, "--backend", args.backend])
        right, of = map(int, re.match(r"(\d+) of (\d+) right", said).groups())
        accuracies[of] = right / of
    return accuracies


def summary(values):
    """Mean, standard deviation and range, in percent."""
    spread = statistics.stdev(values) if len(values) > 1 else float("nan")
    return f"{100 * statistics.mean(values):.2f} ± {100 * spread:.2f} ({100 * min(values):.2f} to {100 * max(values):.2f})"


def table(networks, results):
    """Markdown of {(cardinality, seed): {test pictures: accuracy}}."""
    seeds = sorted({seed for _, seed in results})
    lines = ["| test pictures | network | " + " | ".join(f"seed {seed}" for seed in seeds) + " | mean ± standard deviation (range) |",
             "| ---: | --- |" + " ---: |" * (len(seeds) + 1)]
    for pictures in sorted(next(iter(results.values()))):
        rows = {network: [results[cardinality, seed][pictures] for seed in seeds] for cardinality, network in networks.items()}
        few, many = rows.values()
        rows["difference"] = [b - a for a, b in zip(few, many)]
        for name, values in rows.items():
            cells = " | ".join(f"{100 * value:.2f}" for value in values)
            lines.append(f"| {pictures} | {name} | {cells} | {summary(values)} |")
    return "\n".join(lines)


def check():
    """A table whose numbers were calculated by hand."""
    accuracies = {(1, 0): 0.60, (1, 1): 0.62, (1, 2): 0.64, (32, 0): 0.61, (32, 1): 0.66, (32, 2): 0.65}
    said = table(FAMILIES["resnext20"], {key: {200: value} for key, value in accuracies.items()})
    for row in ("| 200 | resnext20_1x41d | 60.00 | 62.00 | 64.00 | 62.00 ± 2.00 (60.00 to 64.00) |",
                "| 200 | resnext20_32x2d | 61.00 | 66.00 | 65.00 | 64.00 ± 2.65 (61.00 to 66.00) |",
                "| 200 | difference | 1.00 | 4.00 | 1.00 | 2.00 ± 1.73 (1.00 to 4.00) |"):
        if row not in said:
            sys.exit(f"expected {row}\nin\n{said}")
    print(said)


def main():
    args = arguments()
    if args.check:
        return check()
    os.nice(19)
    folder = programs(args)
    args.out.mkdir(parents=True, exist_ok=True)
    networks, results = FAMILIES[args.family], {}
    # Both networks of a seed before the next seed: where it is stopped, what is done can be compared.
    for seed in args.seeds:
        for cardinality, network in networks.items():
            print(f"{network}, seed {seed}", file=sys.stderr, flush=True)
            results[cardinality, seed] = train(args, folder, cardinality, seed)
    if None in results.values():
        print("Not all runs are done: the same command without --until goes on.")
    else:
        print(table(networks, results))


if __name__ == "__main__":
    main()
