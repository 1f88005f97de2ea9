// output[n, c, h, w] = weight[c] / sqrt(variance[c] + eps) * (grad[n, c, h, w] - grad_bias[c] / m - xhat * grad_weight[c] / m)
//
// m = n * h * w, and xhat = (input[n, c, h, w] - mean[c]) / sqrt(variance[c] + eps). Where ReLU follows, gradients count where its
// output is above 0. Several workgroups per channel.

const RELU: bool = true;

// #import batch_norm
@group(0) @binding(0) var<uniform> params: BatchNormParams;
@group(0) @binding(1) var<storage, read> input: array<f32>;            // [n, channels, h, w]
@group(0) @binding(2) var<storage, read> statistics: array<f32>;       // [2, channels]: mean, variance
@group(0) @binding(3) var<storage, read> grad: array<f32>;             // as input: the gradient of the output
@group(0) @binding(4) var<storage, read> parameters: array<f32>;       // [2, channels]: weight, bias
@group(0) @binding(5) var<storage, read> grad_parameters: array<f32>;  // [2, channels]: of weight, of bias
@group(0) @binding(6) var<storage, read> activation: array<f32>;       // as input: the output, if ReLU follows
@group(0) @binding(7) var<storage, read_write> output: array<f32>;     // as input

// #import channel_places
// #import relu_grad

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) workgroup_id: vec3u,
    @builtin(num_workgroups) workgroup_count: vec3u,
    @builtin(local_invocation_index) local_index: u32,
) {
    let c = workgroup_id.x;
    let mean = statistics[c];
    let scale = 1.0 / sqrt(statistics[params.channels + c] + params.eps);
    let count = f32(params.n * params.plane);
    let by_xhat = grad_parameters[c] * scale / count;
    let constant = grad_parameters[params.channels + c] / count;
    let outer = parameters[c] * scale;

    let step = place_of(workgroup_count.y * 64u, params.plane);
    var place = place_of(workgroup_id.y * 64u + local_index, params.plane);
    while (place.n < params.n) {
        let at = (place.n * params.channels + c) * params.plane + place.pixel;
        output[at] = outer * (relu_grad(at) - constant - (input[at] - mean) * by_xhat);
        place = next_place(place, step, params.plane);
    }
}
