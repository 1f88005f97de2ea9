/// The settings of a step of gradient descent, named as `torch.optim.SGD` names them.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the names are PyTorch's, and `sgd` has the formula")]
pub struct Sgd {
    pub lr: f64,
    pub momentum: f64,
    pub nesterov: bool,
    pub weight_decay: f64,
}

/// A step of `torch.optim.SGD`: the new parameter and the new velocity. With `g = grad + weight_decay * parameter` and `v =
/// momentum * velocity + g` the parameter loses `lr * v`, or with Nesterov `lr * (g + momentum * v)`. A velocity of zero begins.
pub fn sgd<T: Copy + Into<f64>>(parameter: &[T], velocity: &[T], grad: &[T], sgd: Sgd) -> (Vec<f64>, Vec<f64>) {
    let step = |((&parameter, &velocity), &grad): ((&T, &T), &T)| {
        let parameter: f64 = parameter.into();
        let g = grad.into() + sgd.weight_decay * parameter;
        let v = sgd.momentum * velocity.into() + g;
        let direction = if sgd.nesterov { g + sgd.momentum * v } else { v };
        (parameter - sgd.lr * direction, v)
    };
    parameter.iter().zip(velocity).zip(grad).map(step).unzip()
}
