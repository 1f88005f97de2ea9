//! Names of classes from a text file, for networks whose own file has none.

/// ImageNet's thousand, relative to the page; fetched only where they are shown.
pub const IMAGENET: &str = "assets/labels/imagenet.txt";
/// How many they are.
pub const IMAGENET_CLASSES: usize = 1000;

/// One name a line, in the order of the logits.
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
