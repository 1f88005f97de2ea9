// output[n, oc, oh, ow] = act(bias[oc] + sum over ic in oc's group, kh, kw of
//     weight[oc, ic, kh, kw] * input[n, ic, oh*STRIDE + kh - P, ow*STRIDE + kw - P] + residual[n, oc, oh, ow]), P = KERNEL_SIZE / 2
//
// Grouped convolution, the heart of ResNeXt: an output channel sees the input channels of its own group only. In one group this is
// the ordinary convolution of the stem. src/reference/conv2d_grouped.rs computes the same as plain loops.
//
// workgroup_id.z is one group of one image. Its output is cut into items; a thread computes one, OC_TILE output channels of PIXELS
// pixels of a row:
//
//                    | pixels 0 .. PIXELS-1 | the next PIXELS | ...
//     tile 0, oh = 0 |       thread 0       |    thread 1     |        tile 0: output channels 0 .. OC_TILE-1 of the group
//     tile 0, oh = 1 |       thread r       |   thread r+1    |        tile 1: the next OC_TILE of them
//     ...            |                      |                 |
//     tile 1, oh = 0 |                      |                 |
//
// For each input channel and row of the window it loads WINDOW neighbouring inputs once, and uses each for every pixel whose window
// covers it and for every output channel of its tile (here at STRIDE 1, KERNEL_SIZE 3):
//
//     x          0    1    2    3    4   ...  WINDOW-1
//     pixel 0   w[0] w[1] w[2]
//     pixel 1        w[0] w[1] w[2]
//     pixel 2             w[0] w[1] w[2]

const KERNEL_SIZE: u32 = 3u;
const STRIDE: u32 = 1u;
const OC_VECTORS: u32 = 1u;        // of 4 output channels each
const PIXELS: u32 = 8u;
const UNROLL_ROWS: bool = false;   // faster, and twice as long to compile
const WEIGHT_F16: bool = false;
const ACTIVATION_F16: bool = false;
const OC_TILE: u32 = 4u * OC_VECTORS;
const WINDOW: u32 = (PIXELS - 1u) * STRIDE + KERNEL_SIZE;

// #import ACTIVATION_F16 ? activation_f16 : activation_f32
// #import conv2d
@group(0) @binding(0) var<uniform> params: ConvParams;
@group(0) @binding(1) var<storage, read> input: array<Activation>;  // [n, in_channels, in_h, in_w]
// #import WEIGHT_F16 ? weight_f16 : weight_f32                        [groups, tiles, in_channels_per_group, KERNEL_SIZE, KERNEL_SIZE, OC_TILE]
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [out_channels]
@group(0) @binding(4) var<storage, read> residual: array<Activation>;  // as output
@group(0) @binding(5) var<storage, read_write> output: array<Activation>;  // [n, out_channels, out_h, out_w]
// #import conv2d_store

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup_id: vec3u, @builtin(local_invocation_index) local_index: u32) {
    let in_channels_per_group = params.in_channels / params.groups;
    let out_channels_per_group = params.out_channels / params.groups;
    let n = workgroup_id.z / params.groups;
    let group = workgroup_id.z % params.groups;

    let tiles = (out_channels_per_group + OC_TILE - 1u) / OC_TILE;
    let runs = (params.out_w + PIXELS - 1u) / PIXELS;
    let item = workgroup_id.x * 64u + local_index;
    if (item >= tiles * params.out_h * runs) {
        return;
    }
    let tile = item / (params.out_h * runs);
    let oh = (item / runs) % params.out_h;
    let ow = (item % runs) * PIXELS;

    // Where the windows begin, which may be in the padding: a column outside is read at the edge, and counts as 0.
    let ih0 = i32(oh * STRIDE) - i32(KERNEL_SIZE / 2u);
    let iw0 = i32(ow * STRIDE) - i32(KERNEL_SIZE / 2u);
    let last_row = i32(params.in_h) - 1;
    let last_column = i32(params.in_w) - 1;
    var column: array<u32, WINDOW>;
    var inside: array<bool, WINDOW>;
    for (var c = 0u; c < WINDOW; c++) {  // unroll
        column[c] = u32(clamp(iw0 + i32(c), 0, last_column));
        inside[c] = iw0 + i32(c) >= 0 && iw0 + i32(c) <= last_column;
    }

    var sums: array<array<vec4f, OC_VECTORS>, PIXELS>;
    let first_channel = n * params.in_channels + group * in_channels_per_group;
    var at = (group * tiles + tile) * in_channels_per_group * KERNEL_SIZE * KERNEL_SIZE * OC_VECTORS;
    for (var ic = 0u; ic < in_channels_per_group; ic++) {
        for (var kh = 0u; kh < KERNEL_SIZE; kh++) {  // unroll if UNROLL_ROWS
            let ih = ih0 + i32(kh);
            let row_inside = ih >= 0 && ih <= last_row;
            let row = ((first_channel + ic) * params.in_h + u32(clamp(ih, 0, last_row))) * params.in_w;
            var w: array<array<vec4f, OC_VECTORS>, KERNEL_SIZE>;
            for (var kw = 0u; kw < KERNEL_SIZE; kw++) {  // unroll
                for (var o = 0u; o < OC_VECTORS; o++) {  // unroll
                    w[kw][o] = load_weight(at + kw * OC_VECTORS + o);
                }
            }
            var x: array<vec4f, WINDOW>;
            for (var c = 0u; c < WINDOW; c++) {  // unroll
                x[c] = vec4f(select(0.0, f32(input[row + column[c]]), row_inside && inside[c]));
            }
            for (var p = 0u; p < PIXELS; p++) {  // unroll
                for (var kw = 0u; kw < KERNEL_SIZE; kw++) {  // unroll
                    for (var o = 0u; o < OC_VECTORS; o++) {  // unroll
                        sums[p][o] = fma(x[p * STRIDE + kw], w[kw][o], sums[p][o]);
                    }
                }
            }
            at += KERNEL_SIZE * OC_VECTORS;
        }
    }

    // A copy that can be indexed: unrolled, the stores would take longer to compile than all of the above.
    var results = sums;
    let pixels = min(PIXELS, params.out_w - ow);
    let channels = min(OC_TILE, out_channels_per_group - tile * OC_TILE);
    for (var o = 0u; o < channels; o++) {
        let oc = group * out_channels_per_group + tile * OC_TILE + o;
        let to = ((n * params.out_channels + oc) * params.out_h + oh) * params.out_w + ow;
        for (var p = 0u; p < pixels; p++) {
            store(to + p, oc, results[p][o / 4u][o % 4u]);
        }
    }
}
