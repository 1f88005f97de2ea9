//! Validates every shader with naga, as it stands and unrolled, and writes what reflection knows of it (bindings, workgroup size,
//! uniform layout, constants) as Rust, so that nothing of it is written twice by hand. A shader with an error fails the build.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/kernels/wgsl/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the build does not override constants")]
mod wgsl;

use naga::valid::Capabilities;
use naga::{AddressSpace, Module, ScalarKind, StorageAccess, TypeInner};

/// `unpack2x16float`, which every WebGPU device has but naga counts as a capability.
const WEBGPU: Capabilities = Capabilities::SHADER_FLOAT16_IN_FLOAT32;
/// Shaders that need more than WebGPU in a browser has by wgpu, and what they need. A page is built without them.
const NATIVE: [(&str, Capabilities); 1] = [("conv2d_subgroup", Capabilities::SUBGROUP)];

fn main() {
    println!("cargo:rerun-if-changed=shaders");
    println!("cargo:rerun-if-changed=src/kernels/wgsl");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let all = wgsl_files(&root.join("shaders"));
    let imports = wgsl_files(&root.join("shaders/imports"));

    let is_page = env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32");
    let mut shaders = all.clone();
    shaders.retain(|(name, _)| !is_page || NATIVE.iter().all(|(native, _)| native != name));
    let mut out = String::new();
    let mut shared = BTreeMap::new();
    for (name, source) in &shaders {
        match describe(name, source, &imports, &mut shared) {
            Ok(text) => out.push_str(&text),
            Err(message) => {
                eprintln!("{message}");
                panic!("shaders/{name}.wgsl is not valid WGSL; naga's message is above");
            }
        }
    }
    for (name, members) in &shared {
        let _ = writeln!(out, "/// The uniforms `{name}` of several shaders.\n{}", uniforms(name, members, ""));
    }
    out.push_str("/// Every shader of `shaders/`, by name.\npub const ALL: &[&super::Shader] = &[\n");
    for (name, _) in &shaders {
        let _ = writeln!(out, "    &{name}::SHADER,");
    }
    out.push_str(
        "];\n/// The files of `shaders/imports/`, with their names.\npub(super) const IMPORTS: &[(&str, &str)] = &[\n",
    );
    // Visitors download no shader's text for nothing: activations in f16 are the page's (`kernels::HAS_F16_ACTIVATIONS`).
    let lacks = |name: &str| name == "activation_f16" && env::var_os("CARGO_FEATURE_PAGE").is_none();
    for (name, source) in imports.iter().filter(|(name, _)| !lacks(name)) {
        let _ = writeln!(out, "    ({name:?}, {}),", embedded(source));
    }
    // The same for every target, so that a native program knows what a page keeps.
    let texts = all.iter().chain(&imports).map(|(name, source)| format!("{name}\n{}\n", bare(source)));
    let version = hash(&texts.collect::<String>());
    let _ = writeln!(
        out,
        "];\n/// A hash of all shaders: measurements of other versions are discarded.\npub const VERSION: u32 = {version};"
    );
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("shaders.rs");
    fs::write(target, out).expect("OUT_DIR can be written");
}

/// Names and texts of the WGSL files in a folder, by name.
fn wgsl_files(folder: &Path) -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("shaders/ is part of the repository")
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wgsl"))
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("shader names are ASCII").to_owned();
        let text = fs::read_to_string(&path).expect("a shader is text in UTF-8");
        (name, text)
    };
    paths.into_iter().map(read).collect()
}

