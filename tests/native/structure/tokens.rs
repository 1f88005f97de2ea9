//! Rust as words and signs: without comments, strings and tests, which import what the code beside them may not.

/// Words, `::`, and every other sign by itself.
pub fn tokens(source: &str) -> Vec<String> {
    let code: Vec<char> = source.chars().collect();
    let mut tokens: Vec<String> = Vec::new();
    let mut at = 0;
    while at < code.len() {
        let (one, next) = (code[at], code.get(at + 1).copied().unwrap_or(' '));
        match one {
            '/' if next == '/' => at = skip_line(&code, at),
            '/' if next == '*' => at = skip_block_comment(&code, at),
            '"' => at = skip_string(&code, at),
            'r' if next == '"' || next == '#' && is_raw_string(&code, at) => at = skip_raw_string(&code, at),
            '\'' => at = skip_char_or_lifetime(&code, at),
            ':' if next == ':' => {
                tokens.push("::".into());
                at += 2;
            }
            _ if one.is_alphanumeric() || one == '_' => {
                let end = (at..code.len()).find(|&end| !(code[end].is_alphanumeric() || code[end] == '_'));
                let end = end.unwrap_or(code.len());
                tokens.push(code[at..end].iter().collect());
                at = end;
            }
            _ if one.is_whitespace() => at += 1,
            _ => {
                tokens.push(one.into());
                at += 1;
            }
        }
    }
    without_tests(tokens)
}

fn skip_line(code: &[char], at: usize) -> usize {
    (at..code.len()).find(|&end| code[end] == '\n').unwrap_or(code.len())
}

fn skip_block_comment(code: &[char], at: usize) -> usize {
    (at + 2..code.len())
        .find(|&end| code[end] == '*' && code.get(end + 1) == Some(&'/'))
        .map_or(code.len(), |end| end + 2)
}

fn skip_string(code: &[char], at: usize) -> usize {
    let mut end = at + 1;
    while end < code.len() && code[end] != '"' {
        end += if code[end] == '\\' { 2 } else { 1 };
    }
    end + 1
}

fn is_raw_string(code: &[char], at: usize) -> bool {
    code[at + 1..].iter().find(|&&sign| sign != '#') == Some(&'"')
}

fn skip_raw_string(code: &[char], at: usize) -> usize {
    let hashes = code[at + 1..].iter().take_while(|&&sign| sign == '#').count();
    let start = at + 2 + hashes;
    let closes = |end: usize| {
        code[end] == '"' && code[end + 1..].iter().take(hashes).filter(|&&sign| sign == '#').count() == hashes
    };
    (start..code.len()).find(|&end| closes(end)).map_or(code.len(), |end| end + 1 + hashes)
}

fn skip_char_or_lifetime(code: &[char], at: usize) -> usize {
    match (code.get(at + 1), code.get(at + 2)) {
        (Some('\\'), _) => (at + 3..code.len()).find(|&end| code[end] == '\'').map_or(code.len(), |end| end + 1),
        (_, Some('\'')) => at + 3,
        _ => at + 1,
    }
}

/// Drops `#[cfg(test)] mod tests { … }`.
fn without_tests(tokens: Vec<String>) -> Vec<String> {
    const MARK: [&str; 8] = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at..].iter().take(MARK.len()).eq(MARK) {
            at = end_of_braces(&tokens, at);
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// The place behind the brace that closes the next one that opens.
fn end_of_braces(tokens: &[String], from: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.as_str() {
            "{" => depth += 1,
            "}" if depth == 1 => return at + 1,
            "}" => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}
