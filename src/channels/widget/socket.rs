//! The life of one socket: hello, messages, entries, pings, and a close code that means something.

use super::Door;
use super::frames::{ClientFrame, Hello, ServerFrame, parse};
use super::known::assistant;
use super::limits::Place;
use super::session::{self, OpenError, Session};
use super::wire::{
    End, INTERNAL, NORMAL, NOT_TEXT, NOT_UTF8, OVERLOAD, POLICY, PROTOCOL_ERROR, RESTART,
    SEND_WITHIN, TOO_BIG, frame_problem, problem, send, send_all, transmit, written,
};
use crate::cart;
use crate::channels::Closed;
use crate::conversation::{Accepted, Message, SayError, Voice};
use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message as Frame, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Instant;
use tokio::time::{Instant as Tick, timeout};
use tokio_tungstenite::tungstenite::Error as WsError;
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};

pub const PROTOCOL: &str = "shoptalk.v1";
/// Of a frame, and of a message put together from fragments.
pub const MOST_BYTES: usize = 64 * 1024;
/// axum allocates these for every socket; its defaults cost 134 kB each.
const BUFFER: usize = 1024;
const MOST_UNSENT: usize = 256 * 1024;

/// Frames that are no messages (pings, history, typing) between two pings of ours; a widget sends a handful.
const MOST_ASIDES: u32 = 200;
/// Messages refused for their pace before the socket is closed.
const PATIENCE: u32 = 200;

/// Answers the upgrade; the caller has checked origin and address.
pub fn upgrade(door: Arc<Door>, place: Place, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .protocols([PROTOCOL])
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_write_buffer_size(MOST_UNSENT)
        .max_message_size(MOST_BYTES)
        .max_frame_size(MOST_BYTES)
        .on_upgrade(move |socket| {
            let tracked = door.sockets.clone();
            tracked.track_future(live(door, place, socket))
        })
}

async fn live(door: Arc<Door>, place: Place, mut socket: WebSocket) {
    door.tally.sockets.inc();
    let end = match greet(&door, &mut socket).await {
        Ok(session) => talk(&door, &mut socket, session).await,
        Err(end) => end,
    };
    if let End(Some((code, reason))) = end {
        door.tally.closed.get_or_create(&Closed { code }).inc();
        let close = Frame::Close(Some(CloseFrame {
            code,
            reason: Utf8Bytes::from_static(reason),
        }));
        // A peer that is gone cannot be told.
        let _ = timeout(SEND_WITHIN, socket.send(close)).await;
    }
    door.tally.sockets.dec();
    drop(place);
}

/// Waits for hello and answers it. Everything else before it gets an error.
async fn greet(door: &Door, socket: &mut WebSocket) -> Result<Session, End> {
    let hello = tokio::select! {
        hello = timeout(door.limits.pace.hello_within, first_hello(socket)) => hello.map_err(|_| End::with(POLICY, "auth_timeout"))??,
        () = door.closing.cancelled() => return Err(End::with(RESTART, "restart")),
    };
    match Box::pin(session::open(door, &hello)).await {
        Ok((session, welcome)) => {
            send(socket, welcome).await?;
            session.tell_news(door).await;
            if let Some(error) = session.unidentified {
                let why = error.to_string();
                send(socket, problem("bad_identity", &why, None, None)).await?;
            }
            Ok(session)
        }
        // The client drops the token and begins anew.
        Err(OpenError::Gone) => Err(End::with(POLICY, "gone")),
        Err(error) => {
            tracing::warn!(%error, "a conversation could not be opened");
            Err(End::with(OVERLOAD, "temporarily_unavailable"))
        }
    }
}

async fn first_hello(socket: &mut WebSocket) -> Result<Hello, End> {
    loop {
        match receive(socket.recv().await)? {
            Some(Frame::Text(text)) => match parse(&text) {
                Ok(ClientFrame::Hello(hello)) => return Ok(hello),
                Ok(_) => {
                    send(
                        socket,
                        problem("hello_first", "say hello first", None, None),
                    )
                    .await?
                }
                Err(error) => send(socket, frame_problem(&error)).await?,
            },
            Some(Frame::Binary(_)) => return Err(End::with(NOT_TEXT, "text frames only")),
            _ => {}
        }
    }
}

/// A frame, nothing worth acting on, or the end.
fn receive(got: Option<Result<Frame, axum::Error>>) -> Result<Option<Frame>, End> {
    match got {
        None | Some(Ok(Frame::Close(_))) => Err(End::GONE),
        Some(Ok(frame)) => Ok(Some(frame)),
        Some(Err(error)) => Err(why(error)),
    }
}

