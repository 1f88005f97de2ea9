// The sums of two values over all threads of a workgroup of 256, in one order: 16 sums of 16, then one of these.

var<workgroup> partial: array<vec2f, 256>;
var<workgroup> sixteenths: array<vec2f, 16>;

fn workgroup_sum(value: vec2f, local_index: u32) -> vec2f {
    workgroupBarrier();
    partial[local_index] = value;
    workgroupBarrier();
    if (local_index < 16u) {
        var sum = vec2f();
        for (var i = 0u; i < 16u; i++) {
            sum += partial[local_index * 16u + i];
        }
        sixteenths[local_index] = sum;
    }
    workgroupBarrier();
    var sum = vec2f();
    for (var i = 0u; i < 16u; i++) {
        sum += sixteenths[i];
    }
    return sum;
}
