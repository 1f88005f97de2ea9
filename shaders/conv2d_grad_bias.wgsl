// output[c] = sum over n, h, w of grad[n, c, h, w]
//
// One workgroup per channel. Of a linear layer too, where h and w are 1.

struct Params {
    n: u32,
    channels: u32,
    plane: u32,  // h * w
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> grad: array<f32>;          // [n, channels, h, w]
@group(0) @binding(2) var<storage, read_write> output: array<f32>;  // [channels]

// #import channel_places
// #import workgroup_sum

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup_id: vec3u, @builtin(local_invocation_index) local_index: u32) {
    let c = workgroup_id.x;
    let step = place_of(256u, params.plane);
    var sum = 0.0;
    for (var place = place_of(local_index, params.plane); place.n < params.n; place = next_place(place, step, params.plane)) {
        sum += grad[(place.n * params.channels + c) * params.plane + place.pixel];
    }
    sum = workgroup_sum(vec2f(sum, 0.0), local_index).x;
    if (local_index == 0u) {
        output[c] = sum;
    }
}
