//! Sorting by small keys, and a map in the order of its names.
//!
//! The standard library's sort is compiled again, at several kilobytes, for every kind of item and of key. Here a heap of
//! keys and places is sorted, in code that all share, and the items follow.

use std::collections::BinaryHeap;

/// The items in rising order of their keys; of equals the first stays first.
pub(crate) fn by_key<T>(items: Vec<T>, key: impl Fn(&T) -> (u64, u64)) -> Vec<T> {
    let places: Vec<((u64, u64), usize)> = items.iter().enumerate().map(|(place, item)| (key(item), place)).collect();
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    let sorted = BinaryHeap::from(places).into_sorted_vec();
    sorted.into_iter().filter_map(|(_, place)| items[place].take()).collect()
}

/// A number as a key, in the order of [`f64::total_cmp`].
pub(crate) fn key_of(value: f64) -> u64 {
    let bits = value.to_bits();
    // Negative numbers grow with the rest of their bits as they fall.
    if value.is_sign_negative() { !bits } else { bits | 1 << 63 }
}

/// Values by name, in the order of the names; a tree of the standard library is compiled for every kind of value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Map<V>(Vec<(String, V)>);

impl<V> Default for Map<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> Map<V> {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Where `name` is, or where it would be.
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(name))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&V> {
        Some(&self.0[self.place(name).ok()?].1)
    }

    pub(crate) fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// The value that had this name before.
    pub(crate) fn insert(&mut self, name: String, value: V) -> Option<V> {
        match self.place(&name) {
            Ok(place) => Some(std::mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.insert(place, (name, value));
                None
            }
        }
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<V> {
        Some(self.0.remove(self.place(name).ok()?).1)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The first name that begins so.
    pub(crate) fn first_with(&self, prefix: &str) -> Option<&str> {
        let place = self.place(prefix).unwrap_or_else(|place| place);
        self.0.get(place).map(|(name, _)| name.as_str()).filter(|name| name.starts_with(prefix))
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&V) -> bool) {
        self.0.retain(|(_, value)| keep(value));
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &V)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &String> + Clone {
        self.0.iter().map(|(name, _)| name)
    }
}

impl<V> IntoIterator for Map<V> {
    type Item = (String, V);
    type IntoIter = std::vec::IntoIter<(String, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
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
    fn a_map_is_in_the_order_of_its_names() {
        let mut map = Map::new();
        for (value, name) in ["c", "a", "b", "a"].into_iter().enumerate() {
            assert_eq!(map.insert(name.to_owned(), value), (value == 3).then_some(1));
        }
        assert_eq!(
            map.iter().map(|(name, &value)| (name.as_str(), value)).collect::<Vec<_>>(),
            [("a", 3), ("b", 2), ("c", 0)]
        );
        assert_eq!(
            (map.get("b"), map.get("d"), map.first_with("c"), map.first_with("d")),
            (Some(&2), None, Some("c"), None)
        );
        assert_eq!((map.remove("b"), map.contains_key("b"), map.len()), (Some(2), false, 2));
    }

    #[test]
    fn numbers_are_ordered_as_total_cmp_orders_them() {
        let numbers = [f64::NEG_INFINITY, -2.0, -1e-300, -0.0, 0.0, 1e-300, 1.0, 1.5, f64::INFINITY, f64::NAN];
        for (&a, &b) in numbers.iter().zip(&numbers[1..]) {
            assert!(key_of(a) < key_of(b), "{a} {b}");
        }
    }
}
