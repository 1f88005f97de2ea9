//! Weights files made in memory, valid or broken, with names written down independently of the code under test.

use std::path::PathBuf;

/// One tensor of a file to be written.
#[derive(Clone, Debug)]
pub struct Tensor {
    pub name: String,
    pub dtype: &'static str,
    pub shape: Vec<u64>,
    pub bytes: Vec<u8>,
}

impl Tensor {
    pub fn f32(name: &str, shape: &[u64], values: &[f32]) -> Self {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Self { name: name.to_owned(), dtype: "F32", shape: shape.to_vec(), bytes }
    }

    pub fn zeros(name: &str, dtype: &'static str, shape: &[u64]) -> Self {
        let size = match dtype {
            "I64" | "F64" => 8,
            "F32" => 4,
            _ => 2,
        };
        let len = usize::try_from(shape.iter().product::<u64>() * size).unwrap();
        Self { name: name.to_owned(), dtype, shape: shape.to_vec(), bytes: vec![0; len] }
    }
}

/// A safetensors file: the tensors in order and the strings of its metadata.
#[derive(Clone, Debug, Default)]
pub struct File {
    pub tensors: Vec<Tensor>,
    pub metadata: Vec<(String, String)>,
}

impl File {
    /// A file of this repository.
    pub fn read(path: &str) -> Self {
        let bytes = read(path);
        let (_, header) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
        let metadata = header.metadata().clone().unwrap_or_default().into_iter().collect();
        let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let tensors = file.tensors().into_iter().map(|(name, view)| Tensor {
            name,
            dtype: if view.dtype() == safetensors::Dtype::I64 { "I64" } else { "F32" },
            shape: view.shape().iter().map(|&dim| dim as u64).collect(),
            bytes: view.data().to_vec(),
        });
        Self { tensors: tensors.collect(), metadata }
    }

    pub fn with_config(mut self, config: &str) -> Self {
        self.metadata = vec![("config".to_owned(), config.to_owned())];
        self
    }

    pub fn get_mut(&mut self, name: &str) -> &mut Tensor {
        self.tensors.iter_mut().find(|tensor| tensor.name == name).unwrap_or_else(|| panic!("no {name}"))
    }

    pub fn without(mut self, names: &[&str]) -> Self {
        self.tensors.retain(|tensor| !names.contains(&tensor.name.as_str()));
        self
    }

    pub fn with(mut self, tensor: Tensor) -> Self {
        self.tensors.push(tensor);
        self
    }

    /// The same file with every tensor renamed.
    pub fn renamed(mut self, rename: impl Fn(&str) -> String) -> Self {
        for tensor in &mut self.tensors {
            tensor.name = rename(&tensor.name);
        }
        self
    }

    pub fn header(&self) -> String {
        let mut entries = Vec::new();
        if !self.metadata.is_empty() {
            let metadata: Vec<String> =
                self.metadata.iter().map(|(key, value)| format!("{key:?}:{}", json(value))).collect();
            entries.push(format!("\"__metadata__\":{{{}}}", metadata.join(",")));
        }
        let mut start = 0;
        for Tensor { name, dtype, shape, bytes } in &self.tensors {
            let end = start + bytes.len();
            entries.push(format!(
                "{}:{{\"dtype\":\"{dtype}\",\"shape\":{shape:?},\"data_offsets\":[{start},{end}]}}",
                json(name)
            ));
            start = end;
        }
        format!("{{{}}}", entries.join(","))
    }

    pub fn data(&self) -> Vec<u8> {
        self.tensors.iter().flat_map(|tensor| tensor.bytes.iter().copied()).collect()
    }

    pub fn bytes(&self) -> Vec<u8> {
        assemble(&self.header(), &self.data())
    }
}

