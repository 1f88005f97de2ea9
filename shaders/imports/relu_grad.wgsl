// The gradient in front of a ReLU, if one follows: that of its output, where the output is above 0.
fn relu_grad(at: u32) -> f32 {
    var dy = grad[at];
    if (RELU) {
        dy = select(0.0, dy, activation[at] > 0.0);
    }
    return dy;
}
