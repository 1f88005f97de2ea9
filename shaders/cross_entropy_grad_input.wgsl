// output[n, k] = ((softmax of input[n])[k] - target[n, k]) / n
//
// target as in cross_entropy.wgsl; the loss is the mean over the n pictures. One thread per picture.

// #import cross_entropy
@group(0) @binding(0) var<uniform> params: LossParams;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, classes]: the logits
@group(0) @binding(2) var<storage, read> labels: array<u32>;        // [n]
@group(0) @binding(3) var<storage, read_write> output: array<f32>;  // [n, classes]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u) {
    let n = global_id.x;
    if (n >= params.n) {
        return;
    }
    let norm = log_norm(n);
    for (var k = 0u; k < params.classes; k++) {
        let probability = exp(input[n * params.classes + k] - norm.x - norm.y);
        output[n * params.classes + k] = (probability - target_of(n, k)) / f32(params.n);
    }
}
