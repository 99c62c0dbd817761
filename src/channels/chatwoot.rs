//! Chatwoot: an agent bot, which answers until a person takes over.

use super::abilities::{self, Abilities};
use super::bridge::{
    Call, Channel, CheckUp, Event, Heard, Incoming, Outcome, Place, Refusal, What, id, id_at, text,
};
use super::render::{Button, Piece, Tap};
use super::webhook::is_fresh;
use crate::config::ChannelSettings;
use crate::remote::{Answer, Ask, Hosts, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

const API: &str = "https://app.chatwoot.com";
const MOST: usize = 1024 * 1024;

pub struct Chatwoot {
    api: String,
    account: String,
    token: String,
    mac: Option<Mac>,
    /// For servers older than 4.13, which sign nothing: part of the address that they call.
    path_secret: String,
}

impl Chatwoot {
    pub fn new(settings: &ChannelSettings) -> Self {
        Self {
            api: settings.api.clone().unwrap_or_else(|| API.to_owned()),
            account: settings.option("account_id").to_owned(),
            token: settings.revealed("TOKEN"),
            mac: settings
                .secret("SECRET")
                .and_then(|secret| Mac::new(secret.reveal())),
            path_secret: settings.revealed("PATH_SECRET"),
        }
    }

    fn known(&self, ask: Ask) -> Ask {
        ask.with("content-type", "application/json")
            .with_secret("api_access_token", &self.token)
    }

    /// By its signature; or, where the server signs nothing, by words of ours in the address.
    fn verify(&self, request: &Incoming<'_>, now: Timestamp) -> bool {
        let header = |name: &str| (request.header)(name).unwrap_or_default();
        let at = header("x-chatwoot-timestamp");
        if let Some(mac) = &self.mac {
            let signature = header("x-chatwoot-signature").strip_prefix("sha256=");
            let parts: [&[u8]; 3] = [at.as_bytes(), b".", request.body];
            return is_fresh(at, now) && signature.is_some_and(|one| mac.verifies_hex(&parts, one));
        }
        let said = request.asked("secret").unwrap_or_default();
        !self.path_secret.is_empty()
            && bool::from(said.as_bytes().ct_eq(self.path_secret.as_bytes()))
    }
}

impl Channel for Chatwoot {
    fn abilities(&self) -> &'static Abilities {
        &abilities::CHATWOOT
    }

    fn read(&self, request: &Incoming<'_>, now: Timestamp) -> Result<Heard, Refusal> {
        if !self.verify(request, now) {
            return Err(Refusal::Forged);
        }
        let mut heard = Heard::default();
        let body: Value = serde_json::from_slice(request.body).unwrap_or_default();
        match event(&body, now) {
            Some(found) => heard.events.extend(found),
            None => {
                let words = String::from_utf8_lossy(request.body).into_owned();
                let name = format!("strange-{:x}", crate::text::hash_of(&words));
                heard.strange.push((name, words));
            }
        }
        Ok(heard)
    }

    fn write(&self, to: &Place, piece: &Piece) -> Vec<Call> {
        let message = |words: &str, kind: &str, attributes: Value| {
            let body = json!({
                "content": words, "message_type": "outgoing", "private": false,
                "content_type": kind, "content_attributes": attributes,
            });
            Call::new(format!("conversations/{}/messages", to.talk), body)
        };
        match piece {
            Piece::Text { text, buttons } if buttons.is_empty() => {
                vec![message(text, "text", json!({}))]
            }
            Piece::Text { text, buttons } => {
                let items: Vec<Value> = buttons.iter().filter_map(item).collect();
                vec![message(text, "input_select", json!({ "items": items }))]
            }
            Piece::Cards(cards) => {
                let items: Vec<Value> = cards
                    .iter()
                    .map(|card| {
                        let open = card.url.iter().map(|url| json!({ "type": "link", "text": card.title, "uri": url }));
                        let taps = card.buttons.iter().filter_map(|button| match &button.tap {
                            Tap::Say(say) => Some(json!({ "type": "postback", "text": button.title, "payload": say })),
                            Tap::Open(_) => None,
                        });
                        json!({
                            "media_url": card.image, "title": card.title, "description": card.subtitle,
                            "actions": open.chain(taps).collect::<Vec<_>>(),
                        })
                    })
                    .collect();
                let titles: Vec<&str> = cards.iter().map(|card| card.title.as_str()).collect();
                vec![message(
                    &titles.join(", "),
                    "cards",
                    json!({ "items": items }),
                )]
            }
            // Its abilities have none.
            Piece::List { text, .. }
            | Piece::Carousel { text, .. }
            | Piece::Listed { text, .. }
            | Piece::Picture { caption: text, .. } => {
                vec![message(text, "text", json!({}))]
            }
        }
    }

    fn hand_over(&self, to: &Place) -> Option<Call> {
        let path = format!("conversations/{}/toggle_status", to.talk);
        Some(Call::new(path, json!({ "status": "open" })))
    }

    fn talk_of(&self, part: &str) -> Option<String> {
        id_at(part, &["/conversation/id"])
    }

    fn is_private(&self, _event: &Event) -> bool {
        true
    }

    fn photo_hosts(&self) -> Hosts {
        Hosts::of(&self.api)
    }

    fn ask(&self, call: &Call, _key: i64, _now: Timestamp) -> Result<Ask, String> {
        let url = format!("{}/api/v1/accounts/{}/{}", self.api, self.account, call.to);
        let url = url
            .parse()
            .map_err(|_| "`account_id` cannot be part of an address".to_owned())?;
        Ok(self.known(Ask::post(url, call.body.to_string().into_bytes(), MOST)))
    }

    fn answered(&self, _call: &Call, answer: &Answer) -> Outcome {
        let status = answer.status.as_u16();
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let toggled = said.pointer("/payload/success") == Some(&Value::Bool(true));
        match (status, id(&said, &["id"])) {
            (200..=299, Some(message)) => Outcome::Sent(Some(message)),
            (200..=299, None) if toggled => Outcome::Sent(None),
            (404, _) => {
                Outcome::Unreachable("Chatwoot does not know the conversation (404)".to_owned())
            }
            _ => Outcome::of_status(answer, format!("Chatwoot answers {status}")),
        }
    }

    fn check_ups(&self) -> Vec<CheckUp> {
        let url = format!(
            "{}/api/v1/accounts/{}/conversations?status=pending",
            self.api, self.account
        );
        let Ok(url) = url.parse() else {
            return Vec::new();
        };
        vec![CheckUp {
            ask: self.known(Ask::get(url, MOST)),
            what: "the token",
            read: |_, said| match said.get("data") {
                Some(_) => Ok("Chatwoot knows the bot".to_owned()),
                None => Err(
                    "Chatwoot does not know the token; Settings, Bots shows the bot's access token"
                        .to_owned(),
                ),
            },
        }]
    }
}

