// The sizes of a convolution, for it and for its gradients.

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
