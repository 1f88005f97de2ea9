// output[n, o] = bias[o] + sum over i of weight[o, i] * input[n, i]
//
// A thread computes one output; weights are stored by input, so that neighbouring threads read neighbours.

struct Params {
    n: u32,
    in_features: u32,
    out_features: u32,
}

const WEIGHT_F16: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, in_features]
@group(0) @binding(2) var<storage, read> weight: array<u32>;        // [in_features, out_features], f32 or f16
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [out_features]
@group(0) @binding(4) var<storage, read_write> output: array<f32>;  // [n, out_features]

fn load_weight(at: u32) -> f32 {
    if (WEIGHT_F16) {
        let two = unpack2x16float(weight[at / 2u]);
        return select(two.x, two.y, at % 2u == 1u);
    }
    return bitcast<f32>(weight[at]);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let at = global_id.y * workgroup_count.x * 64u + global_id.x;
    if (at >= params.n * params.out_features) {
        return;
    }
    let n = at / params.out_features;
    let o = at % params.out_features;
    var sum = 0.0;
    for (var i = 0u; i < params.in_features; i++) {
        sum = fma(input[n * params.in_features + i], load_weight(i * params.out_features + o), sum);
    }
    output[at] = sum + bias[o];
}
