// output[oc, ic, kh, kw] = sum over n, oh, ow of grad[n, oc, oh, ow] * input[n, ic, oh*stride + kh - padding, ow*stride + kw - padding]
//
// A long sum of few terms each: a workgroup computes 4 output channels by 4 taps (ic, kh, kw) of a group. Its threads divide the
// pixels of all pictures among them, and add up what they have in one order. A thread sums in blocks, since a running sum over a
// whole batch would lose digits.

const TILE: u32 = 4u;
const THREADS: u32 = 64u;
const BLOCK: u32 = 64u;

// #import conv2d_grad
@group(0) @binding(0) var<uniform> params: ConvGradParams;
@group(0) @binding(1) var<storage, read> grad: array<f32>;          // [n, out_channels, out_h, out_w]
@group(0) @binding(2) var<storage, read> input: array<f32>;         // [n, in_channels, in_h, in_w]
@group(0) @binding(3) var<storage, read_write> output: array<f32>;  // [out_channels, in_channels_per_group, kernel_size, kernel_size]

var<workgroup> partial: array<vec4f, 256>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup_id: vec3u,
    @builtin(num_workgroups) workgroup_count: vec3u,
    @builtin(local_invocation_index) local_index: u32,
) {
    let area = params.kernel_size * params.kernel_size;
    let in_channels_per_group = params.in_channels / params.groups;
    let out_channels_per_group = params.out_channels / params.groups;
    let taps = in_channels_per_group * area;
    let tap_tiles = (taps + TILE - 1u) / TILE;
    let oc_tiles = (out_channels_per_group + TILE - 1u) / TILE;

    // The last row of workgroups may have more than there are tiles: they compute the first tile and store nothing.
    let item = workgroup_id.y * workgroup_count.x + workgroup_id.x;
    let is_tile = item < params.groups * oc_tiles * tap_tiles;
    let tile = select(0u, item, is_tile);
    let group = tile / (oc_tiles * tap_tiles);
    let first_oc = (tile / tap_tiles) % oc_tiles * TILE;
    let first_tap = tile % tap_tiles * TILE;

    // Of the taps and channels that a last tile lacks, the last one is computed again.
    var channel: array<u32, TILE>;
    var kh: array<i32, TILE>;
    var kw: array<i32, TILE>;
    for (var t = 0u; t < TILE; t++) {  // unroll
        let tap = min(first_tap + t, taps - 1u);
        channel[t] = group * in_channels_per_group + tap / area;
        kh[t] = i32(tap % area / params.kernel_size) - i32(params.padding);
        kw[t] = i32(tap % params.kernel_size) - i32(params.padding);
    }

    let out_plane = params.out_h * params.out_w;
    let in_plane = params.in_h * params.in_w;
    let pixels = params.n * out_plane;
    var totals: array<vec4f, TILE>;
    var start = local_index;
    while (start < pixels) {
        var sums: array<vec4f, TILE>;
        let end = min(start + BLOCK * THREADS, pixels);
        for (var i = start; i < end; i += THREADS) {
            let n = i / out_plane;
            let oh = i % out_plane / params.out_w;
            let ow = i % params.out_w;
            var x: vec4f;
            for (var t = 0u; t < TILE; t++) {  // unroll
                let ih = i32(oh * params.stride) + kh[t];
                let iw = i32(ow * params.stride) + kw[t];
                let inside = ih >= 0 && iw >= 0 && ih < i32(params.in_h) && iw < i32(params.in_w);
                let row = u32(clamp(ih, 0, i32(params.in_h) - 1));
                let column = u32(clamp(iw, 0, i32(params.in_w) - 1));
                x[t] = select(0.0, input[(n * params.in_channels + channel[t]) * in_plane + row * params.in_w + column], inside);
            }
            let first = n * params.out_channels + group * out_channels_per_group;
            for (var o = 0u; o < TILE; o++) {  // unroll
                let oc = min(first_oc + o, out_channels_per_group - 1u);
                let dy = grad[(first + oc) * out_plane + i % out_plane];
                sums[o] = fma(vec4f(dy), x, sums[o]);
            }
        }
        for (var o = 0u; o < TILE; o++) {  // unroll
            totals[o] += sums[o];
        }
        start += BLOCK * THREADS;
    }

    for (var o = 0u; o < TILE; o++) {  // unroll
        partial[o * THREADS + local_index] = totals[o];
    }
    workgroupBarrier();
    for (var half = THREADS / 2u; half > 0u; half /= 2u) {
        if (local_index < half) {
            for (var o = 0u; o < TILE; o++) {  // unroll
                partial[o * THREADS + local_index] += partial[o * THREADS + local_index + half];
            }
        }
        workgroupBarrier();
    }

    // One weight per thread.
    let oc = first_oc + local_index / TILE;
    let tap = first_tap + local_index % TILE;
    if (is_tile && local_index < TILE * TILE && oc < out_channels_per_group && tap < taps) {
        output[(group * out_channels_per_group + oc) * taps + tap] = partial[local_index / TILE * THREADS][local_index % TILE];
    }
}