/// axum hides tungstenite's error, and sends no close frame for any of them.
fn why(error: axum::Error) -> End {
    let Ok(error) = error.into_inner().downcast::<WsError>() else {
        return End::GONE;
    };
    match *error {
        WsError::Capacity(CapacityError::MessageTooLong { .. }) => End::with(TOO_BIG, "too_big"),
        WsError::Utf8(_) => End::with(NOT_UTF8, "not_utf8"),
        WsError::Protocol(
            ProtocolError::ResetWithoutClosingHandshake | ProtocolError::ReceivedAfterClosing,
        ) => End::GONE,
        WsError::Protocol(_) => End::with(PROTOCOL_ERROR, "protocol_error"),
        _ => End::GONE,
    }
}

async fn talk(door: &Arc<Door>, socket: &mut WebSocket, mut session: Session) -> End {
    let pace = door.limits.pace;
    let mut ping = tokio::time::interval_at(Tick::now() + pace.ping_every, pace.ping_every);
    let mut heard = Tick::now();
    let mut spoken = Tick::now();
    let mut pressed = Pressed::default();
    loop {
        let outcome = tokio::select! {
            got = socket.recv() => {
                heard = Tick::now();
                match receive(got) {
                    Ok(Some(Frame::Text(text))) => {
                        spoken = heard;
                        on_frame(door, socket, &mut session, &text, &mut pressed).await
                    }
                    Ok(Some(Frame::Binary(_))) => Err(End::with(NOT_TEXT, "text frames only")),
                    Ok(_) => pressed.aside(),
                    Err(end) => Err(end),
                }
            }
            entry = session.entries.recv() => match entry {
                Some(entry) => tell(socket, &mut session, &entry).await,
                // It fell too far behind: it resumes from the journal.
                None => Err(End::with(OVERLOAD, "too_slow")),
            },
            _ = ping.tick() => {
                pressed.asides = 0;
                if heard.elapsed() > pace.silent_for() {
                    Err(End::with(NORMAL, "silent"))
                } else if spoken.elapsed() > pace.idle_for {
                    Err(End::with(NORMAL, "idle"))
                } else {
                    transmit(socket, Frame::Ping(Bytes::new())).await
                }
            }
            () = door.closing.cancelled() => Err(End::with(RESTART, "restart")),
        };
        if let Err(end) = outcome {
            return end;
        }
    }
}

/// How hard a client presses.
#[derive(Default)]
struct Pressed {
    /// Messages refused in a row.
    refused: u32,
    /// Frames that are no messages, since our last ping.
    asides: u32,
}

impl Pressed {
    fn aside(&mut self) -> Result<(), End> {
        self.asides += 1;
        match self.asides {
            0..=MOST_ASIDES => Ok(()),
            _ => Err(End::with(POLICY, "rate_limited")),
        }
    }
}

/// Sends an entry unless the client has it.
async fn tell(
    socket: &mut WebSocket,
    session: &mut Session,
    entry: &crate::conversation::Entry,
) -> Result<(), End> {
    if entry.seq <= session.told {
        return Ok(());
    }
    session.told = entry.seq;
    send(socket, written(&ServerFrame::Entry { entry })).await
}

async fn on_frame(
    door: &Arc<Door>,
    socket: &mut WebSocket,
    session: &mut Session,
    text: &str,
    pressed: &mut Pressed,
) -> Result<(), End> {
    let frame = match parse(text) {
        Ok(frame) => frame,
        Err(error) => {
            door.tally.refused.inc();
            pressed.aside()?;
            return send(socket, frame_problem(&error)).await;
        }
    };
    if !matches!(frame, ClientFrame::Message { .. }) {
        pressed.aside()?;
    }
    match frame {
        ClientFrame::Message {
            id,
            text,
            cart,
            photos,
        } => {
            if let Err(wait) = door.limits.message(&session.talk.conversation) {
                door.tally.refused.inc();
                pressed.refused += 1;
                if pressed.refused > PATIENCE {
                    return Err(End::with(POLICY, "rate_limited"));
                }
                let wait = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1);
                return send(
                    socket,
                    problem(
                        "rate_limited",
                        "that was fast; send it again in a moment",
                        Some(&id),
                        Some(wait),
                    ),
                )
                .await;
            }
            pressed.refused = 0;
            let message = Message {
                client_id: id,
                text,
                photos,
            };
            on_message(door, socket, session, message, cart).await
        }
        ClientFrame::Ping => send(socket, written(&ServerFrame::Pong)).await,
        // Nobody watches a visitor type yet; the frame is part of the protocol for the desk to come.
        ClientFrame::Typing => Ok(()),
        ClientFrame::History { before, limit } => {
            let older = door
                .conversations
                .journal()
                .entries_before(&session.talk.conversation, before, limit)
                .await;
            match older {
                Ok(entries) => {
                    let more = entries.first().is_some_and(|first| first.seq > 1);
                    send(
                        socket,
                        written(&ServerFrame::History {
                            entries: &entries,
                            more,
                        }),
                    )
                    .await
                }
                Err(error) => {
                    tracing::warn!(%error, "history could not be read");
                    send(
                        socket,
                        problem(
                            "temporarily_unavailable",
                            "try again in a moment",
                            None,
                            Some(2000),
                        ),
                    )
                    .await
                }
            }
        }
        ClientFrame::Hello(_) => {
            send(
                socket,
                problem("bad_request", "hello was said already", None, None),
            )
            .await
        }
    }
}

