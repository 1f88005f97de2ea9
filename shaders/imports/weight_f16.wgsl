// Packed weights in f16, two per u32: any device can unpack them, with or without the feature shader-f16.
@group(0) @binding(2) var<storage, read> weight: array<vec2u>;

// The weights of four neighbouring output channels; `at` counts in fours.
fn load_weight(at: u32) -> vec4f {
    let packed = weight[at];
    return vec4f(unpack2x16float(packed.x), unpack2x16float(packed.y));
}
