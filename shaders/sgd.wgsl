// output[i] -= lr * velocity[i], or with Nesterov lr * (grad[i] + weight_decay * output[i] + momentum * velocity[i])

// #import sgd
@group(0) @binding(0) var<uniform> params: SgdParams;
@group(0) @binding(1) var<storage, read> grad: array<f32>;
@group(0) @binding(2) var<storage, read> velocity: array<f32>;      // after its own step
@group(0) @binding(3) var<storage, read_write> output: array<f32>;  // the parameter, in place

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let at = global_id.y * workgroup_count.x * 64u + global_id.x;
    if (at >= params.elements) {
        return;
    }
    let ahead = grad[at] + params.weight_decay * output[at] + params.momentum * velocity[at];
    output[at] -= params.lr * select(velocity[at], ahead, params.nesterov != 0u);
}
