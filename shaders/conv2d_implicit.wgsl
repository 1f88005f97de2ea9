// output[n, oc, oh, ow] = act(bias[oc] + sum over k of weight[oc, k] * window[k, pixel] + residual[n, oc, oh, ow])
//
// A convolution as a matrix product: rows are a group's output channels, columns the pixels of the whole batch, k counts the
// group's input channels and the taps of each. The matrix of windows is never stored: a workgroup, which belongs to one group
// (workgroup_id.z), lays K_TILE rows of it and of the weights into its memory, and each of its 8 by 8 threads multiplies
// 4*OC_VECTORS channels with 4*PIXEL_VECTORS pixels from there. For GPUs whose workgroup memory is fast. With PRODUCT_F16 what
// lies there is f16, and so are products and sums of four of them; everything else stays f32.

$if PRODUCT_F16 {
enable f16;
$}

struct Params {
    pixels: u32,        // n * out_h * out_w
    in_channels: u32,
    out_channels: u32,
    groups: u32,
    in_h: u32,
    in_w: u32,
    out_h: u32,
    out_w: u32,
    stride: u32,
    relu: u32,
    residual: u32,
}

const KERNEL: u32 = 1u;
const OC_VECTORS: u32 = 1u;
const PIXEL_VECTORS: u32 = 1u;
const K_TILE: u32 = 16u;
const K_STEP: u32 = 4u;
const INPUT_VECTORS: bool = false;  // neighbouring pixels lie in whole vectors: a 1x1 kernel, stride 1, planes of whole fours
const WEIGHT_F16: bool = false;
const PRODUCT_F16: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
$if INPUT_VECTORS {
@group(0) @binding(1) var<storage, read> input: array<vec4f>;       // as below, four pixels an element
$}
$if !INPUT_VECTORS {
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, in_channels, in_h, in_w]
$}
$use weight                                                         // [groups, tiles, in_channels_per_group * KERNEL * KERNEL, 32*OC_VECTORS]
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [out_channels]
@group(0) @binding(4) var<storage, read> residual: array<f32>;      // as output
@group(0) @binding(5) var<storage, read_write> output: array<f32>;  // [n, out_channels, out_h, out_w]

$if PRODUCT_F16 {
alias Four = vec4<f16>;
$}
$if !PRODUCT_F16 {
alias Four = vec4f;
$}
var<workgroup> weight_tile: array<Four, K_TILE * 8u * OC_VECTORS>;
var<workgroup> input_tile: array<Four, K_TILE * 8u * PIXEL_VECTORS>;

// Four columns of row k of the matrix of windows; `channel` is the group's first.
$if INPUT_VECTORS {
fn load_windows(channel: u32, k: u32, pixel: u32) -> vec4f {
    if (pixel >= params.pixels) {
        return vec4f();
    }
    let plane = params.in_h * params.in_w;
    return input[(((pixel / plane) * params.in_channels + channel + k) * plane + pixel % plane) / 4u];
}
$}
$if !INPUT_VECTORS {
fn load_window(channel: u32, k: u32, pixel: u32) -> f32 {
    if (pixel >= params.pixels) {
        return 0.0;
    }
    let per_image = params.out_h * params.out_w;
    let n = pixel / per_image;
    let oh = (pixel % per_image) / params.out_w;
    let ow = pixel % params.out_w;
    let tap = k % (KERNEL * KERNEL);
    let ih = i32(oh * params.stride + tap / KERNEL) - i32(KERNEL / 2u);
    let iw = i32(ow * params.stride + tap % KERNEL) - i32(KERNEL / 2u);
    if (ih < 0 || iw < 0 || ih >= i32(params.in_h) || iw >= i32(params.in_w)) {
        return 0.0;
    }
    let ic = channel + k / (KERNEL * KERNEL);
    return input[((n * params.in_channels + ic) * params.in_h + u32(ih)) * params.in_w + u32(iw)];
}

fn load_windows(channel: u32, k: u32, pixel: u32) -> vec4f {
    return vec4f(load_window(channel, k, pixel), load_window(channel, k, pixel + 1u),
                 load_window(channel, k, pixel + 2u), load_window(channel, k, pixel + 3u));
}
$}

