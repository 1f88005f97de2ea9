//! How a weights file was read, in words.

use super::short_name;
use crate::zoo::{Container, Reading};

/// How many things that are left aside are named.
const NAMED: usize = 4;

/// How a file was read, as one line: ``state_dict of model_best.pth, prefix module. removed, left aside: optimizer (12 tensors)``.
pub fn reading(reading: &Reading, file: &str) -> String {
    let file = short_name(file);
    let of = match reading.path.as_slice() {
        [] => file,
        path => format!("{} of {file}", path.join(".")),
    };
    let mut parts = vec![of];
    parts.extend(changes(reading));
    parts.join(", ")
}

/// The format of a file.
pub fn container(container: Container) -> &'static str {
    match container {
        Container::Safetensors => "safetensors",
        Container::TorchZip => "PyTorch (zip)",
        Container::TorchLegacy => "PyTorch (before 1.6)",
    }
}

/// What a note says once a file is loaded; `None` where it was read as it is and says all.
pub fn reading_note(read: &Reading, file: &str) -> Option<String> {
    let mut words = String::new();
    if !read.path.is_empty() || changes(read).next().is_some() {
        words = format!("Read: {}.", reading(read, file));
    }
    let guess = match (read.strides_guessed, read.preparation_guessed) {
        (true, true) => "strides and the preparation of pictures",
        (true, false) => "strides",
        (false, true) => "the preparation of pictures",
        (false, false) => return Some(words).filter(|words| !words.is_empty()),
    };
    if !words.is_empty() {
        words += " ";
    }
    words += &format!(
        "{} does not say {guess}: the usual values are a guess. Set them under Source, below the network.",
        short_name(file)
    );
    Some(words)
}

/// Strides of the stages: `1, 2, 2`.
pub fn strides(strides: &[usize]) -> String {
    strides.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

fn changes(reading: &Reading) -> impl Iterator<Item = String> {
    let Reading { prefix, layout, renamed, left_aside, .. } = reading;
    let names = (!layout.is_empty()).then(|| format!("names as in {layout}"));
    let prefix = (!prefix.is_empty()).then(|| format!("prefix {prefix} removed"));
    let renamed = renamed.iter().map(|(from, to)| format!("{from} read as {to}"));
    let aside = (!left_aside.is_empty()).then(|| {
        let named = left_aside.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = left_aside.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("left aside: {named}{more}")
    });
    names.into_iter().chain(prefix).chain(renamed).chain(aside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> Reading {
        Reading {
            container: Container::Safetensors,
            path: vec![],
            prefix: String::new(),
            layout: String::new(),
            renamed: vec![],
            left_aside: vec![],
            strides_guessed: false,
            preparation_guessed: false,
        }
    }

    #[test]
    fn what_was_done_is_told_in_one_line() {
        assert_eq!(reading(&plain(), "a.safetensors"), "a.safetensors");
        assert_eq!(reading_note(&plain(), "a.safetensors"), None);
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let wrapped = Reading {
            path: vec!["state_dict".into()],
            prefix: "module.".into(),
            renamed: vec![pair("shortcut", "downsample")],
            left_aside: vec!["optimizer (12 tensors)".into(), "epoch".into()],
            ..plain()
        };
        let told = "state_dict of model_best.pth, prefix module. removed, shortcut read as downsample, left aside: optimizer (12 \
                    tensors), epoch";
        assert_eq!(reading(&wrapped, "model_best.pth"), told);
        assert_eq!(reading_note(&wrapped, "model_best.pth"), Some(format!("Read: {told}.")));
        let many = Reading { left_aside: ["a", "b", "c", "d", "e", "f"].map(str::to_owned).to_vec(), ..plain() };
        assert_eq!(reading(&many, "a"), "a, left aside: a, b, c, d and 2 more");
    }

    #[test]
    fn guesses_are_told() {
        let guess = |strides_guessed, preparation_guessed| {
            reading_note(&Reading { strides_guessed, preparation_guessed, ..plain() }, "a.pth").unwrap()
        };
        assert!(guess(true, true).starts_with("a.pth does not say strides and the preparation of pictures: "));
        assert!(guess(true, false).contains("does not say strides: the usual values are a guess"));
        assert!(guess(false, true).contains("does not say the preparation of pictures: "));
    }
}
