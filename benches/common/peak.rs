//! The device's highest rate: multiply-adds in registers, without loads.

use std::fmt::Write as _;
use std::time::Instant;

use cardinal::gpu::{Gpu, GpuError};
use cardinal::kernels::{Dispatch, KernelKey, Shader};

/// Multiply-adds per round of the loop.
const BODY: usize = 256;
const THREADS: u32 = 64;
const WORKGROUPS: u32 = 1024;
/// A run that takes less than this is too short for the clock.
const SECONDS: f64 = 0.1;
const SAMPLES: usize = 5;

/// A way to write the multiply-adds; none is the fastest on every device.
#[derive(Clone, Copy)]
struct Form {
    name: &'static str,
    of: &'static str,
    lanes: usize,
    /// Independent chains of multiply-adds per thread.
    chains: usize,
    /// `fma(a, m, b)` or `a * m + b`.
    fused: bool,
}

const FORMS: [Form; 4] = [
    Form { name: "bench_fma_scalars", of: "f32", lanes: 1, chains: 32, fused: true },
    Form { name: "bench_scalars", of: "f32", lanes: 1, chains: 32, fused: false },
    Form { name: "bench_fma_vectors", of: "vec4f", lanes: 4, chains: 8, fused: true },
    Form { name: "bench_vectors", of: "vec4f", lanes: 4, chains: 8, fused: false },
];

/// FLOP per second of the fastest form; a multiply-add counts as two.
///
/// # Errors
///
/// Where the GPU refuses or loses the kernel.
pub async fn flop_per_second(gpu: &Gpu) -> Result<f64, GpuError> {
    let mut best: f64 = 0.0;
    for form in FORMS {
        best = best.max(rate(gpu, shader(form), form.lanes).await?);
    }
    Ok(best)
}

/// From the difference of a long and a short run, in which all time that is not arithmetic cancels.
async fn rate(gpu: &Gpu, shader: &'static Shader, lanes: usize) -> Result<f64, GpuError> {
    let mut rounds = 1;
    // The first run compiles.
    run(gpu, shader, rounds).await?;
    while run(gpu, shader, rounds).await? < SECONDS && rounds < 1 << 24 {
        rounds *= 2;
    }
    let mut best = f64::INFINITY;
    for _ in 0..SAMPLES {
        let (short, long) = (run(gpu, shader, rounds).await?, run(gpu, shader, 3 * rounds).await?);
        best = best.min(long - short);
    }
    let flop = 2 * lanes * BODY * (THREADS * WORKGROUPS) as usize * 2 * rounds as usize;
    Ok(flop as f64 / best)
}

async fn run(gpu: &Gpu, shader: &'static Shader, rounds: u32) -> Result<f64, GpuError> {
    let kernel = KernelKey::new(shader, &[]);
    let dispatch = Dispatch { kernel, params: rounds.to_le_bytes().repeat(4), workgroup_count: [WORKGROUPS, 1, 1] };
    // Neither 0 nor 1, and small enough never to overflow: some processors are slow with infinities.
    let factors: Vec<u8> = [0.999_f32, 0.001].iter().flat_map(|value| value.to_le_bytes()).collect();
    let start = Instant::now();
    gpu.run_once(&dispatch, &[&factors], (THREADS * WORKGROUPS) as usize).await?;
    Ok(start.elapsed().as_secs_f64())
}

fn shader(Form { name, of, chains, fused, .. }: Form) -> &'static Shader {
    let mut body = String::new();
    for step in 0..BODY {
        let a = format!("a{}", step % chains);
        let sum = if fused { format!("fma({a}, m, b)") } else { format!("{a} * m + b") };
        let _ = writeln!(body, "        {a} = {sum};");
    }
    let start: String = (0..chains).map(|chain| format!("    var a{chain} = {of}(f32(id.x + {chain}u));\n")).collect();
    // Every chain must be used, or the compiler removes it.
    let sum: Vec<String> = (0..chains).map(|chain| format!("a{chain}")).collect();
    let sum = format!("dot(vec4f({}), vec4f(1.0))", sum.join(" + "));
    let source = format!(
        "struct Params {{ rounds: u32, unused0: u32, unused1: u32, unused2: u32 }}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> factors: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;
@compute @workgroup_size({THREADS})
fn main(@builtin(global_invocation_id) id: vec3u) {{
    let m = {of}(factors[0]);
    let b = {of}(factors[1]);
{start}    for (var round = 0u; round < params.rounds; round++) {{
{body}    }}
    output[id.x] = {sum};
}}
"
    );
    // A few allocations per benchmark.
    Box::leak(Box::new(Shader {
        name,
        source: Box::leak(source.into_boxed_str()),
        workgroup_size: [THREADS, 1, 1],
        bindings: &["factors", "output"],
        constants: &[],
        has_marked_loops: false,
    }))
}
