// The settings of torch.optim.SGD.

struct SgdParams {
    elements: u32,
    lr: f32,
    momentum: f32,
    weight_decay: f32,
    nesterov: u32,  // 1: the step looks ahead along the velocity
}
