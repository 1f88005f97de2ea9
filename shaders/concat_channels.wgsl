// output[n, first_channel + c, h, w] = input[n, c, h, w]
//
// Puts one branch of a block's form B into its channels; a dispatch a branch.

struct Params {
    elements: u32,      // n * in_channels * plane
    in_channels: u32,
    out_channels: u32,
    first_channel: u32,
    plane: u32,         // h * w
}

const ACTIVATION_F16: bool = false;

// #import ACTIVATION_F16 ? activation_f16 : activation_f32
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<Activation>;  // [n, in_channels, h, w]
@group(0) @binding(2) var<storage, read_write> output: array<Activation>;  // [n, out_channels, h, w]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let at = global_id.y * workgroup_count.x * 64u + global_id.x;
    if (at >= params.elements) {
        return;
    }
    let per_image = params.in_channels * params.plane;
    let n = at / per_image;
    output[(n * params.out_channels + params.first_channel) * params.plane + at % per_image] = stored(f32(input[at]));
}
