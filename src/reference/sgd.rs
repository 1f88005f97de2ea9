/// The settings of a step of gradient descent, named as `torch.optim.SGD` names them.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the names are PyTorch's, and `sgd` has the formula")]
pub struct Sgd {
    pub lr: f64,
    pub momentum: f64,
    pub nesterov: bool,
    pub weight_decay: f64,
}

/// The new parameter after a step of `torch.optim.SGD` whose [`sgd_velocity`](super::sgd_velocity) is known: it loses `lr * velocity`,
/// or with Nesterov `lr * (grad + weight_decay * parameter + momentum * velocity)`.
pub fn sgd<T: Copy + Into<f64>>(parameter: &[T], velocity: &[T], grad: &[T], sgd: Sgd) -> Vec<f64> {
    let step = |((&parameter, &velocity), &grad): ((&T, &T), &T)| {
        let (parameter, velocity): (f64, f64) = (parameter.into(), velocity.into());
        let ahead = grad.into() + sgd.weight_decay * parameter + sgd.momentum * velocity;
        parameter - sgd.lr * if sgd.nesterov { ahead } else { velocity }
    };
    parameter.iter().zip(velocity).zip(grad).map(step).collect()
}
