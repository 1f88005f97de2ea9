//! The names that a pickle may use, and what stands for them here. No name is looked up anywhere else.

use super::value::{Global, Kind};

/// What a pickle gets when it calls a name. All of it is done here, as plain data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// A dictionary, empty or of the pairs that it is given.
    Dict,
    /// A tensor of a storage, an offset, sizes and strides.
    Tensor,
    /// The same with its type of values as the seventh argument, for types whose storages have none.
    TypedTensor,
    /// The first argument, which is a tensor.
    Same,
    /// The second function of these with the third argument, as tensors with attributes of their own are stored.
    Indirect,
    /// An empty instance of the first argument.
    Instance,
    /// Data beside the network that is not needed.
    Data,
}

const CALLS: [(&[&str], &[&str], Call); 14] = [
    (&["collections"], &["OrderedDict", "defaultdict"], Call::Dict),
    (&["torch._utils"], &["_rebuild_tensor", "_rebuild_tensor_v2"], Call::Tensor),
    (&["torch._utils"], &["_rebuild_tensor_v3"], Call::TypedTensor),
    (&["torch._utils"], &["_rebuild_parameter", "_rebuild_parameter_with_state"], Call::Same),
    (&["torch._tensor"], &["_rebuild_from_type_v2"], Call::Indirect),
    (&["copy_reg", "copyreg"], &["_reconstructor", "__newobj__"], Call::Instance),
    (&["collections"], &["Counter", "deque"], Call::Data),
    (
        &["__builtin__", "builtins"],
        &["set", "frozenset", "bytearray", "complex", "slice", "range", "xrange"],
        Call::Data,
    ),
    (&["_codecs"], &["encode"], Call::Data),
    (&["functools"], &["partial"], Call::Data),
    (
        &["numpy", "numpy.core.multiarray", "numpy._core.multiarray", "numpy.core.numeric", "numpy._core.numeric"],
        &["scalar", "_reconstruct", "dtype", "ndarray", "_frombuffer"],
        Call::Data,
    ),
    (&["torch", "torch.serialization"], &["Size", "device", "_get_layout"], Call::Data),
    (&["datetime"], &["date", "datetime", "time", "timedelta", "timezone"], Call::Data),
    (
        &["pathlib", "pathlib._local"],
        &["Path", "PosixPath", "WindowsPath", "PurePath", "PurePosixPath", "PureWindowsPath"],
        Call::Data,
    ),
];

pub(super) fn call((module, name): Global<'_>) -> Option<Call> {
    let known = CALLS.iter().find(|(modules, names, _)| modules.contains(&module) && names.contains(&name));
    known.map(|&(.., call)| call)
}

/// What such a function of PyTorch makes, in words, where it makes tensors that cannot be read here.
pub(super) fn unreadable((module, name): Global<'_>) -> Option<&'static str> {
    if !(module == "torch._utils" && name.starts_with("_rebuild_")) {
        return None;
    }
    Some(match name {
        "_rebuild_qtensor" => "quantised tensors",
        "_rebuild_sparse_tensor" | "_rebuild_sparse_csr_tensor" => "sparse tensors",
        "_rebuild_nested_tensor" => "nested tensors",
        _ if name.contains("meta") => "tensors without values",
        _ => "tensors of a special kind",
    })
}

/// PyTorch's storages and dtypes, and their values' types.
const KINDS: [(&str, &str, Kind); 13] = [
    ("FloatStorage", "float32", ("F32", 4)),
    ("HalfStorage", "float16", ("F16", 2)),
    ("BFloat16Storage", "bfloat16", ("BF16", 2)),
    ("DoubleStorage", "float64", ("F64", 8)),
    ("LongStorage", "int64", ("I64", 8)),
    ("IntStorage", "int32", ("I32", 4)),
    ("ShortStorage", "int16", ("I16", 2)),
    ("CharStorage", "int8", ("I8", 1)),
    ("ByteStorage", "uint8", ("U8", 1)),
    ("BoolStorage", "bool", ("BOOL", 1)),
    ("ComplexFloatStorage", "complex64", ("C64", 8)),
    ("ComplexDoubleStorage", "complex128", ("C128", 16)),
    ("UntypedStorage", "", ("U8", 1)),
];

/// The type of the values in a storage of this class.
pub(super) fn storage_kind((module, name): Global<'_>) -> Option<Kind> {
    let known = matches!(module, "torch" | "torch.cuda" | "torch.storage");
    KINDS.iter().find(|(storage, ..)| known && *storage == name).map(|&(.., kind)| kind)
}

/// The type of values that this dtype of PyTorch's means.
pub(super) fn dtype_kind((module, name): Global<'_>) -> Option<Kind> {
    KINDS.iter().find(|(_, dtype, _)| module == "torch" && *dtype == name).map(|&(.., kind)| kind)
}
