//! Matrix: an account on a homeserver like any other, by the client-server API. What comes in is asked for (`sync`), so
//! nothing has to be reachable from outside.

mod hearing;
mod session;
mod sync;

pub use hearing::{Inviters, Me, News, RoomNews, Said};

use super::abilities::{self, Abilities};
use super::bridge::{
    Call, Channel, CheckUp, Event, Heard, Incoming, Line, Outcome, Place, Refusal, id, text,
};
use super::render::{Piece, written};
use crate::channels::abilities::Markup;
use crate::config::ChannelSettings;
use crate::remote::{Answer, Ask, Hosts};
use crate::text::hash_of;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Value, json};
use session::{Key, Session};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Notify;
use url::Url;

const MOST: usize = 4 * 1024 * 1024;
/// An event has 65,536 bytes, and the homeserver adds its own fields. What is longer goes without its HTML.
const LONGEST: usize = 60_000;
/// Until a new token is asked for: it is, at once.
const UNTIL_KNOWN: Duration = Duration::from_secs(1);

pub struct Matrix {
    base: String,
    key: Key,
    inviters: Inviters,
    /// In rooms of more than two everything is answered, not only what names us.
    all_of_groups: bool,
    /// Older messages are not looked for; 0 for all.
    within_hours: i64,
    session: RwLock<Option<Session>>,
    /// The session's token is good, as far as is known.
    signed_in: AtomicBool,
    /// Rung when it is not any more.
    sign_in_again: Notify,
}

impl Matrix {
    pub fn new(settings: &ChannelSettings) -> Self {
        let home = settings.option("homeserver").to_owned();
        Self {
            base: settings.api.clone().unwrap_or(home),
            key: Key::new(settings),
            inviters: Inviters::new(settings.option("invited_by")),
            all_of_groups: settings.option("groups") == "all",
            within_hours: i64::try_from(settings.answer_within_hours).unwrap_or(0),
            session: RwLock::default(),
            signed_in: AtomicBool::new(false),
            sign_in_again: Notify::new(),
        }
    }

    /// An address of the interface, each of `path` as one segment.
    fn url(&self, path: &[&str]) -> Result<Url, String> {
        let wrong = || "`homeserver` cannot be part of an address".to_owned();
        let mut url: Url = self.base.parse().map_err(|_| wrong())?;
        let mut segments = url.path_segments_mut().map_err(|()| wrong())?;
        segments.pop_if_empty().push("_matrix").push("client");
        segments.extend(path);
        drop(segments);
        Ok(url)
    }

    fn session(&self) -> Option<Session> {
        let session = self.session.read();
        session.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The request, with our token.
    fn known(&self, ask: Ask) -> Ask {
        let ask = ask.with("content-type", "application/json");
        match self.session() {
            Some(session) => ask.with_secret("authorization", &format!("Bearer {}", session.token)),
            None => ask,
        }
    }

    fn send(&self, to: &Place, words: &str) -> Call {
        let event = text(&to.context, &["event"]);
        let mut content = json!({
            // A notice is answered by no program. News, which answers nothing, has to be noticed.
            "msgtype": if event.is_some() { "m.notice" } else { "m.text" },
            "body": written(words, Markup::Plain),
            "m.mentions": {},
        });
        if let Some(event) = event {
            let is_group = to.context.get("group") == Some(&Value::Bool(true));
            if let Some(thread) = text(&to.context, &["thread"]) {
                content["m.relates_to"] = json!({
                    "rel_type": "m.thread", "event_id": thread, "is_falling_back": true,
                    "m.in_reply_to": { "event_id": event },
                });
            } else if is_group {
                content["m.relates_to"] = json!({ "m.in_reply_to": { "event_id": event } });
            }
            if let (true, Some(person)) = (is_group, text(&to.context, &["person"])) {
                content["m.mentions"] = json!({ "user_ids": [person] });
            }
        }
        let html = written(words, Markup::Html);
        // What is escaped has none of its own.
        if html.contains('<') {
            let mut with_html = content.clone();
            with_html["format"] = json!("org.matrix.custom.html");
            with_html["formatted_body"] = json!(html.replace('\n', "<br>"));
            if with_html.to_string().len() <= LONGEST {
                content = with_html;
            }
        }
        let body = json!({ "room": to.talk, "answers": event, "content": content });
        Call::new("send", body)
    }

    /// What to do about a token that is not known.
    fn unknown(&self, why: String) -> Outcome {
        if !self.key.renews() {
            return Outcome::Revoked(why);
        }
        self.signed_in.store(false, Ordering::Release);
        self.sign_in_again.notify_one();
        Outcome::Later {
            wait: Some(UNTIL_KNOWN),
            all: true,
            why,
        }
    }
}

impl Channel for Matrix {
    fn abilities(&self) -> &'static Abilities {
        &abilities::MATRIX
    }

