// output[n, c, ih, iw] = sum of grad[n, c, oh, ow] over the windows whose first largest input, in row order, is input[n, c, ih, iw]
//
// Gathered per input pixel, so that no two threads write one value: each looks for the largest of every window that it lies in.

// #import max_pool
@group(0) @binding(0) var<uniform> params: PoolParams;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, channels, in_h, in_w]
@group(0) @binding(2) var<storage, read> grad: array<f32>;          // [n, channels, out_h, out_w]
@group(0) @binding(3) var<storage, read_write> output: array<f32>;  // [n, channels, in_h, in_w]

// Whether `ih`, `iw` is the first largest input of the window `oh`, `ow`.
fn is_first_largest(first: u32, oh: u32, ow: u32, ih: u32, iw: u32) -> bool {
    let h0 = i32(oh * params.stride) - i32(params.padding);
    let w0 = i32(ow * params.stride) - i32(params.padding);
    let h_end = u32(min(h0 + i32(params.kernel_size), i32(params.in_h)));
    let w_end = u32(min(w0 + i32(params.kernel_size), i32(params.in_w)));
    let own = input[first + ih * params.in_w + iw];
    for (var h = u32(max(h0, 0)); h < h_end; h++) {
        for (var w = u32(max(w0, 0)); w < w_end; w++) {
            let value = input[first + h * params.in_w + w];
            let is_before = h < ih || (h == ih && w < iw);
            if (value > own || (value == own && is_before)) {
                return false;
            }
        }
    }
    return true;
}

// The first window that an input at `at` lies in; the last one begins at or before it.
fn first_window(at: u32) -> u32 {
    let end = at + params.padding + 1u;
    return (max(end, params.kernel_size) - params.kernel_size + params.stride - 1u) / params.stride;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let at = global_id.y * workgroup_count.x * 64u + global_id.x;
    let plane = params.in_h * params.in_w;
    if (at >= params.planes * plane) {
        return;
    }
    let n_c = at / plane;
    let ih = (at / params.in_w) % params.in_h;
    let iw = at % params.in_w;

    var sum = 0.0;
    let oh_end = min((ih + params.padding) / params.stride + 1u, params.out_h);
    let ow_end = min((iw + params.padding) / params.stride + 1u, params.out_w);
    for (var oh = first_window(ih); oh < oh_end; oh++) {
        for (var ow = first_window(iw); ow < ow_end; ow++) {
            if (is_first_largest(n_c * plane, oh, ow, ih, iw)) {
                sum += grad[(n_c * params.out_h + oh) * params.out_w + ow];
            }
        }
    }
    output[at] = sum;
}
