//! What `torch.save` writes: a zip archive, or the old row of pickles. Begin with the files of `tests/data/pth`.

#![no_main]

use cardinal::weights::Checkpoint;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // A pickle alone never gets far, so that it is tried as the object of a file of the old format too.
    let head = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.";
    for file in [bytes.to_vec(), [&head[..], bytes, b"\x80\x02]."].concat()] {
        if let Err(error) = Checkpoint::parse(file) {
            assert!(!error.to_string().is_empty());
        }
    }
});
