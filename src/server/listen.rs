//! The accept loop: time limits that `axum::serve` does not have, a cap on connections, and a drain
//! that loses nothing.

use super::Service;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;
use tower::{Layer, ServiceExt};

/// Open connections, sockets among them; beyond, new ones wait in the kernel's queue.
const MOST_CONNECTIONS: usize = 60_000;
/// After an accept that failed for want of file descriptors.
const BACK_OFF: Duration = Duration::from_millis(50);

/// How the server stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Everything under way was finished.
    Drained,
    /// The time for it ran out.
    Overdue,
}

/// Serves until `stop` is done, then drains: no new connections, sockets are told, turns under way
/// are finished, all within `drain`.
pub async fn serve(
    service: Service,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
    drain: Duration,
) -> Stopped {
    let door = Arc::clone(&service.door);
    let connections = TaskTracker::new();
    tokio::select! {
        () = accept(&service, listener, &connections) => {}
        () = stop => {}
    }
    door.closing.cancel();
    door.sockets.close();
    connections.close();
    let rest = async {
        door.sockets.wait().await;
        door.conversations.finish().await;
        connections.wait().await;
    };
    match timeout(drain, rest).await {
        Ok(()) => Stopped::Drained,
        Err(_) => Stopped::Overdue,
    }
}

async fn accept(service: &Service, listener: TcpListener, connections: &TaskTracker) {
    let router = service.router();
    let widget = Arc::clone(&service.widget);
    tokio::task::spawn_blocking(move || widget.compress());
    let within = service.door.limits.request_within;
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of descriptors, or the client left before it was let in: spinning helps neither.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BACK_OFF).await;
                continue;
            }
        };
        let app = axum::Extension(ConnectInfo(peer)).layer(router.clone());
        let closing = service.door.closing.clone();
        connections.spawn(async move {
            let _place = place;
            connection(stream, peer, app, within, closing).await;
        });
    }
}

async fn connection<S>(
    stream: TcpStream,
    peer: SocketAddr,
    app: S,
    // A client that connects and says nothing, or says it byte by byte, is let go.
    within: Duration,
    closing: tokio_util::sync::CancellationToken,
) where
    S: tower::Service<
            axum::extract::Request,
            Response = axum::response::Response,
            Error = std::convert::Infallible,
        > + Clone
        + Send
        + 'static,
    S::Future: Send,
{
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, %peer, "no TCP_NODELAY");
    }
    let mut first = [0; 1];
    let spoke = tokio::select! {
        spoke = timeout(within, stream.peek(&mut first)) => matches!(spoke, Ok(Ok(1))),
        () = closing.cancelled() => false,
    };
    if !spoke {
        return;
    }
    let app = app.map_request(|request: hyper::Request<hyper::body::Incoming>| {
        request.map(axum::body::Body::new)
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(within)
        .max_buf_size(16 * 1024)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app))
        .with_upgrades();
    tokio::pin!(served);
    let result = tokio::select! {
        result = served.as_mut() => result,
        () = closing.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, %peer, "a connection ended early");
    }
}
