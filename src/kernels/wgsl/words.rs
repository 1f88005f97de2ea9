//! A line of WGSL in pieces.

/// `line` without its comment.
pub(super) fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default().trim()
}

/// `line` in pieces: names, numbers, and the text between them, with whether a piece is a name or a number.
pub(super) fn words(line: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let is_name = rest.chars().next().map(of_name)?;
        let end = rest.find(|c| of_name(c) != is_name).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        Some((word, is_name))
    })
}
