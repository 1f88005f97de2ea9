//! Every shader and every variant is valid, and Rust lays out its uniforms as WGSL does.

use std::fs;
use std::path::Path;

use cardinal::kernels::{Constant, ConvLaunch, Epilogue, GpuDtype, KernelKey, all_variants, conv2d_implicit, table};
use cardinal::shape::{Conv2dSpec, Nchw};

/// The same capability as in `build.rs`.
const WEBGPU: naga::valid::Capabilities = naga::valid::Capabilities::SHADER_FLOAT16_IN_FLOAT32;

fn parse(source: &str) -> Result<naga::Module, String> {
    let module = naga::front::wgsl::parse_str(source).map_err(|error| error.emit_to_string(source))?;
    let is_native = source.contains("subgroup_invocation_id");
    let capabilities = if is_native { WEBGPU | naga::valid::Capabilities::SUBGROUP } else { WEBGPU };
    naga::valid::Validator::new(naga::valid::ValidationFlags::all(), capabilities)
        .validate(&module)
        .map_err(|error| error.emit_to_string(source))?;
    Ok(module)
}

#[test]
fn every_variant_is_valid() {
    let variants = all_variants();
    let keys = variants.iter().flat_map(|variant| [true, false].map(|unroll| variant.key.clone().unrolled(unroll)));
    let failures: Vec<String> =
        keys.filter_map(|key| Some(format!("{}: {}", key.name(), parse(&key.source()).err()?))).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    // Convolutions with weights of two types: grouped ones in six tiles with both strides and two for the stem, four tiles of a
    // product from registers, two windows in subgroups, nine from workgroup memory, and direct; two kernels with or without ReLU; five without variants. Of
    // training: batch norm's three with or without ReLU; a weight's gradient in three tiles; thirteen without variants.
    assert_eq!(variants.len(), 2 * (2 * 6 + 2 + 4 + 2 + 9 + 1) + 2 + 2 + 5 + 3 * 2 + 3 + 13);
}

/// Devices with `shader-f16` use these; the validator must be given the feature too.
#[test]
fn every_variant_in_f16_is_valid() {
    for tile in conv2d_implicit::Tile::all(true) {
        let spec = Conv2dSpec {
            in_channels: 8,
            out_channels: 8,
            kernel_size: tile.kernel_size as usize,
            stride: 1,
            padding: tile.kernel_size as usize / 2,
            groups: 1,
        };
        let shape = Nchw::new(1, 8, 4, 4);
        let (epilogue, weight_dtype) = (Epilogue::default(), GpuDtype::F16);
        let launch = ConvLaunch { spec, input: shape, output: shape, epilogue, weight_dtype };
        let source = conv2d_implicit::dispatch(launch, tile).unwrap().kernel.source();
        assert!(source.contains("enable f16;") && source.contains("vec4<f16>"));
        let module = naga::front::wgsl::parse_str(&source).map_err(|error| error.emit_to_string(&source)).unwrap();
        let validator = |capabilities| {
            let flags = naga::valid::ValidationFlags::all();
            naga::valid::Validator::new(flags, capabilities)
                .validate(&module)
                .map_err(|error| error.emit_to_string(&source))
        };
        validator(WEBGPU | naga::valid::Capabilities::SHADER_FLOAT16).unwrap();
        assert!(validator(WEBGPU).is_err(), "without the feature it is refused");
    }
}

/// The same over activations in f16. What reads or writes none is the same kernel.
#[test]
fn every_variant_over_f16_is_valid() {
    let mut shaders = Vec::new();
    for variant in all_variants() {
        let key = variant.key.clone().over_f16(true);
        if key == variant.key {
            continue;
        }
        assert_eq!(key.clone().over_f16(true), key);
        assert_eq!(key.clone().over_f16(false), variant.key);
        let source = key.source();
        assert!(source.starts_with("enable f16;") && source.contains("alias Activation = f16;"), "{}", key.name());
        let module = naga::front::wgsl::parse_str(&source).map_err(|error| error.emit_to_string(&source)).unwrap();
        let beyond = naga::valid::Capabilities::SHADER_FLOAT16 | naga::valid::Capabilities::SUBGROUP;
        naga::valid::Validator::new(naga::valid::ValidationFlags::all(), WEBGPU | beyond)
            .validate(&module)
            .map_err(|error| error.emit_to_string(&source))
            .unwrap();
        let binding = |variable: &naga::GlobalVariable| variable.binding.as_ref().map(|binding| binding.binding);
        let overflow =
            module.global_variables.iter().find(|(_, variable)| variable.name.as_deref() == Some("overflow"));
        assert_eq!(overflow.and_then(|(_, variable)| binding(variable)), Some(KernelKey::OVERFLOW));
        shaders.push((key.shader.name, key.output_dtype() == GpuDtype::F16));
    }
    shaders.dedup();
    let expected = [
        ("batch_norm_relu", true),
        ("class_activation", false),
        ("concat_channels", true),
        ("conv2d_direct", true),
        ("conv2d_grouped", true),
        ("conv2d_implicit", true),
        ("conv2d_pointwise", true),
        ("conv2d_subgroup", true),
        ("global_avg_pool", false),
        ("max_pool", true),
        ("residual_add", true),
    ];
    assert_eq!(shaders, expected);
}

