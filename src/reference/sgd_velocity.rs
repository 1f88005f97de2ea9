use super::Sgd;

/// The new velocity of a parameter in a step of `torch.optim.SGD`: `momentum * velocity + grad + weight_decay * parameter`. A velocity
/// of zero begins.
pub fn sgd_velocity<T: Copy + Into<f64>>(velocity: &[T], grad: &[T], parameter: &[T], sgd: Sgd) -> Vec<f64> {
    let step = |((&velocity, &grad), &parameter): ((&T, &T), &T)| {
        sgd.momentum * velocity.into() + grad.into() + sgd.weight_decay * parameter.into()
    };
    velocity.iter().zip(grad).zip(parameter).map(step).collect()
}
