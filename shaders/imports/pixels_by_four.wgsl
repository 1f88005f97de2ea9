// The matrix of windows of a 1x1 convolution of stride 1 over planes of whole fours: row k is the input channel k, a column is a
// pixel, and four neighbouring pixels are loaded at once.
@group(0) @binding(1) var<storage, read> input: array<Activation4>;  // [n, in_channels, in_h, in_w], four pixels per element

// Four neighbouring columns of row k.
fn load_pixels(first_channel: u32, k: u32, pixel: u32) -> vec4f {
    let plane = params.in_h * params.in_w;
    if (pixel >= params.n * plane) {
        return vec4f();
    }
    return vec4f(input[(((pixel / plane) * params.in_channels + first_channel + k) * plane + pixel % plane) / 4u]);
}
