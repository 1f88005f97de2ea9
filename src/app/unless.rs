//! A future that gives up when something newer was chosen.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use leptos::prelude::*;

use super::page::Page;
use crate::store::Bell;

/// Runs `work`, or drops it once `superseded` holds and gives `None`. Whatever may make it hold rings the engine's bell: work that
/// waits for a silent server wakes nobody.
pub async fn unless<T>(page: Page, work: impl Future<Output = T>, superseded: impl Fn() -> bool) -> Option<T> {
    let (mut work, bell) = (pin!(work), page.engine.with_value(|engine| engine.bell.clone()));
    std::future::poll_fn(move |context| poll(work.as_mut(), context, &bell, &superseded)).await
}

fn poll<T>(
    work: Pin<&mut impl Future<Output = T>>,
    context: &mut Context<'_>,
    bell: &Bell,
    superseded: &impl Fn() -> bool,
) -> Poll<Option<T>> {
    if superseded() {
        return Poll::Ready(None);
    }
    bell.listen(context);
    work.poll(context).map(Some)
}
