//! A group of a convolution, as it crosses to the page.

use crate::classifier::Group;
use crate::protocol::GroupSizes;

/// The sizes of a group, and its values as the message of [`protocol::Group`](crate::protocol::Group) carries them.
pub fn group_message(group: &Group) -> (GroupSizes, Vec<u8>) {
    let Group { spec, input, output, inputs, outputs, weight, bias, filters } = group;
    let sizes = GroupSizes {
        groups: spec.groups,
        in_channels: spec.in_channels_per_group(),
        out_channels: spec.out_channels_per_group(),
        shown: output.c,
        input: (input.h, input.w),
        output: (output.h, output.w),
        kernel_size: spec.kernel_size,
        stride: spec.stride,
        padding: spec.padding,
        filters: if filters.is_empty() { 0 } else { spec.out_channels },
    };
    (
        sizes,
        [inputs, outputs, weight, bias, filters].into_iter().flatten().flat_map(|value| value.to_le_bytes()).collect(),
    )
}
