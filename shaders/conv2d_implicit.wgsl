// output[n, oc, oh, ow] = act(bias[oc] + sum over k of weight[oc, k] * window[k, pixel] + residual[n, oc, oh, ow])
//
// A convolution as a matrix product: rows are a group's output channels, columns the pixels of the whole batch, k counts the
// group's input channels and the taps of each. The matrix of windows is never stored: a workgroup, which belongs to one group
// (workgroup_id.z), lays K_TILE rows of it and of the weights into its memory, and each of its 8 by 8 threads multiplies
// 4*OC_VECTORS channels with 4*PIXEL_VECTORS pixels from there. For GPUs whose workgroup memory is fast. Where there are too few
// pixels for all of a GPU's threads, the workgroup has SLICES times 64 of them, each slice sums every SLICES-th K_TILE of the
// product, and at the end they add up. With PRODUCT_F16 what lies in workgroup memory is f16, and so are products and sums of
// four of them; everything else stays f32.

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
const SLICES: u32 = 1u;
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
var<workgroup> weight_tile: array<Four, SLICES * K_TILE * 8u * OC_VECTORS>;
var<workgroup> input_tile: array<Four, SLICES * K_TILE * 8u * PIXEL_VECTORS>;
$if SLICES-1 {
var<workgroup> exchange: array<vec4f, SLICES * 64u>;
$}

$use windows

@compute @workgroup_size(8, 8, SLICES)
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
    let slice = local_id.z;
    let in_slice = local_index % 64u;
    let weights = slice * K_TILE * 8u * OC_VECTORS;
    let inputs = slice * K_TILE * 8u * PIXEL_VECTORS;

    $for p < PIXEL_VECTORS*4 {
    $for o < OC_VECTORS {
    var sum$p_$o = vec4f();
    $}
    $}
    for (var first = 0u; first < taps; first += SLICES * K_TILE) {
        let k0 = first + slice * K_TILE;
        for (var i = in_slice; i < K_TILE * 8u * OC_VECTORS; i += 64u) {
            let k = k0 + i / (8u * OC_VECTORS);
            var value = vec4f();
            if (k < taps) {
                value = load_weight(first_weight + k0 * 8u * OC_VECTORS + i);
            }
            weight_tile[weights + i] = Four(value);
        }
        for (var i = in_slice; i < K_TILE * 8u * PIXEL_VECTORS; i += 64u) {
            let k = k0 + i / (8u * PIXEL_VECTORS);
            var value = vec4f();
            if (k < taps) {
                value = load_windows(channel, k, first_pixel + 4u * (i % (8u * PIXEL_VECTORS)));
            }
            input_tile[inputs + i] = Four(value);
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
            let w$s_$o = weight_tile[weights + ((k + $su) * 8u + local_id.y) * OC_VECTORS + $ou];
            $}
            $for v < PIXEL_VECTORS {
            let x$s_$v = input_tile[inputs + ((k + $su) * PIXEL_VECTORS + $vu) * 8u + local_id.x];
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
    $if SLICES-1 {
    // Slices take turns in adding up, and each stores what it has added.
    for (var i = 0u; i < 4u * PIXEL_VECTORS * OC_VECTORS; i++) {
        exchange[local_index] = sums[i];
        workgroupBarrier();
        if (i % SLICES == slice) {
            sums[i] = vec4f();
            for (var s = 0u; s < SLICES; s++) {
                sums[i] += exchange[s * 64u + in_slice];
            }
        }
        workgroupBarrier();
    }
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
            let i = p * OC_VECTORS + o / 4u;
            if (i % SLICES != slice) {
                continue;
            }
            var value = sums[i][o % 4u] + bias[oc];
            if (params.residual != 0u) {
                value += residual[to];
            }
            output[to] = select(value, max(value, 0.0), params.relu != 0u);
        }
    }
}
