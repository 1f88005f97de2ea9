// Activations in f16, each in a place of its own: the device must have the feature shader-f16. Arithmetic stays f32.
enable f16;

alias Activation = f16;
alias Activation4 = vec4<f16>;

@group(0) @binding(6) var<storage, read_write> overflow: atomic<u32>;  // 1: a value did not fit

// A value as it is stored. One beyond the largest f16, or no number, is reported: what is computed of it means nothing.
fn stored(value: f32) -> f16 {
    if (!(abs(value) <= 65504.0)) {
        atomicStore(&overflow, 1u);
    }
    return f16(value);
}
