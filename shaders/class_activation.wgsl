// output[n, k, h, w] = sum over c of weight[k, c] * input[n, c, h, w]
//
// One workgroup a pixel, class and picture; its threads share the channels, and their sums go through workgroup memory.

struct Params {
    channels: u32,
    classes: u32,
    plane: u32,     // h * w
}

const INPUT_F16: bool = false;

// #import INPUT_F16 ? activation_f16 : activation_f32
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<Activation>;  // [n, channels, h, w]
@group(0) @binding(2) var<storage, read> weight: array<f32>;        // [classes, channels]
@group(0) @binding(3) var<storage, read_write> output: array<f32>;  // [n, classes, h, w]

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup_id: vec3u, @builtin(local_invocation_index) local_index: u32) {
    let pixel = workgroup_id.x;
    let row = workgroup_id.y * params.channels;
    let picture = workgroup_id.z * params.channels * params.plane;

    var sum = 0.0;
    for (var c = local_index; c < params.channels; c += 64u) {
        sum += weight[row + c] * f32(input[picture + c * params.plane + pixel]);
    }
    partial[local_index] = sum;
    workgroupBarrier();
    for (var half = 32u; half > 0u; half /= 2u) {
        if (local_index < half) {
            partial[local_index] += partial[local_index + half];
        }
        workgroupBarrier();
    }
    if (local_index == 0u) {
        output[(workgroup_id.z * params.classes + workgroup_id.y) * params.plane + pixel] = partial[0];
    }
}
