// output[n, oc, oh, ow] = act(bias[oc] + sum over ic in oc's group, kh, kw of
//     weight[oc, ic, kh, kw] * input[n, ic, oh*stride + kh - padding, ow*stride + kw - padding] + residual[n, oc, oh, ow])
//
// A convolution of any kernel size, stride, padding and grouping, for whatever has no kernel of its own.
// A thread computes 4 output channels of 4 pixels along a row.

struct Params {
    n: u32,
    in_channels: u32,
    out_channels: u32,
    groups: u32,
    in_h: u32,
    in_w: u32,
    out_h: u32,
    out_w: u32,
    kernel_size: u32,
    stride: u32,
    padding: u32,
    relu: u32,
    residual: u32,
}

const WEIGHT_F16: bool = false;
const OC_TILE: u32 = 4u;
const PIXEL_TILE: u32 = 4u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, in_channels, in_h, in_w]
$use weight                                                         // [groups, tiles, in_channels_per_group, kernel_size, kernel_size, 4]
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [out_channels]
@group(0) @binding(4) var<storage, read> residual: array<f32>;      // as output
@group(0) @binding(5) var<storage, read_write> output: array<f32>;  // [n, out_channels, out_h, out_w]

fn load(row: u32, iw: i32) -> vec4f {
    let inside = iw >= 0 && iw < i32(params.in_w);
    return vec4f(select(0.0, input[row + u32(clamp(iw, 0, i32(params.in_w) - 1))], inside));
}

fn store(at: u32, oc: u32, valid: bool, sum: f32) {
    if (!valid) {
        return;
    }
    var value = sum + bias[oc];
    if (params.residual != 0u) {
        value += residual[at];
    }
    if (params.relu != 0u) {
        value = max(value, 0.0);
    }
    output[at] = value;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let in_channels_per_group = params.in_channels / params.groups;
    let out_channels_per_group = params.out_channels / params.groups;
    let oc_tiles = (out_channels_per_group + OC_TILE - 1u) / OC_TILE;
    let runs = (params.out_w + PIXEL_TILE - 1u) / PIXEL_TILE;

    let item = global_id.y * workgroup_count.x * 64u + global_id.x;
    let per_tile = params.out_h * runs;
    if (item >= params.n * params.groups * oc_tiles * per_tile) {
        return;
    }
    let tile = item / per_tile;
    let n = tile / (params.groups * oc_tiles);
    let group = (tile / oc_tiles) % params.groups;
    let oc_tile = tile % oc_tiles;
    let oh = (item % per_tile) / runs;
    let ow = (item % runs) * PIXEL_TILE;

    // The rows of the window, clipped once; columns are clipped where they are loaded, since the 4 pixels differ.
    let ih0 = i32(oh * params.stride) - i32(params.padding);
    let iw0 = i32(ow * params.stride) - i32(params.padding);
    let kh_begin = u32(max(-ih0, 0));
    let kh_end = u32(clamp(i32(params.in_h) - ih0, 0, i32(params.kernel_size)));
    let step = i32(params.stride);

    // Output channels 0..3 of each of the 4 pixels.
    var sum0 = vec4f(); var sum1 = vec4f(); var sum2 = vec4f(); var sum3 = vec4f();
    let first_channel = n * params.in_channels + group * in_channels_per_group;
    let first_weight = (group * oc_tiles + oc_tile) * in_channels_per_group;
    for (var ic = 0u; ic < in_channels_per_group; ic++) {
        for (var kh = kh_begin; kh < kh_end; kh++) {
            let row = ((first_channel + ic) * params.in_h + u32(ih0 + i32(kh))) * params.in_w;
            let taps = ((first_weight + ic) * params.kernel_size + kh) * params.kernel_size;
            for (var kw = 0u; kw < params.kernel_size; kw++) {
                let w = load_weight(taps + kw);
                let iw = iw0 + i32(kw);
                sum0 = fma(load(row, iw), w, sum0);
                sum1 = fma(load(row, iw + step), w, sum1);
                sum2 = fma(load(row, iw + 2 * step), w, sum2);
                sum3 = fma(load(row, iw + 3 * step), w, sum3);
            }
        }
    }

    let count = params.out_w - ow;
    for (var o = 0u; o < OC_TILE; o++) {
        let in_group = oc_tile * OC_TILE + o;
        let valid = in_group < out_channels_per_group;
        let oc = group * out_channels_per_group + in_group;
        let at = ((n * params.out_channels + oc) * params.out_h + oh) * params.out_w + ow;
        store(at, oc, valid && count > 0u, sum0[o]);
        store(at + 1u, oc, valid && count > 1u, sum1[o]);
        store(at + 2u, oc, valid && count > 2u, sum2[o]);
        store(at + 3u, oc, valid && count > 3u, sum3[o]);
    }
}