async fn on_message(
    door: &Arc<Door>,
    socket: &mut WebSocket,
    session: &mut Session,
    message: Message,
    cart: Option<Vec<cart::Item>>,
) -> Result<(), End> {
    let began = Instant::now();
    let id = message.client_id.clone();
    let engine = assistant(door, session, cart).await;
    let said = door
        .conversations
        .say(session.talk.clone(), message, Timestamp::now(), engine)
        .await;
    match said {
        Ok(accepted) => {
            door.tally
                .turn_seconds
                .observe(began.elapsed().as_secs_f64());
            accept(door, socket, session, &id, &accepted).await
        }
        Err(SayError::Conflict) => {
            door.tally.refused.inc();
            send(
                socket,
                problem(
                    "conflict",
                    "this id was used for another text",
                    Some(&id),
                    None,
                ),
            )
            .await
        }
        Err(error @ SayError::Photo) => {
            door.tally.refused.inc();
            let why = error.to_string();
            send(socket, problem("unknown_attachment", &why, Some(&id), None)).await
        }
        Err(SayError::Panic) => {
            door.tally.failed.inc();
            send(
                socket,
                problem(
                    "temporarily_unavailable",
                    "that went wrong; send it again",
                    Some(&id),
                    Some(1000),
                ),
            )
            .await?;
            Err(End::with(INTERNAL, "internal"))
        }
        Err(error) => {
            door.tally.failed.inc();
            tracing::warn!(%error, "a message could not be answered");
            send(
                socket,
                problem(
                    "temporarily_unavailable",
                    "that could not be stored; send it again",
                    Some(&id),
                    Some(2000),
                ),
            )
            .await
        }
    }
}

/// Ack first, then the reply: both are on the disk. The client's own words are not sent back to it.
async fn accept(
    door: &Arc<Door>,
    socket: &mut WebSocket,
    session: &mut Session,
    id: &str,
    accepted: &Accepted,
) -> Result<(), End> {
    let ack = written(&ServerFrame::Ack {
        id,
        seq: accepted.seq,
    });
    if accepted.repeated {
        door.tally.repeats.inc();
        send(socket, ack).await?;
        return send(
            socket,
            written(&ServerFrame::Entry {
                entry: &accepted.reply,
            }),
        )
        .await;
    }
    door.tally.turns.inc();
    if accepted.erased {
        send(socket, ack).await?;
        send(
            socket,
            written(&ServerFrame::Entry {
                entry: &accepted.reply,
            }),
        )
        .await?;
        // The client drops its token and what it shows, and may begin anew.
        return Err(End::with(POLICY, "gone"));
    }
    if matches!(&accepted.reply.voice, Voice::Assistant { blocks } if has_handoff(blocks)) {
        door.tally.handoffs.inc();
    }
    // Other windows may have spoken meanwhile: what came before goes out before.
    let mut frames = vec![ack];
    while let Ok(entry) = session.entries.try_recv() {
        let own = matches!(&entry.voice, Voice::Shopper { id: known, .. } if known == id);
        if entry.seq > session.told {
            session.told = entry.seq;
            if !own {
                frames.push(written(&ServerFrame::Entry { entry: &entry }));
            }
        }
    }
    send_all(socket, frames).await
}

fn has_handoff(blocks: &[crate::dialogue::block::Block]) -> bool {
    blocks
        .iter()
        .any(|block| matches!(block, crate::dialogue::block::Block::Handoff { .. }))
}
