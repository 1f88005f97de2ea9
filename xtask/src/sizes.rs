//! What a visitor downloads: raw and brotli sizes of the built page, and the limit on its wasm.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::failure::Failure;

/// Limit of the page's and the worker's wasm together in bytes, compressed with brotli as static hosts do: the download before the
/// first answer.
pub const WASM_LIMIT: usize = 819_000;
/// Limit of the trainer's wasm, which is fetched when training is opened.
pub const TRAINER_LIMIT: usize = 234_000;
/// Limit of the wasm that reads PyTorch's files, which is fetched when one is opened.
pub const TORCH_LIMIT: usize = 78_000;
/// Limit of the page's wasm alone: the download before anything is drawn.
pub const PAGE_LIMIT: usize = 489_000;

pub struct Sizes {
    /// Code, largest first.
    code: Vec<Row>,
    /// Everything else: pictures, weights, labels.
    other_files: usize,
    other_bytes: u64,
}

struct Row {
    name: String,
    raw: usize,
    brotli: usize,
}

/// Measures every file of the folder, and the compressed size of code.
///
/// # Errors
///
/// Where a file cannot be read.
pub fn measure(dist: &Path) -> Result<Sizes, Failure> {
    let failed = |error: io::Error| {
        Failure::new(format!("reading {}: {error}", dist.display()), "build the page again: cargo xtask build")
    };
    let mut sizes = Sizes { code: Vec::new(), other_files: 0, other_bytes: 0 };
    for path in files_under(dist).map_err(failed)? {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if matches!(ending, "wasm" | "js" | "html" | "css") {
            let bytes = fs::read(&path).map_err(failed)?;
            let name = path.strip_prefix(dist).unwrap_or(&path).display().to_string();
            sizes.code.push(Row { name, raw: bytes.len(), brotli: brotli_size(&bytes).map_err(failed)? });
        } else {
            sizes.other_files += 1;
            sizes.other_bytes += fs::metadata(&path).map_err(failed)?.len();
        }
    }
    sizes.code.sort_by_key(|row| std::cmp::Reverse(row.raw));
    Ok(sizes)
}

impl Sizes {
    pub fn table(&self) -> String {
        let mut table = format!("{:<44} {:>11} {:>11}\n", "dist/", "bytes", "brotli");
        for row in &self.code {
            let _ =
                writeln!(table, "{:<44} {:>11} {:>11}", row.name, grouped(row.raw as u64), grouped(row.brotli as u64));
        }
        let others = format!("{} other files", self.other_files);
        let _ = write!(table, "{others:<44} {:>11}", grouped(self.other_bytes));
        table
    }

    /// Fails where the wasm is over the limit, or where there is none.
    ///
    /// # Errors
    ///
    /// Where the wasm is missing or over its limit.
    pub fn check(&self) -> Result<(), Failure> {
        let wasm: Vec<_> = self.code.iter().filter(|row| row.name.ends_with(".wasm")).collect();
        if wasm.is_empty() {
            return Err(Failure::new(
                "dist/ holds no wasm",
                "see that index.html has its <link data-trunk rel=\"rust\">",
            ));
        }
        let total = |rows: &[&Row]| rows.iter().map(|row| row.brotli).sum::<usize>();
        let part = |name: &str| wasm.iter().copied().filter(|row| row.name.starts_with(name)).collect::<Vec<&Row>>();
        let (page, worker) = (part("cardinal-page"), part("cardinal-worker"));
        let (torch, trainer) = (part("cardinal-torch"), part("cardinal-trainer"));
        for (what, size, limit) in [
            ("the page's wasm", total(&page), PAGE_LIMIT),
            ("the wasm of page and worker", total(&page) + total(&worker), WASM_LIMIT),
            ("the wasm that reads PyTorch's files", total(&torch), TORCH_LIMIT),
            ("the trainer's wasm", total(&trainer), TRAINER_LIMIT),
        ] {
            if size > limit {
                return Err(Failure::new(
                    format!(
                        "{what} is {} bytes in brotli, over the limit of {}",
                        grouped(size as u64),
                        grouped(limit as u64)
                    ),
                    "find what made it grow (a dependency's features, a new dependency, generic code) and take it out",
                ));
            }
            println!("{what} in brotli: {} of at most {} bytes", grouped(size as u64), grouped(limit as u64));
        }
        Ok(())
    }
}

fn files_under(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_under(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// Size in bytes under brotli at its highest quality and the window that browsers must accept, as hosts store static files.
///
/// # Errors
///
/// None: memory does not fail.
pub fn brotli_size(mut bytes: &[u8]) -> io::Result<usize> {
    let mut compressed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut bytes, &mut compressed, &params)
}

/// 1234567 as `1 234 567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(page: usize, worker: usize, torch: usize, trainer: usize) -> Sizes {
        let row = |name: &str, brotli: usize| Row { name: format!("{name}_bg.wasm"), raw: brotli * 3, brotli };
        let code = vec![
            row("cardinal-page-1f2e", page),
            row("cardinal-worker", worker),
            row("cardinal-torch", torch),
            row("cardinal-trainer", trainer),
        ];
        Sizes { code, other_files: 0, other_bytes: 0 }
    }

    #[test]
    fn the_limits_hold_to_the_byte() {
        assert!(sizes(PAGE_LIMIT, WASM_LIMIT - PAGE_LIMIT, TORCH_LIMIT, TRAINER_LIMIT).check().is_ok());
        assert!(sizes(PAGE_LIMIT + 1, 1, 1, 1).check().is_err());
        assert!(sizes(1, WASM_LIMIT, 1, 1).check().is_err());
        assert!(sizes(1, 1, TORCH_LIMIT + 1, 1).check().is_err());
        assert!(sizes(1, 1, 1, TRAINER_LIMIT + 1).check().is_err());
        let none = Sizes { code: Vec::new(), other_files: 0, other_bytes: 0 };
        assert!(none.check().is_err());
    }

    #[test]
    fn brotli_really_compresses() {
        let text = "loss and grain ".repeat(1000);
        let size = brotli_size(text.as_bytes()).expect("memory does not fail");
        assert!(size > 10 && size < 100, "{size}");
    }

    #[test]
    fn digits_in_groups_of_three() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(123), "123");
        assert_eq!(grouped(1_234_567), "1 234 567");
    }
}
