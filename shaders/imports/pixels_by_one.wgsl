// The matrix of windows, whose pixels are loaded one by one: row k is the input channel k / KERNEL_SIZE^2 of the group under one tap
// of the window, a column is an output pixel. It is computed, never stored.
@group(0) @binding(1) var<storage, read> input: array<Activation>;  // [n, in_channels, in_h, in_w]

fn load_pixel(first_channel: u32, k: u32, pixel: u32) -> f32 {
    let per_image = params.out_h * params.out_w;
    if (pixel >= params.n * per_image) {
        return 0.0;
    }
    let n = pixel / per_image;
    let oh = (pixel % per_image) / params.out_w;
    let ow = pixel % params.out_w;
    let tap = k % (KERNEL_SIZE * KERNEL_SIZE);
    let ih = i32(oh * params.stride + tap / KERNEL_SIZE) - i32(params.padding);
    let iw = i32(ow * params.stride + tap % KERNEL_SIZE) - i32(params.padding);
    if (ih < 0 || iw < 0 || ih >= i32(params.in_h) || iw >= i32(params.in_w)) {
        return 0.0;
    }
    let ic = first_channel + k / (KERNEL_SIZE * KERNEL_SIZE);
    return f32(input[((n * params.in_channels + ic) * params.in_h + u32(ih)) * params.in_w + u32(iw)]);
}

// Four neighbouring columns of row k.
fn load_pixels(first_channel: u32, k: u32, pixel: u32) -> vec4f {
    return vec4f(load_pixel(first_channel, k, pixel), load_pixel(first_channel, k, pixel + 1u),
                 load_pixel(first_channel, k, pixel + 2u), load_pixel(first_channel, k, pixel + 3u));
}
