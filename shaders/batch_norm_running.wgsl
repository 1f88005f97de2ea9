// output[0, c] = 0.9 * output[0, c] + 0.1 * input[0, c]
// output[1, c] = 0.9 * output[1, c] + 0.1 * unbiased * input[1, c]

struct Params {
    channels: u32,
    unbiased: f32,  // m / (m - 1), where m = n * h * w
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [2, channels]: mean, variance
@group(0) @binding(2) var<storage, read_write> output: array<f32>;  // [2, channels], in place

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u) {
    let at = global_id.x;
    if (at >= 2u * params.channels) {
        return;
    }
    let factor = select(params.unbiased, 1.0, at < params.channels);
    output[at] = 0.9 * output[at] + 0.1 * factor * input[at];
}
