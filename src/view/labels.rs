//! Names of classes, one a line, in the order of the logits: ImageNet's come with the page as `assets/labels/imagenet.txt`.

pub fn parse(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::parse;

    #[test]
    fn imagenets_thousand_are_there_and_no_two_alike() {
        let labels = parse(include_str!("../../assets/labels/imagenet.txt"));
        assert_eq!(labels.len(), 1000);
        assert!(labels.iter().all(|label| !label.is_empty() && label.len() < 40));
        let distinct: HashSet<String> = labels.iter().map(|label| label.to_lowercase()).collect();
        assert_eq!(distinct.len(), 1000);
        for (index, label) in [
            (0, "tench"),
            (134, "crane (bird)"),
            (207, "golden retriever"),
            (281, "tabby"),
            (463, "bucket"),
            (517, "crane (machine)"),
            (638, "maillot (tights)"),
            (639, "maillot (swimsuit)"),
            (999, "toilet tissue"),
        ] {
            assert_eq!(labels[index], label, "class {index}");
        }
    }
}
