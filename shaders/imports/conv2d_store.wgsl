// What a convolution does with a sum.
// output[at] = act(sum + bias[oc] + residual[at])
fn store(at: u32, oc: u32, sum: f32) {
    var value = sum + bias[oc];
    if (params.residual != 0u) {
        value += f32(residual[at]);
    }
    output[at] = stored(select(value, max(value, 0.0), params.relu != 0u));
}
