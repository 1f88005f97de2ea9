//! Names of classes from a text file, for networks whose weights file has none.

/// Path of ImageNet's class names, relative to the page; fetched only when they are shown.
pub const IMAGENET: &str = "assets/labels/imagenet.txt";
/// Number of ImageNet's classes.
pub const IMAGENET_CLASSES: usize = 1000;

/// Reads one name per line, in the order of the logits; empty lines are skipped.
pub fn parse(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_name_a_line_however_the_lines_end() {
        assert_eq!(parse("tench\r\ngreat white shark\r\n\n"), ["tench", "great white shark"]);
        assert!(parse("").is_empty());
    }
}
