// output[n] = -sum over k of target[n, k] * log(softmax of input[n])[k]
//
// target[n, k] = (1 - smoothing) * (1 if k is labels[n] else 0) + smoothing / classes. One thread per picture.

// #import cross_entropy
@group(0) @binding(0) var<uniform> params: LossParams;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, classes]: the logits
@group(0) @binding(2) var<storage, read> labels: array<u32>;        // [n]
@group(0) @binding(3) var<storage, read_write> output: array<f32>;  // [n]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u) {
    let n = global_id.x;
    if (n >= params.n) {
        return;
    }
    let norm = log_norm(n);
    var loss = 0.0;
    for (var k = 0u; k < params.classes; k++) {
        loss += target_of(n, k) * (norm.x + norm.y - input[n * params.classes + k]);
    }
    output[n] = loss;
}
