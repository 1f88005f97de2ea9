// What all convolutions share: their sizes, and what is done with a sum.

struct ConvParams {
    n: u32,
    in_channels: u32,
    out_channels: u32,
    groups: u32,
    in_h: u32,
    in_w: u32,
    out_h: u32,
    out_w: u32,
    kernel_size: u32,
    stride: u32,
    padding: u32,
    relu: u32,      // 1: negative outputs become 0
    residual: u32,  // 1: `residual` is added
}

// output[at] = act(sum + bias[oc] + residual[at])
fn store(at: u32, oc: u32, sum: f32) {
    var value = sum + bias[oc];
    if (params.residual != 0u) {
        value += residual[at];
    }
    output[at] = select(value, max(value, 0.0), params.relu != 0u);
}
