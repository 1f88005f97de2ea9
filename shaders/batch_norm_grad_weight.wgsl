// output[0, c] = sum over n, h, w of grad[n, c, h, w] * (input[n, c, h, w] - mean[c]) / sqrt(variance[c] + eps)
// output[1, c] = sum over n, h, w of grad[n, c, h, w]
//
// Where ReLU follows, gradients count where its output is above 0. One workgroup per channel.

const RELU: bool = true;

// #import batch_norm
@group(0) @binding(0) var<uniform> params: BatchNormParams;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, channels, h, w]
@group(0) @binding(2) var<storage, read> statistics: array<f32>;    // [2, channels]: mean, variance
@group(0) @binding(3) var<storage, read> grad: array<f32>;          // as input: the gradient of the output
@group(0) @binding(4) var<storage, read> activation: array<f32>;    // as input: the output, if ReLU follows
@group(0) @binding(5) var<storage, read_write> output: array<f32>;  // [2, channels]: of weight, of bias

// #import channel_places
// #import relu_grad
// #import workgroup_sum

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup_id: vec3u, @builtin(local_invocation_index) local_index: u32) {
    let c = workgroup_id.x;
    let step = place_of(256u, params.plane);
    let mean = statistics[c];

    var weight = 0.0;
    var bias = 0.0;
    for (var place = place_of(local_index, params.plane); place.n < params.n; place = next_place(place, step, params.plane)) {
        let at = (place.n * params.channels + c) * params.plane + place.pixel;
        let dy = relu_grad(at);
        weight = fma(dy, input[at] - mean, weight);
        bias += dy;
    }
    let sums = workgroup_sum(vec2f(weight, bias), local_index);
    if (local_index == 0u) {
        output[c] = sums.x / sqrt(statistics[params.channels + c] + params.eps);
        output[params.channels + c] = sums.y;
    }
}
