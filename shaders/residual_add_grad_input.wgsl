// output[i] = grad[i] where input[i] > 0, else 0
//
// The gradient of both terms of a sum that ReLU follows.

struct Params {
    elements: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // the output of the ReLU
@group(0) @binding(2) var<storage, read> grad: array<f32>;          // its gradient
@group(0) @binding(3) var<storage, read_write> output: array<f32>;  // as both

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let at = global_id.y * workgroup_count.x * 64u + global_id.x;
    if (at >= params.elements) {
        return;
    }
    output[at] = select(0.0, grad[at], input[at] > 0.0);
}