    /// Nobody calls us.
    fn read(&self, _request: &Incoming<'_>, _now: Timestamp) -> Result<Heard, Refusal> {
        Err(Refusal::Forged)
    }

    fn write(&self, to: &Place, piece: &Piece) -> Vec<Call> {
        match piece {
            Piece::Text { text, .. } | Piece::List { text, .. } => vec![self.send(to, text)],
            // Its abilities have neither.
            Piece::Picture { caption, .. } => vec![self.send(to, caption)],
            Piece::Cards(_) | Piece::Carousel { .. } | Piece::Listed { .. } => Vec::new(),
        }
    }

    fn courtesy(&self, event: &Event) -> Option<Call> {
        Some(Call::new("typing", json!({ "room": event.talk })))
    }

    /// Two are in a room: where that is not known, others may be.
    fn is_private(&self, event: &Event) -> bool {
        event.context.get("group") == Some(&Value::Bool(false))
    }

    fn enter(&self, to: &Place) -> Option<Call> {
        Some(Call::new("join", json!({ "room": to.talk })))
    }

    fn is_ready(&self) -> bool {
        self.signed_in.load(Ordering::Acquire)
    }

    /// A picture's name is `mxc://server/id`; whichever server it is of, ours brings it.
    fn photo(&self, photo: &str, _found: &Value, most: usize) -> Result<Ask, String> {
        let named = photo.strip_prefix("mxc://");
        let Some((server, id)) = named.and_then(|named| named.split_once('/')) else {
            return Err("this is no address of Matrix".to_owned());
        };
        let url = self.url(&["v1", "media", "download", server, id])?;
        Ok(self.known(Ask::get(url, most)))
    }

    fn photo_hosts(&self) -> Hosts {
        Hosts::of(&self.base)
    }

    fn ask(&self, call: &Call, key: i64, _now: Timestamp) -> Result<Ask, String> {
        let room = text(&call.body, &["room"]).unwrap_or_default();
        let bytes = |body: &Value| body.to_string().into_bytes();
        let ask = match call.to.as_str() {
            "join" => Ask::post(self.url(&["v3", "join", room])?, bytes(&json!({})), MOST),
            "typing" => {
                let user = self.session().map(|session| session.me.user);
                let user = user.unwrap_or_default();
                let url = self.url(&["v3", "rooms", room, "typing", &user])?;
                let body = json!({ "typing": true, "timeout": 5000 });
                Ask::put(url, bytes(&body), MOST)
            }
            _ => {
                // A number alone would come again with a new database, and the homeserver would take what is new for old.
                let transaction = format!("{key}-{:016x}", hash_of(&call.body.to_string()));
                let path = ["v3", "rooms", room, "send", "m.room.message", &transaction];
                Ask::put(self.url(&path)?, bytes(&call.body["content"]), MOST)
            }
        };
        Ok(self.known(ask))
    }

    fn answered(&self, call: &Call, answer: &Answer) -> Outcome {
        let status = answer.status.as_u16();
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let sends = call.to == "send";
        if (200..=299).contains(&status) {
            return match id(&said, &["event_id"]) {
                None if sends => Outcome::Unknown(format!("Matrix answers {status} and no event")),
                message => Outcome::Sent(message),
            };
        }
        let why = session::reason(status, &said);
        let wait = session::wait(answer, &said);
        match text(&said, &["errcode"]).unwrap_or_default() {
            // Joining has a limit of its own.
            "M_LIMIT_EXCEEDED" => Outcome::Later {
                wait,
                all: sends,
                why,
            },
            "M_RESOURCE_LIMIT_EXCEEDED" => Outcome::Later {
                wait,
                all: true,
                why,
            },
            "M_UNKNOWN_TOKEN" | "M_MISSING_TOKEN" => self.unknown(why),
            "M_USER_DEACTIVATED" | "M_USER_LOCKED" | "M_USER_SUSPENDED" | "M_CONSENT_NOT_GIVEN" => {
                Outcome::Revoked(why)
            }
            // Not in the room any more, or not allowed to speak there.
            "M_FORBIDDEN" | "M_NOT_FOUND" if sends => Outcome::Unreachable(why),
            _ => Outcome::of_status(answer, why),
        }
    }

    fn check_ups(&self) -> Vec<CheckUp> {
        self.questions()
    }

    fn fetch<'a>(&'a self, line: &'a Line) -> Option<BoxFuture<'a, Result<(), String>>> {
        Some(Box::pin(async move {
            tokio::select! {
                () = line.stop.cancelled() => Ok(()),
                () = self.sign_in_again.notified() => {
                    Err("the homeserver does not know our token any more".to_owned())
                }
                ended = self.listen(line) => ended,
            }
        }))
    }
}

#[cfg(test)]
mod tests;
