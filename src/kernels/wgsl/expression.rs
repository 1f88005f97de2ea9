//! The constants of a shader, and expressions over them: what is known before anything is compiled.

/// Names with their values, booleans as 0 and 1; of two with one name the later counts.
pub(crate) type Constants = Vec<(String, i64)>;

/// The constants that `source` declares at module scope, a line each: `const PIXELS: u32 = 8u;`, also in terms of earlier ones.
/// Others, such as floats, are left out.
pub(crate) fn constants(source: &str) -> Constants {
    let mut known = Constants::new();
    for line in source.lines() {
        if let Some((name, value)) = declaration(line)
            && let Ok(value) = evaluate(value, &known)
        {
            known.push((name.to_owned(), value));
        }
    }
    known
}

/// `source` with the constants of `values` declared with these values instead.
pub(crate) fn with_values(source: &str, values: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(source.len());
    for line in source.lines() {
        let found =
            declaration(line).and_then(|(name, old)| Some((old, values.iter().find(|(known, _)| *known == name)?)));
        match found {
            Some((old, (_, value))) => {
                let (head, rest) = line.split_once('=').unwrap_or((line, ""));
                out.push_str(&format!("{head}={}", rest.replacen(old, value, 1)));
            }
            None => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// Name and value of `const NAME: T = VALUE;` at the beginning of a line.
pub(crate) fn declaration(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.strip_prefix("const ")?.split_once(':')?;
    Some((name, rest.split_once('=')?.1.split_once(';')?.0.trim()))
}

/// The value of an expression of integers, booleans, parentheses and the operators below.
///
/// # Errors
/// In words: a name that is not known, or what else cannot be read.
pub(super) fn evaluate(text: &str, known: &Constants) -> Result<i64, String> {
    let mut parser = Parser { rest: text.trim(), known };
    let value = parser.binary(0)?;
    if parser.rest.is_empty() { Ok(value) } else { Err(format!("`{}` cannot be evaluated", parser.rest)) }
}

/// Operators, those that bind least first; a longer one stands before its own beginning.
const OPERATORS: [&[&str]; 5] = [&["||"], &["&&"], &["==", "!=", "<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

struct Parser<'a> {
    rest: &'a str,
    known: &'a Constants,
}

impl Parser<'_> {
    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.map_or(self.rest, str::trim_start);
        rest.is_some()
    }

    fn binary(&mut self, level: usize) -> Result<i64, String> {
        let Some(operators) = OPERATORS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        while let Some(&operator) = operators.iter().find(|operator| self.take(operator)) {
            left = apply(operator, left, self.binary(level + 1)?)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<i64, String> {
        if self.take("!") {
            return Ok(i64::from(self.unary()? == 0));
        }
        if self.take("(") {
            let value = self.binary(0)?;
            return if self.take(")") { Ok(value) } else { Err("a `(` without `)`".to_owned()) };
        }
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        let known = self.known.iter().rev().find(|(name, _)| name == word).map(|&(_, value)| value);
        match word {
            "true" => Ok(1),
            "false" => Ok(0),
            _ => {
                known.or_else(|| word.trim_end_matches('u').parse().ok()).ok_or_else(|| format!("`{word}` is unknown"))
            }
        }
    }
}

fn apply(operator: &str, a: i64, b: i64) -> Result<i64, String> {
    Ok(match operator {
        "||" => i64::from(a != 0 || b != 0),
        "&&" => i64::from(a != 0 && b != 0),
        "==" => i64::from(a == b),
        "!=" => i64::from(a != b),
        "<=" => i64::from(a <= b),
        ">=" => i64::from(a >= b),
        "<" => i64::from(a < b),
        ">" => i64::from(a > b),
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        _ if b == 0 => return Err("a division by zero".to_owned()),
        "/" => a / b,
        _ => a % b,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_evaluated_in_order() {
        let source = "const KERNEL_SIZE: u32 = 3u;\nconst STRIDE: u32 = 2u;  // of the window\n\
                      const WINDOW: u32 = (8u - 1u) * STRIDE + KERNEL_SIZE;\nconst F16: bool = false;\nconst EPS: f32 = 1e-5;";
        let known = constants(source);
        assert_eq!(evaluate("WINDOW", &known), Ok(17));
        assert_eq!(evaluate("!F16 && STRIDE > 1u", &known), Ok(1));
        assert_eq!(evaluate("7u / 2u % 2u - 1u", &known), Ok(0));
        let replaced = with_values(source, &[("STRIDE", "1u".to_owned()), ("F16", "true".to_owned())]);
        assert!(replaced.contains("const STRIDE: u32 = 1u;  // of the window\n"), "{replaced}");
        assert_eq!(evaluate("WINDOW + F16", &constants(&replaced)), Ok(11));
    }

    #[test]
    fn what_cannot_be_evaluated_is_named() {
        let error = |text: &str| evaluate(text, &Constants::new()).unwrap_err();
        assert_eq!(error("2u * N"), "`N` is unknown");
        assert_eq!(error("(1u + 2u"), "a `(` without `)`");
        assert_eq!(error("1u / 0u"), "a division by zero");
        assert_eq!(error("1u 2u"), "`2u` cannot be evaluated");
    }
}
