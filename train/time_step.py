"""Times PyTorch's training step of a shipped network on one thread, for `cargo xtask bench training --torch PYTHON`.

Each line on standard input asks for one measurement; the answer is a line with two numbers of milliseconds: a forward pass in
train() without gradients, and a whole step as train.py takes it (forward, loss, backward, SGD with Nesterov), in f32.

    python3 train/time_step.py --cardinality 8 --base-width 8 --batch 64
"""
import argparse
import sys
import time

import torch
import torch.nn.functional as F
from resnext import ResNeXt


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cardinality", type=int, default=8)
    parser.add_argument("--base-width", type=int, default=8)
    parser.add_argument("--batch", type=int, default=64)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = ResNeXt(cardinality=args.cardinality, base_width=args.base_width).train()
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=5e-4)
    pictures, labels = torch.randn(args.batch, 3, 32, 32), torch.arange(args.batch) % 10

    def forward():
        with torch.no_grad():
            model(pictures)

    def step():
        optimiser.zero_grad()
        F.cross_entropy(model(pictures), labels).backward()
        optimiser.step()

    def milliseconds(work):
        start = time.perf_counter()
        work()
        return (time.perf_counter() - start) * 1e3

    milliseconds(forward), milliseconds(step)
    print("PyTorch", torch.__version__, flush=True)
    for _ in sys.stdin:
        print(milliseconds(forward), milliseconds(step), flush=True)


main()
