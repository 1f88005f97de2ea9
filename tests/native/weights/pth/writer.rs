//! Writes what `torch.save` writes, with layouts of tensors that real files have seldom, and with mistakes.

/// A pickle that is being written.
#[derive(Clone, Debug, Default)]
pub struct Pickle(pub Vec<u8>);

impl Pickle {
    pub fn new(protocol: u8) -> Self {
        Self(vec![0x80, protocol])
    }

    pub fn op(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub fn text(&mut self, text: &str) -> &mut Self {
        self.op(b"X").op(&(text.len() as u32).to_le_bytes()).op(text.as_bytes())
    }

    pub fn int(&mut self, value: u64) -> &mut Self {
        match i32::try_from(value) {
            Ok(value) => self.op(b"J").op(&value.to_le_bytes()),
            // LONG1, with a byte for the sign where there is one.
            Err(_) if value >> 63 == 0 => self.op(&[0x8a, 8]).op(&value.to_le_bytes()),
            Err(_) => self.op(&[0x8a, 9]).op(&value.to_le_bytes()).op(&[0]),
        }
    }

    pub fn global(&mut self, module: &str, name: &str) -> &mut Self {
        self.op(format!("c{module}\n{name}\n").as_bytes())
    }

    pub fn sizes(&mut self, sizes: &[u64]) -> &mut Self {
        self.op(b"(");
        for &size in sizes {
            self.int(size);
        }
        self.op(b"t")
    }

    pub fn tensor(&mut self, part: &Part) -> &mut Self {
        self.global("torch._utils", "_rebuild_tensor_v2").op(b"((");
        self.text("storage").global("torch", part.class).text(&part.key).text("cpu").int(part.elements);
        if part.is_legacy {
            self.op(b"N");
        }
        self.op(b"tQ").int(part.offset).sizes(&part.shape).sizes(&part.strides);
        self.op(b"\x89").global("collections", "OrderedDict").op(b")RtR")
    }

    /// A dictionary of tensors by name.
    pub fn state_dict(&mut self, tensors: &[(String, Part)]) -> &mut Self {
        self.op(b"}(");
        for (name, part) in tensors {
            self.text(name).tensor(part);
        }
        self.op(b"u")
    }

    pub fn end(&mut self) -> Vec<u8> {
        self.op(b".");
        std::mem::take(&mut self.0)
    }
}

/// A tensor, as a part of a storage.
#[derive(Clone, Debug)]
pub struct Part {
    pub class: &'static str,
    pub key: String,
    pub elements: u64,
    pub offset: u64,
    pub shape: Vec<u64>,
    pub strides: Vec<u64>,
    pub is_legacy: bool,
}

/// CRC-32 as zip archives have it.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// How an archive is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct ZipOptions {
    /// With zip64's records and fields, which PyTorch writes above 4 GiB.
    pub zip64: bool,
    pub method: u16,
    pub flags: u16,
}

/// A zip archive whose entries are stored as they are: sizes after each entry, its beginning aligned to 64 bytes.
pub fn zip(entries: &[(String, Vec<u8>)], options: ZipOptions) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    let flags = (0x0808 | options.flags).to_le_bytes();
    for (name, bytes) in entries {
        let local = file.len() as u64;
        let crc = crc32(bytes).to_le_bytes();
        let size = bytes.len() as u64;
        let padding = (64 - (file.len() + 34 + name.len()) % 64) % 64;
        file.extend_from_slice(b"PK\x03\x04\0\0");
        file.extend_from_slice(&flags);
        file.extend_from_slice(&options.method.to_le_bytes());
        file.extend_from_slice(&[0; 16]);
        file.extend_from_slice(&(name.len() as u16).to_le_bytes());
        file.extend_from_slice(&(padding as u16 + 4).to_le_bytes());
        file.extend_from_slice(name.as_bytes());
        file.extend_from_slice(b"FB");
        file.extend_from_slice(&(padding as u16).to_le_bytes());
        file.resize(file.len() + padding, b'Z');
        file.extend_from_slice(bytes);
        file.extend_from_slice(b"PK\x07\x08");
        file.extend_from_slice(&crc);
        file.extend_from_slice(&[size.to_le_bytes(), size.to_le_bytes()].concat()[..]);
        directory.extend_from_slice(b"PK\x01\x02\0\0\x2d\0");
        directory.extend_from_slice(&flags);
        directory.extend_from_slice(&options.method.to_le_bytes());
        directory.extend_from_slice(&[0; 4]);
        directory.extend_from_slice(&crc);
        let short = |number: u64| if options.zip64 { u32::MAX } else { number as u32 }.to_le_bytes();
        directory.extend_from_slice(&[short(size), short(size)].concat());
        directory.extend_from_slice(&(name.len() as u16).to_le_bytes());
        directory.extend_from_slice(&(if options.zip64 { 28_u16 } else { 0 }).to_le_bytes());
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&short(local));
        directory.extend_from_slice(name.as_bytes());
        if options.zip64 {
            directory.extend_from_slice(b"\x01\0\x18\0");
            directory.extend([size, size, local].iter().flat_map(|number| number.to_le_bytes()));
        }
    }
    end(file, &directory, entries.len(), options.zip64)
}

fn end(mut file: Vec<u8>, directory: &[u8], count: usize, zip64: bool) -> Vec<u8> {
    let (place, len) = (file.len() as u64, directory.len() as u64);
    file.extend_from_slice(directory);
    if zip64 {
        let record = file.len() as u64;
        file.extend_from_slice(b"PK\x06\x06");
        file.extend_from_slice(&44_u64.to_le_bytes());
        file.extend_from_slice(&[0x2d, 0, 0x2d, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        file.extend([count as u64, count as u64, len, place].iter().flat_map(|number| number.to_le_bytes()));
        file.extend_from_slice(b"PK\x06\x07\0\0\0\0");
        file.extend_from_slice(&record.to_le_bytes());
        file.extend_from_slice(&1_u32.to_le_bytes());
    }
    file.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    let (count, len, place) =
        if zip64 { (u16::MAX, u32::MAX, u32::MAX) } else { (count as u16, len as u32, place as u32) };
    file.extend_from_slice(&[count.to_le_bytes(), count.to_le_bytes()].concat());
    file.extend_from_slice(&[len.to_le_bytes(), place.to_le_bytes()].concat());
    file.extend_from_slice(&[0, 0]);
    file
}

/// The archive of a pickle and its storages.
pub fn archive(pickle: &[u8], storages: &[(String, Vec<u8>)], options: ZipOptions) -> Vec<u8> {
    let entry = |name: &str, bytes: &[u8]| (format!("net/{name}"), bytes.to_vec());
    let mut entries = vec![entry("data.pkl", pickle), entry("byteorder", b"little")];
    entries.extend(storages.iter().map(|(key, bytes)| entry(&format!("data/{key}"), bytes)));
    entries.push(entry("version", b"3\n"));
    zip(&entries, options)
}

/// A file of the old format.
pub fn legacy(pickle: &[u8], storages: &[(String, u64, Vec<u8>)]) -> Vec<u8> {
    let mut file = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.".to_vec();
    let mut machine = Pickle::new(2);
    file.extend(machine.op(b"}(").text("protocol_version").int(1001).text("little_endian").op(b"\x88u").end());
    file.extend_from_slice(pickle);
    let mut keys = Pickle::new(2);
    keys.op(b"](");
    for (key, ..) in storages {
        keys.text(key);
    }
    file.extend(keys.op(b"e").end());
    for (_, elements, bytes) in storages {
        file.extend_from_slice(&elements.to_le_bytes());
        file.extend_from_slice(bytes);
    }
    file
}
