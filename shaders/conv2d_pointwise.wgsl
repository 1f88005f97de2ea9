// output[n, oc, oh, ow] = act(bias[oc] + sum over ic of weight[oc, ic] * input[n, ic, oh*stride, ow*stride] + residual[n, oc, oh, ow])
//
// A matrix product: rows are output channels, columns are the pixels of the whole batch. A thread computes 8 channels of
// 8 pixels from registers alone, without barriers; its pixels lie 8 apart, so that neighbouring threads read neighbours.

struct Params {
    pixels: u32,        // n * out_h * out_w
    in_channels: u32,
    out_channels: u32,
    in_h: u32,
    in_w: u32,
    out_h: u32,
    out_w: u32,
    stride: u32,
}

const RELU: bool = false;
const RESIDUAL: bool = false;
const WEIGHT_F16: bool = false;
const OC_TILE: u32 = 8u;
const PIXEL_TILE: u32 = 8u;
const LANES: u32 = 8u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, in_channels, in_h, in_w]
@group(0) @binding(2) var<storage, read> weight: array<vec4u>;      // [ceil(out_channels / 8), in_channels, 8], f32 or f16
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [out_channels]
@group(0) @binding(4) var<storage, read> residual: array<f32>;      // as output
@group(0) @binding(5) var<storage, read_write> output: array<f32>;  // [n, out_channels, out_h, out_w]

// Output channels 0..3 and 4..7.
struct Tile { lo: vec4f, hi: vec4f }

// Eight weights; `at` counts in eights. In f32 they are two elements.
fn load_weight(at: u32) -> Tile {
    if (WEIGHT_F16) {
        let words = weight[at];
        return Tile(vec4f(unpack2x16float(words.x), unpack2x16float(words.y)),
                    vec4f(unpack2x16float(words.z), unpack2x16float(words.w)));
    }
    return Tile(bitcast<vec4f>(weight[at * 2u]), bitcast<vec4f>(weight[at * 2u + 1u]));
}

// Where a column of the product starts in the input. Columns past the end read the last one and are never stored.
fn input_base(column: u32) -> u32 {
    let pixel = min(column, params.pixels - 1u);
    let per_image = params.out_h * params.out_w;
    let n = pixel / per_image;
    let oh = (pixel % per_image) / params.out_w;
    let ow = pixel % params.out_w;
    return (n * params.in_channels * params.in_h + oh * params.stride) * params.in_w + ow * params.stride;
}

fn store(column: u32, oc: u32, sum: f32) {
    if (column >= params.pixels || oc >= params.out_channels) {
        return;
    }
    let per_image = params.out_h * params.out_w;
    let at = ((column / per_image) * params.out_channels + oc) * per_image + column % per_image;
    var value = sum + bias[oc];
    if (RESIDUAL) {
        value += residual[at];
    }
    if (RELU) {
        value = max(value, 0.0);
    }
    output[at] = value;
}

fn store_column(column: u32, oc: u32, lo: vec4f, hi: vec4f) {
    store(column, oc, lo.x);
    store(column, oc + 1u, lo.y);
    store(column, oc + 2u, lo.z);
    store(column, oc + 3u, lo.w);
    store(column, oc + 4u, hi.x);
    store(column, oc + 5u, hi.y);
    store(column, oc + 6u, hi.z);
    store(column, oc + 7u, hi.w);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) workgroup_id: vec3u, @builtin(local_invocation_id) local_id: vec3u) {
    let column = workgroup_id.x * LANES * PIXEL_TILE + local_id.x;
    let oc_tile = workgroup_id.y * 8u + local_id.y;
    let oc = oc_tile * OC_TILE;
    if (oc >= params.out_channels) {
        return;
    }

    let plane = params.in_h * params.in_w;
    var i0 = input_base(column);
    var i1 = input_base(column + LANES);
    var i2 = input_base(column + 2u * LANES);
    var i3 = input_base(column + 3u * LANES);
    var i4 = input_base(column + 4u * LANES);
    var i5 = input_base(column + 5u * LANES);
    var i6 = input_base(column + 6u * LANES);
    var i7 = input_base(column + 7u * LANES);

    // Output channels 0..3 and 4..7 of each pixel.
    var lo0 = vec4f(); var hi0 = vec4f();
    var lo1 = vec4f(); var hi1 = vec4f();
    var lo2 = vec4f(); var hi2 = vec4f();
    var lo3 = vec4f(); var hi3 = vec4f();
    var lo4 = vec4f(); var hi4 = vec4f();
    var lo5 = vec4f(); var hi5 = vec4f();
    var lo6 = vec4f(); var hi6 = vec4f();
    var lo7 = vec4f(); var hi7 = vec4f();

    let first = oc_tile * params.in_channels;
    for (var ic = 0u; ic < params.in_channels; ic++) {
        let w = load_weight(first + ic);
        let lo = w.lo;
        let hi = w.hi;
        let offset = ic * plane;
        let x0 = vec4f(input[i0 + offset]); lo0 = fma(x0, lo, lo0); hi0 = fma(x0, hi, hi0);
        let x1 = vec4f(input[i1 + offset]); lo1 = fma(x1, lo, lo1); hi1 = fma(x1, hi, hi1);
        let x2 = vec4f(input[i2 + offset]); lo2 = fma(x2, lo, lo2); hi2 = fma(x2, hi, hi2);
        let x3 = vec4f(input[i3 + offset]); lo3 = fma(x3, lo, lo3); hi3 = fma(x3, hi, hi3);
        let x4 = vec4f(input[i4 + offset]); lo4 = fma(x4, lo, lo4); hi4 = fma(x4, hi, hi4);
        let x5 = vec4f(input[i5 + offset]); lo5 = fma(x5, lo, lo5); hi5 = fma(x5, hi, hi5);
        let x6 = vec4f(input[i6 + offset]); lo6 = fma(x6, lo, lo6); hi6 = fma(x6, hi, hi6);
        let x7 = vec4f(input[i7 + offset]); lo7 = fma(x7, lo, lo7); hi7 = fma(x7, hi, hi7);
    }

    store_column(column, oc, lo0, hi0);
    store_column(column + LANES, oc, lo1, hi1);
    store_column(column + 2u * LANES, oc, lo2, hi2);
    store_column(column + 3u * LANES, oc, lo3, hi3);
    store_column(column + 4u * LANES, oc, lo4, hi4);
    store_column(column + 5u * LANES, oc, lo5, hi5);
    store_column(column + 6u * LANES, oc, lo6, hi6);
    store_column(column + 7u * LANES, oc, lo7, hi7);
}
