//! placeholder
use leptos::prelude::*;
pub fn keep_for_offline() {
    let _ = document();
}
