//! Whether a file that a visitor brings has weights or a picture. Its first bytes decide; its name only where they do not tell.

/// How many of a file's bytes are needed.
pub const OPENING_BYTES: u64 = 64;

/// First bytes of the pictures that browsers show, which may have any name.
const PICTURES: [&[u8]; 5] = [b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"RIFF"];

/// First bytes of PyTorch's files, and of weights of other kinds, whose errors say what to do.
const WEIGHTS: [&[u8]; 11] = [
    b"PK\x03\x04",
    b"\x80\x02",
    b"\x80\x03",
    b"\x80\x04",
    b"\x80\x05",
    b"\x89HDF",
    b"\x93NUMPY",
    b"GGUF",
    b"version https://git-lfs",
    // ONNX: its version, and the name of the program that wrote it.
    b"\x08\x07\x12",
    b"\x08\x08\x12",
];

/// Names of weights files, for those that are empty, cut off or a web page: the errors say so.
const NAMES: [&str; 13] = [
    ".safetensors",
    ".pt",
    ".pth",
    ".bin",
    ".ckpt",
    ".onnx",
    ".tar",
    ".tar.gz",
    ".tgz",
    ".h5",
    ".npz",
    ".t7",
    ".index.json",
];

/// Whether a file of this name, which begins with these bytes, is to be read as weights.
pub fn is_weights(name: &str, opening: &[u8]) -> bool {
    let begins = |marks: &[&[u8]]| marks.iter().any(|mark| opening.starts_with(mark));
    // safetensors: the length of a header that is shorter than 4 GB, and the header.
    let is_safetensors = opening.get(8) == Some(&b'{') && opening[4..8] == [0; 4];
    if is_safetensors || begins(&WEIGHTS) {
        return true;
    }
    let name = name.to_ascii_lowercase();
    !begins(&PICTURES) && NAMES.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::is_weights;

    #[test]
    fn first_bytes_decide_whatever_the_name() {
        let safetensors = b"\x10\x01\0\0\0\0\0\0{\"conv1.weight\"";
        for name in ["a.safetensors", "a.safetensors (1)", "a.txt", "a", "holiday.jpg"] {
            for opening in [&safetensors[..], b"PK\x03\x04\0\0\x08\x08", b"\x80\x02\x8a\x0al\xfc", b"\x89HDF\r\n"] {
                assert!(is_weights(name, opening), "{name}");
            }
        }
        for name in ["a.pth", "a.bin", "holiday.jpg"] {
            for opening in [&b"\xff\xd8\xff\xe0"[..], b"\x89PNG\r\n", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"BM"] {
                assert!(!is_weights(name, opening), "{name}");
            }
        }
    }

    #[test]
    fn names_decide_where_the_first_bytes_do_not() {
        for name in ["a.safetensors", "A.PTH", "checkpoint.pth.tar", "model.ckpt", "pytorch_model.bin", "a.t7"] {
            assert!(is_weights(name, b"") && is_weights(name, b"<!doctype html>"), "{name}");
        }
        for name in ["notes.txt", "drawing.svg", "photo.heic", "config.json", ""] {
            assert!(!is_weights(name, b"") && !is_weights(name, b"<svg xmlns="), "{name}");
        }
    }
}
