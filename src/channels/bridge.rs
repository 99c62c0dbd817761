//! What a messenger has to be able to do. Everything else is shared: the inbox, the turns, the outbox, the rendering.

use super::abilities::Abilities;
use super::render::Piece;
use crate::config::ChannelSettings;
use crate::mail::Letter;
use crate::remote::{Answer, Ask, Hosts, Remote};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// One account on a platform: how it is read, and how it is written to.
pub trait Channel: Send + Sync {
    /// Its row of the table.
    fn abilities(&self) -> &'static Abilities;

    /// Bytes that a request of the platform may have. Meta's have up to three megabytes.
    fn longest(&self) -> usize {
        4 * 1024 * 1024
    }

    /// Reads a request of the platform: verifies it over its raw bytes first.
    ///
    /// # Errors
    /// When it is not the platform's, or not for us.
    fn read(&self, request: &Incoming<'_>, now: Timestamp) -> Result<Heard, Refusal>;

    /// A piece of a reply as calls of the platform's interface.
    fn write(&self, to: &Place, piece: &Piece) -> Vec<Call>;

    /// The calls of one reply, where the platform wants them as one.
    fn bundle(&self, calls: Vec<Call>) -> Vec<Call> {
        calls
    }

    /// The letter that a call is, where nothing is asked of any platform; the same for the same `key`.
    fn letter(&self, _call: &Call, _key: i64, _now: Timestamp) -> Option<Letter> {
        None
    }

    /// What is told the platform when a message is taken: that it was read, that somebody writes.
    fn courtesy(&self, _event: &Event) -> Option<Call> {
        None
    }

    /// What tells the platform that a person is asked for, where it has people.
    fn hand_over(&self, _to: &Place) -> Option<Call> {
        None
    }

    /// What takes us into a conversation that we were invited to.
    fn enter(&self, _to: &Place) -> Option<Call> {
        None
    }

    /// Whether anything can be sent: not before the platform has let us in, where it has to.
    fn is_ready(&self) -> bool {
        true
    }

    /// What goes out in place of a message that the platform took and then could not bring, where it takes something then.
    fn instead(&self, _report: &Event) -> Option<Call> {
        None
    }

    /// The conversation of a part that could not be read, as far as the part says.
    fn talk_of(&self, _part: &str) -> Option<String> {
        None
    }

    /// Nobody but this person reads what is said here: only then may a code of theirs be used.
    fn is_private(&self, _event: &Event) -> bool {
        false
    }

    /// Whether joining someone here to a shopper needs their yes.
    fn asks_consent(&self) -> bool {
        false
    }

    /// What is asked first to learn where a picture is; nothing where its name is its address.
    fn find_photo(&self, _photo: &str) -> Option<Result<Ask, String>> {
        None
    }

    /// The request of a picture. `photo` is what [`What::Shown`] calls it, `found` what was answered to the first question.
    ///
    /// # Errors
    /// When there is none of that name.
    fn photo(&self, photo: &str, _found: &Value, most: usize) -> Result<Ask, String> {
        let url = photo.parse().map_err(|_| "this is no address")?;
        Ok(Ask::get(url, most))
    }

    /// Where the platform keeps pictures: nothing is fetched from anywhere else.
    fn photo_hosts(&self) -> Hosts {
        Hosts::default()
    }

    /// The request of a call. `key` is the same whenever the same call is tried again.
    ///
    /// # Errors
    /// When its address cannot be one.
    fn ask(&self, call: &Call, key: i64, now: Timestamp) -> Result<Ask, String>;

    /// What an answer to a call means.
    fn answered(&self, call: &Call, answer: &Answer) -> Outcome;

    /// What is asked to see whether the account works, each with what it is about; for `shoptalk doctor`.
    fn check_ups(&self) -> Vec<CheckUp> {
        Vec::new()
    }

    /// Fetches events where the platform is not to call: until it is told to stop, or the connection breaks.
    fn fetch<'a>(&'a self, _line: &'a Line) -> Option<BoxFuture<'a, Result<(), String>>> {
        None
    }
}

/// A request as it came.
pub struct Incoming<'a> {
    pub get: bool,
    /// Path and query as they were asked for.
    pub uri: &'a str,
    pub query: &'a str,
    pub header: &'a dyn Fn(&str) -> Option<&'a str>,
    pub body: &'a [u8],
}

impl Incoming<'_> {
    /// A value of the query, decoded.
    pub fn asked(&self, name: &str) -> Option<String> {
        let mut pairs = url::form_urlencoded::parse(self.query.as_bytes());
        let found = pairs.find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    }
}

/// What a request says, and what it is answered.
#[derive(Debug, Default, PartialEq)]
pub struct Heard {
    pub events: Vec<Event>,
    /// Parts that are signed and not understood: an id, and the part.
    pub strange: Vec<(String, String)>,
    /// Whose signed parts are that are not this account's: numbers, pages.
    pub elsewhere: Vec<String>,
    pub reply: Reply,
}

/// The answer to a platform's request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub kind: &'static str,
    pub body: String,
}

impl Default for Reply {
    fn default() -> Self {
        Self {
            kind: "text/plain; charset=utf-8",
            body: "ok\n".to_owned(),
        }
    }
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Whoever sent it does not have our secret.
    Forged,
    /// It asks with the wrong words: a subscription.
    Forbidden,
    /// Nothing can be made of it, and nothing says whose it is.
    Malformed,
    /// Not in this form: another content type.
    Form,
}

