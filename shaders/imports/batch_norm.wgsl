// The sizes of a batch norm by the batch's own statistics.

struct BatchNormParams {
    n: u32,
    channels: u32,
    plane: u32,  // h * w
    eps: f32,
}
