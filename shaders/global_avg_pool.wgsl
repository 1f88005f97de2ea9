// output[n, c] = mean over h, w of input[n, c, h, w]

struct Params {
    planes: u32,  // n * channels
    plane: u32,   // h * w
}

const INPUT_F16: bool = false;

// #import INPUT_F16 ? activation_f16 : activation_f32
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<Activation>;  // [n, channels, h, w]
@group(0) @binding(2) var<storage, read_write> output: array<f32>;  // [n, channels]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let at = global_id.y * workgroup_count.x * 64u + global_id.x;
    if (at >= params.planes) {
        return;
    }
    var sum = 0.0;
    for (var i = 0u; i < params.plane; i++) {
        sum += f32(input[at * params.plane + i]);
    }
    output[at] = sum / f32(params.plane);
}
