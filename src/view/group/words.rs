//! What is said of a group.

use std::ops::Range;

use super::equation::{Equation, Line};
use super::values::Tap;
use crate::protocol::GroupSizes;
use crate::view::number::signed;

/// `channel 9` or `channels 9–12`: from 0 in code, from 1 in words.
pub fn channel_list(channels: Range<usize>) -> String {
    match channels.len() {
        1 => format!("channel {}", channels.start + 1),
        _ => format!("channels {}–{}", channels.start + 1, channels.end),
    }
}

/// What an input channel is called: by its colour for the stem, otherwise by its number from 1 over all groups.
pub fn input_name(sizes: &GroupSizes, group: usize, channel: usize) -> String {
    match (sizes.filters > 0, sizes.in_channels) {
        (true, 3) => ["red", "green", "blue"][channel % 3].to_owned(),
        (true, _) => "grey".into(),
        _ => format!("channel {}", group * sizes.in_channels + channel + 1),
    }
}

/// `row 5, column 7`: from 1.
pub fn pixel((y, x): (usize, usize)) -> String {
    format!("row {}, column {}", y + 1, x + 1)
}

/// What a line of an equation is called.
pub fn line(line: Line, sizes: &GroupSizes, group: usize) -> String {
    match line {
        Line::Bias => "bias".into(),
        Line::Channel(channel) => input_name(sizes, group, channel),
        Line::Rest(1) => "the other channel".into(),
        Line::Rest(count) => format!("the other {count} channels"),
    }
}

/// A product: the pixel's value, and the weight.
pub fn tap(tap: Tap) -> (String, String) {
    let text = |value: f32| signed(f64::from(value));
    (text(tap.input), format!("× {}", text(tap.weight)))
}

/// A sum as a sentence, for those who hear it.
pub fn spoken(equation: &Equation, sizes: &GroupSizes, group: usize) -> String {
    let parts: Vec<String> =
        equation.lines.iter().map(|(of, value)| format!("{} {value}", line(*of, sizes, group))).collect();
    format!("{}: together {}, after ReLU {}.", parts.join(", "), equation.before, equation.after)
}

/// The idea of the paper, at this group.
pub fn idea(sizes: &GroupSizes, group: usize) -> String {
    let GroupSizes { groups, in_channels, out_channels, filters, .. } = *sizes;
    let channels = |each: usize| channel_list(group * each..(group + 1) * each);
    match (groups, filters) {
        (1, 1..) => "The stem is one group: every number is made of all colours of the picture.".into(),
        (1, _) => format!("There is one group: all {in_channels} input channels reach every number."),
        _ => format!(
            "Group {} makes output {} from input {} alone. The channels of the other {} do not reach these numbers: no weight joins \
             them.",
            group + 1,
            channels(out_channels),
            channels(in_channels),
            if groups == 2 { "group".to_owned() } else { format!("{} groups", groups - 1) }
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(groups: usize, each: usize) -> GroupSizes {
        GroupSizes { groups, in_channels: each, out_channels: each, ..GroupSizes::default() }
    }

    #[test]
    fn channels_count_from_one() {
        assert_eq!(channel_list(8..12), "channels 9–12");
        assert_eq!(channel_list(8..9), "channel 9");
        assert_eq!(input_name(&sizes(32, 4), 2, 0), "channel 9");
        assert_eq!(pixel((0, 6)), "row 1, column 7");
    }

    #[test]
    fn a_sum_can_be_heard() {
        let lines =
            vec![(Line::Bias, "−0.10".to_owned()), (Line::Channel(1), "0.30".into()), (Line::Rest(3), "1.00".into())];
        let [before, after, value] = ["1.2", "1.2", "1.2"].map(str::to_owned);
        let equation = Equation { lines, before, after, value, agrees: true, decimals: 1 };
        assert_eq!(
            spoken(&equation, &sizes(32, 4), 2),
            "bias −0.10, channel 10 0.30, the other 3 channels 1.00: together 1.2, after ReLU 1.2."
        );
        let product = Tap { input: 0.5, weight: -0.125, padding: false };
        assert_eq!(tap(product), ("0.500".to_owned(), "× −0.125".to_owned()));
    }

    #[test]
    fn the_idea_fits_the_number_of_groups() {
        assert!(
            idea(&sizes(32, 4), 2).starts_with("Group 3 makes output channels 9–12 from input channels 9–12 alone.")
        );
        assert!(idea(&sizes(32, 4), 2).contains("the other 31 groups do not reach"));
        assert!(idea(&sizes(2, 8), 1).contains("the other group do not reach"));
        assert!(idea(&sizes(8, 1), 7).contains("output channel 8 from input channel 8 alone"));
        assert!(idea(&sizes(1, 64), 0).contains("all 64 input channels reach"));
        let stem = GroupSizes { filters: 64, ..sizes(1, 3) };
        assert!(idea(&stem, 0).contains("all colours"));
        assert_eq!(input_name(&stem, 0, 2), "blue");
        assert_eq!(input_name(&GroupSizes { in_channels: 1, ..stem }, 0, 0), "grey");
    }
}
