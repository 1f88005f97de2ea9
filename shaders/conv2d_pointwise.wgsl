// output[n, oc, oh, ow] = act(bias[oc] + sum over ic of weight[oc, ic] * input[n, ic, oh*stride, ow*stride] + residual[n, oc, oh, ow])
//
// A 1x1 convolution in one group is a matrix product: rows are output channels, columns are the pixels of the whole batch. Its
// operands stay in registers, without barriers. A thread computes OC_TILE channels of PIXELS pixels, so that each value it loads is
// used many times; its pixels lie LANES apart, so that neighbouring threads read neighbouring pixels. Workgroups that follow each other
// (workgroup_id.x) compute other channels of the same pixels, so that these are still in the cache. A linear layer is the same with one
// pixel per image. src/reference/conv2d_pointwise.rs computes the same as plain loops.

const OC_VECTORS: u32 = 2u;      // of 4 output channels each
const PIXELS: u32 = 8u;
const K_STEP: u32 = 2u;          // input channels per turn of the loop
const LANES: u32 = 8u;           // threads side by side along the pixels
const TILES: u32 = 8u;           // and along the output channels
const WEIGHT_F16: bool = false;
const ACTIVATION_F16: bool = false;
const OC_TILE: u32 = 4u * OC_VECTORS;

// #import ACTIVATION_F16 ? activation_f16 : activation_f32
// #import conv2d
@group(0) @binding(0) var<uniform> params: ConvParams;
@group(0) @binding(1) var<storage, read> input: array<Activation>;  // [n, in_channels, in_h, in_w]
// #import WEIGHT_F16 ? weight_f16 : weight_f32                        [tiles, in_channels up to a whole K_STEP, OC_TILE]
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [out_channels]
@group(0) @binding(4) var<storage, read> residual: array<Activation>;  // as output
@group(0) @binding(5) var<storage, read_write> output: array<Activation>;  // [n, out_channels, out_h, out_w]
// #import conv2d_store

// Where a pixel lies in the plane of the first input channel. Pixels past the end read the last one, and are not stored.
fn input_base(pixel: u32) -> u32 {
    let per_image = params.out_h * params.out_w;
    let at = min(pixel, params.n * per_image - 1u);
    let n = at / per_image;
    let oh = (at % per_image) / params.out_w;
    let ow = at % params.out_w;
    return (n * params.in_channels * params.in_h + oh * params.stride) * params.in_w + ow * params.stride;
}

@compute @workgroup_size(LANES, TILES)
fn main(@builtin(workgroup_id) workgroup_id: vec3u, @builtin(local_invocation_id) local_id: vec3u) {
    let first_pixel = workgroup_id.y * LANES * PIXELS + local_id.x;
    let tile = workgroup_id.x * TILES + local_id.y;
    if (tile * OC_TILE >= params.out_channels) {
        return;
    }
    var base: array<u32, PIXELS>;
    for (var p = 0u; p < PIXELS; p++) {  // unroll
        base[p] = input_base(first_pixel + p * LANES);
    }

    var sums: array<array<vec4f, OC_VECTORS>, PIXELS>;
    let plane = params.in_h * params.in_w;
    let last = params.in_channels - 1u;
    var at = tile * ((params.in_channels + K_STEP - 1u) / K_STEP) * K_STEP * OC_VECTORS;
    for (var ic = 0u; ic < params.in_channels; ic += K_STEP) {
        for (var k = 0u; k < K_STEP; k++) {  // unroll
            // Past the last channel the weights are zero.
            let offset = min(ic + k, last) * plane;
            var w: array<vec4f, OC_VECTORS>;
            for (var o = 0u; o < OC_VECTORS; o++) {  // unroll
                w[o] = load_weight(at + k * OC_VECTORS + o);
            }
            for (var p = 0u; p < PIXELS; p++) {  // unroll
                // Weights come first in the product: SwiftShader copies that factor each time, and `x` is used again at once.
                let x = vec4f(f32(input[base[p] + offset]));
                for (var o = 0u; o < OC_VECTORS; o++) {  // unroll
                    sums[p][o] = fma(w[o], x, sums[p][o]);
                }
            }
        }
        at += K_STEP * OC_VECTORS;
    }

    // A copy that can be indexed: unrolled, the stores would take longer to compile than all of the above.
    var results = sums;
    let per_image = params.out_h * params.out_w;
    let channels = min(OC_TILE, params.out_channels - tile * OC_TILE);
    for (var p = 0u; p < PIXELS; p++) {
        let pixel = first_pixel + p * LANES;
        if (pixel >= params.n * per_image) {
            break;
        }
        let first = (pixel / per_image) * params.out_channels * per_image + pixel % per_image;
        for (var o = 0u; o < channels; o++) {
            let oc = tile * OC_TILE + o;
            store(first + oc * per_image, oc, results[p][o / 4u][o % 4u]);
        }
    }
}
