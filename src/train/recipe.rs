//! The recipe of `train/train.py`: how long, in which batches, and with which learning rate.

use crate::plan::Hyperparameters;

/// Share of the steps in which the learning rate rises.
const WARM_UP: f64 = 0.15;

/// How a network is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// How often each picture is seen.
    pub epochs: usize,
    /// Pictures per step.
    pub batch_size: usize,
    /// Decides order, crops and flips of every epoch.
    pub seed: u64,
    /// Settings of loss and optimiser; `lr` is the highest learning rate.
    pub settings: Hyperparameters,
}

impl Recipe {
    /// The settings of `train/train.py` for batches of 128: Nesterov momentum, decay of the weights alone, label smoothing.
    pub const SETTINGS: Hyperparameters = Hyperparameters {
        lr: 0.25,
        momentum: 0.9,
        nesterov: true,
        weight_decay: 5e-4,
        decay_weights_only: true,
        label_smoothing: 0.1,
    };

    /// Steps per epoch. The last pictures, which fill no batch, are left out.
    pub fn steps_per_epoch(&self, pictures: usize) -> usize {
        pictures / self.batch_size.max(1)
    }

    /// Steps of the whole run.
    pub fn steps(&self, pictures: usize) -> usize {
        self.epochs * self.steps_per_epoch(pictures)
    }

    /// The settings of a step, of so many: the learning rate rises linearly, then follows a cosine to zero.
    pub fn settings_at(&self, step: usize, steps: usize) -> Hyperparameters {
        let (step, steps, highest) = (step as f64, steps as f64, f64::from(self.settings.lr));
        let warm_up = WARM_UP * steps;
        let rate = if step < warm_up {
            highest * (step + 1.0) / warm_up
        } else {
            highest * 0.5 * (1.0 + (std::f64::consts::PI * (step - warm_up) / (steps - warm_up)).cos())
        };
        Hyperparameters { lr: rate.min(highest) as f32, ..self.settings }
    }

    /// In words, as the shipped files have it.
    pub fn text(&self) -> String {
        let Hyperparameters { lr, momentum, nesterov, weight_decay, label_smoothing, .. } = self.settings;
        let nesterov = if nesterov { "Nesterov " } else { "" };
        format!(
            "epochs {}, batch {}, rate {lr}, {nesterov}momentum {momentum}, weight decay {weight_decay}, label smoothing \
             {label_smoothing}, ema {}, seed {}",
            self.epochs,
            self.batch_size,
            super::average::DECAY,
            self.seed
        )
    }
}
