//! Messenger and Instagram: Meta's platform for messages.

use super::abilities::{self, Abilities, Unit};
use super::bridge::{
    Call, Channel, CheckUp, Event, Heard, Incoming, Outcome, Place, Refusal, What, id, id_at, text,
};
use super::meta::{self, Meta};
use super::render::{Button, Piece, Tap, shortened};
use crate::config::ChannelSettings;
use crate::relay::Code;
use crate::remote::{Answer, Ask, Hosts};
use jiff::Timestamp;
use serde_json::{Value, json};

pub struct Messenger {
    meta: Meta,
    instagram: bool,
    /// Whose messages are read; empty for whoever's come.
    page: String,
}

impl Messenger {
    pub fn new(settings: &ChannelSettings) -> Self {
        Self {
            meta: Meta::new(settings),
            instagram: settings.platform == "instagram",
            page: settings.option("page_id").to_owned(),
        }
    }

    fn object(&self) -> &'static str {
        match self.instagram {
            true => "instagram",
            false => "page",
        }
    }
}

impl Channel for Messenger {
    fn abilities(&self) -> &'static Abilities {
        match self.instagram {
            true => &abilities::INSTAGRAM,
            false => &abilities::MESSENGER,
        }
    }

    fn read(&self, request: &Incoming<'_>, _now: Timestamp) -> Result<Heard, Refusal> {
        let mut heard = Heard::default();
        if request.get {
            heard.reply = self.meta.challenge(request)?;
            return Ok(heard);
        }
        self.meta.verify(request)?;
        let Ok(body) = serde_json::from_slice::<Value>(request.body) else {
            meta::strange(
                &mut heard,
                String::from_utf8_lossy(request.body).into_owned(),
            );
            return Ok(heard);
        };
        let object = text(&body, &["object"]);
        let entries = body.get("entry").and_then(Value::as_array);
        let (Some(object), Some(entries)) = (object, entries) else {
            meta::strange(&mut heard, body.to_string());
            return Ok(heard);
        };
        for entry in entries {
            let page = id(entry, &["id"]).unwrap_or_default();
            if object != self.object() || !(self.page.is_empty() || self.page == page) {
                heard.elsewhere.push(format!("{object} {page}"));
                continue;
            }
            match entry.get("messaging") {
                Some(Value::Array(all)) => {
                    for one in all {
                        match event(one) {
                            Some(found) => heard.events.extend(found),
                            None => meta::strange(&mut heard, one.to_string()),
                        }
                    }
                }
                // What stands under `standby` belongs to another app, which answers it; changes are no messages.
                None if entry.get("standby").is_some() || entry.get("changes").is_some() => {}
                _ => meta::strange(&mut heard, entry.to_string()),
            }
        }
        Ok(heard)
    }

    fn write(&self, to: &Place, piece: &Piece) -> Vec<Call> {
        let message = |message: Value| {
            let to = json!({ "id": to.talk });
            let body = json!({ "recipient": to, "messaging_type": "RESPONSE", "message": message });
            Call::new("me/messages", body)
        };
        match piece {
            Piece::Text { text, buttons } => {
                let mut body = json!({ "text": text });
                let replies = quick_replies(buttons);
                if !replies.is_empty() {
                    body["quick_replies"] = json!(replies);
                }
                vec![message(body)]
            }
            Piece::Picture { url, caption, .. } => {
                let payload = json!({ "url": url, "is_reusable": false });
                let picture = json!({ "attachment": { "type": "image", "payload": payload } });
                let mut all = vec![message(picture)];
                if !caption.is_empty() {
                    all.push(message(json!({ "text": caption })));
                }
                all
            }
            Piece::Cards(cards) => {
                let elements: Vec<Value> = cards
                    .iter()
                    .map(|card| {
                        let mut one = json!({ "title": card.title });
                        let mut set = |name: &str, value: Value| one[name] = value;
                        if !card.subtitle.is_empty() {
                            set("subtitle", json!(card.subtitle));
                        }
                        if let Some(image) = &card.image {
                            set("image_url", json!(image));
                        }
                        if let Some(url) = &card.url {
                            set("default_action", json!({ "type": "web_url", "url": url }));
                        }
                        let buttons: Vec<Value> =
                            card.buttons.iter().map(template_button).collect();
                        if !buttons.is_empty() {
                            set("buttons", json!(buttons));
                        }
                        one
                    })
                    .collect();
                let payload = json!({ "template_type": "generic", "elements": elements });
                vec![message(
                    json!({ "attachment": { "type": "template", "payload": payload } }),
                )]
            }
            // Its abilities have none.
            Piece::List { text, .. }
            | Piece::Carousel { text, .. }
            | Piece::Listed { text, .. } => {
                vec![message(json!({ "text": text }))]
            }
        }
    }

    fn courtesy(&self, event: &Event) -> Option<Call> {
        let body = json!({ "recipient": { "id": event.talk }, "sender_action": "mark_seen" });
        Some(Call::new("me/messages", body))
    }

    fn talk_of(&self, part: &str) -> Option<String> {
        id_at(part, &["/sender/id", "/messaging/0/sender/id"])
    }

    fn is_private(&self, _event: &Event) -> bool {
        true
    }

    fn photo_hosts(&self) -> Hosts {
        self.meta.photo_hosts()
    }

    fn ask(&self, call: &Call, _key: i64, _now: Timestamp) -> Result<Ask, String> {
        self.meta.post(&call.to, &call.body)
    }

    fn answered(&self, _call: &Call, answer: &Answer) -> Outcome {
        meta::answered(answer, &["message_id"])
    }

    fn check_ups(&self) -> Vec<CheckUp> {
        let Ok(ask) = self.meta.get("me?fields=name,id") else {
            return Vec::new();
        };
        vec![CheckUp {
            ask,
            what: "the token",
            read: |settings, said| match text(said, &["name"]) {
                Some(name) => {
                    let (page, must) = (
                        id(said, &["id"]).unwrap_or_default(),
                        settings.option("page_id"),
                    );
                    match must.is_empty() || must == page {
                        true => Ok(format!("Meta knows the page {name}")),
                        false => Err(format!(
                            "the token is of the page {name} ({page}), and page_id is {must}: messages of the one would be answered as the other"
                        )),
                    }
                }
                None => Err(format!(
                    "Meta does not know the token: {}; make a new page token in the app's console",
                    text(said, &["error", "message"]).unwrap_or("it answers nothing")
                )),
            },
        }]
    }
}

