// Where the values of a channel lie: plane after plane, 256 pixels apart per thread. Divisions would cost more than the sums.
struct Place {
    n: u32,
    pixel: u32,
}

fn first_place(local_index: u32, plane: u32) -> Place {
    return Place(local_index / plane, local_index % plane);
}

fn next_place(place: Place, plane: u32) -> Place {
    var next = Place(place.n, place.pixel + 256u);
    while (next.pixel >= plane) {
        next.pixel -= plane;
        next.n += 1u;
    }
    return next;
}
