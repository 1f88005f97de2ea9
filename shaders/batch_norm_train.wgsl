// output[n, c, h, w] = act((input[n, c, h, w] - mean[c]) / sqrt(variance[c] + eps) * weight[c] + bias[c])
//
// Several workgroups per channel.

const RELU: bool = true;

// #import batch_norm
@group(0) @binding(0) var<uniform> params: BatchNormParams;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, channels, h, w]
@group(0) @binding(2) var<storage, read> statistics: array<f32>;    // [2, channels]: mean, variance
@group(0) @binding(3) var<storage, read> parameters: array<f32>;    // [2, channels]: weight, bias
@group(0) @binding(4) var<storage, read_write> output: array<f32>;  // [n, channels, h, w]

// #import channel_places

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup_id: vec3u,
    @builtin(num_workgroups) workgroup_count: vec3u,
    @builtin(local_invocation_index) local_index: u32,
) {
    let c = workgroup_id.x;
    let mean = statistics[c];
    let scale = parameters[c] / sqrt(statistics[params.channels + c] + params.eps);
    let bias = parameters[params.channels + c];

    let step = place_of(workgroup_count.y * 64u, params.plane);
    var place = place_of(workgroup_id.y * 64u + local_index, params.plane);
    while (place.n < params.n) {
        let at = (place.n * params.channels + c) * params.plane + place.pixel;
        let value = fma(input[at] - mean, scale, bias);
        output[at] = select(value, max(value, 0.0), RELU);
        place = next_place(place, step, params.plane);
    }
}
