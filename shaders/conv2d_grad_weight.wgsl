// output[oc, ic, kh, kw] = sum over n, oh, ow of grad[n, oc, oh, ow] * input[n, ic, oh*stride + kh - padding, ow*stride + kw - padding]
//
// A long sum of few terms each: a workgroup computes OC_TILE output channels by 4 * TAP_VECTORS taps (ic, kh, kw) of a group. Its
// threads divide the pixels of all pictures among them, and each sums the whole tile; then they add up in one order. A thread sums in
// blocks, since a running sum over a whole batch would lose digits.

const OC_TILE: u32 = 8u;
const TAP_VECTORS: u32 = 2u;   // of 4 taps each
const THREADS: u32 = 64u;
const POINTWISE: bool = false; // for a 1x1 kernel without padding: a tap is an input channel
const STRIDED: bool = true;    // where POINTWISE: for any stride, not 1 alone
const BLOCK: u32 = 64u;
const TAPS: u32 = 4u * TAP_VECTORS;

// #import conv2d
@group(0) @binding(0) var<uniform> params: ConvParams;
@group(0) @binding(1) var<storage, read> grad: array<f32>;          // [n, out_channels, out_h, out_w]
@group(0) @binding(2) var<storage, read> input: array<f32>;         // [n, in_channels, in_h, in_w]
@group(0) @binding(3) var<storage, read_write> output: array<f32>;  // [out_channels, in_channels_per_group, kernel_size, kernel_size]

// #import channel_places

// [threads, channels, taps]
var<workgroup> partial: array<vec4f, THREADS * OC_TILE * TAP_VECTORS>;

@compute @workgroup_size(THREADS)
fn main(
    @builtin(workgroup_id) workgroup_id: vec3u,
    @builtin(num_workgroups) workgroup_count: vec3u,
    @builtin(local_invocation_index) local_index: u32,
) {
    let area = params.kernel_size * params.kernel_size;
    let in_channels_per_group = params.in_channels / params.groups;
    let out_channels_per_group = params.out_channels / params.groups;
    let taps = in_channels_per_group * area;
    let tap_tiles = (taps + TAPS - 1u) / TAPS;
    let oc_tiles = (out_channels_per_group + OC_TILE - 1u) / OC_TILE;

    // The last row of workgroups may have more than there are tiles: they compute the first tile and store nothing.
    let item = workgroup_id.y * workgroup_count.x + workgroup_id.x;
    let is_tile = item < params.groups * oc_tiles * tap_tiles;
    let tile = select(0u, item, is_tile);
    let group = tile / (oc_tiles * tap_tiles);
    let first_oc = (tile / tap_tiles) % oc_tiles * OC_TILE;
    let first_tap = tile % tap_tiles * TAPS;

    // Of the taps and channels that a last tile lacks, the last one is computed again.
    let out_plane = params.out_h * params.out_w;
    let in_plane = params.in_h * params.in_w;
    var own: array<u32, TAPS>;
    var kh: array<i32, TAPS>;
    var kw: array<i32, TAPS>;
    var channel: array<u32, OC_TILE>;
    for (var t = 0u; t < TAPS; t++) {  // unroll
        let tap = min(first_tap + t, taps - 1u);
        own[t] = (group * in_channels_per_group + tap / area) * in_plane;
        kh[t] = i32(tap % area / params.kernel_size) - i32(params.padding);
        kw[t] = i32(tap % params.kernel_size) - i32(params.padding);
    }
    for (var o = 0u; o < OC_TILE; o++) {  // unroll
        channel[o] = (group * out_channels_per_group + min(first_oc + o, out_channels_per_group - 1u)) * out_plane;
    }

    let step = place_of(THREADS, out_plane);
    var place = place_of(local_index, out_plane);
    var sums: array<array<vec4f, TAP_VECTORS>, OC_TILE>;
    while (place.n < params.n) {
        var block: array<array<vec4f, TAP_VECTORS>, OC_TILE>;
        for (var i = 0u; i < BLOCK && place.n < params.n; i++) {
            let picture = place.n * params.in_channels * in_plane;
            var x: array<vec4f, TAP_VECTORS>;
            if (POINTWISE) {
                var seen = picture + place.pixel;
                if (STRIDED) {
                    // oh * in_w + ow, with one division.
                    let oh = place.pixel / params.out_w;
                    seen = picture + (place.pixel + oh * (params.in_w - params.out_w)) * params.stride;
                }
                for (var v = 0u; v < TAP_VECTORS; v++) {  // unroll
                    x[v] = vec4f(input[seen + own[4u * v]], input[seen + own[4u * v + 1u]],
                                 input[seen + own[4u * v + 2u]], input[seen + own[4u * v + 3u]]);
                }
            } else {
                let oh = place.pixel / params.out_w;
                let ih0 = i32(oh * params.stride);
                let iw0 = i32((place.pixel - oh * params.out_w) * params.stride);
                for (var v = 0u; v < TAP_VECTORS; v++) {  // unroll
                    let ih = ih0 + vec4i(kh[4u * v], kh[4u * v + 1u], kh[4u * v + 2u], kh[4u * v + 3u]);
                    let iw = iw0 + vec4i(kw[4u * v], kw[4u * v + 1u], kw[4u * v + 2u], kw[4u * v + 3u]);
                    let in_rows = (ih >= vec4i()) & (ih < vec4i(i32(params.in_h)));
                    let inside = in_rows & (iw >= vec4i()) & (iw < vec4i(i32(params.in_w)));
                    let planes = vec4u(own[4u * v], own[4u * v + 1u], own[4u * v + 2u], own[4u * v + 3u]);
                    let places = picture + planes + select(vec4u(), vec4u(ih) * params.in_w + vec4u(iw), inside);
                    x[v] = select(vec4f(), vec4f(input[places.x], input[places.y], input[places.z], input[places.w]), inside);
                }
            }
            let first = place.n * params.out_channels * out_plane + place.pixel;
            for (var o = 0u; o < OC_TILE; o++) {  // unroll
                let dy = vec4f(grad[first + channel[o]]);
                for (var v = 0u; v < TAP_VECTORS; v++) {  // unroll
                    block[o][v] = fma(dy, x[v], block[o][v]);
                }
            }
            place = next_place(place, step, out_plane);
        }
        for (var o = 0u; o < OC_TILE; o++) {  // unroll
            for (var v = 0u; v < TAP_VECTORS; v++) {  // unroll
                sums[o][v] += block[o][v];
            }
        }
    }

    for (var o = 0u; o < OC_TILE; o++) {  // unroll
        for (var v = 0u; v < TAP_VECTORS; v++) {  // unroll
            partial[(local_index * OC_TILE + o) * TAP_VECTORS + v] = sums[o][v];
        }
    }
    workgroupBarrier();
    for (var at = local_index; at < OC_TILE * TAPS; at += THREADS) {
        var sum = 0.0;
        for (var thread = 0u; thread < THREADS; thread++) {
            sum += partial[thread * OC_TILE * TAP_VECTORS + at / 4u][at % 4u];
        }
        let oc = first_oc + at / TAPS;
        let tap = first_tap + at % TAPS;
        if (is_tile && oc < out_channels_per_group && tap < taps) {
            output[(group * out_channels_per_group + oc) * taps + tap] = sum;
        }
    }
}
