use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Runs where it is awaited, which costs no task; dropped before its end, it goes on in a task of its own.
pub(super) struct ToTheEnd<T: Send + 'static> {
    work: Option<BoxFuture<'static, Outcome<T>>>,
}

/// What came out, or what a panic said.
type Outcome<T> = Result<T, Box<dyn Any + Send>>;

impl<T: Send> ToTheEnd<T> {
    pub(super) fn new(work: impl Future<Output = T> + Send + 'static) -> Self {
        // Safe to look at after a panic: what the work held is dropped with it.
        Self {
            work: Some(AssertUnwindSafe(work).catch_unwind().boxed()),
        }
    }
}

impl<T: Send> Future for ToTheEnd<T> {
    type Output = Outcome<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome<T>> {
        let Some(work) = &mut self.work else {
            return Poll::Pending;
        };
        let outcome = work.poll_unpin(context);
        if outcome.is_ready() {
            self.work = None;
        }
        outcome
    }
}

impl<T: Send> Drop for ToTheEnd<T> {
    fn drop(&mut self) {
        // Outside a runtime the program is at its end.
        if let (Some(work), Ok(runtime)) = (self.work.take(), tokio::runtime::Handle::try_current())
        {
            runtime.spawn(work);
        }
    }
}
