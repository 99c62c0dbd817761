//! What a refusal needs to arrive. When a server answers and closes while its client still sends, the client's system throws the
//! answer away: a photo that was too large looked like a network that broke.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Of what nobody asked for, bytes that are read and forgotten: twice the largest photo.
const MOST: usize = 16 << 20;
/// And no longer than this: who sends more slowly hears it at their next try.
const READS_ON_FOR: Duration = Duration::from_secs(5);

/// Reads what a handler left of a request before its answer goes out.
pub(super) async fn to_its_end(request: Request, next: Next) -> Response {
    if axum::body::HttpBody::is_end_stream(request.body()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    // Lent to the handler: it comes back unread, half read or at its end.
    let body = Arc::new(Mutex::new(body.into_data_stream()));
    let chunks = || {
        let body = Arc::clone(&body);
        stream::poll_fn(move |context| {
            let mut body = body.lock().unwrap_or_else(PoisonError::into_inner);
            body.poll_next_unpin(context)
        })
    };
    let lent = Request::from_parts(parts, Body::from_stream(chunks()));
    let answer = next.run(lent).await;
    let mut rest = chunks();
    let read_on = async {
        let mut read = 0;
        while let Some(Ok(bytes)) = rest.next().await {
            read += bytes.len();
            if read > MOST {
                break;
            }
        }
    };
    // Whether it came to its end makes no difference to the answer.
    let _ = tokio::time::timeout(READS_ON_FOR, read_on).await;
    answer
}
