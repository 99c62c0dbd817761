//! WhatsApp: Meta's Cloud API.

mod interactive;

use super::abilities::{self, Abilities};
use super::bridge::{
    Call, Channel, CheckUp, Event, Heard, Incoming, Outcome, Place, Refusal, What, id, id_at,
    seconds, text,
};
use super::meta::{self, Meta};
use super::render::{Piece, shortened};
use crate::config::ChannelSettings;
use crate::remote::{Answer, Ask, Hosts};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Behind the key of a template: nothing goes out in its place.
const TEMPLATE: &str = "/template";
/// Things of one cart that are taken.
const MOST_ORDERED: usize = 30;
/// In a call's body: what is said where Meta refuses it. It is not sent with it.
const OTHERWISE: &str = "otherwise";
/// Behind the id of a message: one more of the things in it.
const MORE: char = '#';
/// Too late to write to them but by a template.
const OUTSIDE_WINDOW: &str = "131047";

pub struct WhatsApp {
    meta: Meta,
    number: String,
    /// What may be said once the window is closed; empty for nothing.
    template: String,
    template_language: String,
    /// Meta's id of the shop's catalog; empty where it has none.
    catalog: String,
}

impl WhatsApp {
    pub fn new(settings: &ChannelSettings) -> Self {
        let language = match settings.option("template_language") {
            "" => "en",
            own => own,
        };
        Self {
            meta: Meta::new(settings),
            number: settings.option("phone_number_id").to_owned(),
            template: settings.option("template").to_owned(),
            template_language: language.to_owned(),
            catalog: settings.option("catalog_id").to_owned(),
        }
    }
}

