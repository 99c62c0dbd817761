//! The yardstick: axum's WebSocket sending every frame back, with the same small buffers.

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::routing::get;

pub async fn serve() {
    let upgrade = |ws: WebSocketUpgrade| async {
        ws.read_buffer_size(4096)
            .write_buffer_size(4096)
            .on_upgrade(|mut socket| async move {
                while let Some(Ok(frame)) = socket.recv().await {
                    if socket.send(frame).await.is_err() {
                        break;
                    }
                }
            })
    };
    let app = Router::new()
        .route("/v1/chat", get(upgrade))
        .route("/readyz", get(|| async { "ok" }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}/", listener.local_addr().unwrap());
    axum::serve(
        axum::serve::ListenerExt::tap_io(listener, |stream| stream.set_nodelay(true).unwrap()),
        app,
    )
    .await
    .unwrap();
}
