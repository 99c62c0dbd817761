//! A messenger of your own: signed webhooks both ways, as [Standard Webhooks](https://www.standardwebhooks.com) say.

use super::abilities::{self, Abilities};
use super::bridge::{
    Call, Channel, Event, Heard, Incoming, Outcome, Place, Refusal, What, id, id_at, text,
};
use super::render::{Button, Piece, Tap};
use crate::config::ChannelSettings;
use crate::remote::{Answer, Ask, Hosts, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Seconds a signature holds, before and after.
const HOLDS: i64 = 300;
/// Bytes of an answer that are read: none of them matters.
const MOST: usize = 64 * 1024;

pub struct Webhook {
    name: String,
    url: String,
    mac: Option<Mac>,
    plain: bool,
}

impl Webhook {
    pub fn new(settings: &ChannelSettings) -> Self {
        let secret = settings.secret("SECRET");
        Self {
            name: settings.name.clone(),
            url: settings.option("url").to_owned(),
            mac: secret.and_then(|secret| Mac::standard(secret.reveal())),
            plain: settings.is_on("plain"),
        }
    }
}

/// Whether a time in seconds is near enough to now.
pub(super) fn is_fresh(timestamp: &str, now: Timestamp) -> bool {
    let seconds: Option<i64> = timestamp.parse().ok();
    let apart = seconds.and_then(|seconds| seconds.checked_sub(now.as_second()));
    apart.is_some_and(|apart| apart.unsigned_abs() <= HOLDS.unsigned_abs())
}

impl Channel for Webhook {
    fn abilities(&self) -> &'static Abilities {
        match self.plain {
            true => &abilities::PLAIN_WEBHOOK,
            false => &abilities::WEBHOOK,
        }
    }

    fn read(&self, request: &Incoming<'_>, now: Timestamp) -> Result<Heard, Refusal> {
        let header = |name: &str| (request.header)(name).unwrap_or_default();
        let (delivery, at) = (header("webhook-id"), header("webhook-timestamp"));
        let mac = self.mac.as_ref().ok_or(Refusal::Forged)?;
        let signatures = header("webhook-signature");
        let right = mac.verifies_standard(delivery, at, request.body, signatures);
        if delivery.is_empty() || !is_fresh(at, now) || !right {
            return Err(Refusal::Forged);
        }
        let mut heard = Heard::default();
        match serde_json::from_slice::<Value>(request.body) {
            Ok(body) => match event(&body, delivery, now) {
                Some(event) => heard.events.extend(event),
                None => heard.strange.push((delivery.to_owned(), body.to_string())),
            },
            Err(_) => {
                let body = String::from_utf8_lossy(request.body).into_owned();
                heard.strange.push((delivery.to_owned(), body));
            }
        }
        Ok(heard)
    }

    fn write(&self, to: &Place, piece: &Piece) -> Vec<Call> {
        let mut data = json!({ "conversation": to.talk });
        let Value::Object(fields) = &mut data else {
            return Vec::new();
        };
        match piece {
            Piece::Text { text, buttons } => {
                fields.insert("text".into(), json!(text));
                fields.insert("buttons".into(), taps(buttons));
            }
            Piece::Picture {
                url,
                caption,
                buttons,
            } => {
                fields.insert("picture".into(), json!(url));
                fields.insert("text".into(), json!(caption));
                fields.insert("buttons".into(), taps(buttons));
            }
            Piece::Cards(cards) => {
                let cards = cards.iter().map(|card| {
                    json!({
                        "title": card.title, "subtitle": card.subtitle, "picture": card.image, "url": card.url,
                        "buttons": taps(&card.buttons),
                    })
                });
                fields.insert("cards".into(), cards.collect());
            }
            // Its abilities have none.
            Piece::List { text, .. }
            | Piece::Carousel { text, .. }
            | Piece::Listed { text, .. } => {
                fields.insert("text".into(), json!(text));
            }
        }
        vec![Call::new("message.created", data)]
    }

    fn talk_of(&self, part: &str) -> Option<String> {
        id_at(part, &["/data/conversation"])
    }

    fn is_private(&self, event: &Event) -> bool {
        // A conversation of one person goes by their name.
        event.talk == event.person
    }

    fn photo_hosts(&self) -> Hosts {
        Hosts::of(&self.url)
    }

    fn ask(&self, call: &Call, key: i64, now: Timestamp) -> Result<Ask, String> {
        let url = self
            .url
            .parse()
            .map_err(|_| "`url` is no address".to_owned())?;
        let mac = self.mac.as_ref().ok_or("there is no secret to sign with")?;
        let id = format!("msg_{}_{key}", self.name);
        let seconds = now.as_second();
        let body = json!({ "type": call.to, "timestamp": now, "data": call.body }).to_string();
        let signature = mac.sign_standard(&id, seconds, body.as_bytes());
        Ok(Ask::post(url, body.into_bytes(), MOST)
            .with("content-type", "application/json")
            .with("webhook-id", &id)
            .with("webhook-timestamp", &seconds.to_string())
            .with("webhook-signature", &signature))
    }

    fn answered(&self, _call: &Call, answer: &Answer) -> Outcome {
        let status = answer.status.as_u16();
        let why = format!("your server answers {status}");
        match status {
            200..=299 => Outcome::Sent(None),
            410 => Outcome::Revoked(why),
            // Of a server of one's own this may be mended at any time.
            401 | 403 | 404 => Outcome::Later {
                wait: None,
                all: false,
                why,
            },
            _ => Outcome::of_status(answer, why),
        }
    }
}

fn taps(buttons: &[Button]) -> Value {
    let taps = buttons.iter().map(|button| match &button.tap {
        Tap::Say(say) => json!({ "title": button.title, "say": say }),
        Tap::Open(url) => json!({ "title": button.title, "url": url }),
    });
    taps.collect()
}

/// The event of a body; nothing for one that is of another type, and none for one that cannot be read.
fn event(body: &Value, delivery: &str, now: Timestamp) -> Option<Option<Event>> {
    let kind = text(body, &["type"])?;
    if kind != "message.created" {
        return Some(None);
    }
    let talk = id(body, &["data", "conversation"])?;
    let said = text(body, &["data", "text"]);
    let photos = body.pointer("/data/photos").and_then(Value::as_array);
    let photos = photos.into_iter().flatten().filter_map(Value::as_str);
    let at = text(body, &["timestamp"]).and_then(|at| at.parse().ok());
    Some(Some(Event {
        id: delivery.to_owned(),
        person: id(body, &["data", "person"]).unwrap_or_else(|| talk.clone()),
        talk,
        alias: None,
        at: at.unwrap_or(now),
        what: What::of(said, photos.map(str::to_owned).collect()),
        context: Value::Null,
    }))
}
