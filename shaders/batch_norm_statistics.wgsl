// output[0, c] = mean of input[n, c, h, w] over n, h, w
// output[1, c] = mean of (input[n, c, h, w] - output[0, c])^2
//
// One workgroup per channel, in one pass over memory: a thread keeps mean and sum of squares (about that mean) of what it has seen,
// and joins a block of values to them, whose own it computes in registers (Welford's rule, for blocks: Chan et al.). Then the threads'
// are joined.

const BLOCK: u32 = 8u;

struct Params {
    n: u32,
    channels: u32,
    plane: u32,  // h * w
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, channels, h, w]
@group(0) @binding(2) var<storage, read_write> output: array<f32>;  // [2, channels]

// #import channel_places
// #import workgroup_sum

var<workgroup> near: f32;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup_id: vec3u, @builtin(local_invocation_index) local_index: u32) {
    let c = workgroup_id.x;
    let step = place_of(256u, params.plane);
    var seen = 0.0;
    var mean = 0.0;
    var squares = 0.0;
    var place = place_of(local_index, params.plane);
    while (place.n < params.n) {
        var x: array<f32, BLOCK>;
        var there: array<f32, BLOCK>;
        var count = 0.0;
        var sum = 0.0;
        for (var i = 0u; i < BLOCK; i++) {  // unroll
            let inside = place.n < params.n;
            let at = (place.n * params.channels + c) * params.plane + place.pixel;
            there[i] = select(0.0, 1.0, inside);
            x[i] = select(0.0, input[select(0u, at, inside)], inside);
            count += there[i];
            sum += x[i];
            place = next_place(place, step, params.plane);
        }
        let own_mean = sum / count;
        var own_squares = 0.0;
        for (var i = 0u; i < BLOCK; i++) {  // unroll
            let off = (x[i] - own_mean) * there[i];
            own_squares = fma(off, off, own_squares);
        }
        let off = own_mean - mean;
        let share = count / (seen + count);
        mean = fma(off, share, mean);
        squares += own_squares + off * off * seen * share;
        seen += count;
    }

    let values = f32(params.n * params.plane);
    // About one thread's mean, since the sum of all of them would lose digits where they are far from 0.
    if (local_index == 0u) {
        near = mean;
    }
    workgroupBarrier();
    let rest = workgroup_sum(vec2f(seen * (mean - near), 0.0), local_index).x / values;
    let off = mean - near - rest;
    let total = workgroup_sum(vec2f(squares + seen * off * off, 0.0), local_index).x;
    if (local_index == 0u) {
        output[c] = near + rest;
        output[params.channels + c] = total / values;
    }
}
