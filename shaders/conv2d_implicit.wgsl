// output[n, oc, oh, ow] = act(bias[oc] + sum over k of weight[oc, k] * window[k, pixel] + residual[n, oc, oh, ow])
//
// A convolution as a matrix product ("implicit GEMM"): rows are a group's output channels, columns are the pixels of the whole
// batch, k counts the group's input channels and the taps of the window in each. A workgroup belongs to one group (workgroup_id.z).
// It copies K_TILE rows of the weights and of the windows into its memory, and each of its 8 by 8 threads multiplies OC_TILE channels
// with PIXELS pixels from there. For GPUs, whose workgroup memory is fast.
//
// Where there are too few pixels for all of a GPU's threads, a workgroup has SLICES times 64 of them: each slice sums every SLICES-th
// K_TILE of the product, and at the end they add up ("split K"). With PRODUCT_F16, workgroup memory holds f16, and so do products
// and sums of K_STEP of them; all other sums are f32. src/reference/conv2d_implicit.rs computes the same as plain loops.

// #import PRODUCT_F16 ? product_f16 : product_f32

const KERNEL_SIZE: u32 = 1u;
const OC_VECTORS: u32 = 1u;       // of 4 output channels each
const PIXEL_VECTORS: u32 = 1u;    // of 4 pixels each
const SLICES: u32 = 1u;
const K_TILE: u32 = 16u;
const K_STEP: u32 = 4u;
const BY_FOUR: bool = false;      // for a 1x1 kernel of stride 1 over planes of whole fours
const WEIGHT_F16: bool = false;
const ACTIVATION_F16: bool = false;
const PRODUCT_F16: bool = false;
const OC_TILE: u32 = 4u * OC_VECTORS;
const PIXELS: u32 = 4u * PIXEL_VECTORS;

// #import ACTIVATION_F16 ? activation_f16 : activation_f32
// #import conv2d
@group(0) @binding(0) var<uniform> params: ConvParams;
// #import BY_FOUR ? pixels_by_four : pixels_by_one
// #import WEIGHT_F16 ? weight_f16 : weight_f32                        [groups, tiles, in_channels_per_group * KERNEL_SIZE^2, 8*OC_TILE]
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [out_channels]
@group(0) @binding(4) var<storage, read> residual: array<Activation>;  // as output
@group(0) @binding(5) var<storage, read_write> output: array<Activation>;  // [n, out_channels, out_h, out_w]
// #import conv2d_store

var<workgroup> weight_tile: array<Product, SLICES * K_TILE * 8u * OC_VECTORS>;
var<workgroup> pixel_tile: array<Product, SLICES * K_TILE * 8u * PIXEL_VECTORS>;
var<workgroup> exchange: array<vec4f, SLICES * 64u>;

