// output[n, c, h, w] = act((input[n, c, h, w] - mean[c]) / sqrt(variance[c] + eps) * weight[c] + bias[c])

const RELU: bool = true;

// #import batch_norm
@group(0) @binding(0) var<uniform> params: BatchNormParams;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, channels, h, w]
@group(0) @binding(2) var<storage, read> statistics: array<f32>;    // [2, channels]: mean, variance
@group(0) @binding(3) var<storage, read> parameters: array<f32>;    // [2, channels]: weight, bias
@group(0) @binding(4) var<storage, read_write> output: array<f32>;  // [n, channels, h, w]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let at = global_id.y * workgroup_count.x * 64u + global_id.x;
    if (at >= params.n * params.channels * params.plane) {
        return;
    }
    let c = (at / params.plane) % params.channels;
    let scale = parameters[c] / sqrt(statistics[params.channels + c] + params.eps);
    let value = fma(input[at] - statistics[c], scale, parameters[params.channels + c]);
    output[at] = select(value, max(value, 0.0), RELU);
}
