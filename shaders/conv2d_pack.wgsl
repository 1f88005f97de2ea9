// output[group, tile, row, lane] = input[oc, ic, kh, kw], where oc is the group's channel tile * lanes + lane, and row is (ic, kh, kw)
//
// The order in which a convolution's kernel reads its weights; what fills up a tile or the rows is 0. Turned: the weights of the
// convolution that gives the gradient of the input, whose output channels are ic, and whose rows are oc with the kernel turned by
// half a turn.

struct Params {
    elements: u32,       // of output
    lanes: u32,          // output channels of a tile
    rows: u32,           // rows of a tile, with what fills them up
    tiles: u32,          // per group
    outputs: u32,        // output channels per group
    inputs: u32,         // input channels per group
    area: u32,           // kernel_size * kernel_size
    turned: u32,         // 1: inputs are the weight's output channels, and outputs its input channels
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // the weights, OIHW
@group(0) @binding(2) var<storage, read_write> output: array<f32>;  // [groups, tiles, rows, lanes]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) global_id: vec3u, @builtin(num_workgroups) workgroup_count: vec3u) {
    let at = global_id.y * workgroup_count.x * 64u + global_id.x;
    if (at >= params.elements) {
        return;
    }
    let group = at / (params.tiles * params.rows * params.lanes);
    let oc = at / (params.rows * params.lanes) % params.tiles * params.lanes + at % params.lanes;
    let row = at / params.lanes % params.rows;
    let ic = row / params.area;
    let tap = row % params.area;
    if (oc >= params.outputs || ic >= params.inputs) {
        output[at] = 0.0;
        return;
    }
    let first = group * params.outputs * params.inputs * params.area;
    let straight = (oc * params.inputs + ic) * params.area + tap;
    let turned = (ic * params.outputs + oc) * params.area + params.area - 1u - tap;
    output[at] = input[first + select(straight, turned, params.turned != 0u)];
}
