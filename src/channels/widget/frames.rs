//! The frames of `shoptalk.v1`. Parsing is strict about types and forgiving about extra fields, so
//! that a newer widget can talk to an older server.

use crate::cart;
use crate::conversation::Entry;
use crate::dialogue::block::Block;
use crate::feedback;
use serde::{Deserialize, Serialize};

/// Characters of a message, Unicode scalars.
pub const LONGEST: usize = 4000;
/// Characters of a client's message id.
pub const LONGEST_ID: usize = 64;
/// Bytes of a variant's code.
const LONGEST_SKU: usize = 200;
/// Photos that go with one message.
pub const MOST_PHOTOS: usize = 4;
/// Entries given at once.
pub const MOST_ENTRIES: usize = 50;

/// What a client says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientFrame {
    Hello(Hello),
    Message {
        id: String,
        text: String,
        /// What is in the page's own cart, where the page says so.
        cart: Option<Vec<cart::Item>>,
        /// Ids of photos that were uploaded before.
        photos: Vec<String>,
    },
    Typing,
    Ping,
    History {
        before: u64,
        limit: usize,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Hello {
    #[serde(default)]
    pub token: Option<String>,
    #[serde(default)]
    pub last_seq: Option<u64>,
    #[serde(default)]
    pub locale: Option<String>,
    #[serde(default)]
    pub page: Option<String>,
    /// The shop's word for who is signed in there.
    #[serde(default)]
    pub identity: Option<String>,
}

/// What is wrong with a frame; the connection lives.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("this is not a frame: {0}")]
    BadRequest(String),
    #[error("there is no frame of type `{0}`")]
    UnknownType(String),
    #[error("a message has at most {LONGEST} characters")]
    TooLong { id: String },
    #[error("a message needs words")]
    Empty { id: String },
    #[error("a message takes at most {MOST_PHOTOS} photos")]
    TooManyPhotos { id: String },
}

impl FrameError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "bad_request",
            Self::UnknownType(_) => "unknown_type",
            Self::TooLong { .. } => "too_long",
            Self::Empty { .. } => "empty",
            Self::TooManyPhotos { .. } => "too_many_photos",
        }
    }

    /// The message it is about.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::TooLong { id } | Self::Empty { id } | Self::TooManyPhotos { id } => Some(id),
            Self::BadRequest(_) | Self::UnknownType(_) => None,
        }
    }
}

#[derive(Deserialize)]
struct Kind {
    r#type: String,
}

#[derive(Deserialize)]
struct Message {
    id: String,
    text: String,
    /// A cart that cannot be read must not cost the shopper the message.
    #[serde(default)]
    cart: serde_json::Value,
    #[serde(default, rename = "attachments")]
    photos: Vec<String>,
}

#[derive(Deserialize)]
struct History {
    before: u64,
    #[serde(default)]
    limit: Option<usize>,
}

/// Reads one text frame.
///
/// # Errors
/// See [`FrameError`]; no input panics.
pub fn parse(frame: &str) -> Result<ClientFrame, FrameError> {
    let bad = |error: serde_json::Error| FrameError::BadRequest(error.to_string());
    let kind: Kind = serde_json::from_str(frame).map_err(bad)?;
    match kind.r#type.as_str() {
        "hello" => serde_json::from_str(frame)
            .map(ClientFrame::Hello)
            .map_err(bad),
        "message" => message(serde_json::from_str(frame).map_err(bad)?),
        "history" => {
            let History { before, limit } = serde_json::from_str(frame).map_err(bad)?;
            Ok(ClientFrame::History {
                before,
                limit: limit.unwrap_or(MOST_ENTRIES).clamp(1, MOST_ENTRIES),
            })
        }
        "typing" => Ok(ClientFrame::Typing),
        "ping" => Ok(ClientFrame::Ping),
        other => Err(FrameError::UnknownType(
            other.chars().take(LONGEST_ID).collect(),
        )),
    }
}

fn message(
    Message {
        id,
        text,
        cart,
        photos,
    }: Message,
) -> Result<ClientFrame, FrameError> {
    let fits =
        !id.is_empty() && id.chars().count() <= LONGEST_ID && !id.chars().any(char::is_control);
    if !fits {
        return Err(FrameError::BadRequest(format!(
            "`id` has 1 to {LONGEST_ID} characters"
        )));
    }
    if text.chars().count() > LONGEST {
        return Err(FrameError::TooLong { id });
    }
    // Control characters say nothing and break terminals; tabs and line breaks are words' company.
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    // A photo says something without words.
    let says = text.chars().any(|c| !c.is_whitespace() && !is_invisible(c));
    if !says && photos.is_empty() {
        return Err(FrameError::Empty { id });
    }
    if photos.len() > MOST_PHOTOS {
        return Err(FrameError::TooManyPhotos { id });
    }
    Ok(ClientFrame::Message {
        id,
        text: if says { text } else { String::new() },
        cart: read_cart(cart),
        photos,
    })
}

/// As many lines as a cart holds; codes nobody could have written are left out.
fn read_cart(cart: serde_json::Value) -> Option<Vec<cart::Item>> {
    let mut items: Vec<cart::Item> = serde_json::from_value(cart).ok()?;
    items.retain(|item| !item.sku.is_empty() && item.sku.len() <= LONGEST_SKU);
    items.truncate(cart::MOST_LINES);
    Some(items)
}

/// Characters nobody sees: a message of these alone is empty.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// What the server says.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame<'a> {
    Welcome(Box<Welcome<'a>>),
    /// The message is stored, and so is its reply.
    Ack {
        id: &'a str,
        seq: u64,
    },
    Entry {
        entry: &'a Entry,
    },
    History {
        entries: &'a [Entry],
        more: bool,
    },
    Error {
        code: &'a str,
        message: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u64>,
    },
    Pong,
}

