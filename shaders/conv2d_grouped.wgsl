// output[n, oc, oh, ow] = act(bias[oc] + sum over ic in oc's group, kh, kw of
//     weight[oc, ic, kh, kw] * input[n, ic, oh*stride + kh - 1, ow*stride + kw - 1] + residual[n, oc, oh, ow])
//
// A 3x3 convolution with padding 1, cut into groups: the heart of ResNeXt. A workgroup belongs to one group of one image
// (workgroup_id.z) and computes a tile of its output. A thread computes 4 output channels of 8 pixels along a row and
// uses every input it loads for all of them and for all three taps of the row.

struct Params {
    in_channels: u32,
    out_channels: u32,
    groups: u32,
    in_h: u32,
    in_w: u32,
    out_h: u32,
    out_w: u32,
}

const STRIDE: u32 = 1u;
const RELU: bool = false;
const RESIDUAL: bool = false;
const WEIGHT_F16: bool = false;
const OC_TILE: u32 = 4u;
const PIXEL_TILE: u32 = 8u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, in_channels, in_h, in_w]
@group(0) @binding(2) var<storage, read> weight: array<vec4u>;      // [groups, ceil(out_channels_per_group / 4), in_channels_per_group, 3, 3, 4], f32 or f16
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [out_channels]
@group(0) @binding(4) var<storage, read> residual: array<f32>;      // as output
@group(0) @binding(5) var<storage, read_write> output: array<f32>;  // [n, out_channels, out_h, out_w]

// Eight neighbouring pixels.
struct Row { lo: vec4f, hi: vec4f }

fn load(row: u32, iw: i32) -> f32 {
    let inside = iw >= 0 && iw < i32(params.in_w);
    return select(0.0, input[row + u32(clamp(iw, 0, i32(params.in_w) - 1))], inside);
}

// Four weights; `at` counts in fours. In f16 they are half an element.
fn load_weight(at: u32) -> vec4f {
    if (WEIGHT_F16) {
        let element = weight[at / 2u];
        let words = select(element.xy, element.zw, at % 2u == 1u);
        return vec4f(unpack2x16float(words.x), unpack2x16float(words.y));
    }
    return bitcast<vec4f>(weight[at]);
}

fn accumulate(sum: Row, x: Row, w: f32) -> Row {
    return Row(fma(x.lo, vec4f(w), sum.lo), fma(x.hi, vec4f(w), sum.hi));
}

fn store(at: u32, oc: u32, valid: bool, sum: f32) {
    if (!valid) {
        return;
    }
    var value = sum + bias[oc];
    if (RESIDUAL) {
        value += residual[at];
    }
    if (RELU) {
        value = max(value, 0.0);
    }
    output[at] = value;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup_id: vec3u, @builtin(local_invocation_index) local_index: u32) {
    let in_channels_per_group = params.in_channels / params.groups;
    let out_channels_per_group = params.out_channels / params.groups;
    let oc_tiles = (out_channels_per_group + OC_TILE - 1u) / OC_TILE;
    let runs = (params.out_w + PIXEL_TILE - 1u) / PIXEL_TILE;

    let n = workgroup_id.z / params.groups;
    let group = workgroup_id.z % params.groups;
    let item = workgroup_id.x * 64u + local_index;
    if (item >= oc_tiles * params.out_h * runs) {
        return;
    }
    let oc_tile = item / (params.out_h * runs);
    let oh = (item / runs) % params.out_h;
    let ow = (item % runs) * PIXEL_TILE;

    // The window of this row, clipped once.
    let ih0 = i32(oh * STRIDE) - 1;
    let iw0 = i32(ow * STRIDE) - 1;
    let kh_begin = u32(max(-ih0, 0));
    let kh_end = u32(clamp(i32(params.in_h) - ih0, 0, 3));

    var sum0 = Row(); var sum1 = Row(); var sum2 = Row(); var sum3 = Row();
    let first_channel = n * params.in_channels + group * in_channels_per_group;
    let first_weight = (group * oc_tiles + oc_tile) * in_channels_per_group * 9u;
    for (var ic = 0u; ic < in_channels_per_group; ic++) {
        for (var kh = kh_begin; kh < kh_end; kh++) {
            let row = ((first_channel + ic) * params.in_h + u32(ih0 + i32(kh))) * params.in_w;
            let tap = first_weight + ic * 9u + kh * 3u;
            var left: Row; var middle: Row; var right: Row;
            let a = vec4f(load(row, iw0), load(row, iw0 + 1), load(row, iw0 + 2), load(row, iw0 + 3));
            let b = vec4f(load(row, iw0 + 4), load(row, iw0 + 5), load(row, iw0 + 6), load(row, iw0 + 7));
            if (STRIDE == 1u) {
                let c = vec2f(load(row, iw0 + 8), load(row, iw0 + 9));
                left = Row(a, b);
                middle = Row(vec4f(a.yzw, b.x), vec4f(b.yzw, c.x));
                right = Row(vec4f(a.zw, b.xy), vec4f(b.zw, c));
            } else {
                let c = vec4f(load(row, iw0 + 8), load(row, iw0 + 9), load(row, iw0 + 10), load(row, iw0 + 11));
                let d = vec4f(load(row, iw0 + 12), load(row, iw0 + 13), load(row, iw0 + 14), load(row, iw0 + 15));
                left = Row(vec4f(a.xz, b.xz), vec4f(c.xz, d.xz));
                middle = Row(vec4f(a.yw, b.yw), vec4f(c.yw, d.yw));
                right = Row(vec4f(a.z, b.xz, c.x), vec4f(c.z, d.xz, load(row, iw0 + 16)));
            }
            let w0 = load_weight(tap);
            let w1 = load_weight(tap + 1u);
            let w2 = load_weight(tap + 2u);
            sum0 = accumulate(accumulate(accumulate(sum0, left, w0.x), middle, w1.x), right, w2.x);
            sum1 = accumulate(accumulate(accumulate(sum1, left, w0.y), middle, w1.y), right, w2.y);
            sum2 = accumulate(accumulate(accumulate(sum2, left, w0.z), middle, w1.z), right, w2.z);
            sum3 = accumulate(accumulate(accumulate(sum3, left, w0.w), middle, w1.w), right, w2.w);
        }
    }

    for (var o = 0u; o < OC_TILE; o++) {
        var sum = sum0;
        if (o == 1u) { sum = sum1; } else if (o == 2u) { sum = sum2; } else if (o == 3u) { sum = sum3; }
        let in_group = oc_tile * OC_TILE + o;
        let oc = group * out_channels_per_group + in_group;
        let at = ((n * params.out_channels + oc) * params.out_h + oh) * params.out_w + ow;
        let count = select(0u, params.out_w - ow, in_group < out_channels_per_group);
        store(at, oc, count > 0u, sum.lo.x);
        store(at + 1u, oc, count > 1u, sum.lo.y);
        store(at + 2u, oc, count > 2u, sum.lo.z);
        store(at + 3u, oc, count > 3u, sum.lo.w);
        store(at + 4u, oc, count > 4u, sum.hi.x);
        store(at + 5u, oc, count > 5u, sum.hi.y);
        store(at + 6u, oc, count > 6u, sum.hi.z);
        store(at + 7u, oc, count > 7u, sum.hi.w);
    }
}
