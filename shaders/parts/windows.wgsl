// The matrix of windows and its load, for a kernel that has KERNEL and INPUT_VECTORS: a part that kernels use.
// Four columns of row k of the matrix of windows; `channel` is the group's first.
$if INPUT_VECTORS {
fn load_windows(channel: u32, k: u32, pixel: u32) -> vec4f {
    if (pixel >= params.pixels) {
        return vec4f();
    }
    let plane = params.in_h * params.in_w;
    return input[(((pixel / plane) * params.in_channels + channel + k) * plane + pixel % plane) / 4u];
}
$}
$if !INPUT_VECTORS {
fn load_window(channel: u32, k: u32, pixel: u32) -> f32 {
    if (pixel >= params.pixels) {
        return 0.0;
    }
    let per_image = params.out_h * params.out_w;
    let n = pixel / per_image;
    let oh = (pixel % per_image) / params.out_w;
    let ow = pixel % params.out_w;
    let tap = k % (KERNEL * KERNEL);
    let ih = i32(oh * params.stride + tap / KERNEL) - i32(KERNEL / 2u);
    let iw = i32(ow * params.stride + tap % KERNEL) - i32(KERNEL / 2u);
    if (ih < 0 || iw < 0 || ih >= i32(params.in_h) || iw >= i32(params.in_w)) {
        return 0.0;
    }
    let ic = channel + k / (KERNEL * KERNEL);
    return input[((n * params.in_channels + ic) * params.in_h + u32(ih)) * params.in_w + u32(iw)];
}

fn load_windows(channel: u32, k: u32, pixel: u32) -> vec4f {
    return vec4f(load_window(channel, k, pixel), load_window(channel, k, pixel + 1u),
                 load_window(channel, k, pixel + 2u), load_window(channel, k, pixel + 3u));
}
$}
