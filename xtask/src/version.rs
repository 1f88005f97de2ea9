//! Version numbers in the output of programs' `--version`.

/// The first word that starts like a number: `trunk 0.21.14` gives `0.21.14`, `wasm-opt version 132 (version_132)`
/// gives `132`, `v20.20.2` gives `20.20.2`.
pub fn find(text: &str) -> Option<&str> {
    text.split_whitespace()
        .map(|word| word.trim_start_matches('v'))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// The number before the first dot: browsers and their drivers must agree in it.
pub fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_programs_print_them() {
        for (printed, version) in [
            ("trunk 0.21.14\n", "0.21.14"),
            ("wasm-bindgen 0.2.130", "0.2.130"),
            ("wasm-pack 0.15.1", "0.15.1"),
            ("wasm-opt version 132 (version_132)", "132"),
            ("wasm-opt version 108", "108"),
            ("v20.20.2", "20.20.2"),
            ("Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)", "156.0.8078.79"),
            ("Google Chrome 141.0.7390.55 ", "141.0.7390.55"),
            ("ChromeDriver 156.0.8078.79 (a21ce95c-refs/branch-heads/8078@{#1704})", "156.0.8078.79"),
        ] {
            assert_eq!(find(printed), Some(version), "{printed}");
        }
        assert_eq!(find("command not found"), None);
    }

    #[test]
    fn majors() {
        assert_eq!(major("156.0.8078.79"), Some(156));
        assert_eq!(major("132"), Some(132));
        assert_eq!(major("nightly"), None);
    }
}
