// The sizes of a convolution whose gradients are computed.

struct ConvGradParams {
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
    residual: u32,  // 1: `residual` is added
}