pub fn assemble(header: &str, data: &[u8]) -> Vec<u8> {
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend_from_slice(header.as_bytes());
    file.extend_from_slice(data);
    file
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// The sizes of a network, for writing its `state_dict` as torchvision does.
#[derive(Clone, Debug)]
pub struct Net {
    pub blocks: Vec<u64>,
    pub planes: Vec<u64>,
    pub widths: Vec<u64>,
    pub strides: Vec<u64>,
    pub cardinality: u64,
    pub stem: u64,
    pub stem_channels: u64,
    pub in_channels: u64,
    pub classes: u64,
    pub conv_bias: bool,
}

impl Net {
    /// torchvision's resnext50_32x4d.
    pub fn resnext50() -> Self {
        Self {
            blocks: vec![3, 4, 6, 3],
            planes: vec![64, 128, 256, 512],
            widths: vec![128, 256, 512, 1024],
            strides: vec![1, 2, 2, 2],
            cardinality: 32,
            stem: 7,
            stem_channels: 64,
            in_channels: 3,
            classes: 1000,
            conv_bias: false,
        }
    }

    /// Three stages with a 3×3 stem, 10 kB; 64 planes make its base width of 2 the only one.
    pub fn tiny() -> Self {
        Self {
            blocks: vec![1, 2, 1],
            planes: vec![4, 8, 64],
            widths: vec![4, 8, 64],
            strides: vec![1, 2, 2],
            cardinality: 2,
            stem: 3,
            stem_channels: 4,
            in_channels: 3,
            classes: 5,
            conv_bias: false,
        }
    }

    /// The entries of `state_dict()`, in its order, all zeros of `dtype`; `num_batches_tracked` as I64 scalars.
    pub fn file(&self, dtype: &'static str) -> File {
        let mut tensors = Vec::new();
        self.conv(&mut tensors, dtype, "conv1", [self.stem_channels, self.in_channels, self.stem, self.stem]);
        bn(&mut tensors, dtype, "bn1", self.stem_channels);
        let mut channels = self.stem_channels;
        for (stage, &blocks) in self.blocks.iter().enumerate() {
            let (width, out) = (self.widths[stage], 4 * self.planes[stage]);
            for block in 0..blocks {
                let name = format!("layer{}.{block}", stage + 1);
                self.conv(&mut tensors, dtype, &format!("{name}.conv1"), [width, channels, 1, 1]);
                bn(&mut tensors, dtype, &format!("{name}.bn1"), width);
                self.conv(&mut tensors, dtype, &format!("{name}.conv2"), [width, width / self.cardinality, 3, 3]);
                bn(&mut tensors, dtype, &format!("{name}.bn2"), width);
                self.conv(&mut tensors, dtype, &format!("{name}.conv3"), [out, width, 1, 1]);
                bn(&mut tensors, dtype, &format!("{name}.bn3"), out);
                if block == 0 && (self.strides[stage] != 1 || channels != out) {
                    self.conv(&mut tensors, dtype, &format!("{name}.downsample.0"), [out, channels, 1, 1]);
                    bn(&mut tensors, dtype, &format!("{name}.downsample.1"), out);
                }
                channels = out;
            }
        }
        tensors.push(Tensor::zeros("fc.weight", dtype, &[self.classes, channels]));
        tensors.push(Tensor::zeros("fc.bias", dtype, &[self.classes]));
        File { tensors, metadata: Vec::new() }
    }

    fn conv(&self, tensors: &mut Vec<Tensor>, dtype: &'static str, name: &str, shape: [u64; 4]) {
        tensors.push(Tensor::zeros(&format!("{name}.weight"), dtype, &shape));
        if self.conv_bias {
            tensors.push(Tensor::zeros(&format!("{name}.bias"), dtype, &shape[..1]));
        }
    }
}

fn bn(tensors: &mut Vec<Tensor>, dtype: &'static str, name: &str, channels: u64) {
    for part in ["weight", "bias", "running_mean", "running_var"] {
        tensors.push(Tensor::zeros(&format!("{name}.{part}"), dtype, &[channels]));
    }
    tensors.push(Tensor::zeros(&format!("{name}.num_batches_tracked"), "I64", &[]));
}

/// The bytes of a file of this repository.
pub fn read(path: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
