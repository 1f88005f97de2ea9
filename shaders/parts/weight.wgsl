// The packed weights of a convolution and their load: a part that kernels use.
$if WEIGHT_F16 {
@group(0) @binding(2) var<storage, read> weight: array<vec2u>;
$}
$if !WEIGHT_F16 {
@group(0) @binding(2) var<storage, read> weight: array<vec4f>;
$}

// Four weights of neighbouring output channels, in f32 or f16; `at` counts in fours.
fn load_weight(at: u32) -> vec4f {
    let element = weight[at];
    $if WEIGHT_F16 {
    return vec4f(unpack2x16float(element.x), unpack2x16float(element.y));
    $}
    $if !WEIGHT_F16 {
    return element;
    $}
}
