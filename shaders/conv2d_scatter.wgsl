// output[n, c, ih, iw] = residual[n, c, ih, iw] + (input[n, c, ih / stride, iw / stride] where stride divides both, else 0)
//
// What a 1x1 convolution with a stride does to gradients: those of the pixels that it saw go to their places, the others are 0. One
// thread per gradient: it writes the pixels from its own to those of the next ones.

struct Params {
    elements: u32,  // of input
    in_h: u32,      // rows of an output plane, which is the convolution's input
    in_w: u32,
    out_h: u32,     // rows of an input plane
    out_w: u32,
    stride: u32,
    residual: u32,  // 1: `residual` is added
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, c, out_h, out_w]
@group(0) @binding(2) var<storage, read> residual: array<f32>;      // as output
@group(0) @binding(3) var<storage, read_write> output: array<f32>;  // [n, c, in_h, in_w]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let at = global_id.y * workgroup_count.x * 64u + global_id.x;
    if (at >= params.elements) {
        return;
    }
    let row = at / params.out_w;
    let left = (at - row * params.out_w) * params.stride;
    let plane = row / params.out_h;
    let top = (row - plane * params.out_h) * params.stride;
    var value = input[at];
    for (var ih = top; ih < min(top + params.stride, params.in_h); ih++) {
        for (var iw = left; iw < min(left + params.stride, params.in_w); iw++) {
            let to = (plane * params.in_h + ih) * params.in_w + iw;
            if (params.residual != 0u) {
                value += residual[to];
            }
            output[to] = value;
            value = 0.0;
        }
    }
}
