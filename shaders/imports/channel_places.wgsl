// Where the values of a channel lie: plane after plane. Threads walk them side by side, each from its own place in equal steps;
// divisions would cost more than the arithmetic.
struct Place {
    n: u32,
    pixel: u32,
}

// The place of a channel's value number `index`; or a step of so many values.
fn place_of(index: u32, plane: u32) -> Place {
    return Place(index / plane, index % plane);
}

fn next_place(place: Place, step: Place, plane: u32) -> Place {
    let pixel = place.pixel + step.pixel;
    let carry = select(0u, 1u, pixel >= plane);
    return Place(place.n + step.n + carry, pixel - carry * plane);
}