impl Channel for WhatsApp {
    fn abilities(&self) -> &'static Abilities {
        match self.catalog.is_empty() {
            true => &abilities::WHATSAPP,
            false => &abilities::WHATSAPP_CATALOG,
        }
    }

    fn read(&self, request: &Incoming<'_>, now: Timestamp) -> Result<Heard, Refusal> {
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
        let Some(entries) = body.get("entry").and_then(Value::as_array) else {
            meta::strange(&mut heard, body.to_string());
            return Ok(heard);
        };
        for entry in entries {
            match entry.get("changes").and_then(Value::as_array) {
                Some(changes) => {
                    for change in changes {
                        self.hear(change, &mut heard, now);
                    }
                }
                None => meta::strange(&mut heard, entry.to_string()),
            }
        }
        Ok(heard)
    }

    fn write(&self, to: &Place, piece: &Piece) -> Vec<Call> {
        let mut body = json!({ "messaging_product": "whatsapp", "recipient_type": "individual" });
        // Whoever has a user name may have no number for us.
        let whom = match to.talk.bytes().all(|byte| byte.is_ascii_digit()) {
            true => "to",
            false => "recipient",
        };
        body[whom] = json!(to.talk);
        match piece {
            Piece::Text { text, buttons } if buttons.is_empty() => {
                body["type"] = json!("text");
                body["text"] = json!({ "body": text, "preview_url": false });
            }
            Piece::Picture {
                url,
                caption,
                buttons,
            } if buttons.is_empty() => {
                body["type"] = json!("image");
                body["image"] = json!({ "link": url, "caption": caption });
            }
            Piece::Listed { otherwise, .. } => {
                body[OTHERWISE] = json!(otherwise);
                body["type"] = json!("interactive");
                body["interactive"] = interactive::of(piece, &self.catalog);
            }
            _ => {
                body["type"] = json!("interactive");
                body["interactive"] = interactive::of(piece, &self.catalog);
            }
        }
        vec![Call::new("messages", body)]
    }

    fn courtesy(&self, event: &Event) -> Option<Call> {
        if event.id.contains(MORE) {
            return None;
        }
        let read = json!({
            "messaging_product": "whatsapp", "status": "read", "message_id": event.id,
            "typing_indicator": { "type": "text" },
        });
        Some(Call::new("messages", read))
    }

    fn instead(&self, report: &Event) -> Option<Call> {
        let What::Delivery {
            reason: Some(reason),
            ..
        } = &report.what
        else {
            return None;
        };
        let closed = reason.starts_with(OUTSIDE_WINDOW) && !self.template.is_empty();
        (closed && report.context.is_object()).then(|| self.in_template(&report.context))
    }

    fn talk_of(&self, part: &str) -> Option<String> {
        let own = [
            "/from_user_id",
            "/value/contacts/0/user_id",
            "/changes/0/value/contacts/0/user_id",
        ];
        let number = [
            "/from",
            "/value/messages/0/from",
            "/changes/0/value/messages/0/from",
        ];
        id_at(part, &own).or_else(|| id_at(part, &number))
    }

    fn is_private(&self, _event: &Event) -> bool {
        true
    }

    fn asks_consent(&self) -> bool {
        true
    }

    fn find_photo(&self, photo: &str) -> Option<Result<Ask, String>> {
        let plain = photo.bytes().all(|byte| byte.is_ascii_alphanumeric());
        Some(match plain {
            true => self.meta.get(photo),
            false => Err("this is no id of Meta's".to_owned()),
        })
    }

    fn photo(&self, _photo: &str, found: &Value, most: usize) -> Result<Ask, String> {
        let url = text(found, &["url"]).and_then(|url| url.parse().ok());
        let url = url.ok_or("Meta does not say where it is")?;
        Ok(self.meta.known(Ask::get(url, most)))
    }

    fn photo_hosts(&self) -> Hosts {
        self.meta.photo_hosts()
    }

    fn ask(&self, call: &Call, key: i64, _now: Timestamp) -> Result<Ask, String> {
        let mut body = call.body.clone();
        if let Some(fields) = body.as_object_mut() {
            fields.remove(OTHERWISE);
        }
        // Comes back with what became of the message.
        let tracker = match body.get("type") == Some(&json!("template")) {
            true => format!("{key}{TEMPLATE}"),
            false => key.to_string(),
        };
        if body.get("status").is_none() {
            body["biz_opaque_callback_data"] = json!(tracker);
        }
        self.meta
            .post(&format!("{}/{}", self.number, call.to), &body)
    }

    fn answered(&self, call: &Call, answer: &Answer) -> Outcome {
        let outcome = meta::answered(answer, &["messages", "0", "id"]);
        let Outcome::Refused(why) = &outcome else {
            return outcome;
        };
        let closed = why.contains(&format!(" {OUTSIDE_WINDOW} "));
        let template = call.body.get("type") == Some(&json!("template"));
        if closed && !template && !self.template.is_empty() {
            return Outcome::InsteadOfReply(Box::new(self.in_template(&call.body)));
        }
        match text(&call.body, &[OTHERWISE]).filter(|_| !closed) {
            Some(words) => Outcome::Instead(Box::new(in_words(&call.body, words))),
            None => outcome,
        }
    }

    fn check_ups(&self) -> Vec<CheckUp> {
        let path = format!("{}?fields=display_phone_number,verified_name", self.number);
        let Ok(ask) = self.meta.get(&path) else {
            return Vec::new();
        };
        vec![CheckUp {
            ask,
            what: "the token and the number",
            read: |_, said| match text(said, &["display_phone_number"]) {
                Some(number) => Ok(format!("Meta knows the number {number}")),
                None => Err(format!(
                    "Meta does not show the number: {}; see the token, and phone_number_id in Meta's console under WhatsApp, API Setup",
                    text(said, &["error", "message"]).unwrap_or("it answers nothing")
                )),
            },
        }]
    }
}

