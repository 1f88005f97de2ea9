//! The walk through the page, in words.

use crate::view::walk::STEPS;

/// What a step says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepWords {
    /// Its name.
    pub title: &'static str,
    /// What is seen at its place.
    pub text: &'static str,
    /// Where Xie et al., 2017, have it.
    pub section: &'static str,
}

/// In their order.
pub const WALK: [StepWords; STEPS] = [
    StepWords {
        title: "One picture in",
        text: "The square in the picture is resized to 32×32 pixels, which is all that this network sees. It runs on your \
               machine and gives a probability for each of ten classes. Its blocks all follow one rule: where a map becomes half \
               as wide, the channels double.",
        section: "Section 3.1, Template",
    },
    StepWords {
        title: "Split, transform, merge",
        text: "The table shows the selected block. Its 3×3 convolution splits 64 channels into 8 groups and transforms each by \
               itself; the last 1×1 convolution merges them. “Look inside” shows one group: point at its large map to see the \
               sum behind a number.",
        section: "Section 3.3, Aggregated Transformations",
    },
    StepWords {
        title: "The same in three forms",
        text: "Branches that are summed, branches that are concatenated, one grouped convolution: the paper draws its block in \
               three ways. Here they run with the same weights. Parameters and multiply-adds are equal; the outputs differ only \
               by rounding.",
        section: "Section 3.3, Figure 3",
    },
    StepWords {
        title: "Turn the dial",
        text: "The dial is at 32 groups of 2 channels, at nearly the cost of one group of 41. Our accuracy rises with the \
               groups; the paper’s error on ImageNet falls from 23.9 to 22.2 %. Turn it, and the chart shows each latency.",
        section: "Section 3.4, Table 2; Section 5.1, Table 3",
    },
    StepWords {
        title: "Where the time goes",
        text: "Each row is one dispatch, a step of the network on your device. Equal multiply-adds need not take equal time: \
               compare the rates. In the paper’s training, ResNeXt-101 took 0.95 s for a batch, ResNet-101 of similar cost \
               0.70 s.",
        section: "Section 5.1, Performance",
    },
    StepWords {
        title: "What it looked at",
        text: "Yellow is what speaks for the likeliest class. The network ends with a mean over all positions and one weighted \
               sum for each class. Without the mean, that sum is this map (Zhou et al., 2016). Choose another bar to see its map.",
        section: "Section 3.1, Table 1: its last row",
    },
];

/// A step for a screen reader.
pub fn walk_spoken(number: usize) -> String {
    let Some(StepWords { title, text, section }) = number.checked_sub(1).and_then(|place| WALK.get(place)) else {
        return String::new();
    };
    format!("Step {number} of {STEPS}: {title}. {text} In the paper: {section}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_has_at_most_60_words_and_names_a_section() {
        for StepWords { title, text, section } in WALK {
            let words = format!("{title} {text} {section}").split_whitespace().count();
            assert!((20..=60).contains(&words), "{title}: {words} words");
            let number = section.strip_prefix("Section ").and_then(|rest| rest.split([',', ' ']).next());
            // Sections 1 to 5 have numbers with a point.
            let is_section =
                |number: &str| number.split('.').all(|part| part.parse::<usize>().is_ok_and(|part| part <= 5));
            assert!(number.is_some_and(is_section), "{section}");
        }
    }

    #[test]
    fn a_step_is_spoken_with_its_number() {
        assert!(walk_spoken(3).starts_with("Step 3 of 6: The same in three forms. "));
        assert_eq!([walk_spoken(0), walk_spoken(7)], ["", ""]);
    }
}
