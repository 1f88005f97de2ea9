// Activations in f32.
alias Activation = f32;
alias Activation4 = vec4f;

// A value as it is stored.
fn stored(value: f32) -> f32 {
    return value;
}