/// Members of a uniform struct: names and Rust types.
type Members = Vec<(String, &'static str)>;

fn describe(
    name: &str,
    source: &str,
    imports: &[(String, String)],
    shared: &mut BTreeMap<String, Members>,
) -> Result<String, String> {
    let file = format!("shaders/{name}.wgsl");
    let text_of = |name: &str| Some(imports.iter().find(|(known, _)| known == name)?.1.as_str());
    let rolled = wgsl::import(source, text_of).map_err(|error| format!("{file}: {error}"))?;
    let unrolled = wgsl::unroll(&rolled).map_err(|error| format!("{file}: {error}"))?;
    let beyond = NATIVE.iter().find(|(native, _)| *native == name).map_or(Capabilities::empty(), |(_, needs)| *needs);
    let module = validated(&rolled, &file, WEBGPU | beyond)?;
    validated(&unrolled, &format!("{file}, unrolled"), WEBGPU | beyond)?;

    let [entry] = &module.entry_points[..] else { return Err(format!("{file}: expected one entry point, `main`")) };
    let mut text = format!("/// `shaders/{name}.wgsl`\npub mod {name} {{\n    use super::super::*;\n");
    let _ = writeln!(text, "    /// The shader.\n    pub const SHADER: Shader = Shader {{\n        name: {name:?},");
    let _ = writeln!(text, "        source: {},", embedded(source));
    let _ = writeln!(text, "        workgroup_size: {:?},", entry.workgroup_size);
    let _ = writeln!(text, "        bindings: &{:?},", bindings(&module, &file)?);
    let _ = writeln!(text, "        constants: &{:?},", constants(source));
    let _ = writeln!(text, "        has_marked_loops: {},\n    }};", source.contains("// unroll"));
    let (struct_name, members) = params(&module, &file)?;
    if struct_name == "Params" {
        let _ = writeln!(text, "    /// Its uniforms.\n{}", uniforms("Params", &members, "    "));
    } else {
        let _ = writeln!(
            text,
            "    /// Its uniforms, which other shaders have too.\n    pub type Params = super::{struct_name};"
        );
        shared.insert(struct_name, members);
    }
    text.push_str("}\n");
    Ok(text)
}

/// Parses and validates `source`.
fn validated(source: &str, file: &str, capabilities: Capabilities) -> Result<Module, String> {
    let module = naga::front::wgsl::parse_str(source).map_err(|error| error.emit_to_string_with_path(source, file))?;
    naga::valid::Validator::new(naga::valid::ValidationFlags::all(), capabilities)
        .validate(&module)
        .map_err(|error| error.emit_to_string_with_path(source, file))?;
    Ok(module)
}

/// FNV-1a.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// A shader's text as a Rust expression; on wasm, where visitors download it, without comments except those that the project
/// reads. No comment in `shaders/` is a block, and WGSL has no text in quotes.
fn embedded(source: &str) -> String {
    if env::var("CARGO_CFG_TARGET_ARCH").as_deref() != Ok("wasm32") {
        return format!("{source:?}");
    }
    format!("{:?}", bare(source))
}

/// A shader's text without comments, except those that the project reads.
fn bare(source: &str) -> String {
    let needed = |line: &str| {
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        let read = [" #import ", " unroll"].iter().any(|mark| comment.starts_with(mark));
        if read { line.trim().to_owned() } else { code.trim().to_owned() }
    };
    let lines: Vec<String> = source.lines().map(needed).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// Names of the bindings of group 0 after the uniforms, in order. All must be storage buffers, and only the last writable.
fn bindings(module: &Module, file: &str) -> Result<Vec<String>, String> {
    let mut bindings: Vec<_> = module
        .global_variables
        .iter()
        .filter_map(|(_, variable)| Some((variable.binding.as_ref()?.binding, variable)))
        .collect();
    bindings.sort_by_key(|(binding, _)| *binding);
    let last = bindings.len() - 1;
    let mut names = Vec::new();
    for (index, (binding, variable)) in bindings.iter().enumerate() {
        let writes = StorageAccess::LOAD | StorageAccess::STORE;
        let expected = match index {
            0 => AddressSpace::Uniform,
            i if i == last => AddressSpace::Storage { access: writes },
            _ => AddressSpace::Storage { access: StorageAccess::LOAD },
        };
        if *binding as usize != index || variable.space != expected {
            return Err(format!("{file}: binding {binding} must be number {index} and {expected:?}"));
        }
        names.extend(variable.name.clone().filter(|_| index > 0));
    }
    Ok(names)
}

/// Constants that a variant may override, in order of declaration: those that are not computed from others.
fn constants(source: &str) -> Vec<String> {
    let literal = |line| {
        let (name, value) = wgsl::expression::declaration(line)?;
        let literal = ["true", "false"].contains(&value) || value.strip_suffix('u')?.parse::<u32>().is_ok();
        literal.then(|| name.to_owned())
    };
    source.lines().filter_map(literal).collect()
}

/// Name and members of the uniform struct. Members must be scalars of 4 bytes, so that WGSL and `repr(C)` have the same layout.
fn params(module: &Module, file: &str) -> Result<(String, Members), String> {
    let uniform = module.global_variables.iter().find(|(_, variable)| variable.space == AddressSpace::Uniform);
    let (_, uniform) = uniform.ok_or_else(|| format!("{file}: no uniform"))?;
    let uniform = &module.types[uniform.ty];
    let TypeInner::Struct { members, .. } = &uniform.inner else {
        return Err(format!("{file}: the uniform must be a struct"));
    };
    let mut described = Members::new();
    for (index, member) in members.iter().enumerate() {
        let kind = match module.types[member.ty].inner {
            TypeInner::Scalar(naga::Scalar { kind: ScalarKind::Uint, width: 4 }) => "u32",
            TypeInner::Scalar(naga::Scalar { kind: ScalarKind::Float, width: 4 }) => "f32",
            _ => return Err(format!("{file}: uniforms are u32 or f32, found another type")),
        };
        if member.offset as usize != 4 * index {
            return Err(format!("{file}: uniform {index} is not at offset {}", 4 * index));
        }
        described.push((member.name.clone().unwrap_or_default(), kind));
    }
    Ok((uniform.name.clone().unwrap_or_default(), described))
}

/// A uniform struct as Rust.
fn uniforms(name: &str, members: &Members, indent: &str) -> String {
    let mut text =
        format!("{indent}#[repr(C)]\n{indent}#[allow(missing_docs, reason = \"the shader says what they are\")]\n");
    let derives = "Clone, Copy, Debug, PartialEq, bytemuck::Pod, bytemuck::Zeroable";
    let _ = writeln!(text, "{indent}#[derive({derives})]\n{indent}pub struct {name} {{");
    for (member, kind) in members {
        let _ = writeln!(text, "{indent}    pub {member}: {kind},");
    }
    let _ = writeln!(text, "{indent}}}");
    text
}
