// output[n, c, oh, ow] = max over kh, kw of input[n, c, oh*stride + kh - padding, ow*stride + kw - padding]
//
// Padding counts as minus infinity: the window is clipped to the picture, and is never empty.

const ACTIVATION_F16: bool = false;

// #import ACTIVATION_F16 ? activation_f16 : activation_f32
// #import max_pool
@group(0) @binding(0) var<uniform> params: PoolParams;
@group(0) @binding(1) var<storage, read> input: array<Activation>;  // [n, channels, in_h, in_w]
@group(0) @binding(2) var<storage, read_write> output: array<Activation>;  // [n, channels, out_h, out_w]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let at = global_id.y * workgroup_count.x * 64u + global_id.x;
    if (at >= params.planes * params.out_h * params.out_w) {
        return;
    }
    let plane = at / (params.out_h * params.out_w);
    let oh = (at / params.out_w) % params.out_h;
    let ow = at % params.out_w;

    let ih0 = i32(oh * params.stride) - i32(params.padding);
    let iw0 = i32(ow * params.stride) - i32(params.padding);
    let ih_begin = u32(max(ih0, 0));
    let iw_begin = u32(max(iw0, 0));
    let ih_end = u32(min(ih0 + i32(params.kernel_size), i32(params.in_h)));
    let iw_end = u32(min(iw0 + i32(params.kernel_size), i32(params.in_w)));

    var largest = f32(input[(plane * params.in_h + ih_begin) * params.in_w + iw_begin]);
    for (var ih = ih_begin; ih < ih_end; ih++) {
        for (var iw = iw_begin; iw < iw_end; iw++) {
            largest = max(largest, f32(input[(plane * params.in_h + ih) * params.in_w + iw]));
        }
    }
    output[at] = stored(largest);
}
