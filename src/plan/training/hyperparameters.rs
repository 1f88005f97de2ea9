//! What may change from step to step without another plan.

/// The settings of loss and optimiser, named as PyTorch names them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyperparameters {
    /// Learning rate.
    pub lr: f32,
    /// How much of the velocity stays.
    pub momentum: f32,
    /// Nesterov's momentum: the step looks ahead along the velocity.
    pub nesterov: bool,
    /// Times the parameter, added to its gradient.
    pub weight_decay: f32,
    /// Whether batch norm and biases are left out of the decay.
    pub decay_weights_only: bool,
    /// Share of the target that is spread evenly over all classes.
    pub label_smoothing: f32,
}

impl Default for Hyperparameters {
    /// Plain gradient descent at a learning rate of 0.1.
    fn default() -> Self {
        Self {
            lr: 0.1,
            momentum: 0.0,
            nesterov: false,
            weight_decay: 0.0,
            decay_weights_only: false,
            label_smoothing: 0.0,
        }
    }
}

impl Hyperparameters {
    /// The decay of a parameter, which is a weight of more than one axis or not.
    pub fn decay(&self, is_weight: bool) -> f32 {
        if is_weight || !self.decay_weights_only { self.weight_decay } else { 0.0 }
    }
}
