//! Arrays that only numbers index become variables.

use super::expression::{Constants, evaluate};
use super::words::{code, words};

/// An array that a function declares: `var sums: array<array<vec4f, OC_VECTORS>, PIXELS>;`.
struct Array {
    name: String,
    /// Of an element.
    kind: String,
    /// Counts of elements, the outermost first.
    sizes: Vec<i64>,
}

/// The lines as a text, with a variable in the place of each element of an array that is indexed by numbers alone: `sums_3_1` for
/// `sums[3u][1u]`. Where such an array is named as a whole, its variables are put together; one that is not used is left out.
pub(super) fn registers(lines: &[String], known: &Constants) -> String {
    let mut arrays: Vec<Array> = Vec::new();
    for array in lines.iter().filter_map(|line| declared(line, known)) {
        if arrays.iter().all(|other| other.name != array.name) {
            arrays.push(array);
        }
    }
    // Most lines name few of the arrays, and a browser does this before the first answer.
    let names = |line: &str, array: &Array| line.contains(array.name.as_str());
    arrays.retain(|array| {
        let mut naming = lines.iter().filter(|line| names(line, array));
        naming.all(|line| declared(line, known).is_some() || renamed(line, array, known).is_some())
    });
    let mut out = String::new();
    for line in lines {
        match declared(line, known).filter(|array| arrays.iter().any(|other| other.name == array.name)) {
            Some(array) => {
                let used = |line: &String| words(code(line)).any(|(word, _)| word == array.name);
                if lines.iter().filter(|line| declared(line, known).is_none()).any(used) {
                    for element in elements(&array.name, &array.sizes) {
                        out.push_str(&format!("var {element}: {};\n", array.kind));
                    }
                }
            }
            None => {
                let named = arrays.iter().filter(|array| names(line, array));
                let line = named.fold(line.clone(), |line, array| renamed(&line, array, known).unwrap_or(line));
                out.push_str(&line);
                out.push('\n');
            }
        }
    }
    out
}

/// The array that a line declares inside a function. At module scope an array has an address space, `var<workgroup>`.
fn declared(line: &str, known: &Constants) -> Option<Array> {
    let (name, mut kind) = line.trim().strip_prefix("var ")?.split_once(": ")?;
    kind = kind.split_once(';')?.0;
    let mut sizes = Vec::new();
    while let Some(array) = kind.strip_prefix("array<").and_then(|rest| rest.strip_suffix('>')) {
        let (element, size) = array.rsplit_once(", ")?;
        sizes.push(evaluate(size, known).ok()?);
        kind = element;
    }
    (!sizes.is_empty()).then(|| Array { name: name.to_owned(), kind: kind.to_owned(), sizes })
}

/// `line` with the array's elements as variables; `None` where something else than a number indexes it. Comments stay.
fn renamed(line: &str, array: &Array, known: &Constants) -> Option<String> {
    let (line, comment) = line.split_at(line.find("//").unwrap_or(line.len()));
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((word, is_name)) = words(rest).next() {
        rest = &rest[word.len()..];
        if !is_name || word != array.name || out.ends_with('.') {
            out.push_str(word);
            continue;
        }
        if !rest.starts_with('[') {
            out.push_str(&whole(word, &array.sizes));
            continue;
        }
        let mut element = word.to_owned();
        for _ in &array.sizes {
            let index = rest.strip_prefix('[')?;
            let end = matching(index)?;
            element.push_str(&format!("_{}", evaluate(&index[..end], known).ok()?));
            rest = &index[end + 1..];
        }
        out.push_str(&element);
    }
    Some(out + comment)
}

/// Where the `]` is that belongs to a `[` before `text`.
fn matching(text: &str) -> Option<usize> {
    let mut depth = 0;
    text.find(|c| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        depth < 0
    })
}

/// Names of all elements, the last index counting fastest.
fn elements(name: &str, sizes: &[i64]) -> Vec<String> {
    let Some((&size, rest)) = sizes.split_first() else { return vec![name.to_owned()] };
    (0..size).flat_map(|index| elements(&format!("{name}_{index}"), rest)).collect()
}

/// The array put together from its variables.
fn whole(name: &str, sizes: &[i64]) -> String {
    let Some((&size, rest)) = sizes.split_first() else { return name.to_owned() };
    let parts: Vec<String> = (0..size).map(|index| whole(&format!("{name}_{index}"), rest)).collect();
    format!("array({})", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::unroll;

    const SOURCE: &str = "const N: u32 = 2u;
const ROWS: bool = true;
const F16: bool = false;
fn main() {
    var sums: array<array<vec4f, N>, N + 1u>;
    var x: array<f32, N>;
    var kept: array<f32, 2>;
    for (var k = 0u; k < count; k++) {
        for (var r = 0u; r < N; r++) {  // unroll if ROWS
            let row = at + r * params.r;
            x[r] = input[row + x[1u - r]];
            for (var c = 0u; c < N + 1u; c++) {  // unroll
                sums[c][r] += x[r];
            }
        }
        kept[k] = 1.0;
        if (F16) {
            a();
        } else {
            if (N > 1u) {
                b();
            }
        }
    }
    var results = sums;  // sums[i], x and N
}
";

    #[test]
    fn marked_loops_are_repeated_and_arrays_become_variables() {
        let expected = "const N: u32 = 2u;
const ROWS: bool = true;
const F16: bool = false;
fn main() {
var sums_0_0: vec4f;
var sums_0_1: vec4f;
var sums_1_0: vec4f;
var sums_1_1: vec4f;
var sums_2_0: vec4f;
var sums_2_1: vec4f;
var x_0: f32;
var x_1: f32;
    var kept: array<f32, 2>;
    for (var k = 0u; k < count; k++) {
{
            let row = at + 0u * params.r;
            x_0 = input[row + x_1];
                sums_0_0 += x_0;
                sums_1_0 += x_0;
                sums_2_0 += x_0;
}
{
            let row = at + 1u * params.r;
            x_1 = input[row + x_0];
                sums_0_1 += x_1;
                sums_1_1 += x_1;
                sums_2_1 += x_1;
}
        kept[k] = 1.0;
                b();
    }
    var results = array(array(sums_0_0, sums_0_1), array(sums_1_0, sums_1_1), array(sums_2_0, sums_2_1));  // sums[i], x and N
}
";
        assert_eq!(unroll(SOURCE).as_deref(), Ok(expected));
    }

    #[test]
    fn a_loop_whose_mark_does_not_hold_stays_and_so_do_its_arrays() {
        let out = unroll(&SOURCE.replace("ROWS: bool = true", "ROWS: bool = false")).unwrap();
        assert!(out.contains("var sums: array<array<vec4f, N>, N + 1u>;"), "{out}");
        assert!(out.contains("for (var r = 0u; r < N; r++) {  // unroll if ROWS"), "{out}");
        assert!(out.contains("sums[2u][r] += x[r];"), "{out}");
    }

    #[test]
    fn what_cannot_be_unrolled_is_named_with_its_line() {
        let error = |source: &str| unroll(source).unwrap_err().to_string();
        assert_eq!(
            error("for (var i = 0u; i < M; i++) {  // unroll\n}"),
            "`M` is unknown in `for (var i = 0u; i < M; i++) {  // unroll`"
        );
        assert!(error("for (var i = 0u; i < 2u; i++) { // unroll\nx").starts_with("a block without its `}`"));
        assert!(error("for (var i = 1u; i < 2u; i++) { // unroll\n}").starts_with("expected `for (var p = 0u;"));
        assert!(error("loop { // unroll if Q\n}").starts_with("`Q` is unknown"));
    }
}
