//! The plan as text: every dispatch with its buffers, then memory.

use std::fmt;

use super::{BufferRef, Plan, PlanKind, PlanOptions};

impl fmt::Display for PlanKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Plain => "plain",
            Self::Fused => "fused",
        })
    }
}

impl fmt::Display for PlanOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.weight_dtype)
    }
}

impl fmt::Display for BufferRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slot(slot) => write!(f, "a{slot}"),
            Self::Weight(weight) => write!(f, "w{weight}"),
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, dtype) = (self.options.kind, self.options.weight_dtype);
        let (network, input) = (self.graph.config.title(), self.graph.input_shape());
        let activations = if self.options.activation_f16() { ", activations in f16" } else { "" };
        writeln!(f, "{kind} plan of {network}, weights in {dtype}{activations}, input {input}")?;
        for step in &self.steps {
            let buffers: Vec<String> = step.buffers.iter().map(ToString::to_string).collect();
            writeln!(
                f,
                "{:<26} {:<48} {:>16} {}",
                step.label,
                step.dispatch.kernel.name(),
                format!("{:?}", step.dispatch.workgroup_count),
                buffers.join(" ")
            )?;
        }
        write!(
            f,
            "{} dispatches; {} activation buffers of {} bytes in all (at least {} live at once), {} bytes of weights",
            self.steps.len(),
            self.slots.len(),
            self.activation_bytes(),
            self.lower_bound,
            self.weight_bytes()
        )
    }
}
