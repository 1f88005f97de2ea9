//! Sorting by small keys.
//!
//! The standard library's sort is compiled again, at several kilobytes, for every kind of item and of key. Here a heap of
//! keys and places is sorted, in code that all share, and the items follow.

use std::collections::BinaryHeap;

/// The items in rising order of their keys; of equals the first stays first.
pub fn by_key<T>(items: Vec<T>, key: impl Fn(&T) -> (u64, u64)) -> Vec<T> {
    let places: Vec<((u64, u64), usize)> = items.iter().enumerate().map(|(place, item)| (key(item), place)).collect();
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    let sorted = BinaryHeap::from(places).into_sorted_vec();
    sorted.into_iter().filter_map(|(_, place)| items[place].take()).collect()
}

/// A number as a key, in the order of [`f64::total_cmp`].
pub fn key_of(value: f64) -> u64 {
    let bits = value.to_bits();
    // Negative numbers grow with the rest of their bits as they fall.
    if value.is_sign_negative() { !bits } else { bits | 1 << 63 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_rise_and_equals_stay_in_order() {
        let sorted = by_key(vec![(3, 'a'), (1, 'b'), (3, 'c'), (0, 'd'), (1, 'e')], |&(key, _)| (key, 7));
        assert_eq!(sorted, [(0, 'd'), (1, 'b'), (1, 'e'), (3, 'a'), (3, 'c')]);
        assert_eq!(by_key(vec!['a', 'b'], |_| (0, 0)), ['a', 'b']);
        assert!(by_key(Vec::<u8>::new(), |_| (0, 0)).is_empty());
    }

    #[test]
    fn numbers_are_ordered_as_total_cmp_orders_them() {
        let numbers = [f64::NEG_INFINITY, -2.0, -1e-300, -0.0, 0.0, 1e-300, 1.0, 1.5, f64::INFINITY, f64::NAN];
        for (&a, &b) in numbers.iter().zip(&numbers[1..]) {
            assert!(key_of(a) < key_of(b), "{a} {b}");
        }
    }
}
