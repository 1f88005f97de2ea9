// output[n, oc, oh, ow] = act(bias[oc] + sum over ic in oc's group, kh, kw of
//     weight[oc, ic, kh, kw] * input[n, ic, oh*STRIDE + kh - P, ow*STRIDE + kw - P] + residual[n, oc, oh, ow]), P = KERNEL / 2
//
// A convolution cut into groups: the heart of ResNeXt; in one group also the stem. A workgroup belongs to one group of one image
// (workgroup_id.z) and computes a tile of its output. A thread computes 4*OC_VECTORS output channels of PIXELS pixels along a
// row and uses every input it loads for all of them and for all taps of the row.

struct Params {
    in_channels: u32,
    out_channels: u32,
    groups: u32,
    in_h: u32,
    in_w: u32,
    out_h: u32,
    out_w: u32,
    relu: u32,
    residual: u32,
}

const KERNEL: u32 = 3u;
const KERNEL_ROWS: u32 = 3u;  // of them at once
const STRIDE: u32 = 1u;
const GROUP_CHANNELS: u32 = 0u;  // input channels a group, for a compiler that makes use of it; 0 if in params alone
const OC_VECTORS: u32 = 1u;
const PIXELS: u32 = 8u;
const WEIGHT_F16: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, in_channels, in_h, in_w]
$use weight                                                         // [groups, tiles, in_channels_per_group, KERNEL, KERNEL, 4*OC_VECTORS]
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [out_channels]
@group(0) @binding(4) var<storage, read> residual: array<f32>;      // as output
@group(0) @binding(5) var<storage, read_write> output: array<f32>;  // [n, out_channels, out_h, out_w]

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup_id: vec3u, @builtin(local_invocation_index) local_index: u32) {
    $if GROUP_CHANNELS {
    let in_channels_per_group = GROUP_CHANNELS;
    $}
    $if !GROUP_CHANNELS {
    let in_channels_per_group = params.in_channels / params.groups;
    $}
    let out_channels_per_group = params.out_channels / params.groups;
    let tiles = (out_channels_per_group + 4u * OC_VECTORS - 1u) / (4u * OC_VECTORS);
    let runs = (params.out_w + PIXELS - 1u) / PIXELS;

    let n = workgroup_id.z / params.groups;
    let group = workgroup_id.z % params.groups;
    let item = workgroup_id.x * 64u + local_index;
    if (item >= tiles * params.out_h * runs) {
        return;
    }
    let tile = item / (params.out_h * runs);
    let oh = (item / runs) % params.out_h;
    let ow = (item % runs) * PIXELS;

    // The columns of the window, clipped once; the rows below, as they come.
    let last_row = i32(params.in_h) - 1;
    let last_column = i32(params.in_w) - 1;
    let ih0 = i32(oh * STRIDE) - i32(KERNEL / 2u);
    let iw0 = i32(ow * STRIDE) - i32(KERNEL / 2u);
    $for c < PIXELS*STRIDE-STRIDE+KERNEL {
    let column$c = u32(clamp(iw0 + $c, 0, last_column));
    let inside$c = iw0 + $c >= 0 && iw0 + $c <= last_column;
    $}
    $for p < PIXELS {
    $for o < OC_VECTORS {
    var sum$p_$o = vec4f();
    $}
    $}

    let first_channel = n * params.in_channels + group * in_channels_per_group;
    let rows = KERNEL / KERNEL_ROWS;
    var at = (group * tiles + tile) * in_channels_per_group * KERNEL * KERNEL * OC_VECTORS;
    for (var i = 0u; i < in_channels_per_group * rows; i++) {
        let channel = (first_channel + i / rows) * params.in_h;
        let ih = ih0 + i32(i % rows * KERNEL_ROWS);
        $for j < KERNEL_ROWS {
        let within$j = ih + $j >= 0 && ih + $j <= last_row;
        let row$j = (channel + u32(clamp(ih + $j, 0, last_row))) * params.in_w;
        $for k < KERNEL*OC_VECTORS {
        let w$j_$k = load_weight(at + $(j*KERNEL*OC_VECTORS+k)u);
        $}
        $for c < PIXELS*STRIDE-STRIDE+KERNEL {
        let x$j_$c = vec4f(select(0.0, input[row$j + column$c], within$j && inside$c));
        $}
        $for p < PIXELS {
        $for k < KERNEL {
        $for o < OC_VECTORS {
        sum$p_$o = fma(x$j_$(p*STRIDE+k), w$j_$(k*OC_VECTORS+o), sum$p_$o);
        $}
        $}
        $}
        $}
        at += KERNEL_ROWS * KERNEL * OC_VECTORS;
    }

    // Unrolled, the stores would take longer to compile than all of the above.
    var sums: array<vec4f, PIXELS * OC_VECTORS>;
    $for p < PIXELS {
    $for o < OC_VECTORS {
    sums[$(p*OC_VECTORS+o)] = sum$p_$o;
    $}
    $}
    let pixels = min(PIXELS, params.out_w - ow);
    let channels = min(4u * OC_VECTORS, out_channels_per_group - tile * 4u * OC_VECTORS);
    for (var o = 0u; o < channels; o++) {
        let oc = group * out_channels_per_group + tile * 4u * OC_VECTORS + o;
        let to = ((n * params.out_channels + oc) * params.out_h + oh) * params.out_w + ow;
        for (var p = 0u; p < pixels; p++) {
            var value = sums[p * OC_VECTORS + o / 4u][o % 4u] + bias[oc];
            if (params.residual != 0u) {
                value += residual[to + p];
            }
            output[to + p] = select(value, max(value, 0.0), params.relu != 0u);
        }
    }
}
