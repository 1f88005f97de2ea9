//! Lists of names in the texts of errors.

use std::fmt;

/// How many names an error text lists; the error's value holds all of them.
const SHOWN: usize = 8;

/// `a, b, c and 12 more`.
pub(super) struct Listed<'a, T>(pub &'a [T]);

impl<T: fmt::Display> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, name) in self.0.iter().take(SHOWN).enumerate() {
            write!(f, "{}{name}", if i == 0 { "" } else { ", " })?;
        }
        match self.0.len() {
            0 => f.write_str("nothing"),
            n if n > SHOWN => write!(f, " and {} more", n - SHOWN),
            _ => Ok(()),
        }
    }
}
