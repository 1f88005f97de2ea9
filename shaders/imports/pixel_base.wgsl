// Where a pixel lies in the plane of the first input channel. Pixels past the end read the last one, and are not stored.
fn input_base(pixel: u32) -> u32 {
    let per_image = params.out_h * params.out_w;
    let at = min(pixel, params.n * per_image - 1u);
    let n = at / per_image;
    let oh = (at % per_image) / params.out_w;
    let ow = at % params.out_w;
    return (n * params.in_channels * params.in_h + oh * params.stride) * params.in_w + ow * params.stride;
}