impl WhatsApp {
    /// Adds what a change tells.
    fn hear(&self, change: &Value, heard: &mut Heard, now: Timestamp) {
        let value = change.get("value").unwrap_or(&Value::Null);
        let number = text(value, &["metadata", "phone_number_id"]);
        match (text(change, &["field"]), number) {
            // One app may have several numbers: each has an account of its own.
            (Some("messages"), Some(number)) if number != self.number => {
                return heard.elsewhere.push(number.to_owned());
            }
            (Some("messages"), Some(_)) => {}
            // News of Meta's own: a template that was approved, a limit that was raised.
            (Some(field), _) if field != "messages" => return,
            _ => return meta::strange(heard, change.to_string()),
        }
        for name in ["messages", "statuses"] {
            let parts = match value.get(name) {
                None => continue,
                Some(Value::Array(parts)) => parts,
                Some(_) => return meta::strange(heard, change.to_string()),
            };
            for part in parts {
                let found = match name {
                    "messages" => events(part, value),
                    _ => delivery(part, value, now).map(|event| vec![event]),
                };
                match found {
                    Some(found) => heard.events.extend(found),
                    None => strange(heard, part, value),
                }
            }
        }
    }

    /// What Meta lets a shop say after the window has closed, to the same as `to`.
    fn in_template(&self, to: &Value) -> Call {
        let language = json!({ "code": self.template_language });
        let template = json!({ "name": self.template, "language": language });
        in_place_of(to, "template", template)
    }
}

/// Products in words: Meta's catalog does not have one of them.
fn in_words(refused: &Value, words: &str) -> Call {
    let above = refused.pointer("/interactive/body/text");
    let above = above.and_then(Value::as_str).unwrap_or_default();
    let both = format!("{above}\n\n{words}");
    let said = shortened(&both, abilities::WHATSAPP.text, abilities::WHATSAPP.unit);
    let said = json!({ "body": said, "preview_url": false });
    in_place_of(refused, "text", said)
}

/// Another message to the same.
fn in_place_of(call: &Value, kind: &str, what: Value) -> Call {
    let mut body = json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "type": kind, kind: what,
    });
    for whom in ["to", "recipient"] {
        if let Some(value) = call.get(whom) {
            body[whom] = value.clone();
        }
    }
    Call::new("messages", body)
}

/// Puts a part aside, with Meta's own id of whoever it is from.
fn strange(heard: &mut Heard, part: &Value, value: &Value) {
    let user = user_of(part, value);
    let mut part = part.clone();
    if let (Some(fields), Some(user)) = (part.as_object_mut(), user) {
        fields.insert("from_user_id".to_owned(), json!(user));
    }
    match text(&part, &["id"]) {
        Some(id) => heard.strange.push((id.to_owned(), part.to_string())),
        None => meta::strange(heard, part.to_string()),
    }
}

/// Meta's own id of the person, which stays when their number changes or is kept from us.
fn user_of(message: &Value, value: &Value) -> Option<String> {
    let number = id(message, &["from"]).or_else(|| id(message, &["recipient_id"]));
    id(message, &["from_user_id"]).or_else(|| {
        let contacts = value.get("contacts").and_then(Value::as_array);
        let mut contacts = contacts.into_iter().flatten();
        let contact = contacts.find(|one| number.is_none() || id(one, &["wa_id"]) == number)?;
        id(contact, &["user_id"])
    })
}

