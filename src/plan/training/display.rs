//! A training plan as text: every step with its buffers, then memory.

use std::fmt;

use super::{Phase, TrainingBuffer, TrainingPlan};

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Forward => "forward",
            Self::Loss => "loss",
            Self::Backward => "backward",
            Self::Optimiser => "optimiser",
        })
    }
}

impl fmt::Display for TrainingBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slot(slot) => write!(f, "a{slot}"),
            Self::Parameter(parameter) => write!(f, "w{parameter}"),
            Self::Velocity(parameter) => write!(f, "v{parameter}"),
            Self::Running(running) => write!(f, "r{running}"),
            Self::Labels => f.write_str("labels"),
        }
    }
}

impl fmt::Display for TrainingPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (network, input) = (self.graph.config.title(), self.graph.input_shape());
        writeln!(f, "training plan of {network}, input {input}")?;
        for step in &self.steps {
            let reads: Vec<String> = step.reads.iter().map(TrainingBuffer::to_string).collect();
            let (name, reads) = (step.task.name(), reads.join(" "));
            writeln!(f, "{:<9} {:<26} {name:<26} {reads} -> {}", step.phase, step.label, step.output)?;
        }
        let peak = &self.steps[self.peak];
        writeln!(
            f,
            "{} steps, {} multiply-adds; {} bytes at the peak: {} of activations and gradients in {} buffers (at least {} live at \
             once, at the {} step {} of {}),",
            self.steps.len(),
            self.macs(),
            self.bytes(),
            self.activation_bytes(),
            self.slots.len(),
            self.lower_bound,
            peak.phase,
            peak.task.name(),
            peak.label
        )?;
        let parameters: usize = self.parameters.iter().map(super::State::bytes).sum();
        let running = self.state_bytes() - 2 * parameters;
        write!(f, "{parameters} of parameters, as many of velocities, {running} of running statistics")
    }
}
