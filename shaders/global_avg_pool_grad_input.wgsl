// output[n, c, h, w] = grad[n, c] / (h * w)

struct Params {
    elements: u32,  // n * channels * plane
    plane: u32,     // h * w
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> grad: array<f32>;          // [n, channels]
@group(0) @binding(2) var<storage, read_write> output: array<f32>;  // [n, channels, h, w]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let at = global_id.y * workgroup_count.x * 64u + global_id.x;
    if (at >= params.elements) {
        return;
    }
    output[at] = grad[at / params.plane] / f32(params.plane);
}
