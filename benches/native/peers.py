#!/usr/bin/env python3
"""onnxruntime, MNN and ncnn on an exported network, one run whenever a line comes.

    peers.py FOLDER --threads 1,2 [--vulkan]     (FOLDER is what benches/page/export/export.py wrote)

Prints the contenders as one line of JSON. Then it reads the place of one of them per line, runs it once from a picture in memory to
logits in memory, and prints the milliseconds. A package that is not installed is named on standard error and left out:
`pip install onnxruntime MNN ncnn pnnx`.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np


def beside_python(program):
    """A program of a package, which need not be on the PATH."""
    beside = Path(sys.executable).with_name(program)
    return str(beside if beside.exists() else program)


def onnxruntime_cpu(folder, threads):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(folder / "network.onnx"), options, providers=["CPUExecutionProvider"]
    )
    return f"onnxruntime {onnxruntime.__version__}", lambda x: session.run(None, {"input": x})[0]


def mnn_on(folder, threads):
    import MNN
    from MNN import expr, nn

    made = folder / "network.mnn"
    if not made.exists():
        command = ["mnnconvert", "-f", "ONNX", "--modelFile", "network.onnx", "--MNNModel", made.name, "--bizCode", "cardinal"]
        subprocess.run([beside_python(command[0]), *command[1:]], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    runtime = nn.create_runtime_manager(({"backend": "CPU", "precision": "high", "numThread": threads},))
    net = nn.load_module_from_file(str(made), ["input"], ["output"], runtime_manager=runtime, shape_mutable=False)

    def run(x):
        output = net.forward([expr.const(x, list(x.shape), expr.NCHW)])[0]
        return np.array(output.read())

    return f"MNN {MNN.version()}", run


def converted(folder):
    """The files that pnnx makes for ncnn, in f32 and in a folder of their own."""
    made = folder / "ncnn"
    if not (made / "network.ncnn.bin").exists():
        made.mkdir(exist_ok=True)
        shutil.copy(folder / "network.onnx", made)
        side = round((np.fromfile(folder / "input.f32", "<f4").size / 3) ** 0.5)
        command = [beside_python("pnnx"), "network.onnx", f"inputshape=[1,3,{side},{side}]", "fp16=0"]
        subprocess.run(command, cwd=made, check=True, stdout=subprocess.DEVNULL)
    return made


def ncnn_on(folder, threads, vulkan=False):
    import ncnn

    made = converted(folder)
    net = ncnn.Net()
    net.opt.num_threads = threads
    net.opt.use_vulkan_compute = vulkan
    for option in ("use_fp16_packed", "use_fp16_storage", "use_fp16_arithmetic", "use_bf16_storage"):
        setattr(net.opt, option, False)
    net.load_param(str(made / "network.ncnn.param"))
    net.load_model(str(made / "network.ncnn.bin"))

    def run(x):
        extractor = net.create_extractor()
        extractor.input("in0", ncnn.Mat(x[0]).clone())
        return np.array(extractor.extract("out0")[1])

    return f"ncnn {ncnn.__version__}", run


def processor():
    """The instruction sets that engines choose from at run time."""
    try:
        words = Path("/proc/cpuinfo").read_text().split()
    except OSError:
        return "unknown"
    known = ("avx512f", "avx2", "fma", "sse4_1", "asimd", "neon")
    return " ".join(name for name in known if name in words) or "unknown"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--vulkan", action="store_true")
    args = parser.parse_args()
    # MNN tells of itself on standard output.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    x = np.fromfile(args.folder / "input.f32", "<f4")
    side = round((x.size / 3) ** 0.5)
    x, expected = x.reshape(1, 3, side, side), np.fromfile(args.folder / "output.f32", "<f4")

    wanted = []
    for threads in map(int, args.threads.split(",")):
        wanted.append((onnxruntime_cpu, "CPU", threads, {}))
        wanted.append((mnn_on, "CPU", threads, {}))
        wanted.append((ncnn_on, "CPU", threads, {}))
    if args.vulkan:
        wanted.append((ncnn_on, "Vulkan", 1, {"vulkan": True}))
    told, runs = [], []
    for make, device, threads, how in wanted:
        try:
            name, run = make(args.folder, threads, **how)
        except ImportError as error:
            print(f"peers.py: {error}; left out (pip install onnxruntime MNN ncnn pnnx)", file=sys.stderr)
            continue
        # The first run, which may compile, is not timed.
        output = run(x).reshape(-1)
        difference = float(np.abs(output - expected).max() / np.abs(expected).max())
        instructions = processor() if device == "CPU" else "by the driver"
        told.append({"name": name, "device": device, "threads": threads, "instructions": instructions, "difference": difference})
        runs.append(run)
    print(json.dumps(told), file=answers, flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        runs[int(line)](x)
        print((time.perf_counter() - start) * 1e3, file=answers, flush=True)


if __name__ == "__main__":
    main()
