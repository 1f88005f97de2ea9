// output[i] = act(input[i] + residual[i])

struct Params {
    elements: u32,
}

const RELU: bool = true;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, c, h, w]
@group(0) @binding(2) var<storage, read> residual: array<f32>;      // [n, c, h, w]
@group(0) @binding(3) var<storage, read_write> output: array<f32>;  // [n, c, h, w]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let at = global_id.y * workgroup_count.x * 64u + global_id.x;
    if (at >= params.elements) {
        return;
    }
    let value = input[at] + residual[at];
    output[at] = select(value, max(value, 0.0), RELU);
}