#[derive(Debug, Serialize)]
pub struct Welcome<'a> {
    pub protocol: &'static str,
    pub conversation: &'a str,
    /// Only in a frame, never in a URL.
    pub token: &'a str,
    pub last_seq: u64,
    /// Drop what you have and take these entries.
    pub resync: bool,
    pub shop: ShopCard<'a>,
    pub entries: &'a [Entry],
    /// Older entries exist.
    pub more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub greeting: Option<&'a [Block]>,
    /// This server's clock: a shopper's may be wrong.
    pub now: jiff::Timestamp,
    /// What the shopper said about replies and the conversation so far.
    #[serde(skip_serializing_if = "feedback::Said::is_empty")]
    pub feedback: feedback::Said,
}

/// What the widget's head says about the shop.
#[derive(Debug, Serialize)]
pub struct ShopCard<'a> {
    pub name: &'a str,
    pub currency: String,
    pub language: &'a str,
    /// All that are understood.
    pub languages: Vec<&'a str>,
    /// `open` or `closed`
    pub people: &'static str,
    pub hours: String,
    /// What photos may be; absent where the shop takes none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uploads: Option<UploadTerms>,
    pub keeps: Keeps,
    /// Whether an article helped may be said.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub asks_helpful: bool,
}

/// How many days after its last message a conversation is kept.
#[derive(Debug, Serialize)]
pub struct Keeps {
    pub days: u32,
    /// Of shoppers the shop knows.
    pub days_known: u32,
}

/// What photos may be.
#[derive(Debug, Serialize)]
pub struct UploadTerms {
    /// Of one photo.
    pub most_bytes: usize,
    /// Of one message.
    pub per_message: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_frame_of_a_client_is_read() {
        let hello =
            parse(r#"{"type":"hello","token":"t","last_seq":3,"page":"/x","extra":1}"#).unwrap();
        assert!(matches!(
            hello,
            ClientFrame::Hello(Hello {
                last_seq: Some(3),
                ..
            })
        ));
        let said = parse(r#"{"type":"message","id":"a","text":"hi\u0000 there"}"#).unwrap();
        assert_eq!(
            said,
            ClientFrame::Message {
                id: "a".into(),
                text: "hi there".into(),
                cart: None,
                photos: Vec::new(),
            }
        );
        let photo = parse(r#"{"type":"message","id":"a","text":" ","attachments":["ab12"]}"#);
        let ClientFrame::Message { text, photos, .. } = photo.unwrap() else {
            panic!("no message");
        };
        assert_eq!((text.as_str(), photos.len()), ("", 1));
        let with = |cart: &str| {
            let frame = format!(r#"{{"type":"message","id":"a","text":"hi","cart":{cart}}}"#);
            match parse(&frame).unwrap() {
                ClientFrame::Message { cart, .. } => cart.map(|items| items.len()),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(
            with(r#"[{"sku":"A","quantity":2},{"sku":"","quantity":1}]"#),
            Some(1)
        );
        assert_eq!(with("[]"), Some(0));
        let unreadable = ["null", "7", r#"[{"sku":"A","quantity":-1}]"#, r#"["A"]"#];
        assert!(unreadable.iter().all(|cart| with(cart).is_none()));
        let older = parse(r#"{"type":"history","before":40,"limit":9999}"#).unwrap();
        assert_eq!(
            older,
            ClientFrame::History {
                before: 40,
                limit: MOST_ENTRIES
            }
        );
        assert_eq!(parse(r#"{"type":"ping"}"#).unwrap(), ClientFrame::Ping);
    }

    #[test]
    fn what_is_no_frame_has_a_code() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let long = format!(
            r#"{{"type":"message","id":"a","text":"{}"}}"#,
            "é".repeat(LONGEST + 1)
        );
        for (frame, code) in [
            ("[]", "bad_request"),
            ("\"x\"", "bad_request"),
            ("1e999", "bad_request"),
            ("", "bad_request"),
            (r#"{"type":"message","id":"a"}"#, "bad_request"),
            (
                r#"{"type":"message","id":"a","id":"b","text":"x"}"#,
                "bad_request",
            ),
            (r#"{"type":"message","id":"","text":"x"}"#, "bad_request"),
            (
                r#"{"type":"message","id":"a","text":"\ud800"}"#,
                "bad_request",
            ),
            (
                r#"{"type":"message","id":"a","text":"x","attachments":["1","2","3","4","5"]}"#,
                "too_many_photos",
            ),
            (r#"{"type":"history","before":-1}"#, "bad_request"),
            (r#"{"type":"dance"}"#, "unknown_type"),
            (
                r#"{"type":"message","id":"a","text":" \n\u200b "}"#,
                "empty",
            ),
            (deep.as_str(), "bad_request"),
            (long.as_str(), "too_long"),
        ] {
            let shown: String = frame.chars().take(60).collect();
            assert_eq!(parse(frame).unwrap_err().code(), code, "{shown}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_frame_or_an_error(text in "\\PC{0,200}") {
            let _ = parse(&text);
        }

        #[test]
        fn any_words_come_through_or_are_empty(words in "\\PC{1,100}") {
            let frame = serde_json::json!({ "type": "message", "id": "a", "text": words }).to_string();
            match parse(&frame) {
                Ok(ClientFrame::Message { text, .. }) => prop_assert!(!text.trim().is_empty()),
                Ok(_) => prop_assert!(false),
                Err(error) => prop_assert_eq!(error.code(), "empty"),
            }
        }
    }
}