fn item(button: &Button) -> Option<Value> {
    match &button.tap {
        Tap::Say(say) => Some(json!({ "title": button.title, "value": say })),
        Tap::Open(_) => None,
    }
}

/// Where the pictures of a message are.
fn shown(body: &Value) -> Vec<String> {
    let all = body.get("attachments").and_then(Value::as_array);
    let pictures = all.into_iter().flatten();
    let pictures = pictures.filter(|one| text(one, &["file_type"]) == Some("image"));
    let urls = pictures.filter_map(|one| text(one, &["data_url"]));
    urls.map(str::to_owned).collect()
}

/// The event; nothing for one that is not ours to answer, none for one that cannot be read.
fn event(body: &Value, now: Timestamp) -> Option<Option<Event>> {
    let kind = text(body, &["event"])?;
    let conversation = body.get("conversation").unwrap_or(&Value::Null);
    let incoming = match body.get("message_type") {
        Some(Value::String(kind)) => kind == "incoming",
        Some(Value::Number(kind)) => kind.as_i64() == Some(0),
        _ => false,
    };
    let private = body.get("private") == Some(&Value::Bool(true));
    // An open conversation belongs to a person.
    let pending = text(conversation, &["status"]) == Some("pending");
    let submitted = body.pointer("/content_attributes/submitted_values/0");
    let what = match kind {
        "message_created" if incoming && !private && pending => {
            What::of(text(body, &["content"]), shown(body))
        }
        "message_updated" if pending => match submitted {
            Some(chosen) => What::Tapped {
                payload: text(chosen, &["value"])?.to_owned(),
                label: text(chosen, &["title"]).unwrap_or_default().to_owned(),
            },
            None => return Some(None),
        },
        _ => return Some(None),
    };
    let message = id(body, &["id"])?;
    let talk = id(conversation, &["id"])?;
    let at = text(body, &["created_at"]).and_then(|at| at.parse().ok());
    let tapped = matches!(what, What::Tapped { .. });
    // What is tapped stands in a message of the bot's own: its sender is the bot.
    let is_contact = !tapped || text(body, &["sender", "type"]) == Some("contact");
    let sender = id(body, &["sender", "id"]).filter(|_| is_contact);
    let person = id(conversation, &["meta", "sender", "id"]).or(sender);
    Some(Some(Event {
        id: match tapped {
            true => format!("{message}/submitted"),
            false => message,
        },
        person: person.unwrap_or_else(|| format!("talk {talk}")),
        talk,
        alias: None,
        // A tap is now, whenever its message was written.
        at: at.filter(|_| !tapped).unwrap_or(now),
        what,
        context: Value::Null,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body() -> Value {
        json!({
            "event": "message_created", "id": 991, "content": "Hi", "message_type": "incoming", "private": false,
            "created_at": "2026-11-20T10:00:00Z", "sender": { "id": 5, "type": "contact" },
            "conversation": { "id": 77, "status": "pending", "meta": { "sender": { "id": 5 } } }, "account": { "id": 1 },
        })
    }

    fn with(pointer: &str, value: Value) -> Value {
        let mut body = body();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    }

    #[test]
    fn what_a_contact_writes_is_answered_until_a_person_has_it() {
        let now = Timestamp::UNIX_EPOCH;
        let heard = event(&body(), now).unwrap().unwrap();
        assert_eq!(
            (
                heard.id.as_str(),
                heard.talk.as_str(),
                heard.person.as_str()
            ),
            ("991", "77", "5")
        );
        for ignored in [
            with("/message_type", json!("outgoing")),
            with("/private", json!(true)),
            with("/conversation/status", json!("open")),
            with("/event", json!("conversation_resolved")),
            with("/event", json!("message_updated")),
        ] {
            assert_eq!(event(&ignored, now), Some(None), "{ignored}");
        }
        let broken = with("/id", Value::Null);
        assert_eq!(event(&broken, now), None);
        let talk = id_at(&broken.to_string(), &["/conversation/id"]);
        assert_eq!(talk.as_deref(), Some("77"), "whose it is can still be told");
        let mut chosen = with("/event", json!("message_updated"));
        chosen["content_attributes"] =
            json!({ "submitted_values": [{ "title": "Returns", "value": "Returns" }] });
        let heard = event(&chosen, now).unwrap().unwrap();
        let (payload, label) = ("Returns".to_owned(), "Returns".to_owned());
        chosen["sender"] = json!({ "id": 2, "name": "Shoptalk", "type": "agent_bot" });
        let of_bot = event(&chosen, now).unwrap().unwrap();
        assert_eq!(of_bot.person, "5", "the bot taps nothing");
        chosen["conversation"] = json!({ "id": 77, "status": "pending" });
        let of_bot = event(&chosen, now).unwrap().unwrap();
        assert_eq!(of_bot.person, "talk 77");
        assert_eq!(heard.what, What::Tapped { payload, label });
    }

    #[test]
    fn it_is_known_by_its_signature_or_by_the_words_in_its_address() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let mut channel = Chatwoot {
            api: API.to_owned(),
            account: "1".to_owned(),
            token: String::new(),
            mac: Mac::new("test-secret"),
            path_secret: String::new(),
        };
        let right = "sha256=5db17a7628832617ca27da411c6f505dd27215352608932e6155f862f9d853e8";
        let said = "{\"ok\":true,\"t\":\"Grüße 👋\"}".as_bytes();
        let verify = |channel: &Chatwoot, at: &str, signature: &str, query: &str| {
            let header = |name: &str| match name {
                "x-chatwoot-timestamp" => Some(at),
                "x-chatwoot-signature" => Some(signature),
                _ => None,
            };
            let request = Incoming {
                get: false,
                uri: "/",
                query,
                header: &header,
                body: said,
            };
            channel.verify(&request, now)
        };
        assert!(verify(&channel, "1700000000", right, ""));
        assert!(!verify(&channel, "1700000001", right, ""));
        assert!(!verify(&channel, "1699999000", right, ""));
        assert!(!verify(&channel, "1700000000", &right[7..], ""));
        assert!(!verify(&channel, "1700000000", "", "secret="));
        channel.mac = None;
        assert!(
            !verify(&channel, "", "", "secret="),
            "no secret at all lets nobody in"
        );
        channel.path_secret = "ours".to_owned();
        assert!(verify(&channel, "", "", "secret=ours"));
        assert!(!verify(&channel, "", "", "secret=theirs"));
    }
}
