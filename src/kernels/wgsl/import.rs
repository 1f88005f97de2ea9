//! `// #import`: what several shaders share.

use super::WgslError;
use super::expression::{Constants, constants, evaluate};

/// `source` with the text of a file in the place of each line `// #import NAME` or `// #import CONDITION ? NAME : NAME`. `file`
/// knows the files; a file imports nothing itself. Where one begins with `enable`, this comes first of all, as WGSL demands.
///
/// # Errors
/// A file that there is not, a condition that the shader's constants do not decide.
pub(crate) fn import<'a>(source: &str, file: impl Fn(&str) -> Option<&'a str>) -> Result<String, WgslError> {
    let known = constants(source);
    let mut enabled = String::new();
    let mut out = String::with_capacity(2 * source.len());
    for line in source.lines() {
        match line.trim().strip_prefix("// #import ") {
            Some(what) => {
                let name = choose(what, &known).map_err(|what| WgslError::new(line, what))?;
                let text = file(name).ok_or_else(|| WgslError::new(line, format!("there is no `{name}`")))?;
                let (directives, rest): (Vec<&str>, Vec<&str>) =
                    text.lines().partition(|line| line.starts_with("enable "));
                directives.iter().for_each(|line| enabled = format!("{line}\n"));
                out.push_str(&rest.join("\n"));
            }
            None => out.push_str(line),
        }
        out.push('\n');
    }
    Ok(enabled + &out)
}

/// The name in `NAME` or `CONDITION ? NAME : NAME`; whatever follows it is a comment.
fn choose<'a>(what: &'a str, known: &Constants) -> Result<&'a str, String> {
    let first = |text: &'a str| text.split_whitespace().next().unwrap_or_default();
    let Some((condition, names)) = what.split_once(" ? ") else { return Ok(first(what)) };
    let (yes, no) = names.split_once(" : ").ok_or("a `?` without `:`")?;
    Ok(first(if evaluate(condition, known)? != 0 { yes } else { no }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> Option<&'static str> {
        match name {
            "a" => Some("alias A = f32;\n"),
            "b" => Some("alias B = f32;"),
            "c" => Some("// C\nenable f16;\nalias C = f16;\n"),
            _ => None,
        }
    }

    #[test]
    fn a_line_becomes_a_file_or_one_of_two() {
        let source = "const F16: bool = true;\n// #import a   (as it says)\n// #import F16 ? b : a\nend";
        let expected = "const F16: bool = true;\nalias A = f32;\nalias B = f32;\nend\n";
        assert_eq!(import(source, file).as_deref(), Ok(expected));
        assert!(
            import(&source.replace("true", "false"), file).unwrap().ends_with("alias A = f32;\nalias A = f32;\nend\n")
        );
    }

    #[test]
    fn what_is_enabled_comes_first() {
        let source = "// #import a\n// #import c\n// #import c\n";
        let expected = "enable f16;\nalias A = f32;\n// C\nalias C = f16;\n// C\nalias C = f16;\n";
        assert_eq!(import(source, file).as_deref(), Ok(expected));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let error = |source: &str| import(source, file).unwrap_err().to_string();
        assert_eq!(error("// #import d"), "there is no `d` in `// #import d`");
        assert_eq!(error("// #import X ? a : b"), "`X` is unknown in `// #import X ? a : b`");
        assert_eq!(error("const X: bool = true;\n// #import X ? a"), "a `?` without `:` in `// #import X ? a`");
    }
}