@compute @workgroup_size(8, 8)
fn main(
    @builtin(workgroup_id) workgroup_id: vec3u,
    @builtin(local_invocation_id) local_id: vec3u,
    @builtin(local_invocation_index) local_index: u32,
) {
    let group = workgroup_id.z;
    let channel = group * (params.in_channels / params.groups);
    let out_channels_per_group = params.out_channels / params.groups;
    let taps = params.in_channels / params.groups * KERNEL * KERNEL;
    let tiles = (out_channels_per_group + 32u * OC_VECTORS - 1u) / (32u * OC_VECTORS);
    let first_weight = (group * tiles + workgroup_id.y) * taps * 8u * OC_VECTORS;
    let first_pixel = workgroup_id.x * 32u * PIXEL_VECTORS;

    $for p < PIXEL_VECTORS*4 {
    $for o < OC_VECTORS {
    var sum$p_$o = vec4f();
    $}
    $}
    for (var k0 = 0u; k0 < taps; k0 += K_TILE) {
        for (var i = local_index; i < K_TILE * 8u * OC_VECTORS; i += 64u) {
            let k = k0 + i / (8u * OC_VECTORS);
            var value = vec4f();
            if (k < taps) {
                value = load_weight(first_weight + k0 * 8u * OC_VECTORS + i);
            }
            weight_tile[i] = Four(value);
        }
        for (var i = local_index; i < K_TILE * 8u * PIXEL_VECTORS; i += 64u) {
            let k = k0 + i / (8u * PIXEL_VECTORS);
            var value = vec4f();
            if (k < taps) {
                value = load_windows(channel, k, first_pixel + 4u * (i % (8u * PIXEL_VECTORS)));
            }
            input_tile[i] = Four(value);
        }
        workgroupBarrier();
        for (var k = 0u; k < K_TILE; k += K_STEP) {
            $if PRODUCT_F16 {
            $for p < PIXEL_VECTORS*4 {
            $for o < OC_VECTORS {
            var part$p_$o = Four();
            $}
            $}
            $}
            $for s < K_STEP {
            $for o < OC_VECTORS {
            let w$s_$o = weight_tile[((k + $su) * 8u + local_id.y) * OC_VECTORS + $ou];
            $}
            $for v < PIXEL_VECTORS {
            let x$s_$v = input_tile[((k + $su) * PIXEL_VECTORS + $vu) * 8u + local_id.x];
            $for j < 4 {
            $for o < OC_VECTORS {
            $if PRODUCT_F16 {
            part$(v*4+j)_$o = fma(Four(x$s_$v[$j]), w$s_$o, part$(v*4+j)_$o);
            $}
            $if !PRODUCT_F16 {
            sum$(v*4+j)_$o = fma(Four(x$s_$v[$j]), w$s_$o, sum$(v*4+j)_$o);
            $}
            $}
            $}
            $}
            $}
            $if PRODUCT_F16 {
            $for p < PIXEL_VECTORS*4 {
            $for o < OC_VECTORS {
            sum$p_$o += vec4f(part$p_$o);
            $}
            $}
            $}
        }
        workgroupBarrier();
    }

    // Unrolled, the stores would take longer to compile than all of the above.
    var sums: array<vec4f, 4u * PIXEL_VECTORS * OC_VECTORS>;
    $for p < PIXEL_VECTORS*4 {
    $for o < OC_VECTORS {
    sums[$(p*OC_VECTORS+o)] = sum$p_$o;
    $}
    $}
    let per_image = params.out_h * params.out_w;
    for (var p = 0u; p < 4u * PIXEL_VECTORS; p++) {
        let pixel = first_pixel + 4u * (p / 4u * 8u + local_id.x) + p % 4u;
        for (var o = 0u; o < 4u * OC_VECTORS; o++) {
            let in_group = (workgroup_id.y * 8u + local_id.y) * 4u * OC_VECTORS + o;
            if (pixel >= params.pixels || in_group >= out_channels_per_group) {
                break;
            }
            let oc = group * out_channels_per_group + in_group;
            let to = ((pixel / per_image) * params.out_channels + oc) * per_image + pixel % per_image;
            var value = sums[p * OC_VECTORS + o / 4u][o % 4u] + bias[oc];
            if (params.residual != 0u) {
                value += residual[to];
            }
            output[to] = select(value, max(value, 0.0), params.relu != 0u);
        }
    }
}
