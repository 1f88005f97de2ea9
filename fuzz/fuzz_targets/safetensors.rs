//! The header of safetensors, whatever its length says: the bytes are the header, followed by zeros.

#![no_main]

use cardinal::weights::Checkpoint;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|header: &[u8]| {
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend_from_slice(header);
    file.resize(file.len() + 4096, 0);
    for file in [header.to_vec(), file] {
        if let Err(error) = Checkpoint::parse(file) {
            assert!(!error.to_string().is_empty());
        }
    }
});
