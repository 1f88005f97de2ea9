// output[n, oc, oh, ow] = act(bias[oc] + sum over ic in oc's group, kh, kw of
//     weight[oc, ic, kh, kw] * input[n, ic, oh*stride + kh - P, ow*stride + kw - P] + residual[n, oc, oh, ow]), P = KERNEL_SIZE / 2
//
// A 1x1 or 3x3 convolution of large groups, for devices whose threads share values in subgroups of SHARED or more. All threads of a
// workgroup compute the same OC_TILE output channels, each of PIXELS pixels that lie SHARED apart. So they need the same weights: of
// each input channel under a tap of the window a thread loads eight, and gets the others from its subgroup. Workgroups that follow each
// other (workgroup_id.x) compute other channels of the same pixels, so that these are still in the cache.
// src/reference/conv2d_subgroup.rs computes the same as plain loops.

const KERNEL_SIZE: u32 = 1u;
const PIXELS: u32 = 7u;
const WEIGHT_F16: bool = false;
const ACTIVATION_F16: bool = false;
const SHARED: u32 = 8u;                    // threads of a workgroup
const OC_VECTORS: u32 = 2u * SHARED;       // of 4 output channels each
const OC_TILE: u32 = 4u * OC_VECTORS;

// #import ACTIVATION_F16 ? activation_f16 : activation_f32
// #import conv2d
@group(0) @binding(0) var<uniform> params: ConvParams;
@group(0) @binding(1) var<storage, read> input: array<Activation>;  // [n, in_channels, in_h, in_w]
// #import WEIGHT_F16 ? weight_f16 : weight_f32                        [groups, tiles, in_channels_per_group, KERNEL_SIZE, KERNEL_SIZE, OC_TILE]
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [out_channels]
@group(0) @binding(4) var<storage, read> residual: array<Activation>;  // as output
@group(0) @binding(5) var<storage, read_write> output: array<Activation>;  // [n, out_channels, out_h, out_w]
// #import conv2d_store

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) workgroup_id: vec3u, @builtin(local_invocation_id) local_id: vec3u,
        @builtin(subgroup_invocation_id) lane: u32) {
    let in_channels_per_group = params.in_channels / params.groups;
    let out_channels_per_group = params.out_channels / params.groups;
    let tiles = (out_channels_per_group + OC_TILE - 1u) / OC_TILE;
    let group = workgroup_id.z;
    let tile = workgroup_id.x;
    let first_pixel = workgroup_id.y * SHARED * PIXELS + local_id.x;
    let per_image = params.out_h * params.out_w;
    let plane = params.in_h * params.in_w;

    var sums: array<array<vec4f, OC_VECTORS>, PIXELS>;
    for (var tap = 0u; tap < KERNEL_SIZE * KERNEL_SIZE; tap++) {
        // Where the tap meets the first channel. What lies in the padding is read at the edge, and counts as 0; pixels past the end
        // read the last one, and are not stored.
        var base: array<u32, PIXELS>;
        var inside: array<bool, PIXELS>;
        for (var p = 0u; p < PIXELS; p++) {  // unroll
            let pixel = min(first_pixel + p * SHARED, params.n * per_image - 1u);
            let first_plane = (pixel / per_image * params.in_channels + group * in_channels_per_group) * params.in_h;
            let ih = i32(pixel % per_image / params.out_w * params.stride + tap / KERNEL_SIZE) - i32(KERNEL_SIZE / 2u);
            let iw = i32(pixel % params.out_w * params.stride + tap % KERNEL_SIZE) - i32(KERNEL_SIZE / 2u);
            let at = clamp(vec2i(ih, iw), vec2i(), vec2i(vec2u(params.in_h, params.in_w)) - 1);
            inside[p] = all(at == vec2i(ih, iw));
            base[p] = (first_plane + u32(at.x)) * params.in_w + u32(at.y);
        }
        var at = ((group * tiles + tile) * in_channels_per_group * KERNEL_SIZE * KERNEL_SIZE + tap) * OC_VECTORS + lane % SHARED;
        for (var ic = 0u; ic < in_channels_per_group; ic++) {
            let own_0 = load_weight(at);
            let own_1 = load_weight(at + SHARED);
            // A broadcast names its lane by a number.
            var w: array<vec4f, OC_VECTORS>;
            w[0] = subgroupBroadcast(own_0, 0u);
            w[1] = subgroupBroadcast(own_0, 1u);
            w[2] = subgroupBroadcast(own_0, 2u);
            w[3] = subgroupBroadcast(own_0, 3u);
            w[4] = subgroupBroadcast(own_0, 4u);
            w[5] = subgroupBroadcast(own_0, 5u);
            w[6] = subgroupBroadcast(own_0, 6u);
            w[7] = subgroupBroadcast(own_0, 7u);
            w[8] = subgroupBroadcast(own_1, 0u);
            w[9] = subgroupBroadcast(own_1, 1u);
            w[10] = subgroupBroadcast(own_1, 2u);
            w[11] = subgroupBroadcast(own_1, 3u);
            w[12] = subgroupBroadcast(own_1, 4u);
            w[13] = subgroupBroadcast(own_1, 5u);
            w[14] = subgroupBroadcast(own_1, 6u);
            w[15] = subgroupBroadcast(own_1, 7u);
            for (var p = 0u; p < PIXELS; p++) {  // unroll
                var x = f32(input[base[p] + ic * plane]);
                if (KERNEL_SIZE > 1u) {
                    x = select(0.0, x, inside[p]);
                }
                for (var o = 0u; o < OC_VECTORS; o++) {  // unroll
                    sums[p][o] = fma(w[o], vec4f(x), sums[p][o]);
                }
            }
            at += KERNEL_SIZE * KERNEL_SIZE * OC_VECTORS;
        }
    }

    // A copy that can be indexed: unrolled, the stores would take longer to compile than all of the above.
    var results = sums;
    let channels = min(OC_TILE, out_channels_per_group - tile * OC_TILE);
    for (var p = 0u; p < PIXELS; p++) {
        let pixel = first_pixel + p * SHARED;
        if (pixel >= params.n * per_image) {
            break;
        }
        let first = (pixel / per_image) * params.out_channels * per_image + pixel % per_image;
        for (var o = 0u; o < channels; o++) {
            let oc = group * out_channels_per_group + tile * OC_TILE + o;
            store(first + oc * per_image, oc, results[p][o / 4u][o % 4u]);
        }
    }
}