fn quick_replies(buttons: &[Button]) -> Vec<Value> {
    let replies = buttons.iter().filter_map(|button| match &button.tap {
        Tap::Say(payload) => Some(json!({
            "content_type": "text", "title": button.title, "payload": payload,
        })),
        Tap::Open(_) => None,
    });
    replies.collect()
}

fn template_button(button: &Button) -> Value {
    let title = shortened(&button.title, 20, Unit::Characters);
    match &button.tap {
        Tap::Say(payload) => json!({ "type": "postback", "title": title, "payload": payload }),
        Tap::Open(url) => json!({ "type": "web_url", "title": title, "url": url }),
    }
}

/// The pictures of a message; a sticker is none.
fn shown(message: &Value) -> Vec<String> {
    let all = message.get("attachments").and_then(Value::as_array);
    let pictures = all.into_iter().flatten().filter(|one| {
        text(one, &["type"]) == Some("image") && one.pointer("/payload/sticker_id").is_none()
    });
    let urls = pictures.filter_map(|one| text(one, &["payload", "url"]));
    urls.map(str::to_owned).collect()
}

/// The event; nothing for one that asks for no answer, none for one that cannot be read.
fn event(one: &Value) -> Option<Option<Event>> {
    let person = id(one, &["sender", "id"])?;
    let at = one.get("timestamp").and_then(Value::as_i64)?;
    let at = Timestamp::from_millisecond(at).ok()?;
    let event = |id: &str, what: What| Event {
        id: id.to_owned(),
        talk: person.clone(),
        person: person.clone(),
        alias: None,
        at,
        what,
        context: Value::Null,
    };
    if let Some(message) = one.get("message") {
        let mid = text(message, &["mid"])?;
        // Our own words come back.
        if message.get("is_echo") == Some(&Value::Bool(true)) || message.get("is_deleted").is_some()
        {
            return Some(None);
        }
        let said = text(message, &["text"]);
        let what = match (text(message, &["quick_reply", "payload"]), said) {
            (Some(payload), label) => What::Tapped {
                payload: payload.to_owned(),
                label: label.unwrap_or(payload).to_owned(),
            },
            (None, said) => What::of(said, shown(message)),
        };
        return Some(Some(event(mid, what)));
    }
    // `m.me/page?ref=CODE`, in a conversation that is new or that there was.
    let brought = one
        .pointer("/postback/referral/ref")
        .or_else(|| one.pointer("/referral/ref"));
    if let Some(code) = brought.and_then(Value::as_str).and_then(Code::read) {
        let text = format!("link {}", code.reveal());
        let mid = format!("{person}/{}", at.as_millisecond());
        return Some(Some(event(&mid, What::Said { text })));
    }
    if let Some(postback) = one.get("postback") {
        let payload = text(postback, &["payload"]).or_else(|| text(postback, &["title"]))?;
        let mid = text(postback, &["mid"]).map(str::to_owned);
        let mid = mid.unwrap_or_else(|| format!("{person}/{}", at.as_millisecond()));
        let label = text(postback, &["title"]).unwrap_or(payload).to_owned();
        let payload = payload.to_owned();
        return Some(Some(event(&mid, What::Tapped { payload, label })));
    }
    // Read, delivered, reactions, opt-ins: nothing to answer.
    Some(None)
}