@compute @workgroup_size(8, 8, SLICES)
fn main(
    @builtin(workgroup_id) workgroup_id: vec3u,
    @builtin(local_invocation_id) local_id: vec3u,
    @builtin(local_invocation_index) local_index: u32,
) {
    let group = workgroup_id.z;
    let first_channel = group * (params.in_channels / params.groups);
    let out_channels_per_group = params.out_channels / params.groups;
    let rows = params.in_channels / params.groups * KERNEL_SIZE * KERNEL_SIZE;
    let tiles = (out_channels_per_group + 8u * OC_TILE - 1u) / (8u * OC_TILE);
    let first_weight = (group * tiles + workgroup_id.y) * rows * 8u * OC_VECTORS;
    let first_pixel = workgroup_id.x * 8u * PIXELS;
    let slice = local_id.z;
    let in_slice = local_index % 64u;
    let weights = slice * K_TILE * 8u * OC_VECTORS;
    let pixels = slice * K_TILE * 8u * PIXEL_VECTORS;

    var sums: array<array<vec4f, OC_VECTORS>, PIXELS>;
    for (var first = 0u; first < rows; first += SLICES * K_TILE) {
        let k0 = first + slice * K_TILE;
        for (var i = in_slice; i < K_TILE * 8u * OC_VECTORS; i += 64u) {
            var value = vec4f();
            if (k0 + i / (8u * OC_VECTORS) < rows) {
                value = load_weight(first_weight + k0 * 8u * OC_VECTORS + i);
            }
            weight_tile[weights + i] = Product(value);
        }
        for (var i = in_slice; i < K_TILE * 8u * PIXEL_VECTORS; i += 64u) {
            let k = k0 + i / (8u * PIXEL_VECTORS);
            var value = vec4f();
            if (k < rows) {
                value = load_pixels(first_channel, k, first_pixel + 4u * (i % (8u * PIXEL_VECTORS)));
            }
            pixel_tile[pixels + i] = Product(value);
        }
        workgroupBarrier();
        for (var k = 0u; k < K_TILE; k += K_STEP) {
            var products: array<array<Product, OC_VECTORS>, PIXELS>;
            for (var s = 0u; s < K_STEP; s++) {  // unroll
                var w: array<Product, OC_VECTORS>;
                for (var o = 0u; o < OC_VECTORS; o++) {  // unroll
                    w[o] = weight_tile[weights + ((k + s) * 8u + local_id.y) * OC_VECTORS + o];
                }
                for (var v = 0u; v < PIXEL_VECTORS; v++) {  // unroll
                    let x = pixel_tile[pixels + ((k + s) * PIXEL_VECTORS + v) * 8u + local_id.x];
                    for (var j = 0u; j < 4u; j++) {  // unroll
                        for (var o = 0u; o < OC_VECTORS; o++) {  // unroll
                            if (PRODUCT_F16) {
                                products[4u * v + j][o] = fma(Product(x[j]), w[o], products[4u * v + j][o]);
                            } else {
                                sums[4u * v + j][o] = fma(vec4f(f32(x[j])), vec4f(w[o]), sums[4u * v + j][o]);
                            }
                        }
                    }
                }
            }
            if (PRODUCT_F16) {
                for (var p = 0u; p < PIXELS; p++) {  // unroll
                    for (var o = 0u; o < OC_VECTORS; o++) {  // unroll
                        sums[p][o] += vec4f(products[p][o]);
                    }
                }
            }
        }
        workgroupBarrier();
    }

    // A copy that can be indexed: unrolled, the stores would take longer to compile than all of the above.
    var results = sums;
    if (SLICES > 1u) {
        // The slices add up one value after the other; each keeps, and stores, every SLICES-th.
        for (var i = 0u; i < PIXELS * OC_VECTORS; i++) {
            exchange[local_index] = results[i / OC_VECTORS][i % OC_VECTORS];
            workgroupBarrier();
            if (i % SLICES == slice) {
                var sum = vec4f();
                for (var s = 0u; s < SLICES; s++) {
                    sum += exchange[s * 64u + in_slice];
                }
                results[i / OC_VECTORS][i % OC_VECTORS] = sum;
            }
            workgroupBarrier();
        }
    }
    let per_image = params.out_h * params.out_w;
    for (var p = 0u; p < PIXELS; p++) {
        let pixel = first_pixel + 4u * (p / 4u * 8u + local_id.x) + p % 4u;
        for (var o = 0u; o < OC_TILE; o++) {
            let in_group = (workgroup_id.y * 8u + local_id.y) * OC_TILE + o;
            if (pixel >= params.n * per_image || in_group >= out_channels_per_group) {
                break;
            }
            if ((p * OC_VECTORS + o / 4u) % SLICES != slice) {
                continue;
            }
            let oc = group * out_channels_per_group + in_group;
            let to = ((pixel / per_image) * params.out_channels + oc) * per_image + pixel % per_image;
            store(to, oc, results[p][o / 4u][o % 4u]);
        }
    }
}
