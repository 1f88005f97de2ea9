//! The fuzz targets of `fuzz/`, on their seeds and on a fixed number of changed copies of each: the same ones every time.
//! `CARDINAL_MUTATIONS` asks for more.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

#[path = "../../fuzz/targets.rs"]
mod targets;

use crate::common::prng::Numbers;
use targets::TARGETS;

/// Changed copies of a seed.
const USUAL: u64 = 40;
/// Of larger seeds a piece is tried.
const LONGEST: usize = 1 << 17;

fn seeds(paths: &[&str]) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = |path: &&str| {
        let folder = fs::read_dir(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        folder.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect::<Vec<_>>()
    };
    let mut all: Vec<PathBuf> = paths.iter().flat_map(files).collect();
    all.sort();
    all
}

/// A few bytes changed, cut, doubled or moved; most changes are near the beginning, where headers are.
fn changed(seed: &[u8], random: &mut Numbers) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(4) {
        let near = if random.below(3) > 0 { bytes.len().min(256) } else { bytes.len() };
        let at = random.below(near);
        match random.below(7) {
            _ if bytes.is_empty() => bytes.push(random.below(256) as u8),
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][random.below(5)],
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..(at + 1 + random.below(8)).min(bytes.len()))),
            4 => {
                let piece = bytes[at..(at + 1 + random.below(16)).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            5 => bytes.insert(at, random.below(256) as u8),
            // The largest numbers of four and of eight bytes, and digits.
            _ => {
                let number: &[u8] =
                    [&[0xff; 8][..], &[0xff, 0xff, 0xff, 0x7f], b"99999999999999999999"][random.below(3)];
                let end = (at + number.len()).min(bytes.len());
                bytes[at..end].copy_from_slice(&number[..end - at]);
            }
        }
    }
    bytes
}

#[test]
fn no_bytes_cause_a_panic() {
    let count = std::env::var("CARDINAL_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(USUAL);
    for (name, target, paths) in TARGETS {
        let seeds = seeds(paths);
        assert!(!seeds.is_empty(), "{name} has no seeds");
        let mut tried = 0;
        for path in &seeds {
            let mut seed = fs::read(path).unwrap();
            seed.truncate(LONGEST);
            for number in 0..=count {
                // Number 0 is the seed itself.
                let bytes = if number == 0 { seed.clone() } else { changed(&seed, &mut Numbers::from(number)) };
                let outcome = catch_unwind(|| target(&bytes));
                assert!(outcome.is_ok(), "{name}: {}, number {number}", path.display());
                tried += 1;
            }
        }
        println!("{name}: {tried} inputs of {} seeds", seeds.len());
    }
}

/// Every target is a program of its own for the fuzzer, and has a line in its manifest.
#[test]
fn every_target_can_be_fuzzed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    for (name, ..) in TARGETS {
        let program = fs::read_to_string(root.join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(program.contains(&format!("targets::{name}(bytes)")), "{name}");
        assert!(manifest.contains(&format!("name = \"{name}\"\n")), "{name}");
    }
    assert_eq!(fs::read_dir(root.join("fuzz_targets")).unwrap().count(), TARGETS.len());
}
