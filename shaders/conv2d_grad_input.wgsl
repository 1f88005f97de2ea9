// output[n, ic, ih, iw] = residual[n, ic, ih, iw] + sum over oc in ic's group, kh, kw of
//     weight[oc, ic, kh, kw] * grad[n, oc, oh, ow], where ih = oh*stride + kh - padding and iw = ow*stride + kw - padding
//
// A gradient of any kernel size, stride, padding and grouping, gathered per input pixel, so that no two threads write one value. A
// thread computes 4 input channels of a pixel: it reads each gradient once for all of them.

const IC_TILE: u32 = 4u;

// #import conv2d
@group(0) @binding(0) var<uniform> params: ConvParams;
@group(0) @binding(1) var<storage, read> grad: array<f32>;          // [n, out_channels, out_h, out_w]
@group(0) @binding(2) var<storage, read> weight: array<f32>;        // [out_channels, in_channels_per_group, kernel_size, kernel_size]
@group(0) @binding(3) var<storage, read> residual: array<f32>;      // as output
@group(0) @binding(4) var<storage, read_write> output: array<f32>;  // [n, in_channels, in_h, in_w]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let in_channels_per_group = params.in_channels / params.groups;
    let out_channels_per_group = params.out_channels / params.groups;
    let tiles = (in_channels_per_group + IC_TILE - 1u) / IC_TILE;
    let plane = params.in_h * params.in_w;

    let item = global_id.y * workgroup_count.x * 64u + global_id.x;
    if (item >= params.n * params.groups * tiles * plane) {
        return;
    }
    let n = item / (params.groups * tiles * plane);
    let group = (item / (tiles * plane)) % params.groups;
    let first_ic = (item / plane) % tiles * IC_TILE;
    let ih = (item % plane) / params.in_w;
    let iw = item % params.in_w;

    let channels = min(IC_TILE, in_channels_per_group - first_ic);
    let area = params.kernel_size * params.kernel_size;
    // Of the channels that a last tile lacks, the last one is computed again.
    let next = min(vec3u(1u, 2u, 3u), vec3u(channels - 1u)) * area;
    var sums = vec4f();
    // Of the taps, only every stride-th of a row or column met this pixel; with each, an output pixel one before the last one.
    let below = (ih + params.padding) / params.stride;
    let right = (iw + params.padding) / params.stride;
    let first_kh = ih + params.padding - below * params.stride;
    let first_kw = iw + params.padding - right * params.stride;
    for (var i = 0u; first_kh + i * params.stride < params.kernel_size; i++) {
        // A tap above the first row wraps to a large number, which no row has.
        let oh = below - i;
        if (oh >= params.out_h) {
            continue;
        }
        let kh = first_kh + i * params.stride;
        for (var j = 0u; first_kw + j * params.stride < params.kernel_size; j++) {
            let ow = right - j;
            if (ow >= params.out_w) {
                continue;
            }
            let kw = first_kw + j * params.stride;
            let pixel = oh * params.out_w + ow;
            for (var o = 0u; o < out_channels_per_group; o++) {
                let oc = group * out_channels_per_group + o;
                let dy = grad[(n * params.out_channels + oc) * params.out_h * params.out_w + pixel];
                let first = (oc * in_channels_per_group + first_ic) * area + kh * params.kernel_size + kw;
                let w = vec4f(weight[first], weight[first + next.x], weight[first + next.y], weight[first + next.z]);
                sums = fma(vec4f(dy), w, sums);
            }
        }
    }

    for (var i = 0u; i < channels; i++) {
        let ic = group * in_channels_per_group + first_ic + i;
        let to = (n * params.in_channels + ic) * plane + ih * params.in_w + iw;
        var value = sums[i];
        if (params.residual != 0u) {
            value += residual[to];
        }
        output[to] = value;
    }
}
