// Packed weights in f32.
@group(0) @binding(2) var<storage, read> weight: array<vec4f>;

// The weights of four neighbouring output channels; `at` counts in fours.
fn load_weight(at: u32) -> vec4f {
    return weight[at];
}
