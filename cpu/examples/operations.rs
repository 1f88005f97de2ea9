//! Runs one operation of a small network several times, for `cargo xtask test` to count its instructions. Without a name it prints all of them.

use std::hint::black_box;

use cardinal_cpu::{Epilogue, Pointwise, Pool, Scratch, Weights, Window};

/// So often that starting the process and allocating the tensors count little; valgrind takes its time over each fused product.
const REPEATS: usize = 4;

/// 32 × 32 pixels, as CIFAR-10's.
const SIDE: usize = 32;
const PIXELS: usize = SIDE * SIDE;

fn zeros(len: usize) -> Vec<f32> {
    vec![0.0; len]
}

fn sliding([in_channels, out_channels, kernel_size, stride, groups]: [usize; 5]) -> Window {
    let (n, padding, out) = (1, kernel_size / 2, SIDE.div_ceil(stride));
    Window {
        n,
        groups,
        in_channels,
        out_channels,
        in_h: SIDE,
        in_w: SIDE,
        out_h: out,
        out_w: out,
        kernel_size,
        stride,
        padding,
    }
}

fn window(sizes: [usize; 5]) {
    let [in_channels, out_channels, kernel_size, _, groups] = sizes;
    let sizes = sliding(sizes);
    let weight = zeros(out_channels * in_channels / groups * kernel_size * kernel_size);
    let weights = Weights::pack(groups, &weight, &zeros(out_channels));
    let (input, mut output) = (zeros(in_channels * PIXELS), zeros(out_channels * sizes.out_h * sizes.out_w));
    let (mut scratch, epilogue) = (Scratch::default(), Epilogue { residual: None, relu: true });
    for _ in 0..REPEATS {
        cardinal_cpu::window(sizes, &weights, black_box(&input), epilogue, &mut scratch, &mut output);
    }
}

fn pointwise(pixels: usize) {
    const CHANNELS: usize = 128;
    let weights = Weights::pack(1, &zeros(CHANNELS * CHANNELS), &zeros(CHANNELS));
    let (input, mut output) = (zeros(CHANNELS * pixels), zeros(CHANNELS * pixels));
    let (residual, mut scratch) = (zeros(CHANNELS * pixels), Scratch::default());
    let sizes = Pointwise { n: 1, in_channels: CHANNELS, out_channels: CHANNELS, pixels };
    let epilogue = Epilogue { residual: Some(&residual), relu: true };
    for _ in 0..REPEATS {
        cardinal_cpu::pointwise(sizes, &weights, black_box(&input), epilogue, &mut scratch, &mut output);
    }
}

fn gradients() {
    let sizes = sliding([64, 64, 3, 1, 8]);
    let weight = zeros(64 * 64 / 8 * 9);
    let (input, grad, mut scratch) = (zeros(64 * PIXELS), zeros(64 * PIXELS), Scratch::default());
    let (mut grad_weight, mut grad_input) = (zeros(weight.len()), zeros(input.len()));
    for _ in 0..REPEATS {
        cardinal_cpu::grad_weight(sizes, black_box(&grad), &input, &mut scratch, &mut grad_weight);
        cardinal_cpu::grad_input(sizes, &weight, black_box(&grad), None, &mut scratch, &mut grad_input);
    }
}

fn others() {
    let sizes =
        Pool { in_h: SIDE, in_w: SIDE, out_h: SIDE / 2, out_w: SIDE / 2, kernel_size: 3, stride: 2, padding: 1 };
    let (input, mut output, weight) = (zeros(64 * PIXELS), zeros(64 * PIXELS), zeros(64 * 1000));
    for _ in 0..REPEATS {
        cardinal_cpu::max_pool(sizes, black_box(&input), &mut output[..16 * PIXELS]);
        cardinal_cpu::add(black_box(&input), &input, true, &mut output);
        cardinal_cpu::scale_and_shift(PIXELS, &weight[..64], &weight[..64], true, black_box(&input), &mut output);
        cardinal_cpu::means(PIXELS, black_box(&input), &mut output[..64]);
        cardinal_cpu::linear(&weight, &weight[..1000], black_box(&input[..64]), &mut output[..1000]);
    }
}

const OPERATIONS: [(&str, fn()); 7] = [
    ("3x3, 64 to 64 channels", || window([64, 64, 3, 1, 1])),
    ("3x3, 64 channels in 8 groups", || window([64, 64, 3, 1, 8])),
    ("3x3, 64 channels in 16 groups, stride 2", || window([64, 64, 3, 2, 16])),
    ("1x1, 128 to 128 channels, 32x32 pixels", || pointwise(PIXELS)),
    ("1x1, 128 to 128 channels, 7x7 pixels", || pointwise(49)),
    ("gradients of a 3x3 in 8 groups", gradients),
    ("pool, sum, batch norm, average and linear", others),
];

fn main() {
    let asked = std::env::args().nth(1);
    for (name, run) in OPERATIONS {
        match &asked {
            None => println!("{name}"),
            Some(asked) if asked == name => {
                run();
                println!("{}", cardinal_cpu::instructions());
            }
            Some(_) => {}
        }
    }
}
