// output[n, oc, oh, ow] = act(bias[oc] + sum over ic in oc's group, kh, kw of
//     weight[oc, ic, kh, kw] * input[n, ic, oh*stride + kh - padding, ow*stride + kw - padding] + residual[n, oc, oh, ow])
//
// A convolution of any kernel size, stride, padding and grouping, for those that have no kernel of their own. A thread computes
// 4 output channels of PIXELS pixels of a row. src/reference/conv2d_direct.rs computes the same as plain loops.

const WEIGHT_F16: bool = false;
const ACTIVATION_F16: bool = false;
const OC_TILE: u32 = 4u;
const PIXELS: u32 = 4u;

// #import ACTIVATION_F16 ? activation_f16 : activation_f32
// #import conv2d
@group(0) @binding(0) var<uniform> params: ConvParams;
@group(0) @binding(1) var<storage, read> input: array<Activation>;  // [n, in_channels, in_h, in_w]
// #import WEIGHT_F16 ? weight_f16 : weight_f32                        [groups, tiles, in_channels_per_group, kernel_size, kernel_size, OC_TILE]
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [out_channels]
@group(0) @binding(4) var<storage, read> residual: array<Activation>;  // as output
@group(0) @binding(5) var<storage, read_write> output: array<Activation>;  // [n, out_channels, out_h, out_w]
// #import conv2d_store

// An input of a row; what lies in the padding is 0.
fn load_input(row: u32, iw: i32) -> vec4f {
    let inside = iw >= 0 && iw < i32(params.in_w);
    return vec4f(select(0.0, f32(input[row + u32(clamp(iw, 0, i32(params.in_w) - 1))]), inside));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let in_channels_per_group = params.in_channels / params.groups;
    let out_channels_per_group = params.out_channels / params.groups;
    let tiles = (out_channels_per_group + OC_TILE - 1u) / OC_TILE;
    let runs = (params.out_w + PIXELS - 1u) / PIXELS;

    let item = global_id.y * workgroup_count.x * 64u + global_id.x;
    let per_tile = params.out_h * runs;
    if (item >= params.n * params.groups * tiles * per_tile) {
        return;
    }
    let n = item / (params.groups * tiles * per_tile);
    let group = (item / (tiles * per_tile)) % params.groups;
    let tile = (item / per_tile) % tiles;
    let oh = (item % per_tile) / runs;
    let ow = (item % runs) * PIXELS;

    // The rows of the window are clipped here; its columns as they are loaded, since they differ from pixel to pixel.
    let ih0 = i32(oh * params.stride) - i32(params.padding);
    let iw0 = i32(ow * params.stride) - i32(params.padding);
    let kh_begin = u32(max(-ih0, 0));
    let kh_end = u32(clamp(i32(params.in_h) - ih0, 0, i32(params.kernel_size)));

    var sums: array<vec4f, PIXELS>;
    let first_channel = n * params.in_channels + group * in_channels_per_group;
    let first_weight = (group * tiles + tile) * in_channels_per_group;
    for (var ic = 0u; ic < in_channels_per_group; ic++) {
        for (var kh = kh_begin; kh < kh_end; kh++) {
            let row = ((first_channel + ic) * params.in_h + u32(ih0 + i32(kh))) * params.in_w;
            let taps = ((first_weight + ic) * params.kernel_size + kh) * params.kernel_size;
            for (var kw = 0u; kw < params.kernel_size; kw++) {
                let w = load_weight(taps + kw);
                for (var p = 0u; p < PIXELS; p++) {  // unroll
                    sums[p] = fma(load_input(row, iw0 + i32(p * params.stride + kw)), w, sums[p]);
                }
            }
        }
    }

    var results = sums;
    let pixels = min(PIXELS, params.out_w - ow);
    let channels = min(OC_TILE, out_channels_per_group - tile * OC_TILE);
    for (var o = 0u; o < channels; o++) {
        let oc = group * out_channels_per_group + tile * OC_TILE + o;
        let to = ((n * params.out_channels + oc) * params.out_h + oh) * params.out_w + ow;
        for (var p = 0u; p < pixels; p++) {
            store(to + p, oc, results[p][o]);
        }
    }
}