#[test]
fn a_broken_shader_is_refused() {
    let source = table::softmax::SHADER.source.replace("params.classes", "params.nothing");
    assert!(parse(&source).is_err());
}

#[test]
fn a_variant_is_the_shader_with_its_values() {
    let shader = &table::conv2d_grouped::SHADER;
    let on = Constant::Bool(true);
    let key = KernelKey::new(shader, &[("STRIDE", Constant::U32(2)), ("WEIGHT_F16", on)]);
    let module = parse(&key.source()).unwrap();
    let value = |name: &str| {
        let (_, constant) = module.constants.iter().find(|(_, c)| c.name.as_deref() == Some(name)).unwrap();
        match module.global_expressions[constant.init] {
            naga::Expression::Literal(literal) => literal,
            ref other => panic!("{name}: {other:?}"),
        }
    };
    assert_eq!(value("STRIDE"), naga::Literal::U32(2));
    assert_eq!(value("KERNEL_SIZE"), naga::Literal::U32(3));
    assert_eq!(value("WEIGHT_F16"), naga::Literal::Bool(true));
    assert_eq!(key.name(), "conv2d_grouped.stride_2.weight_f16");
}

/// `build.rs` writes the structs, so this tests `build.rs`.
#[test]
fn uniform_layouts_agree() {
    fn size_in_wgsl(shader: &'static cardinal::kernels::Shader) -> usize {
        let module = parse(&KernelKey::new(shader, &[]).source()).unwrap();
        let uniform = |v: &naga::GlobalVariable| v.space == naga::AddressSpace::Uniform;
        let (_, uniform) = module.global_variables.iter().find(|(_, v)| uniform(v)).unwrap();
        module.types[uniform.ty].inner.size(module.to_ctx()) as usize
    }
    macro_rules! check {
        ($($name:ident),+) => {{
            $(assert_eq!(size_of::<table::$name::Params>(), size_in_wgsl(&table::$name::SHADER), stringify!($name));)+
            [$(stringify!($name)),+].len()
        }};
    }
    let checked = check!(
        batch_norm_grad_input,
        batch_norm_grad_weight,
        batch_norm_relu,
        batch_norm_running,
        batch_norm_statistics,
        batch_norm_train,
        class_activation,
        concat_channels,
        conv2d_direct,
        conv2d_grad_bias,
        conv2d_grad_input,
        conv2d_grad_weight,
        conv2d_grouped,
        conv2d_implicit,
        conv2d_pack,
        conv2d_pointwise,
        conv2d_scatter,
        conv2d_subgroup,
        cross_entropy,
        cross_entropy_grad_input,
        global_avg_pool,
        global_avg_pool_grad_input,
        max_pool,
        max_pool_grad_input,
        residual_add,
        residual_add_grad_input,
        sgd,
        sgd_velocity,
        softmax
    );
    assert_eq!(checked, table::ALL.len());
}

#[test]
fn every_shader_reads_like_the_others() {
    for shader in table::ALL {
        assert!(shader.source.starts_with("// output["), "{}: the first line is its formula", shader.name);
        // A kernel that goes backward, or learns, begins with the gradient where it reads no input before it.
        let is_backward = shader.name.contains("_grad_") || shader.name.starts_with("sgd");
        let first = if is_backward && shader.bindings.first() != Some(&"input") { "grad" } else { "input" };
        assert_eq!(shader.bindings.first(), Some(&first), "{}", shader.name);
        assert_eq!(shader.bindings.last(), Some(&"output"), "{}", shader.name);
    }
    let shaders = Path::new(env!("CARGO_MANIFEST_DIR")).join("shaders");
    for folder in [shaders.join("imports"), shaders] {
        for path in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            assert!((2..=150).contains(&lines), "{}: {lines} lines", path.display());
        }
    }
}
