//! Gives the functions that a wasm imports from its JavaScript short names. wasm-bindgen's own, with a hash in each, are a fiftieth of
//! the worker's download: what never repeats does not compress.

use std::fs;
use std::path::Path;

use crate::failure::Failure;

const REMEDY: &str = "see that wasm-bindgen still writes what xtask/src/imports.rs expects";
/// The id of the section of imports.
const IMPORTS: u8 = 2;
/// The kind of an import that is a function.
const FUNCTION: u8 = 0;
const HEADER: usize = 8;

/// Names as they were and are.
type Names = Vec<(String, String)>;

/// Shortens the names in a wasm file and in the JavaScript that wasm-bindgen wrote for it.
///
/// # Errors
///
/// Where a file cannot be read or written, or is otherwise than wasm-bindgen writes it.
pub fn shorten(wasm: &Path, glue: &Path) -> Result<(), Failure> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| Failure::new(format!("{path}: {error}"), "build it again")
    };
    let bytes = fs::read(wasm).map_err(failed(wasm))?;
    let text = fs::read_to_string(glue).map_err(failed(glue))?;
    let other = |what: &str| Failure::new(format!("{}: {what}", wasm.display()), REMEDY);
    let (bytes, renamed) = renamed(&bytes).ok_or_else(|| other("its imports are not all functions"))?;
    let text = in_glue(&text, &renamed).ok_or_else(|| other("its JavaScript has not all imports once"))?;
    fs::write(wasm, bytes).map_err(failed(wasm))?;
    fs::write(glue, text).map_err(failed(glue))
}

/// A wasm file with short names, and these; `None` where it imports something else than functions.
fn renamed(wasm: &[u8]) -> Option<(Vec<u8>, Names)> {
    let (header, mut rest) = wasm.split_at_checked(HEADER)?;
    let (mut out, mut names) = (header.to_vec(), Vec::new());
    while let Some((&id, after)) = rest.split_first() {
        rest = after;
        let length = number(&mut rest)?;
        let mut section = rest.split_off(..length)?;
        if id == IMPORTS {
            let short = imports(&mut section, &mut names)?;
            write_section(&mut out, id, &short);
        } else {
            write_section(&mut out, id, section);
        }
    }
    Some((out, names))
}

/// The section of imports with short names.
fn imports(section: &mut &[u8], names: &mut Names) -> Option<Vec<u8>> {
    let count = number(section)?;
    let mut out = Vec::new();
    write_number(&mut out, count);
    for index in 0..count {
        let module = bytes(section)?;
        let name = String::from_utf8(bytes(section)?.to_vec()).ok()?;
        if *section.split_off_first()? != FUNCTION {
            return None;
        }
        let short = short_name(index);
        for text in [module, short.as_bytes()] {
            write_number(&mut out, text.len());
            out.extend_from_slice(text);
        }
        out.push(FUNCTION);
        write_number(&mut out, number(section)?);
        names.push((name, short));
    }
    Some(out)
}

/// The JavaScript with the short names; `None` where it has one of the long ones not at all, or twice.
fn in_glue(text: &str, names: &[(String, String)]) -> Option<String> {
    let mut text = text.to_owned();
    for (name, short) in names {
        // A member of the object of imports.
        let member = format!(" {name}: ");
        if text.matches(&member).count() != 1 {
            return None;
        }
        text = text.replace(&member, &format!(" {short}: "));
    }
    Some(text)
}

/// `a`, `b`, … `z`, `aa`, …
fn short_name(index: usize) -> String {
    const LETTERS: usize = 26;
    let last = char::from(b'a' + (index % LETTERS) as u8);
    match index / LETTERS {
        0 => last.to_string(),
        rest => format!("{}{last}", short_name(rest - 1)),
    }
}

/// A number in LEB128, which is taken from `rest`.
fn number(rest: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in (0..32).step_by(7) {
        let byte = *rest.split_off_first()?;
        number |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Bytes after their count, which are taken from `rest`.
fn bytes<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let count = number(rest)?;
    rest.split_off(..count)
}

fn write_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn write_section(out: &mut Vec<u8>, id: u8, section: &[u8]) {
    out.push(id);
    write_number(out, section.len());
    out.extend_from_slice(section);
}

#[cfg(test)]
mod tests {
    use wasmparser::{Parser, Payload};

    use super::*;

    /// A file with a type and imports of one function type each, and `data` as a section of its own.
    fn file(names: &[&str], kind: u8, data: &[u8]) -> Vec<u8> {
        let mut imports = Vec::new();
        write_number(&mut imports, names.len());
        for name in names {
            for text in ["./glue.js", name] {
                write_number(&mut imports, text.len());
                imports.extend_from_slice(text.as_bytes());
            }
            imports.extend([kind, 0]);
        }
        let mut file = b"\0asm\x01\0\0\0".to_vec();
        write_section(&mut file, 1, &[1, 0x60, 0, 0]);
        write_section(&mut file, IMPORTS, &imports);
        write_section(&mut file, 0, &[&[1, b'x'], data].concat());
        file
    }

    fn names(wasm: &[u8]) -> Vec<String> {
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            if let Payload::ImportSection(section) = payload.expect("it is a wasm") {
                names.extend(section.into_imports().map(|import| import.expect("it is a wasm").name.to_owned()));
            }
        }
        names
    }

    #[test]
    fn names_are_short_and_the_rest_is_as_it_was() {
        let many: Vec<String> = (0..60).map(|index| format!("__wbg_f{index}_0123456789abcdef")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let before = file(&many, FUNCTION, &[7; 300]);
        let (after, map) = renamed(&before).expect("all are functions");
        let short = names(&after);
        assert_eq!((short.len(), &short[0][..], &short[26][..], &short[59][..]), (60, "a", "aa", "bh"));
        assert_eq!(map[59], (many[59].to_owned(), "bh".to_owned()));
        assert!(after.ends_with(&[7; 300]) && after.len() < before.len());
        let mut unique = short.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), 60);
    }

    #[test]
    fn other_files_are_refused() {
        assert!(renamed(&file(&["memory"], 2, &[])).is_none());
        assert!(renamed(b"\0asm").is_none());
        let cut = file(&["f"], FUNCTION, &[]);
        assert!(renamed(&cut[..cut.len() - 1]).is_none());
    }

    #[test]
    fn the_glue_has_each_name_once() {
        let names = [("__wbg_open_0f".to_owned(), "a".to_owned())];
        let glue = "return { \"./glue.js\": { __wbg_open_0f: function() {} } };";
        let short = "return { \"./glue.js\": { a: function() {} } };";
        assert_eq!(in_glue(glue, &names).as_deref(), Some(short));
        assert_eq!(in_glue("", &names), None);
        assert_eq!(in_glue(&glue.repeat(2), &names), None);
    }
}
