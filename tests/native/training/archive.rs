//! CIFAR-10's own archives, in both forms, as they come in over a drop: whole, in pieces, cut, and others than expected.

use crate::common::tar::entry;
use cardinal::train::Pictures;
use cardinal::train::cifar10::{Archive, ArchiveError};

/// Bytes of a picture: three planes.
const PICTURE: usize = 3072;

/// Class and planes of picture `index` of file `file`.
fn picture(file: usize, index: usize) -> (u8, Vec<u8>) {
    let planes = (0..PICTURE).map(|at| (file * 40 + index * 7 + at / 1024 * 50 + at % 3) as u8).collect();
    (((file + index) % 10) as u8, planes)
}

const FILES: [(&str, usize); 6] = [
    ("data_batch_1", 3),
    ("data_batch_4", 2),
    ("data_batch_2", 1),
    ("data_batch_3", 1),
    ("data_batch_5", 1),
    ("test_batch", 4),
];

fn records(file: usize, count: usize) -> Vec<u8> {
    (0..count)
        .flat_map(|index| {
            let (class, planes) = picture(file, index);
            [vec![class], planes].concat()
        })
        .collect()
}

/// As Python 2's cPickle writes the files of the archive; lists are appended to in parts.
fn pickle(file: usize, count: usize) -> Vec<u8> {
    let (classes, planes): (Vec<u8>, Vec<Vec<u8>>) = (0..count).map(|index| picture(file, index)).unzip();
    let parts = classes
        .chunks(2)
        .map(|part| [vec![b'('], part.iter().flat_map(|&class| [b'K', class]).collect(), vec![b'e']].concat());
    let length = ((count * PICTURE) as u32).to_le_bytes();
    [
        &b"\x80\x02}q\x01(U\x0bbatch_labelq\x02U\x15training batch 1 of 5q\x03U\x06labelsq\x04]q\x05"[..],
        &parts.collect::<Vec<_>>().concat(),
        b"U\x04dataq\x06cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08K\x00\x85U\x01b\x87Rq\t(K\x01M\x10'M\x00\x0c\x86",
        b"cnumpy\ndtype\nq\nU\x02u1K\x00K\x01\x87Rq\x0b(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T",
        &length,
        &planes.concat(),
        b"tbU\tfilenamesq\x0c]q\rU\x10leptodactylus.pngau.",
    ]
    .concat()
}

fn binary() -> Vec<u8> {
    let mut tar = [
        entry("cifar-10-batches-bin/", b'5', &[]),
        entry("cifar-10-batches-bin/batches.meta.txt", b'0', b"airplane\n"),
    ]
    .concat();
    for (at, (name, count)) in FILES.iter().enumerate() {
        tar.extend(entry(&format!("cifar-10-batches-bin/{name}.bin"), b'0', &records(at, *count)));
    }
    tar.extend([0; 1024]);
    tar
}

fn python() -> Vec<u8> {
    let mut tar =
        [entry("cifar-10-batches-py/", b'5', &[]), entry("cifar-10-batches-py/readme.html", 0, &[b'<'; 700])].concat();
    for (at, (name, count)) in FILES.iter().enumerate() {
        tar.extend(entry(&format!("cifar-10-batches-py/{name}"), 0, &pickle(at, *count)));
    }
    tar.extend([0; 1024]);
    tar
}

/// Reads an archive in pieces of this many bytes.
fn read(tar: &[u8], piece: usize) -> Result<Pictures, ArchiveError> {
    let mut archive = Archive::default();
    tar.chunks(piece).try_for_each(|piece| archive.push(piece))?;
    archive.finish()
}

#[test]
fn both_forms_give_the_same_pictures_in_pieces_of_any_size() {
    let (binary, python) = (binary(), python());
    let whole = read(&binary, usize::MAX).unwrap();
    assert_eq!((whole.train.count(), whole.test.count(), whole.side), (8, 4, 32));
    assert_eq!((&whole.classes[3][..], &whole.name[..]), ("cat", "CIFAR-10"));
    for piece in [1, 511, 512, 513, 3073, 10_000] {
        assert!(read(&binary, piece).unwrap() == whole, "binary in pieces of {piece}");
        assert!(read(&python, piece).unwrap() == whole, "python in pieces of {piece}");
    }
    // Planes became pixels: picture 1 of the second file is the fifth.
    let (class, planes) = picture(1, 1);
    assert_eq!(whole.train.labels[4], u32::from(class));
    let pixels = &whole.train.pixels[4 * PICTURE..5 * PICTURE];
    assert_eq!(pixels[3 * 700..][..3], [planes[700], planes[1024 + 700], planes[2048 + 700]]);
}

#[test]
fn what_is_not_read_is_refused_in_words() {
    let binary = binary();
    for (tar, expected) in [
        (vec![], "0 training and 0 test pictures"),
        (vec![0; 1024], "0 training and 0 test pictures"),
        (b"\x1f\x8b\x08".repeat(300), "it is no tar archive"),
        (binary[..binary.len() - 6000].to_vec(), "the archive ends within test_batch.bin: expected 12292 bytes, got"),
        (entry("cifar-100-python/train", b'0', b"x"), "cifar-100-python/train belongs to CIFAR-100"),
        (entry("cifar-10-batches-mat/data_batch_1.mat", b'0', b"x"), "data_batch_1.mat belongs to the MATLAB version"),
        (entry("a/data_batch_1.bin", b'0', &[0; 3000]), "data_batch_1.bin: expected records of 3073 bytes, got 3000"),
        (entry("a/data_batch_1.bin", b'0', &[11; 3073]), "data_batch_1.bin: expected classes from 0 to 9, got 11"),
        (entry("a/data_batch_1", b'0', b"\x80\x02}q\x01."), "data_batch_1: expected a list of labels"),
        (entry("a/test_batch", b'0', &pickle(0, 2)[..6000]), "test_batch: expected one array of pixels"),
        (entry("a/other.txt", b'0', b"x"), "0 training and 0 test pictures"),
    ] {
        let said = read(&tar, 4096).unwrap_err().to_string();
        assert!(said.contains(expected), "{expected} expected, got {said}");
    }
    // A size that does not fit into memory is refused before it is read.
    let mut large = entry("a/data_batch_1.bin", b'0', b"");
    large[124..135].copy_from_slice(b"77777777777");
    large[148..156].fill(b' ');
    let sum: u32 = large.iter().map(|&byte| u32::from(byte)).sum();
    large[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    assert_eq!(read(&large, 512).unwrap_err(), ArchiveError::NotAnArchive("a file in it is too large"));
}
