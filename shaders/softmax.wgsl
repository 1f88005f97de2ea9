// output[n, i] = exp(input[n, i] - max_n) / sum over j of exp(input[n, j] - max_n), max_n the largest of the row
//
// A row of one value has a second, a zero, that is not stored: its output is the sigmoid.
//
// One workgroup a row; the two reductions go through workgroup memory.

struct Params {
    classes: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> input: array<f32>;         // [n, classes]
@group(0) @binding(2) var<storage, read_write> output: array<f32>;  // [n, classes]

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup_id: vec3u, @builtin(local_invocation_index) local_index: u32) {
    let row = workgroup_id.x * params.classes;

    // Every thread starts from the first class, so that rows shorter than the workgroup need no case of their own.
    var largest = input[row];
    for (var i = local_index; i < params.classes; i += 64u) {
        largest = max(largest, input[row + i]);
    }
    partial[local_index] = largest;
    workgroupBarrier();
    for (var half = 32u; half > 0u; half /= 2u) {
        if (local_index < half) {
            partial[local_index] = max(partial[local_index], partial[local_index + half]);
        }
        workgroupBarrier();
    }
    largest = partial[0];
    let is_sigmoid = params.classes == 1u;
    if (is_sigmoid) {
        largest = max(largest, 0.0);
    }
    workgroupBarrier();

    var sum = 0.0;
    for (var i = local_index; i < params.classes; i += 64u) {
        sum += exp(input[row + i] - largest);
    }
    partial[local_index] = sum;
    workgroupBarrier();
    for (var half = 32u; half > 0u; half /= 2u) {
        if (local_index < half) {
            partial[local_index] += partial[local_index + half];
        }
        workgroupBarrier();
    }
    sum = partial[0];
    if (is_sigmoid) {
        sum += exp(-largest);
    }
    for (var i = local_index; i < params.classes; i += 64u) {
        output[row + i] = exp(input[row + i] - largest) / sum;
    }
}
