//! What a file is that a visitor brings: weights, what describes them, or a picture. Its first bytes decide; its name only where
//! they do not tell.

/// How many of a file's bytes are needed.
pub const OPENING_BYTES: u64 = 64;

/// First bytes of the pictures that browsers show, which may have any name.
const PICTURES: [&[u8]; 5] = [b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"RIFF"];

/// First bytes of videos from their fifth byte on, and of those that begin at once. Phones call some of them pictures.
const VIDEOS: [&[u8]; 8] = [b"ftypmp4", b"ftypiso", b"ftypM4V", b"ftypqt", b"ftypavc1", b"ftyp3g", b"moov", b"mdat"];
const WEBM: &[u8] = b"\x1a\x45\xdf\xa3";
const OGG: &[u8] = b"OggS";

/// First bytes of PyTorch's files, and of weights of other kinds, whose errors say what to do.
const WEIGHTS: [&[u8]; 12] = [
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
    // Torch7: the numbers of its first object.
    b"\x04\0\0\0\x01\0\0\0",
];

/// Names of weights files, for those that are empty, cut off or a web page: the errors say so.
const NAMES: [&str; 22] = [
    ".hdf5",
    ".keras",
    ".npy",
    ".gguf",
    ".pb",
    ".tflite",
    ".msgpack",
    ".pkl",
    ".ptl",
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

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Weights, or what people take for weights.
    Weights,
    /// What describes weights, such as `config.json`, or names their classes.
    Description,
    /// A video.
    Video,
    /// A picture, or anything else: who reads it says what it is.
    Picture,
}

impl FileKind {
    /// The kind of a file of this name, which begins with these bytes.
    pub fn of(name: &str, opening: &[u8]) -> Self {
        let begins = |marks: &[&[u8]]| marks.iter().any(|mark| opening.starts_with(mark));
        // safetensors: the length of a header that is shorter than 4 GB, and the header.
        let is_safetensors = opening.get(8) == Some(&b'{') && opening[4..8] == [0; 4];
        if is_safetensors || begins(&WEIGHTS) {
            return Self::Weights;
        }
        let is_video = opening.get(4..).is_some_and(|rest| VIDEOS.iter().any(|mark| rest.starts_with(mark)));
        if is_video || begins(&[WEBM, OGG]) || opening.get(8..12) == Some(b"AVI ") {
            return Self::Video;
        }
        if begins(&PICTURES) {
            return Self::Picture;
        }
        let name = name.to_ascii_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|end| name.ends_with(end));
        let text = opening.strip_prefix(b"\xef\xbb\xbf").unwrap_or(opening).trim_ascii_start();
        match text.first() {
            _ if ends(&NAMES) => Self::Weights,
            // A web page saved as text is neither JSON nor a list of names.
            Some(b'<') => Self::Picture,
            _ if ends(&[".json", ".txt", ".names", ".labels"]) => Self::Description,
            Some(b'{' | b'[') if !name.contains('.') => Self::Description,
            _ => Self::Picture,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FileKind;

    fn is_weights(name: &str, opening: &[u8]) -> bool {
        FileKind::of(name, opening) == FileKind::Weights
    }

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

    #[test]
    fn videos_are_told_by_their_first_bytes() {
        for opening in [
            &b"\0\0\0\x20ftypisom\0\0\x02\0"[..],
            b"\0\0\0\x14ftypqt  ",
            b"\x1a\x45\xdf\xa3\x9f\x42\x86",
            b"OggS\0\x02",
            b"RIFF\x24\0\0\0AVI LIST",
        ] {
            assert_eq!(FileKind::of("IMG_1.HEIC", opening), FileKind::Video);
        }
        for opening in [&b"\0\0\0\x20ftypheic"[..], b"\0\0\0\x20ftypavif", b"RIFF\x24\0\0\0WEBPVP8 "] {
            assert_eq!(FileKind::of("clip.mp4", opening), FileKind::Picture);
        }
    }

    #[test]
    fn what_describes_weights_is_told_from_both() {
        for (name, opening) in [
            ("config.json", &b"{\"a\": 1}"[..]),
            ("labels", b"\xef\xbb\xbf [\"a\"]"),
            ("classes.txt", b"cat\ndog"),
            ("CLASSES.TXT", b""),
        ] {
            assert_eq!(FileKind::of(name, opening), FileKind::Description, "{name}");
        }
        assert_eq!(FileKind::of("model.safetensors.index.json", b"{\"metadata\""), FileKind::Weights);
        assert_eq!(FileKind::of("classes.txt", b"\x80\x02ctorch"), FileKind::Weights);
        assert_eq!(FileKind::of("an answer in place of a.jpg", b"{\"error\": 404}"), FileKind::Picture);
        assert_eq!(FileKind::of("page.txt", b"<html>"), FileKind::Picture);
    }
}
