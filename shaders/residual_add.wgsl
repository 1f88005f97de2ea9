// output[i] = act(input[i] + residual[i])

struct Params {
    elements: u32,
}

const RELU: bool = true;
const ACTIVATION_F16: bool = false;

// #import ACTIVATION_F16 ? activation_f16 : activation_f32
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<Activation>;  // [n, c, h, w]
@group(0) @binding(2) var<storage, read> residual: array<Activation>;  // [n, c, h, w]
@group(0) @binding(3) var<storage, read_write> output: array<Activation>;  // [n, c, h, w]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let at = global_id.y * workgroup_count.x * 64u + global_id.x;
    if (at >= params.elements) {
        return;
    }
    let value = f32(input[at]) + f32(residual[at]);
    output[at] = stored(select(value, max(value, 0.0), RELU));
}
