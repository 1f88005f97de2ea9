//! Loops that carry a mark are repeated, with numbers in the place of what they count; an `if` over constants keeps one branch.

use super::expression::{Constants, constants, evaluate};
use super::words::{code, words};
use super::{WgslError, registers};

/// `source` with every marked loop unrolled and with registers in the place of arrays that only numbers index.
///
/// # Errors
/// A marked loop that is not `for (var p = 0u; p < COUNT; p++) {` with a COUNT of constants, a block without its end.
pub(crate) fn unroll(source: &str) -> Result<String, WgslError> {
    let known = constants(source);
    let lines: Vec<String> = source.lines().map(str::to_owned).collect();
    let mut out = Vec::new();
    block(&lines, &known, &mut out)?;
    Ok(registers::registers(&out, &known))
}

fn block(lines: &[String], known: &Constants, out: &mut Vec<String>) -> Result<(), WgslError> {
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = &lines[at + 1..];
        if let Some((name, count)) = repeat(line, known)? {
            let body = body(line, rest)?;
            for value in 0..count {
                let lines: Vec<String> =
                    rest[..body].iter().map(|line| replace(line, name, &format!("{value}u"))).collect();
                scope(&lines, known, out)?;
            }
            at += body + 2;
        } else if let Some(holds) = decided(line, known) {
            let first = body(line, rest)?;
            let end = &rest[first];
            let (second, len) = if code(end) == "} else {" {
                let len = body(end, &rest[first + 1..])?;
                (&rest[first + 1..first + 1 + len], first + 1 + len)
            } else {
                (&[][..], first)
            };
            scope(if holds { &rest[..first] } else { second }, known, out)?;
            at += len + 2;
        } else {
            out.push(line.clone());
            at += 1;
        }
    }
    Ok(())
}

/// The lines as a block of their own, where they declare something.
fn scope(lines: &[String], known: &Constants, out: &mut Vec<String>) -> Result<(), WgslError> {
    let start = out.len();
    block(lines, known, out)?;
    let declares = |line: &String| line.trim_start().starts_with("let ") || line.trim_start().starts_with("var ");
    if lines.iter().any(declares) {
        out.insert(start, "{".to_owned());
        out.push("}".to_owned());
    }
    Ok(())
}

/// Name and count of a loop that is to be unrolled.
fn repeat<'a>(line: &'a str, known: &Constants) -> Result<Option<(&'a str, i64)>, WgslError> {
    let mark = line.split_once("// unroll").map(|(_, mark)| mark.trim());
    let Some(mark) = mark.filter(|_| !code(line).is_empty()) else { return Ok(None) };
    let error = |what: String| WgslError::new(line, what);
    if let Some(condition) = mark.strip_prefix("if ")
        && evaluate(condition, known).map_err(error)? == 0
    {
        return Ok(None);
    }
    let counted = || {
        let (name, rest) = code(line).strip_prefix("for (var ")?.split_once(" = 0u; ")?;
        let count = rest.strip_prefix(name)?.strip_prefix(" < ")?.strip_suffix("++) {")?.strip_suffix(name)?;
        Some((name, count.strip_suffix("; ")?))
    };
    let (name, count) = counted().ok_or_else(|| error("expected `for (var p = 0u; p < COUNT; p++) {`".to_owned()))?;
    Ok(Some((name, evaluate(count, known).map_err(error)?)))
}

/// Whether the condition of an `if` over constants holds; `None` for every other line.
fn decided(line: &str, known: &Constants) -> Option<bool> {
    let condition = code(line).strip_prefix("if (")?.strip_suffix(") {")?;
    Some(evaluate(condition, known).ok()? != 0)
}

/// Lines before the `}` of the block that `head` opens; what follows it is `rest`.
fn body(head: &str, rest: &[String]) -> Result<usize, WgslError> {
    let mut depth = 0i32;
    let end = rest.iter().position(|line| {
        // `} else {` closes one block and opens another.
        for c in code(line).chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => return true,
                '}' => depth -= 1,
                _ => {}
            }
        }
        false
    });
    end.ok_or_else(|| WgslError::new(head, "a block without its `}`"))
}

/// `line` with `value` in the place of each word `name`. A word after a dot is a member, and another thing; comments stay.
fn replace(line: &str, name: &str, value: &str) -> String {
    let (line, comment) = line.split_at(line.find("//").unwrap_or(line.len()));
    let mut out = String::with_capacity(line.len());
    for (word, is_name) in words(line) {
        let member = out.ends_with('.');
        out.push_str(if is_name && word == name && !member { value } else { word });
    }
    out + comment
}
