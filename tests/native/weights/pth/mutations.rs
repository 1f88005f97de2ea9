//! Files of PyTorch with mistakes put into them: none may cause a panic or take long, and what is accepted is sound.
//!
//! `CARDINAL_MUTATIONS` sets how many are made; `docs/testing.md` says how many have been run.

use std::time::{Duration, Instant};

use cardinal::weights::{Checkpoint, TensorSource, tensor_shapes};

use super::super::support::read;

/// Made in every run of the tests; some seconds.
const USUAL: u64 = 20_000;

/// SplitMix64.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

/// The parts of a file that are no tensors: pickles, headers and the directory.
fn interesting(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let find = |mark: &[u8]| bytes.windows(mark.len()).position(|window| window == mark);
    let pickle = find(b"\x80\x02}").or_else(|| find(b"\x80\x02c")).or_else(|| find(b"\x80\x04\x95")).unwrap_or(0);
    let head = 0..(pickle + 12_000).min(bytes.len());
    let tail = bytes.len().saturating_sub(9_000)..bytes.len();
    vec![head, tail]
}

fn mutate(bytes: &mut Vec<u8>, draws: &mut Draws, parts: &[std::ops::Range<usize>]) {
    let numbers: [u64; 9] = [0, 1, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff, 1 << 32, u64::MAX, 1 << 63];
    for _ in 0..=draws.below(3) {
        // Most mistakes are where something is decided.
        let part = if draws.below(10) == 0 { 0..bytes.len() } else { parts[draws.below(parts.len())].clone() };
        let at = (part.start + draws.below(part.len())).min(bytes.len().saturating_sub(1));
        match draws.below(8) {
            0 => bytes[at] ^= 1 << draws.below(8),
            1 | 2 => bytes[at] = draws.next() as u8,
            3 => {
                let number = numbers[draws.below(numbers.len())].to_le_bytes();
                let len = [1, 2, 4, 8][draws.below(4)].min(bytes.len() - at);
                bytes[at..at + len].copy_from_slice(&number[..len]);
            }
            4 => {
                let end = (at + 1 + draws.below(16)).min(bytes.len());
                bytes.drain(at..end);
            }
            5 => {
                let opcodes = b"()]}.0123NRQbacseutq\x80\x81\x85\x86\x87\x88\x89\x8a\x8c\x93\x94\x95hjrKMJX";
                bytes.insert(at, opcodes[draws.below(opcodes.len())]);
            }
            6 => {
                let from = draws.below(bytes.len());
                let len = (1 + draws.below(64)).min(bytes.len() - from).min(bytes.len() - at);
                bytes.copy_within(from..from + len, at);
            }
            _ if draws.below(4) == 0 => bytes.truncate(at),
            _ => {
                let other = (at + 1 + draws.below(40)).min(bytes.len() - 1);
                bytes.swap(at, other);
            }
        }
        if bytes.is_empty() {
            return;
        }
    }
}

#[test]
fn mutated_files_cause_no_panic_and_take_no_time() {
    let count = std::env::var("CARDINAL_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(USUAL);
    let files: Vec<Vec<u8>> = [
        "2.15/half.pth",
        "1.13/legacy.pth",
        "2.15/protocol4.pth",
        "1.13/strided_legacy.pth",
        "2.15/checkpoint.pth",
        "2.15/shared.pth",
        "1.13/module.pth",
        "2.15/quantised.pth",
    ]
    .iter()
    .map(|name| read(&format!("tests/data/pth/{name}")))
    .collect();
    let parts: Vec<_> = files.iter().map(|bytes| interesting(bytes)).collect();
    let (mut accepted, mut slowest) = (0_u64, Duration::ZERO);
    for round in 0..count {
        let mut draws = Draws(round);
        let which = draws.below(files.len());
        let mut bytes = files[which].clone();
        mutate(&mut bytes, &mut draws, &parts[which]);
        let start = Instant::now();
        match Checkpoint::parse(bytes) {
            Ok(checkpoint) => {
                accepted += 1;
                for (name, shape) in tensor_shapes(checkpoint.config()).unwrap() {
                    let values = checkpoint.tensor(&name, &shape).unwrap();
                    assert_eq!(values.len(), shape.iter().product::<usize>(), "mutation {round}: {name}");
                    assert!(values.iter().all(|value| value.is_finite()), "mutation {round}: {name}");
                }
            }
            Err(error) => assert!(error.to_string().len() < 8000, "mutation {round}: {error}"),
        }
        let elapsed = start.elapsed();
        slowest = slowest.max(elapsed);
        assert!(elapsed < Duration::from_secs(5), "mutation {round}: {elapsed:?}");
    }
    println!("{count} mutated files, {accepted} accepted, the slowest took {slowest:?}");
    // So that a change that breaks all files is seen.
    assert!(accepted > count / 50 && accepted < count / 2, "{accepted} of {count} accepted");
}
