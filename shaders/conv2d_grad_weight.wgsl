// output[oc, ic, kh, kw] = sum over n, oh, ow of grad[n, oc, oh, ow] * input[n, ic, oh*stride + kh - padding, ow*stride + kw - padding]
//
// A long sum of few terms each: a workgroup computes 8 output channels by 8 taps (ic, kh, kw) of a group. Its threads divide the
// pixels of all pictures among them; then each thread adds up one of the 64 weights, in one order. A thread sums in blocks, since a
// running sum over a whole batch would lose digits.

const TILE: u32 = 8u;
const THREADS: u32 = 64u;
const BLOCK: u32 = 64u;

// #import conv2d
@group(0) @binding(0) var<uniform> params: ConvParams;
@group(0) @binding(1) var<storage, read> grad: array<f32>;          // [n, out_channels, out_h, out_w]
@group(0) @binding(2) var<storage, read> input: array<f32>;         // [n, in_channels, in_h, in_w]
@group(0) @binding(3) var<storage, read_write> output: array<f32>;  // [out_channels, in_channels_per_group, kernel_size, kernel_size]

// [threads, channels, taps]
var<workgroup> partial: array<vec4f, 1024>;

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
    let out_plane = params.out_h * params.out_w;
    let in_plane = params.in_h * params.in_w;
    var plane: array<u32, TILE>;
    var kh: array<i32, TILE>;
    var kw: array<i32, TILE>;
    var channel: array<u32, TILE>;
    for (var t = 0u; t < TILE; t++) {  // unroll
        let tap = min(first_tap + t, taps - 1u);
        plane[t] = (group * in_channels_per_group + tap / area) * in_plane;
        kh[t] = i32(tap % area / params.kernel_size) - i32(params.padding);
        kw[t] = i32(tap % params.kernel_size) - i32(params.padding);
        channel[t] = (group * out_channels_per_group + min(first_oc + t, out_channels_per_group - 1u)) * out_plane;
    }

    let pixels = params.n * out_plane;
    var low: array<vec4f, TILE>;
    var high: array<vec4f, TILE>;
    for (var start = local_index; start < pixels; start += BLOCK * THREADS) {
        var low_block: array<vec4f, TILE>;
        var high_block: array<vec4f, TILE>;
        let end = min(start + BLOCK * THREADS, pixels);
        for (var i = start; i < end; i += THREADS) {
            let n = i / out_plane;
            let pixel = i % out_plane;
            let ih0 = i32(pixel / params.out_w * params.stride);
            let iw0 = i32(pixel % params.out_w * params.stride);
            let picture = n * params.in_channels * in_plane;
            var x: array<f32, TILE>;
            for (var t = 0u; t < TILE; t++) {  // unroll
                let ih = ih0 + kh[t];
                let iw = iw0 + kw[t];
                let inside = ih >= 0 && iw >= 0 && ih < i32(params.in_h) && iw < i32(params.in_w);
                let at = select(0u, u32(ih) * params.in_w + u32(iw), inside);
                x[t] = select(0.0, input[picture + plane[t] + at], inside);
            }
            let x_low = vec4f(x[0], x[1], x[2], x[3]);
            let x_high = vec4f(x[4], x[5], x[6], x[7]);
            let first = n * params.out_channels * out_plane + pixel;
            for (var o = 0u; o < TILE; o++) {  // unroll
                let dy = vec4f(grad[first + channel[o]]);
                low_block[o] = fma(dy, x_low, low_block[o]);
                high_block[o] = fma(dy, x_high, high_block[o]);
            }
        }
        for (var o = 0u; o < TILE; o++) {  // unroll
            low[o] += low_block[o];
            high[o] += high_block[o];
        }
    }

    for (var o = 0u; o < TILE; o++) {  // unroll
        partial[(local_index * TILE + o) * 2u] = low[o];
        partial[(local_index * TILE + o) * 2u + 1u] = high[o];
    }
    workgroupBarrier();
    let own = local_index / 4u;
    var sum = 0.0;
    for (var thread = 0u; thread < THREADS; thread++) {
        sum += partial[thread * TILE * 2u + own][local_index % 4u];
    }
    let oc = first_oc + local_index / TILE;
    let tap = first_tap + local_index % TILE;
    if (is_tile && oc < out_channels_per_group && tap < taps) {
        output[(group * out_channels_per_group + oc) * taps + tap] = sum;
    }
}
