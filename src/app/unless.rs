//! A future that gives up when something newer was chosen.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};

/// Runs `work`, or drops it at the next wake after `superseded` holds and gives `None`.
pub async fn unless<T>(work: impl Future<Output = T>, superseded: impl Fn() -> bool) -> Option<T> {
    let mut work = pin!(work);
    std::future::poll_fn(move |context| poll(work.as_mut(), context, &superseded)).await
}

fn poll<T>(
    work: Pin<&mut impl Future<Output = T>>,
    context: &mut Context<'_>,
    superseded: &impl Fn() -> bool,
) -> Poll<Option<T>> {
    if superseded() { Poll::Ready(None) } else { work.poll(context).map(Some) }
}
