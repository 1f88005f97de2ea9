//! Names of classes, one a line.
pub fn parse(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}