/// Something that happened on the platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The platform's id: the same event comes with the same.
    pub id: String,
    /// The platform's conversation; empty where it is of none.
    pub talk: String,
    /// The platform's id of the person.
    pub person: String,
    /// What it called them before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    pub at: Timestamp,
    pub what: What,
    /// What answering needs: a thread, a subject.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub context: Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    Said {
        text: String,
    },
    /// A button or a row.
    Tapped {
        payload: String,
        label: String,
    },
    /// Pictures, with words or without: what the platform calls each, an id or an address.
    Shown {
        text: String,
        photos: Vec<String>,
    },
    /// A voice, a place: nothing in words.
    Wordless,
    /// Words that only their own devices can read.
    Encrypted,
    /// They ask us into a conversation.
    Invited,
    /// What became of a message of ours: `sent`, `delivered`, `read`, `failed`.
    Delivery {
        message: String,
        state: String,
        reason: Option<String>,
    },
    /// They blocked us.
    Gone,
    /// They let us in again.
    Back,
}

impl What {
    /// What a message is with these words and these pictures, either of which may be missing.
    pub(super) fn of(text: Option<&str>, photos: Vec<String>) -> Self {
        let text = text.filter(|text| !text.trim().is_empty());
        match (text, photos.is_empty()) {
            (None, true) => Self::Wordless,
            (Some(text), true) => Self::Said {
                text: text.to_owned(),
            },
            (text, false) => Self::Shown {
                text: text.unwrap_or_default().to_owned(),
                photos,
            },
        }
    }
}

/// Where a reply goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub talk: String,
    pub context: Value,
}

/// One call of the platform's interface, as the outbox keeps it. No secret is in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The platform's name of what is to be done, or a path.
    pub to: String,
    pub body: Value,
}

impl Call {
    pub fn new(to: impl Into<String>, body: Value) -> Self {
        Self {
            to: to.into(),
            body,
        }
    }
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// With the platform's id of the message.
    Sent(Option<String>),
    /// Not now. `all` is whether the whole account has to wait, not this conversation only.
    Later {
        wait: Option<Duration>,
        all: bool,
        why: String,
    },
    /// Another call in its place, at once.
    Instead(Box<Call>),
    /// Another call in place of it and of all that waits of the same reply.
    InsteadOfReply(Box<Call>),
    /// Never.
    Refused(String),
    /// Nothing can be sent to them any more.
    Unreachable(String),
    /// The platform does not know us: nothing is sent until somebody has mended it.
    Revoked(String),
    /// It may have been sent.
    Unknown(String),
}

impl Outcome {
    /// What a status means by itself, for an answer that says no more.
    pub fn of_status(answer: &Answer, why: String) -> Self {
        match answer.status.as_u16() {
            429 => Self::Later {
                wait: answer.retry_after(),
                all: true,
                why,
            },
            408 | 409 | 425 | 500..=599 => Self::Later {
                wait: answer.retry_after(),
                all: false,
                why,
            },
            401 => Self::Revoked(why),
            200..=299 => Self::Unknown(why),
            _ => Self::Refused(why),
        }
    }
}

/// A question to the platform, and what its answer has to have.
pub struct CheckUp {
    pub ask: Ask,
    /// "the token"
    pub what: &'static str,
    /// Reads the answer: what is well, or what is wrong and what to do.
    pub read: fn(&ChannelSettings, &Value) -> Result<String, String>,
}

/// Where fetched events go.
pub struct Line {
    pub remote: Remote,
    /// How far was read before; empty for from now on.
    pub cursor: String,
    /// Keeps events, and how far has been read; returns when both are on the disk.
    pub take: Box<Take>,
    /// Is told whether the platform knows us: while it does not, nothing is sent.
    pub known: Box<Known>,
    pub stop: CancellationToken,
}

pub type Take =
    dyn Fn(Heard, Option<String>) -> BoxFuture<'static, Result<(), String>> + Send + Sync;

pub type Known = dyn Fn(Result<(), &str>) + Send + Sync;

/// A JSON object's text at a path of names.
pub(super) fn text<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    let mut value = value;
    for name in path {
        value = value.get(name)?;
    }
    value.as_str()
}

/// A number or a text at a path of names, as text: platforms write ids both ways.
pub(super) fn id(value: &Value, path: &[&str]) -> Option<String> {
    let mut value = value;
    for name in path {
        value = value.get(name)?;
    }
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The id at the first of these places of a part, JSON, that has one.
pub(super) fn id_at(part: &str, places: &[&str]) -> Option<String> {
    let part: Value = serde_json::from_str(part).ok()?;
    places
        .iter()
        .find_map(|place| id(part.pointer(place)?, &[]))
}

/// Seconds since 1970, as a number or as text.
pub(super) fn seconds(value: Option<&Value>) -> Option<Timestamp> {
    let seconds = match value? {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    let millis = (seconds * 1000.0).round();
    // Far outside of any calendar.
    if !millis.is_finite() || millis.abs() > 1e15 {
        return None;
    }
    Timestamp::from_millisecond(millis as i64).ok()
}