/// The events of a message; empty for one that asks for no answer, none for one that cannot be read.
fn events(message: &Value, value: &Value) -> Option<Vec<Event>> {
    let event_id = id(message, &["id"])?;
    let at = seconds(message.get("timestamp"))?;
    let number = id(message, &["from"]);
    let user = user_of(message, value);
    let person = user.clone().or_else(|| number.clone())?;
    let mut more = Vec::new();
    let what = match text(message, &["type"])? {
        "order" => {
            let mut wishes = ordered(message.get("order")?)?.into_iter();
            let first = wishes.next()?;
            more.extend(wishes);
            first
        }
        "text" => What::Said {
            text: text(message, &["text", "body"])?.to_owned(),
        },
        "button" => tapped(message.get("button")?, "payload", "text")?,
        "interactive" => {
            let interactive = message.get("interactive")?;
            let kind = text(interactive, &["type"])?;
            match kind {
                "button_reply" | "list_reply" => tapped(interactive.get(kind)?, "id", "title")?,
                _ => What::Wordless,
            }
        }
        kind @ ("image" | "video" | "document") => {
            let said = text(message, &[kind, "caption"]);
            let mime = text(message, &[kind, "mime_type"]).unwrap_or_default();
            let photo = id(message, &[kind, "id"]);
            let photo = photo.filter(|_| kind == "image" || mime.starts_with("image/"));
            What::of(said, photo.into_iter().collect())
        }
        "audio" | "sticker" | "location" | "contacts" | "unsupported" => What::Wordless,
        // Reactions, edits, what is taken back, news of Meta's own.
        _ => return Some(Vec::new()),
    };
    let all = std::iter::once(what).chain(more).enumerate();
    let event = |(place, what)| Event {
        id: match place {
            0 => event_id.clone(),
            place => format!("{event_id}{MORE}{place}"),
        },
        talk: person.clone(),
        person: person.clone(),
        alias: number.clone().filter(|_| user.is_some()),
        at,
        what,
        context: Value::Null,
    };
    Some(all.map(event).collect())
}

/// A cart that was filled in the catalog: each of its things is put into ours, as if it had been said.
fn ordered(order: &Value) -> Option<Vec<What>> {
    let items = order.get("product_items")?.as_array()?;
    let wish = |item: &Value| {
        let sku = text(item, &["product_retailer_id"])
            .filter(|sku| !sku.contains(char::is_whitespace))?;
        let quantity = id(item, &["quantity"]);
        let quantity = quantity
            .and_then(|many| many.parse::<u32>().ok())
            .unwrap_or(1);
        Some(What::Said {
            text: format!("add {quantity} x {sku} to my cart"),
        })
    };
    let wishes: Option<Vec<What>> = items.iter().take(MOST_ORDERED).map(wish).collect();
    let said = text(order, &["text"]).filter(|said| !said.trim().is_empty());
    let said = said.map(|said| What::Said {
        text: said.to_owned(),
    });
    Some(wishes?.into_iter().chain(said).collect())
}

fn tapped(reply: &Value, payload: &str, label: &str) -> Option<What> {
    let payload = text(reply, &[payload])?.to_owned();
    let label = text(reply, &[label]).unwrap_or(&payload).to_owned();
    Some(What::Tapped { payload, label })
}

fn delivery(status: &Value, value: &Value, now: Timestamp) -> Option<Event> {
    let (message, state) = (text(status, &["id"])?, text(status, &["status"])?);
    let tracker = text(status, &["biz_opaque_callback_data"]).unwrap_or_default();
    let whom = match (id(status, &["recipient_id"]), user_of(status, value)) {
        _ if state != "failed" || tracker.ends_with(TEMPLATE) => Value::Null,
        (Some(number), _) => json!({ "to": number }),
        (None, Some(user)) => json!({ "recipient": user }),
        (None, None) => Value::Null,
    };
    let error = status.pointer("/errors/0");
    let reason = error.map(|error| {
        let title = text(error, &["title"]).unwrap_or_default();
        format!(
            "{} ({})",
            id(error, &["code"]).unwrap_or_default(),
            shortened(title, 100, abilities::Unit::Bytes)
        )
    });
    Some(Event {
        id: format!("{message}/{state}"),
        talk: format!("/{message}"),
        person: String::new(),
        alias: None,
        at: seconds(status.get("timestamp")).unwrap_or(now),
        what: What::Delivery {
            message: message.to_owned(),
            state: state.to_owned(),
            reason,
        },
        context: whom,
    })
}

#[cfg(test)]
mod tests;
