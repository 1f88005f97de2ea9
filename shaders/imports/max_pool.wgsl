// The sizes of a max-pool.

struct PoolParams {
    planes: u32,  // n * channels
    in_h: u32,
    in_w: u32,
    out_h: u32,
    out_w: u32,
    kernel_size: u32,
    stride: u32,
    padding: u32,
}
