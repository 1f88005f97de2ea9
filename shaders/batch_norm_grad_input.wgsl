// output[n, c, h, w] = weight[c] / sqrt(variance[c] + eps) * (grad[n, c, h, w] - grad_bias[c] / m - xhat * grad_weight[c] / m)
//
// m = n * h * w, and xhat = (input[n, c, h, w] - mean[c]) / sqrt(variance[c] + eps). Where ReLU follows, gradients count where its
// output is above 0.

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

// #import relu_grad

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let at = global_id.y * workgroup_count.x * 64u + global_id.x;
    if (at >= params.n * params.channels * params.plane) {
        return;
    }
    let c = (at / params.plane) % params.channels;
    let scale = 1.0 / sqrt(statistics[params.channels + c] + params.eps);
    let count = f32(params.n * params.plane);
    let by_xhat = grad_parameters[c] * scale / count;
    let constant = grad_parameters[params.channels + c] / count;
    output[at] = parameters[c] * scale * (relu_grad(at) - constant - (input[at] - statistics[c]) * by_xhat);
}
