//! The inside of a block in its three forms, from the block's input to the input of its last batch norm. They compute
//! the same function (Xie et al. 2017, Fig. 3).

use super::builder::{Builder, Inside};
use super::layer::{GraphError, Op, Slice, TensorId};

impl Builder<'_> {
    /// Fig. 3 (c): conv1 → conv2 with as many groups as the block has branches → conv3.
    pub(super) fn form_c(&mut self, inside: Inside<'_>) -> Result<TensorId, GraphError> {
        let Inside { x, name, width, out_channels, groups, stride1, stride2 } = inside;
        let conv1 = self.conv(self.shape(x).c, width, 1, stride1, 1);
        let y = self.push(&format!("{name}.conv1"), conv1, &[x])?;
        let y = self.push(&format!("{name}.bn1"), Op::BatchNorm { relu: true }, &[y])?;
        let conv2 = self.conv(width, width, 3, stride2, groups);
        let y = self.push(&format!("{name}.conv2"), conv2, &[y])?;
        let y = self.push(&format!("{name}.bn2"), Op::BatchNorm { relu: true }, &[y])?;
        self.push(&format!("{name}.conv3"), self.conv(width, out_channels, 1, 1, 1), &[y])
    }

    /// Fig. 3 (b): the branches' channels are concatenated, and one conv3 reads them.
    pub(super) fn form_b(&mut self, inside: Inside<'_>) -> Result<TensorId, GraphError> {
        let Inside { name, width, out_channels, groups, .. } = inside;
        let branches = (0..groups).map(|branch| self.branch(inside, branch)).collect::<Result<Vec<_>, _>>()?;
        let y = self.push(&format!("{name}.concat"), Op::Concat, &branches)?;
        self.push(&format!("{name}.conv3"), self.conv(width, out_channels, 1, 1, 1), &[y])
    }

    /// Fig. 3 (a): every branch has its own conv3 (a slice of conv3's input channels), and the outputs are summed.
    pub(super) fn form_a(&mut self, inside: Inside<'_>) -> Result<TensorId, GraphError> {
        let Inside { x, name, width, out_channels, groups, .. } = inside;
        let len = width / groups;
        let key = format!("{name}.conv3");
        let mut sum = None;
        for branch in 0..groups {
            let y = self.branch(inside, branch)?;
            let Op::Conv2d { spec, conv_bias } = self.conv(len, out_channels, 1, 1, 1) else { unreachable!() };
            // The bias is added once to the sum, so only the first branch has it.
            let conv3 = Op::Conv2d { spec, conv_bias: conv_bias && branch == 0 };
            let slice = Slice::In { start: branch * len, len, of: width };
            let y = self.push_part(format!("{key}.branch{branch}"), &key, slice, conv3, &[y])?;
            sum = Some(match sum {
                None => y,
                Some(sum) => self.push(&format!("{name}.sum{branch}"), Op::Add { relu: false }, &[sum, y])?,
            });
        }
        // `validate` has refused a cardinality of zero, so there is a sum.
        Ok(sum.unwrap_or(x))
    }

    /// conv1 and conv2 of one branch: output channels `branch * len ..` of the grouped form.
    fn branch(&mut self, inside: Inside<'_>, branch: usize) -> Result<TensorId, GraphError> {
        let Inside { x, name, width, groups, stride1, stride2, .. } = inside;
        let len = width / groups;
        let slice = Slice::Out { start: branch * len, len, of: width };
        let mut y = x;
        let conv1 = self.conv(self.shape(x).c, len, 1, stride1, 1);
        for (index, op) in [(1, conv1), (2, self.conv(len, len, 3, stride2, 1))] {
            let (conv, bn) = (format!("{name}.conv{index}"), format!("{name}.bn{index}"));
            y = self.push_part(format!("{conv}.branch{branch}"), &conv, slice, op, &[y])?;
            y = self.push_part(format!("{bn}.branch{branch}"), &bn, slice, Op::BatchNorm { relu: true }, &[y])?;
        }
        Ok(y)
    }
}
