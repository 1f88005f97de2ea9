//! Property tests against the crate `pytorch-reader`: files with any layout of tensors in storages are read as it reads them.

use cardinal::weights::{Checkpoint, TensorSource};
use proptest::prelude::*;
use pytorch_reader::PytorchReader;

use super::super::support::{Net, Tensor};
use super::writer::{Part, Pickle, ZipOptions, archive, legacy};

/// How one tensor lies in its storage.
#[derive(Clone, Copy, Debug)]
struct Layout {
    /// Reverses the axes, or moves the channels last.
    order: usize,
    /// Values from one to the next along the innermost axis.
    step: u64,
    /// Values before the first one.
    before: u64,
    /// Whether it is in the storage that many share.
    shared: bool,
}

fn layout() -> impl Strategy<Value = Layout> {
    (0..3_usize, 1..3_u64, 0..4_u64, any::<bool>()).prop_map(|(order, step, before, shared)| Layout {
        order,
        step,
        before,
        shared,
    })
}

/// Storages that are being filled: a key, the class and the bytes.
type Storages = Vec<(String, &'static str, Vec<u8>)>;

fn classes(dtype: &str) -> (&'static str, usize) {
    match dtype {
        "F32" => ("FloatStorage", 4),
        "F16" => ("HalfStorage", 2),
        "BF16" => ("BFloat16Storage", 2),
        "F64" => ("DoubleStorage", 8),
        _ => ("LongStorage", 8),
    }
}

/// Puts a tensor's values where its layout says.
fn place(storages: &mut Storages, tensor: &Tensor, layout: Layout, is_legacy: bool) -> Part {
    let (class, size) = classes(tensor.dtype);
    let rank = tensor.shape.len();
    // The axes from the outermost in memory to the innermost.
    let axes: Vec<usize> = match layout.order {
        1 => (0..rank).rev().collect(),
        2 if rank == 4 => vec![0, 2, 3, 1],
        _ => (0..rank).collect(),
    };
    let mut strides = vec![0; rank];
    let mut stride = layout.step;
    for &axis in axes.iter().rev() {
        strides[axis] = stride;
        stride *= tensor.shape[axis];
    }
    let index =
        match storages.iter().position(|(key, known, _)| layout.shared && key.starts_with('s') && *known == class) {
            Some(index) => index,
            None => {
                let key = format!("{}{}", if layout.shared { "s" } else { "" }, storages.len());
                storages.push((key, class, Vec::new()));
                storages.len() - 1
            }
        };
    let (key, _, bytes) = &mut storages[index];
    let offset = (bytes.len() / size) as u64 + layout.before;
    bytes.resize((offset + stride) as usize * size, 0x11);
    let count: u64 = tensor.shape.iter().product();
    for flat in 0..count {
        let (mut rest, mut at) = (flat, offset);
        for axis in (0..rank).rev() {
            at += rest % tensor.shape[axis] * strides[axis];
            rest /= tensor.shape[axis];
        }
        let (from, to) = (flat as usize * size, at as usize * size);
        bytes[to..to + size].copy_from_slice(&tensor.bytes[from..from + size]);
    }
    let shape = tensor.shape.clone();
    Part { class, key: key.clone(), elements: 0, offset, shape, strides, is_legacy }
}

/// Values of both signs, the same for the same seed; variances are positive.
fn fill(tensor: &mut Tensor, seed: u64) {
    let (_, size) = classes(tensor.dtype);
    let mut state = seed;
    for value in tensor.bytes.chunks_exact_mut(size) {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let number = ((state >> 40) % 129) as f32 / 64.0 - if tensor.name.ends_with("running_var") { 0.0 } else { 1.0 };
        match tensor.dtype {
            "F32" => value.copy_from_slice(&number.to_le_bytes()),
            "F16" => value.copy_from_slice(&half::f16::from_f32(number).to_le_bytes()),
            "BF16" => value.copy_from_slice(&half::bf16::from_f32(number).to_le_bytes()),
            "F64" => value.copy_from_slice(&f64::from(number).to_le_bytes()),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_layout_is_read_as_the_oracle_reads_it(
        dtype in prop::sample::select(vec!["F32", "F16", "BF16", "F64"]),
        layouts in prop::collection::vec(layout(), 1..40),
        seed in any::<u64>(),
        is_legacy in any::<bool>(),
        zip64 in any::<bool>(),
        wrapper in prop::sample::select(vec![None, Some("state_dict"), Some("model"), Some("net")]),
    ) {
        let mut file = Net::tiny().file(dtype);
        for (i, tensor) in file.tensors.iter_mut().enumerate() {
            fill(tensor, seed.wrapping_add(i as u64));
        }
        let mut storages = Storages::new();
        let mut parts: Vec<(String, Part)> = Vec::new();
        for (i, tensor) in file.tensors.iter().enumerate() {
            parts.push((tensor.name.clone(), place(&mut storages, tensor, layouts[i % layouts.len()], is_legacy)));
        }
        for (_, part) in &mut parts {
            let (_, class, bytes) = storages.iter().find(|(key, ..)| *key == part.key).unwrap();
            let size = classes(file.tensors[0].dtype).1;
            part.elements = (bytes.len() / if *class == "LongStorage" { 8 } else { size }) as u64;
        }
        let mut pickle = Pickle::new(2);
        match wrapper {
            Some(key) => pickle.op(b"}").text("epoch").int(3).op(b"s").text(key).state_dict(&parts).op(b"s"),
            None => pickle.state_dict(&parts),
        };
        let pickle = pickle.end();
        let bytes = if is_legacy {
            let sized = |(key, class, bytes): (String, &str, Vec<u8>)| {
                let size = if class == "LongStorage" { 8 } else { classes(dtype).1 };
                (key, (bytes.len() / size) as u64, bytes)
            };
            legacy(&pickle, &storages.into_iter().map(sized).collect::<Vec<_>>())
        } else {
            let named: Vec<(String, Vec<u8>)> = storages.into_iter().map(|(key, _, bytes)| (key, bytes)).collect();
            archive(&pickle, &named, ZipOptions { zip64, ..ZipOptions::default() })
        };
        let ours = Checkpoint::parse(bytes.clone()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let theirs = PytorchReader::from_bytes(bytes, wrapper).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(ours.reading().path.join("."), wrapper.unwrap_or_default());
        for tensor in file.tensors.iter().filter(|tensor| tensor.dtype != "I64") {
            let shape: Vec<usize> = tensor.shape.iter().map(|&dim| dim as usize).collect();
            let oracle = theirs.get(&tensor.name).unwrap();
            prop_assert_eq!(oracle.shape(), &shape[..]);
            let read = oracle.read().unwrap();
            // The oracle reads what was written, and so do we.
            prop_assert_eq!(&read, &tensor.bytes, "{}", tensor.name);
            let values: Vec<u32> =
                ours.tensor(&tensor.name, &shape).unwrap().iter().map(|value| value.to_bits()).collect();
            prop_assert_eq!(values, widened(dtype, &read), "{}", tensor.name);
        }
    }
}

fn widened(dtype: &str, bytes: &[u8]) -> Vec<u32> {
    let (_, size) = classes(dtype);
    let value = |bytes: &[u8]| match dtype {
        "F32" => f32::from_le_bytes(bytes.try_into().unwrap()),
        "F16" => half::f16::from_le_bytes(bytes.try_into().unwrap()).to_f32(),
        "BF16" => half::bf16::from_le_bytes(bytes.try_into().unwrap()).to_f32(),
        _ => f64::from_le_bytes(bytes.try_into().unwrap()) as f32,
    };
    bytes.chunks_exact(size).map(|bytes| value(bytes).to_bits()).collect()
}
