//! Frames on their way out, and the close codes a socket ends with.

use super::frames::{FrameError, ServerFrame};
use axum::extract::ws::{Message as Frame, WebSocket};
use std::time::Duration;
use tokio::time::timeout;

pub(super) const SEND_WITHIN: Duration = Duration::from_secs(15);

pub(super) const NORMAL: u16 = 1000;
pub(super) const PROTOCOL_ERROR: u16 = 1002;
pub(super) const NOT_TEXT: u16 = 1003;
pub(super) const NOT_UTF8: u16 = 1007;
pub(super) const POLICY: u16 = 1008;
pub(super) const TOO_BIG: u16 = 1009;
pub(super) const INTERNAL: u16 = 1011;
pub(super) const RESTART: u16 = 1012;
pub(super) const OVERLOAD: u16 = 1013;

/// Why a socket ends: the code and reason the client is told, or nothing when it is gone already.
pub(super) struct End(pub(super) Option<(u16, &'static str)>);

impl End {
    pub(super) const GONE: Self = Self(None);

    pub(super) const fn with(code: u16, reason: &'static str) -> Self {
        Self(Some((code, reason)))
    }
}

pub(super) fn written(frame: &ServerFrame<'_>) -> String {
    // Every frame is made of strings and numbers: it can be written.
    serde_json::to_string(frame)
        .unwrap_or_else(|_| r#"{"type":"error","code":"internal","message":"internal"}"#.to_owned())
}

pub(super) fn problem(
    code: &str,
    message: &str,
    id: Option<&str>,
    retry_after_ms: Option<u64>,
) -> String {
    written(&ServerFrame::Error {
        code,
        message,
        id,
        retry_after_ms,
    })
}

pub(super) fn frame_problem(error: &FrameError) -> String {
    problem(error.code(), &error.to_string(), error.id(), None)
}

pub(super) async fn send(socket: &mut WebSocket, text: String) -> Result<(), End> {
    transmit(socket, Frame::Text(text.into())).await
}

/// Several frames in one write.
pub(super) async fn send_all(socket: &mut WebSocket, frames: Vec<String>) -> Result<(), End> {
    use futures_util::SinkExt;
    let all = async {
        for frame in frames {
            socket.feed(Frame::Text(frame.into())).await?;
        }
        socket.flush().await
    };
    match timeout(SEND_WITHIN, all).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::GONE),
        Err(_) => Err(End::with(OVERLOAD, "too_slow")),
    }
}

pub(super) async fn transmit(socket: &mut WebSocket, frame: Frame) -> Result<(), End> {
    match timeout(SEND_WITHIN, socket.send(frame)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::GONE),
        Err(_) => Err(End::with(OVERLOAD, "too_slow")),
    }
}
