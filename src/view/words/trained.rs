//! Which accuracies on the dial may be compared.

use crate::model::ResNextConfig;
use crate::view::number;
use crate::zoo::bundled::{ALIKE, ALIKE_EPOCHS, SHIPPED, Shipped};
use crate::zoo::{Place, Weights};

/// What the accuracies on a dial do not tell by themselves, where shipped networks stand on it.
pub fn trained_alike(stops: &[ResNextConfig], trained: &[Weights]) -> Option<String> {
    let first = trained.iter().find(|weights| matches!(weights.place, Place::Bundled(_)))?;
    if !stops.contains(&first.config) {
        return None;
    }
    let [one, eight, many] = ALIKE.map(|of| format!("{} at {}{}", number::accuracy(of.top1), of.cardinality, of.work));
    let Shipped { epochs, top1, .. } = SHIPPED[0];
    let setting = first.config.setting();
    let top1 = number::accuracy(top1);
    let words = format!(
        "Trained alike for {ALIKE_EPOCHS} epochs, by cardinality: {one}, {eight}, {many}. The {setting} here had {epochs} epochs: {top1}."
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
            trained_alike(&zoo::stops(&base, &offer.trained), &offer.trained)
        };
        let offers = zoo::offers();
        assert_eq!(
            said(&offers[0], 20).map(|words| words.replace('\u{a0}', " ")).as_deref(),
            Some(
                "Trained alike for 15 epochs, by cardinality: 87.32 % at 1, 88.34 % at 8 (6 % more work), 88.74 % at 32. \
                 The 8×8d here had 30 epochs: 91.05 %."
            )
        );
        assert_eq!(said(&offers[0], 29), None);
        assert!(offers[1..].iter().all(|offer| said(offer, offer.config.depth()).is_none()));
    }
}
