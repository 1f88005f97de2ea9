//! What is in a wasm file, by part: the bytes of its functions, added up by the crate or the module that they come from.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::ops::Range;

use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use crate::failure::Failure;
use crate::sizes::grouped;

/// Parts that have less are one line.
const LEAST_BYTES: usize = 2000;

/// A table of the file's parts, largest first; `wasm` must have its name section.
///
/// # Errors
///
/// Where the file is no wasm, or has no names.
pub fn table(wasm: &[u8]) -> Result<String, Failure> {
    let damaged = |error| Failure::new(format!("the worker's wasm cannot be read: {error}"), "build it again");
    let (mut imported, mut sizes, mut names, mut data) = (0, Vec::new(), HashMap::new(), 0);
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.map_err(damaged)? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import.map_err(damaged)?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => sizes.push(length(&body.range())),
            Payload::DataSection(section) => data = length(&section.range()),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(section) = section.as_known() else { continue };
                for subsection in section {
                    let Name::Function(functions) = subsection.map_err(damaged)? else { continue };
                    for function in functions {
                        let function = function.map_err(damaged)?;
                        names.insert(function.index, function.name);
                    }
                }
            }
            _ => {}
        }
    }
    if names.is_empty() {
        return Err(Failure::new("the worker's wasm has no names", "keep them with wasm-opt's -g"));
    }
    let mut parts: BTreeMap<String, usize> = BTreeMap::new();
    for (index, size) in (imported..).zip(&sizes) {
        *parts.entry(part(names.get(&index).unwrap_or(&"unnamed"))).or_default() += size;
    }
    parts.insert("data: texts, shaders, tables".into(), data);
    Ok(written(parts))
}

fn length(range: &Range<u64>) -> usize {
    (range.end - range.start) as usize
}

fn written(parts: BTreeMap<String, usize>) -> String {
    let total = parts.values().sum::<usize>();
    let (mut large, small): (Vec<_>, Vec<_>) = parts.into_iter().partition(|(_, size)| *size >= LEAST_BYTES);
    large.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let count = small.len();
    large.push((format!("{count} parts of less than {LEAST_BYTES}"), small.iter().map(|(_, size)| size).sum()));
    let mut table = format!("{:<44} {:>11} {:>7}\n", "part", "bytes", "share");
    for (name, size) in large {
        let share = 100.0 * size as f64 / total.max(1) as f64;
        let _ = writeln!(table, "{name:<44} {:>11} {share:>6.1}%", grouped(size as u64));
    }
    table
}

/// The part that a function is counted to: of our own functions the module, of others the crate. A function that is generic has the
/// name of whose code it is, not of whom it was compiled for.
fn part(name: &str) -> String {
    // `<alloc::vec::Vec<T> as core::ops::Drop>::drop`, `<&mut serde_json::Deserializer as …>`
    let path = name.trim_start_matches(['<', '&', '(', '[']).trim_start_matches("mut ").trim_start_matches("dyn ");
    let path = path.split(['<', ' ', '>', '{', '(']).next().unwrap_or(path);
    let words: Vec<&str> = path.split("::").filter(|word| !word.is_empty()).collect();
    match words[..] {
        // `core[c5930c85a12de822]`: a crate that was compiled before.
        ["cardinal", module, inner, _, ..] => format!("{module}::{inner}"),
        ["cardinal", module, ..] => module.to_owned(),
        [name, _, ..] => name.split('[').next().unwrap_or(name).to_owned(),
        _ => "others".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_counted_to_their_modules() {
        for (name, expected) in [
            ("cardinal::weights::pth::pickle::run::h0b66154374b37cfe", "weights::pth"),
            ("cardinal::session::load::Loading<H>::open::{{closure}}::h7c55", "session::load"),
            ("cardinal::decimal::short::h1", "decimal::short"),
            ("<cardinal::weights::error::WeightError as core::fmt::Display>::fmt::hcac6", "weights::error"),
            (
                "<&mut serde_json::de::Deserializer<R> as serde_core::de::Deserializer>::deserialize_seq::h6",
                "serde_json",
            ),
            ("core[c5930c85a12de822]::str::slice_error_fail_rt", "core"),
            ("<char>::escape_debug_ext", "others"),
        ] {
            assert_eq!(part(name), expected, "{name}");
        }
    }

    #[test]
    fn a_file_without_names_is_refused() {
        assert!(table(b"\0asm\x01\0\0\0").is_err());
        assert!(table(b"text").is_err());
    }
}
