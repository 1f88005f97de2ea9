//! Which options of the dial have trained weights, and which of their accuracies may be compared.

use crate::model::{ResNextConfig, WidthRule};
use crate::view::number;
use crate::zoo::bundled::{SAME_TRAINING, SAME_TRAINING_EPOCHS, SHIPPED, Shipped};
use crate::zoo::{Location, WeightsFile};

/// Where to find answers, shown where a network has no weights: `For answers, choose 1, 8 or 32 groups at depth 20.` `trained` are
/// the weights of the network and its twins.
pub fn trained_options(trained: &[WeightsFile]) -> String {
    let Some(first) = trained.first() else {
        return "For answers, choose a trained network, or drop in your own weights as .safetensors or .pth.".into();
    };
    if matches!(first.config.width_rule, WidthRule::PerStage { .. }) {
        return format!("For answers, choose depth {}.", first.config.depth());
    }
    let mut cardinalities: Vec<usize> = trained.iter().map(|weights| weights.config.cardinality).collect();
    cardinalities.sort_unstable();
    let groups = match cardinalities.as_slice() {
        [1] => "1 group".to_owned(),
        [most @ .., last] if !most.is_empty() => {
            let most: Vec<String> = most.iter().map(usize::to_string).collect();
            format!("{} or {last} groups", most.join(", "))
        }
        _ => format!("{} groups", first.config.cardinality),
    };
    format!("For answers, choose {groups} at depth {}.", first.config.depth())
}

/// The title where the weights have no head.
pub const NO_HEAD: &str = "These weights have no head";

/// What that means, and what helps.
pub const NO_HEAD_ADVICE: &str = "Their last layer (fc) is missing, so they compute features and name no classes. For answers, drop in a file that has it.";

/// What the page says of the classes of a network that has no names for them.
pub fn unnamed_classes(config: &ResNextConfig) -> String {
    match config.num_classes {
        0 => "No classes: its head is missing.".into(),
        1 => "One score, turned into yes or no; what yes means is not in the file.".into(),
        classes => format!("{classes} classes without names."),
    }
}

/// Which accuracies on a dial come from one recipe, where shipped networks are among its options.
pub fn same_training(options: &[ResNextConfig], trained: &[WeightsFile]) -> Option<String> {
    let first = trained.iter().find(|weights| matches!(weights.location, Location::Bundled(_)))?;
    if !options.contains(&first.config) {
        return None;
    }
    let each = SAME_TRAINING.map(|of| {
        let groups = if of.cardinality == 1 { "1 group".to_owned() } else { format!("{} groups", of.cardinality) };
        format!("{groups} {}{}", number::accuracy(of.top1), of.work)
    });
    let Shipped { epochs, top1, .. } = SHIPPED[0];
    let words = format!(
        "Same training ({SAME_TRAINING_EPOCHS} epochs): {}. Here {} groups had {epochs} epochs: {}.",
        each.join(", "),
        first.config.cardinality,
        number::accuracy(top1)
    );
    // A number and its sign stay in one line.
    Some(words.replace(" %", "\u{a0}%"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoo::{self, Network};

    #[test]
    fn the_comparison_stands_where_the_shipped_networks_stand() {
        let said = |offer: &Network, depth| {
            let base = zoo::at_depth(&offer.config, depth);
            same_training(&zoo::cardinality_options(&base, &offer.trained), &offer.trained)
        };
        let offers = zoo::offers();
        assert_eq!(
            said(&offers[0], 20).map(|words| words.replace('\u{a0}', " ")).as_deref(),
            Some(
                "Same training (15 epochs): 1 group 87.32 %, 8 groups 88.34 % (6 % more compute), 32 groups 88.74 %. \
                 Here 8 groups had 30 epochs: 91.05 %."
            )
        );
        assert_eq!(said(&offers[0], 29), None);
        assert!(offers[1..].iter().all(|offer| said(offer, offer.config.depth()).is_none()));
    }

    #[test]
    fn the_options_with_weights_are_named() {
        let offers = zoo::offers();
        assert_eq!(trained_options(&offers[0].trained), "For answers, choose 1, 8 or 32 groups at depth 20.");
        assert_eq!(trained_options(&offers[1].trained), "For answers, choose 32 groups at depth 50.");
        let one =
            [WeightsFile { config: ResNextConfig::imagenet([3, 4, 6, 3], 1, 64), ..offers[1].trained[0].clone() }];
        assert_eq!(trained_options(&one), "For answers, choose 1 group at depth 50.");
        let rule = WidthRule::PerStage { widths: vec![8, 16, 32, 64], groups: vec![1, 2, 4, 8] };
        let config = ResNextConfig { width_rule: rule, base_width: 0, ..one[0].config.clone() };
        let free = [WeightsFile { config, ..one[0].clone() }];
        assert_eq!(trained_options(&free), "For answers, choose depth 50.");
        assert!(trained_options(&[]).contains("choose a trained network"));
    }
}
