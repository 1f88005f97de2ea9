// output[0, c] = mean of input[n, c, h, w] over n, h, w
// output[1, c] = mean of (input[n, c, h, w] - output[0, c])^2
//
// One workgroup per channel, in two passes: the second one also corrects the mean by what rounding left of it.

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

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup_id: vec3u, @builtin(local_invocation_index) local_index: u32) {
    let c = workgroup_id.x;
    let values = params.n * params.plane;

    var sum = 0.0;
    for (var place = first_place(local_index, params.plane); place.n < params.n; place = next_place(place, params.plane)) {
        sum += input[(place.n * params.channels + c) * params.plane + place.pixel];
    }
    let near = workgroup_sum(vec2f(sum, 0.0), local_index).x / f32(values);

    var rest = 0.0;
    var squares = 0.0;
    for (var place = first_place(local_index, params.plane); place.n < params.n; place = next_place(place, params.plane)) {
        let off = input[(place.n * params.channels + c) * params.plane + place.pixel] - near;
        rest += off;
        squares = fma(off, off, squares);
    }
    let means = workgroup_sum(vec2f(rest, squares), local_index) / f32(values);
    if (local_index == 0u) {
        output[c] = near + means.x;
        output[params.channels + c] = means.y - means.x * means.x;
    }
}
