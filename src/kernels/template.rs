//! Shaders are written once for tiles of every size: what registers a tile needs is unrolled here.
//!
//! WGSL has no registers that a loop could count through, so a tile of 16 by 14 sums needs 56 names. A line `$for c < COUNT {`
//! repeats what follows up to its `$}` with `$c` and `$(c*2+1)` replaced by numbers; `$if NAME {` and `$if !NAME {` keep what
//! follows or drop it. Counts and sums are made of numbers, of the letters of loops around, and of the shader's own `const`s.

use std::fmt::Write;

/// The WGSL that `source` stands for.
///
/// # Errors
/// In words, with the line: an unknown name, a block without an end.
pub(super) fn expand(source: &str) -> Result<String, String> {
    let lines: Vec<&str> = source.lines().collect();
    let mut names = Vec::new();
    for line in &lines {
        if let Some((name, value)) = constant(line) {
            names.push((name, value));
        }
    }
    let mut out = String::with_capacity(source.len());
    block(&lines, &mut names, &mut out)?;
    Ok(out)
}

/// Name and value of `const NAME: u32 = 4u;` or `const NAME: bool = true;`.
fn constant(line: &str) -> Option<(&str, i64)> {
    let (name, rest) = line.strip_prefix("const ")?.split_once(':')?;
    let value = rest.split_once('=')?.1.split_once(';')?.0.trim();
    let value = match value {
        "true" => 1,
        "false" => 0,
        number => number.trim_end_matches('u').parse().ok()?,
    };
    Some((name, value))
}

type Names<'a> = Vec<(&'a str, i64)>;

fn block<'a>(lines: &[&'a str], names: &mut Names<'a>, out: &mut String) -> Result<(), String> {
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let Some(head) = line.trim().strip_prefix('$').and_then(|head| head.strip_suffix('{')) else {
            substitute(line, names, out).map_err(|what| format!("{what} in `{}`", line.trim()))?;
            at += 1;
            continue;
        };
        let len = block_len(&lines[at + 1..]).ok_or_else(|| format!("`{}` has no `$}}`", line.trim()))?;
        let body = &lines[at + 1..at + 1 + len];
        at += len + 2;
        if let Some(name) = head.strip_prefix("if ") {
            let name = name.trim();
            let (name, wanted) = name.strip_prefix('!').map_or((name, true), |name| (name, false));
            if (evaluate(name, names)? != 0) == wanted {
                block(body, names, out)?;
            }
        } else {
            let repeat = head.strip_prefix("for ").and_then(|repeat| repeat.split_once('<'));
            let (letter, count) = repeat.ok_or_else(|| format!("`{}` is neither $for nor $if", line.trim()))?;
            for value in 0..evaluate(count, names)? {
                names.push((letter.trim(), value));
                block(body, names, out)?;
                names.pop();
            }
        }
    }
    Ok(())
}

/// Lines before the `$}` that ends the block which begins before `lines`.
fn block_len(lines: &[&str]) -> Option<usize> {
    let mut depth = 0;
    lines.iter().position(|line| {
        let line = line.trim();
        if line == "$}" {
            depth -= 1;
        } else if line.starts_with('$') && line.ends_with('{') {
            depth += 1;
        }
        depth < 0
    })
}

/// Writes a line with its `$c` and `$(…)` replaced.
fn substitute(line: &str, names: &Names<'_>, out: &mut String) -> Result<(), String> {
    let mut parts = line.split('$');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (expression, rest) = match part.strip_prefix('(') {
            Some(open) => open.split_once(')').ok_or("a `$(` without `)`")?,
            None => part.split_at(part.len().min(1)),
        };
        let _ = write!(out, "{}{rest}", evaluate(expression, names)?);
    }
    out.push('\n');
    Ok(())
}

/// A sum of products, such as `x*STRIDE+k-1`.
fn evaluate(expression: &str, names: &Names<'_>) -> Result<i64, String> {
    let factor = |text: &str| {
        let text = text.trim();
        let known = names.iter().rev().find(|(name, _)| *name == text).map(|&(_, value)| value);
        known.or_else(|| text.parse().ok()).ok_or_else(|| format!("`{text}` is unknown"))
    };
    let mut sum = 0;
    for term in expression.split('+') {
        let mut parts = term.split('-');
        let product =
            |text: &str| text.split('*').try_fold(1, |product, text| Ok::<_, String>(product * factor(text)?));
        sum += product(parts.next().unwrap_or_default())?;
        for part in parts {
            sum -= product(part)?;
        }
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_repeated_kept_or_dropped() {
        let source = "const N: u32 = 2u;\nconst F16: bool = false;\n$for r < N {\n$for c < N+1-1 {\n\
                      sum$r_$c += x$(c*N+r);\n$}\n$}\n$if F16 {\nenable f16;\n$}\n$if !F16 {\nf32\n$}\nend";
        let expected = "const N: u32 = 2u;\nconst F16: bool = false;\nsum0_0 += x0;\nsum0_1 += x2;\n\
                        sum1_0 += x1;\nsum1_1 += x3;\nf32\nend\n";
        assert_eq!(expand(source).as_deref(), Ok(expected));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(expand("$for c < M {\n$}").unwrap_err().contains("`M` is unknown"));
        assert!(expand("$for c < 2 {\nx").unwrap_err().contains("has no `$}`"));
        assert!(expand("x$d = 1;").unwrap_err().contains("`d` is unknown in `x$d = 1;`"));
        assert!(expand("$while x {\n$}").unwrap_err().contains("neither"));
    }
}
