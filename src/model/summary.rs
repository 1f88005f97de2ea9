//! The graph as a table, for `cargo run --example summary`.

use std::fmt;

use super::{Graph, Op};

impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} for an input of {}", self.config.title(), self.input_shape())?;
        writeln!(
            f,
            "{:<24} {:<22} {:>15} {:>15} {:>12} {:>14} {:>12}",
            "layer", "operation", "input", "output", "parameters", "multiply-adds", "bytes out"
        )?;
        for layer in &self.layers {
            writeln!(
                f,
                "{:<24} {:<22} {:>15} {:>15} {:>12} {:>14} {:>12}",
                layer.name,
                layer.op.to_string(),
                self.tensors[layer.inputs[0]].shape,
                self.tensors[layer.output].shape,
                self.layer_parameters(layer),
                self.layer_macs(layer),
                self.layer_activation_bytes(layer),
            )?;
        }
        writeln!(f, "\nblock      channels")?;
        for block in &self.blocks {
            writeln!(f, "{:<10} {}", block.name, block.widths())?;
        }
        write!(f, "\n{} parameters, {} multiply-adds", self.parameters(), self.macs())
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conv2d { spec, conv_bias } => {
                let (k, bias) = (spec.kernel_size, if *conv_bias { " +bias" } else { "" });
                match spec.groups {
                    1 => write!(f, "conv {k}×{k} /{}{bias}", spec.stride),
                    groups => {
                        write!(f, "conv {k}×{k} /{} {groups}×{}{bias}", spec.stride, spec.in_channels_per_group())
                    }
                }
            }
            Self::BatchNorm { relu: true } => f.write_str("batchnorm, ReLU"),
            Self::BatchNorm { relu: false } => f.write_str("batchnorm"),
            Self::Add { relu: true } => f.write_str("add, ReLU"),
            Self::Add { relu: false } => f.write_str("add"),
            Self::Concat => f.write_str("concat"),
            Self::MaxPool(pool) => write!(f, "max-pool {0}×{0} /{1}", pool.kernel_size, pool.stride),
            Self::GlobalAvgPool => f.write_str("average over h×w"),
            Self::Linear { bias: true, .. } => f.write_str("linear"),
            Self::Linear { bias: false, .. } => f.write_str("linear, no bias"),
            Self::Softmax => f.write_str("softmax"),
            Self::Sigmoid => f.write_str("sigmoid"),
        }
    }
}
