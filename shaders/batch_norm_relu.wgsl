// output[n, c, h, w] = act(input[n, c, h, w] * scale[c] + shift[c])
//
// Batch norm by running statistics: scale = weight / sqrt(running_var + eps), shift = bias - running_mean * scale, both
// computed once when the weights are loaded.

struct Params {
    elements: u32,  // n * channels * plane
    channels: u32,
    plane: u32,     // h * w
}

const RELU: bool = true;
const ACTIVATION_F16: bool = false;

// #import ACTIVATION_F16 ? activation_f16 : activation_f32
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<Activation>;  // [n, channels, h, w]
@group(0) @binding(2) var<storage, read> scale: array<f32>;         // [channels]
@group(0) @binding(3) var<storage, read> shift: array<f32>;         // [channels]
@group(0) @binding(4) var<storage, read_write> output: array<Activation>;  // [n, channels, h, w]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let at = global_id.y * workgroup_count.x * 64u + global_id.x;
    if (at >= params.elements) {
        return;
    }
    let c = (at / params.plane) % params.channels;
    let value = fma(f32(input[at]), scale[c], shift[c]);
    output[at] = stored(select(value, max(value, 0.0), RELU));
}
