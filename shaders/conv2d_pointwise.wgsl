// output[n, oc, oh, ow] = act(bias[oc] + sum over ic of weight[oc, ic] * input[n, ic, oh*stride, ow*stride] + residual[n, oc, oh, ow])
//
// A matrix product from registers, without barriers: rows are output channels, columns are the pixels of the whole batch. A
// thread computes 4*ROW_VECTORS channels of COLUMNS pixels, so that each value it loads is used many times; its pixels lie LANES
// apart, so that neighbouring threads read neighbours. A linear layer is the same with one pixel a picture.

struct Params {
    pixels: u32,        // n * out_h * out_w
    in_channels: u32,
    out_channels: u32,
    in_h: u32,
    in_w: u32,
    out_h: u32,
    out_w: u32,
    stride: u32,
    relu: u32,
    residual: u32,
}

const ROW_VECTORS: u32 = 2u;
const COLUMNS: u32 = 8u;
const K_STEP: u32 = 2u;
const LANES: u32 = 8u;
const TILES: u32 = 8u;
const WEIGHT_F16: bool = false;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, in_channels, in_h, in_w]
$use weight                                                         // [tiles, in_channels up to a whole K_STEP, 4*ROW_VECTORS]
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [out_channels]
@group(0) @binding(4) var<storage, read> residual: array<f32>;      // as output
@group(0) @binding(5) var<storage, read_write> output: array<f32>;  // [n, out_channels, out_h, out_w]

// Where a column of the product starts in the input. Columns past the end read the last one and are never stored.
fn input_base(column: u32) -> u32 {
    let pixel = min(column, params.pixels - 1u);
    let per_image = params.out_h * params.out_w;
    let n = pixel / per_image;
    let oh = (pixel % per_image) / params.out_w;
    let ow = pixel % params.out_w;
    return (n * params.in_channels * params.in_h + oh * params.stride) * params.in_w + ow * params.stride;
}

@compute @workgroup_size(LANES, TILES)
fn main(@builtin(workgroup_id) workgroup_id: vec3u, @builtin(local_invocation_id) local_id: vec3u) {
    let column = workgroup_id.x * LANES * COLUMNS + local_id.x;
    let tile = workgroup_id.y * TILES + local_id.y;
    let oc = tile * 4u * ROW_VECTORS;
    if (oc >= params.out_channels) {
        return;
    }
    $for c < COLUMNS {
    let base$c = input_base(column + $cu * LANES);
    $for r < ROW_VECTORS {
    var sum$c_$r = vec4f();
    $}
    $}

    let plane = params.in_h * params.in_w;
    let last = params.in_channels - 1u;
    var at = tile * ((params.in_channels + K_STEP - 1u) / K_STEP) * K_STEP * ROW_VECTORS;
    for (var ic = 0u; ic < params.in_channels; ic += K_STEP) {
        $for k < K_STEP {
        // Past the last channel the weights are zero.
        let offset$k = min(ic + $ku, last) * plane;
        $for r < ROW_VECTORS {
        let w$k_$r = load_weight(at + $(k*ROW_VECTORS+r)u);
        $}
        $for c < COLUMNS {
        let x$k_$c = vec4f(input[base$c + offset$k]);
        $for r < ROW_VECTORS {
        sum$c_$r = fma(x$k_$c, w$k_$r, sum$c_$r);
        $}
        $}
        $}
        at += K_STEP * ROW_VECTORS;
    }

    // Unrolled, the stores would take longer to compile than all of the above.
    var sums: array<vec4f, ROW_VECTORS * COLUMNS>;
    $for c < COLUMNS {
    $for r < ROW_VECTORS {
    sums[$(c*ROW_VECTORS+r)] = sum$c_$r;
    $}
    $}
    let per_image = params.out_h * params.out_w;
    let rows = min(4u * ROW_VECTORS, params.out_channels - oc);
    for (var c = 0u; c < COLUMNS; c++) {
        let pixel = column + c * LANES;
        if (pixel >= params.pixels) {
            break;
        }
        let first = ((pixel / per_image) * params.out_channels + oc) * per_image + pixel % per_image;
        for (var r = 0u; r < rows; r++) {
            let to = first + r * per_image;
            var value = sums[c * ROW_VECTORS + r / 4u][r % 4u] + bias[oc + r];
            if (params.residual != 0u) {
                value += residual[to];
            }
            output[to] = select(value, max(value, 0.0), params.relu != 0u);
        }
    }
}
