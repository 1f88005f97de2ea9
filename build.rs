//! Validates every shader with naga and writes what reflection knows of it (bindings, workgroup size, uniform layout,
//! constants) as Rust, so that none of it is typed a second time. A shader with an error fails the build.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/kernels/template.rs"]
mod template;

use naga::valid::Capabilities;
use naga::{AddressSpace, Module, ScalarKind, StorageAccess, TypeInner};

/// What naga counts as a capability and every WebGPU device has: `unpack2x16float`.
const WEBGPU: Capabilities = Capabilities::SHADER_FLOAT16_IN_FLOAT32;

fn main() {
    println!("cargo:rerun-if-changed=shaders");
    println!("cargo:rerun-if-changed=src/kernels/template.rs");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let mut paths: Vec<PathBuf> = fs::read_dir(root.join("shaders"))
        .expect("shaders/ is part of the repository")
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wgsl"))
        .collect();
    paths.sort();

    let mut out = String::new();
    let mut names = Vec::new();
    for path in &paths {
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("shader names are ASCII").to_owned();
        match describe(&name, path) {
            Ok(text) => out.push_str(&text),
            Err(message) => {
                eprintln!("{message}");
                panic!("shaders/{name}.wgsl is not valid WGSL; naga's message stands above");
            }
        }
        names.push(name);
    }
    out.push_str("/// Every shader of `shaders/`, by name.\npub const ALL: &[&super::Shader] = &[\n");
    for name in &names {
        let _ = writeln!(out, "    &{name}::SHADER,");
    }
    let _ = writeln!(
        out,
        "];\n/// Changes with every shader: what was measured of others is worth nothing.\npub const VERSION: u32 = {};",
        hash(&out)
    );
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("shaders.rs");
    fs::write(target, out).expect("OUT_DIR can be written");
}

fn describe(name: &str, path: &Path) -> Result<String, String> {
    let source = with_parts(path)?;
    let file = format!("shaders/{name}.wgsl");
    let expanded = template::expand(&source).map_err(|error| format!("{file}: {error}"))?;
    let module =
        naga::front::wgsl::parse_str(&expanded).map_err(|error| error.emit_to_string_with_path(&expanded, &file))?;
    naga::valid::Validator::new(naga::valid::ValidationFlags::all(), WEBGPU)
        .validate(&module)
        .map_err(|error| error.emit_to_string_with_path(&expanded, &file))?;

    let [entry] = &module.entry_points[..] else { return Err(format!("{file}: expected one entry point, `main`")) };
    let mut text = format!("/// `shaders/{name}.wgsl`\npub mod {name} {{\n    use super::super::*;\n");
    let _ = writeln!(text, "    pub const SHADER: Shader = Shader {{\n        name: {name:?},");
    let _ = writeln!(text, "        source: {},", embedded(&source));
    let _ = writeln!(text, "        workgroup_size: {:?},", entry.workgroup_size);
    let _ = writeln!(text, "        bindings: &{:?},", bindings(&module, &file)?);
    let _ = writeln!(text, "        constants: &{:?},\n    }};", constants(&module));
    text.push_str(&params(&module, &file)?);
    text.push_str("}\n");
    Ok(text)
}

/// FNV-1a.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The shader's text, with the file of `shaders/parts` in the place of each line `$use NAME`.
fn with_parts(path: &Path) -> Result<String, String> {
    let read = |path: &Path| fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let mut source = String::new();
    for line in read(path)?.lines() {
        match line.strip_prefix("$use ").and_then(|rest| rest.split_whitespace().next()) {
            Some(part) => source.push_str(&read(&path.with_file_name("parts").join(part).with_extension("wgsl"))?),
            None => source.push_str(line),
        }
        source.push('\n');
    }
    Ok(source)
}

/// The shader's text as an expression; for a page, whose visitors download it, what the compiler reads of it. No comment in
/// `shaders/` is a block, and WGSL has no text in quotes.
fn embedded(source: &str) -> String {
    if env::var("CARGO_CFG_TARGET_ARCH").as_deref() != Ok("wasm32") {
        return format!("{source:?}");
    }
    let code = source.lines().map(|line| line.split("//").next().unwrap_or_default().trim());
    let lines: Vec<&str> = code.filter(|line| !line.is_empty()).collect();
    format!("{:?}", lines.join("\n"))
}

/// Names of the bindings of group 0 after the uniforms, in order. All are storage buffers and only the last is written.
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

/// Named constants that a variant may replace, in order of declaration.
fn constants(module: &Module) -> Vec<String> {
    module.constants.iter().filter_map(|(_, constant)| constant.name.clone()).collect()
}

/// The uniform struct as Rust. Scalars of 4 bytes only, so that WGSL and `repr(C)` agree without padding.
fn params(module: &Module, file: &str) -> Result<String, String> {
    let uniform = module.global_variables.iter().find(|(_, variable)| variable.space == AddressSpace::Uniform);
    let (_, uniform) = uniform.ok_or_else(|| format!("{file}: no uniform"))?;
    let TypeInner::Struct { members, .. } = &module.types[uniform.ty].inner else {
        return Err(format!("{file}: the uniform must be a struct"));
    };
    let mut text = String::from(
        "    #[repr(C)]\n    #[derive(Clone, Copy, Debug, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]\n    pub struct Params {\n",
    );
    for (index, member) in members.iter().enumerate() {
        let kind = match module.types[member.ty].inner {
            TypeInner::Scalar(naga::Scalar { kind: ScalarKind::Uint, width: 4 }) => "u32",
            TypeInner::Scalar(naga::Scalar { kind: ScalarKind::Float, width: 4 }) => "f32",
            _ => return Err(format!("{file}: uniforms are u32 or f32, found another type")),
        };
        if member.offset as usize != 4 * index {
            return Err(format!("{file}: uniform {index} is not at offset {}", 4 * index));
        }
        let _ = writeln!(text, "        pub {}: {kind},", member.name.as_deref().unwrap_or_default());
    }
    text.push_str("    }\n");
    Ok(text)
}
