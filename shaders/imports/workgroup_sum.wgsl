// The sum of a value over all threads of a workgroup of 256, in one order.

var<workgroup> partial: array<f32, 256>;

fn workgroup_sum(value: f32, local_index: u32) -> f32 {
    workgroupBarrier();
    partial[local_index] = value;
    workgroupBarrier();
    for (var half = 128u; half > 0u; half /= 2u) {
        if (local_index < half) {
            partial[local_index] += partial[local_index + half];
        }
        workgroupBarrier();
    }
    return partial[0];
}
