// output[n, oc, oh, ow] = act(bias[oc] + sum over ic of weight[oc, ic] * input[n, ic, oh*stride, ow*stride] + residual[n, oc, oh, ow])
//
// A 1x1 convolution in one group, for devices whose threads share values in subgroups of SHARED or more. All threads of a workgroup
// compute the same OC_TILE output channels, each of PIXELS pixels that lie SHARED apart. So they need the same weights: of each input
// channel a thread loads four, and gets the others from its subgroup. src/reference/conv2d_subgroup.rs computes the same as plain loops.

const PIXELS: u32 = 7u;
const WEIGHT_F16: bool = false;
const ACTIVATION_F16: bool = false;
const SHARED: u32 = 8u;                    // threads of a workgroup, and vectors of 4 output channels
const OC_TILE: u32 = 4u * SHARED;

// #import ACTIVATION_F16 ? activation_f16 : activation_f32
// #import conv2d
@group(0) @binding(0) var<uniform> params: ConvParams;
@group(0) @binding(1) var<storage, read> input: array<Activation>;  // [n, in_channels, in_h, in_w]
// #import WEIGHT_F16 ? weight_f16 : weight_f32                        [tiles, in_channels, OC_TILE]
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [out_channels]
@group(0) @binding(4) var<storage, read> residual: array<Activation>;  // as output
@group(0) @binding(5) var<storage, read_write> output: array<Activation>;  // [n, out_channels, out_h, out_w]
// #import conv2d_store
// #import pixel_base

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) workgroup_id: vec3u, @builtin(local_invocation_id) local_id: vec3u,
        @builtin(subgroup_invocation_id) lane: u32) {
    let first_pixel = workgroup_id.x * SHARED * PIXELS + local_id.x;
    let tile = workgroup_id.y;
    var base: array<u32, PIXELS>;
    for (var p = 0u; p < PIXELS; p++) {  // unroll
        base[p] = input_base(first_pixel + p * SHARED);
    }

    var sums: array<array<vec4f, SHARED>, PIXELS>;
    let plane = params.in_h * params.in_w;
    var at = tile * params.in_channels * SHARED + lane % SHARED;
    for (var ic = 0u; ic < params.in_channels; ic++) {
        // A broadcast names its lane by a number.
        let own = load_weight(at);
        var w: array<vec4f, SHARED>;
        w[0] = subgroupBroadcast(own, 0u);
        w[1] = subgroupBroadcast(own, 1u);
        w[2] = subgroupBroadcast(own, 2u);
        w[3] = subgroupBroadcast(own, 3u);
        w[4] = subgroupBroadcast(own, 4u);
        w[5] = subgroupBroadcast(own, 5u);
        w[6] = subgroupBroadcast(own, 6u);
        w[7] = subgroupBroadcast(own, 7u);
        for (var p = 0u; p < PIXELS; p++) {  // unroll
            let x = vec4f(f32(input[base[p] + ic * plane]));
            for (var o = 0u; o < SHARED; o++) {  // unroll
                sums[p][o] = fma(w[o], x, sums[p][o]);
            }
        }
        at += SHARED;
    }

    // A copy that can be indexed: unrolled, the stores would take longer to compile than all of the above.
    var results = sums;
    let per_image = params.out_h * params.out_w;
    let channels = min(OC_TILE, params.out_channels - tile * OC_TILE);
    for (var p = 0u; p < PIXELS; p++) {
        let pixel = first_pixel + p * SHARED;
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
