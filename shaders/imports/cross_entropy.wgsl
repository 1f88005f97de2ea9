// What the loss and its gradient share.

struct LossParams {
    n: u32,
    classes: u32,
    smoothing: f32,
}

// The largest logit of a picture, and the logarithm of the sum of exponentials relative to it.
fn log_norm(n: u32) -> vec2f {
    let row = n * params.classes;
    var largest = input[row];
    for (var k = 1u; k < params.classes; k++) {
        largest = max(largest, input[row + k]);
    }
    var sum = 0.0;
    for (var k = 0u; k < params.classes; k++) {
        sum += exp(input[row + k] - largest);
    }
    return vec2f(largest, log(sum));
}

// What the probability of class k should be.
fn target_of(n: u32, k: u32) -> f32 {
    return select(0.0, 1.0 - params.smoothing, k == labels[n]) + params.smoothing / f32(params.classes);
}
