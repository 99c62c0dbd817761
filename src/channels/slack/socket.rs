//! Socket Mode: events come by a WebSocket that we open, each in an envelope that is answered once it is on the disk.

use super::{Slack, hear, text};
use crate::channels::bridge::{Heard, Line};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::{Error, Message};

/// Slack says something at least so often.
const SILENT_FOR: Duration = Duration::from_secs(60);
/// After Slack was asked for too many sockets, where it does not say how long.
const TOO_OFTEN: Duration = Duration::from_secs(30);
/// Longer than this Slack is not obeyed.
const LONGEST_OBEYED: Duration = Duration::from_secs(3600);
const OPEN_WITHIN: Duration = Duration::from_secs(15);

/// Opens a socket and takes what comes, until it ends: a new one is opened then. What came in meanwhile waits at Slack.
pub(super) async fn listen(slack: &Slack, line: &Line) -> Result<(), String> {
    let url = url(slack, line).await?;
    let opening = tokio_tungstenite::connect_async(url.as_str());
    let opened = tokio::time::timeout(OPEN_WITHIN, opening).await;
    let opened = opened.map_err(|_| "the socket does not open".to_owned())?;
    let (mut socket, _) = opened.map_err(|error| named(&error))?;
    loop {
        let frame = tokio::select! {
            () = line.stop.cancelled() => {
                drop(socket.close(None).await);
                return Ok(());
            }
            frame = tokio::time::timeout(SILENT_FOR, socket.next()) => frame,
        };
        let frame = frame.map_err(|_| "the socket is silent".to_owned())?;
        let frame = match frame {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Close(_))) | None => return Ok(()),
            // A ping is answered by the library.
            Some(Ok(_)) => continue,
            Some(Err(error)) => return Err(named(&error)),
        };
        let said: Value = serde_json::from_str(&frame).unwrap_or_default();
        match text(&said, &["type"]) {
            // Slack wants us on another socket: what it still has comes there.
            Some("disconnect") => return Ok(()),
            Some("hello") | None => continue,
            Some(_) => {}
        }
        let mut heard = Heard::default();
        hear(said.get("payload").unwrap_or(&Value::Null), &mut heard);
        (line.take)(heard, None).await?;
        if let Some(envelope) = text(&said, &["envelope_id"]) {
            let answer = json!({ "envelope_id": envelope }).to_string();
            let sent = socket.send(Message::text(answer)).await;
            sent.map_err(|error| named(&error))?;
        }
    }
}

/// Where the next socket is opened: good for one.
async fn url(slack: &Slack, line: &Line) -> Result<String, String> {
    let ask = slack.method("apps.connections.open", &slack.app_token, &json!({}))?;
    let asked = tokio::time::timeout(OPEN_WITHIN, line.remote.ask(ask)).await;
    let answer = asked.map_err(|_| "Slack does not say where to connect".to_owned())?;
    let answer = answer.map_err(|error| error.to_string())?;
    let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let error = text(&said, &["error"]).unwrap_or("no words");
    if error == "ratelimited" {
        let wait = answer
            .retry_after()
            .unwrap_or(TOO_OFTEN)
            .min(LONGEST_OBEYED);
        tokio::select! {
            () = line.stop.cancelled() => {}
            () = tokio::time::sleep(wait) => {}
        }
        return Err("Slack opens no socket: it was asked too often".to_owned());
    }
    let url = text(&said, &["url"]);
    let url = url.ok_or_else(|| format!("Slack opens no socket ({error}); see the app-level token, and Socket Mode in the app's console"))?;
    // Only a fake's is not encrypted.
    let safe =
        url.starts_with("wss://") || (url.starts_with("ws://") && slack.api.starts_with("http://"));
    safe.then(|| url.to_owned())
        .ok_or_else(|| "Slack names a socket that is not encrypted".to_owned())
}

/// Without the address, which lets anyone in.
fn named(error: &Error) -> String {
    match error {
        Error::Io(error) => format!("the socket broke: {error}"),
        Error::Http(answer) => format!("the socket is refused with {}", answer.status()),
        _ => "the socket broke".to_owned(),
    }
}
