//! Slack: the Events API, or Socket Mode for a server that cannot be reached from outside.

mod socket;

use super::abilities::{self, Abilities};
use super::bridge::{
    Call, Channel, CheckUp, Event, Heard, Incoming, Line, Outcome, Place, Refusal, Reply, What, id,
    id_at, seconds, text,
};
use super::render::{Button, Card, Piece, Tap};
use super::webhook::is_fresh;
use crate::config::ChannelSettings;
use crate::remote::{Answer, Ask, Hosts, Mac};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::time::Duration;

const API: &str = "https://slack.com/api";
const MOST: usize = 1024 * 1024;

pub struct Slack {
    api: String,
    token: String,
    app_token: String,
    mac: Option<Mac>,
    socket: bool,
}

impl Slack {
    pub fn new(settings: &ChannelSettings) -> Self {
        Self {
            api: settings.api.clone().unwrap_or_else(|| API.to_owned()),
            token: settings.revealed("TOKEN"),
            app_token: settings.revealed("APP_TOKEN"),
            mac: settings
                .secret("SECRET")
                .and_then(|secret| Mac::new(secret.reveal())),
            socket: settings.is_on("socket"),
        }
    }

    fn method(&self, name: &str, token: &str, body: &Value) -> Result<Ask, String> {
        let url = format!("{}/{name}", self.api);
        let url = url.parse().map_err(|_| "`api` is no address".to_owned())?;
        let ask = Ask::post(url, body.to_string().into_bytes(), MOST);
        Ok(ask
            .with("content-type", "application/json; charset=utf-8")
            .with_secret("authorization", &format!("Bearer {token}")))
    }
}

impl Channel for Slack {
    fn abilities(&self) -> &'static Abilities {
        &abilities::SLACK
    }

    fn read(&self, request: &Incoming<'_>, now: Timestamp) -> Result<Heard, Refusal> {
        let header = |name: &str| (request.header)(name).unwrap_or_default();
        let at = header("x-slack-request-timestamp");
        let mac = self.mac.as_ref().ok_or(Refusal::Forged)?;
        let signature = header("x-slack-signature")
            .strip_prefix("v0=")
            .ok_or(Refusal::Forged)?;
        let right = mac.verifies_hex(&[b"v0:", at.as_bytes(), b":", request.body], signature);
        if !right || !is_fresh(at, now) {
            return Err(Refusal::Forged);
        }
        let mut heard = Heard::default();
        let form = header("content-type").starts_with("application/x-www-form-urlencoded");
        let body: Value = match form {
            true => {
                let mut pairs = url::form_urlencoded::parse(request.body);
                let payload = pairs.find(|(name, _)| name == "payload");
                let payload = payload.and_then(|(_, payload)| serde_json::from_str(&payload).ok());
                payload.unwrap_or_default()
            }
            false => serde_json::from_slice(request.body).unwrap_or_default(),
        };
        if text(&body, &["type"]) == Some("url_verification") {
            let challenge = text(&body, &["challenge"]).unwrap_or_default();
            heard.reply = Reply {
                kind: "application/json",
                body: json!({ "challenge": challenge }).to_string(),
            };
            return Ok(heard);
        }
        match body.is_null() {
            true => {
                let words = String::from_utf8_lossy(request.body).into_owned();
                let name = format!("strange-{:x}", crate::text::hash_of(&words));
                heard.strange.push((name, words));
            }
            false => hear(&body, &mut heard),
        }
        // Words here would be shown to the shopper.
        heard.reply.body = String::new();
        Ok(heard)
    }

    fn write(&self, to: &Place, piece: &Piece) -> Vec<Call> {
        let (channel, thread) = match to.talk.split_once('/') {
            Some((channel, thread)) => (channel, Some(thread)),
            None => (to.talk.as_str(), None),
        };
        let message = |words: &str, blocks: Vec<Value>| {
            let mut body = json!({ "channel": channel, "text": words, "unfurl_links": false });
            if !blocks.is_empty() {
                body["blocks"] = json!(blocks);
            }
            if let Some(thread) = thread {
                body["thread_ts"] = json!(thread);
            }
            Call::new("chat.postMessage", body)
        };
        match piece {
            Piece::Text { text, buttons } if buttons.is_empty() => vec![message(text, Vec::new())],
            Piece::Text { text, buttons } => {
                vec![message(text, vec![section(text), actions(buttons)])]
            }
            Piece::Picture {
                url,
                caption,
                buttons,
            } => {
                let alt = super::render::shortened(caption, 2000, abilities::Unit::Characters);
                let alt = if alt.is_empty() { "-".to_owned() } else { alt };
                let mut blocks =
                    vec![json!({ "type": "image", "image_url": url, "alt_text": alt })];
                if !caption.is_empty() {
                    blocks.push(section(caption));
                }
                if !buttons.is_empty() {
                    blocks.push(actions(buttons));
                }
                vec![message(caption, blocks)]
            }
            Piece::Cards(cards) => {
                let titles: Vec<&str> = cards.iter().map(|card| card.title.as_str()).collect();
                let blocks = cards.iter().flat_map(card_blocks).collect();
                vec![message(&escaped(&titles.join(", ")), blocks)]
            }
            // Its abilities have none.
            Piece::List { text, .. }
            | Piece::Carousel { text, .. }
            | Piece::Listed { text, .. } => vec![message(text, Vec::new())],
        }
    }

    fn talk_of(&self, part: &str) -> Option<String> {
        let channel = id_at(part, &["/event/channel", "/channel/id"])?;
        let direct = channel.starts_with('D');
        let thread = id_at(part, &["/event/thread_ts", "/message/thread_ts"]);
        let thread = thread.or_else(|| id_at(part, &["/event/ts"]).filter(|_| !direct));
        Some(thread.map_or(channel.clone(), |thread| format!("{channel}/{thread}")))
    }

    fn is_private(&self, event: &Event) -> bool {
        // A channel's conversations are threads.
        !event.talk.contains('/')
    }

    fn photo(&self, photo: &str, _found: &Value, most: usize) -> Result<Ask, String> {
        let url = photo.parse().map_err(|_| "this is no address")?;
        let ask = Ask::get(url, most);
        Ok(ask.with_secret("authorization", &format!("Bearer {}", self.token)))
    }

    fn photo_hosts(&self) -> Hosts {
        let hosts = Hosts::new(["files.slack.com"]);
        match self.api == API {
            true => hosts,
            false => hosts.and(&Hosts::of(&self.api)),
        }
    }

    fn ask(&self, call: &Call, _key: i64, _now: Timestamp) -> Result<Ask, String> {
        self.method(&call.to, &self.token, &call.body)
    }

    fn answered(&self, _call: &Call, answer: &Answer) -> Outcome {
        let status = answer.status.as_u16();
        let Ok(said) = serde_json::from_slice::<Value>(&answer.body) else {
            return Outcome::of_status(answer, format!("Slack answers {status} and no JSON"));
        };
        if said.get("ok") == Some(&Value::Bool(true)) {
            return Outcome::Sent(id(&said, &["ts"]));
        }
        let error = text(&said, &["error"]).unwrap_or_default().to_owned();
        let why = format!("Slack answers {status} ({error})");
        match error.as_str() {
            "ratelimited" => Outcome::Later {
                wait: answer.retry_after().or(Some(Duration::from_secs(1))),
                all: true,
                why,
            },
            "invalid_auth" | "token_revoked" | "account_inactive" | "not_authed"
            | "token_expired" | "missing_scope" | "no_permission" => Outcome::Revoked(why),
            "channel_not_found" | "not_in_channel" | "is_archived" | "user_disabled" => {
                Outcome::Unreachable(why)
            }
            "internal_error" | "fatal_error" | "service_unavailable" | "request_timeout" => {
                Outcome::Later {
                    wait: answer.retry_after(),
                    all: false,
                    why,
                }
            }
            "" => Outcome::of_status(answer, why),
            _ => Outcome::Refused(why),
        }
    }

    fn check_ups(&self) -> Vec<CheckUp> {
        let Ok(ask) = self.method("auth.test", &self.token, &json!({})) else {
            return Vec::new();
        };
        vec![CheckUp {
            ask,
            what: "the token",
            read: |_, said| match (text(said, &["user"]), text(said, &["team"])) {
                (Some(user), Some(team)) => Ok(format!("Slack knows {user} of {team}")),
                _ => Err(format!(
                    "Slack does not know the token ({}); install the app again and copy the bot token",
                    text(said, &["error"]).unwrap_or("it answers nothing")
                )),
            },
        }]
    }

    fn fetch<'a>(&'a self, line: &'a Line) -> Option<BoxFuture<'a, Result<(), String>>> {
        self.socket
            .then(|| -> BoxFuture<'a, Result<(), String>> { Box::pin(socket::listen(self, line)) })
    }
}

fn section(words: &str) -> Value {
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": words } })
}

fn actions(buttons: &[Button]) -> Value {
    let elements = buttons.iter().enumerate().map(|(place, button)| {
        let label = json!({ "type": "plain_text", "text": button.title });
        match &button.tap {
            Tap::Say(payload) => json!({
                "type": "button", "action_id": format!("say-{place}"), "text": label, "value": payload,
            }),
            Tap::Open(url) => json!({
                "type": "button", "action_id": format!("open-{place}"), "text": label, "url": url,
            }),
        }
    });
    json!({ "type": "actions", "elements": elements.collect::<Vec<_>>() })
}

fn card_blocks(card: &Card) -> Vec<Value> {
    let title = match &card.url {
        Some(url) => format!(
            "<{}|{}>",
            escaped(url),
            escaped(&card.title).replace('|', "/")
        ),
        None => format!("*{}*", escaped(&card.title)),
    };
    let mut words = section(&format!("{title}\n{}", escaped(&card.subtitle)));
    if let Some(image) = &card.image {
        words["accessory"] = json!({ "type": "image", "image_url": image, "alt_text": card.title });
    }
    let mut blocks = vec![words];
    if !card.buttons.is_empty() {
        blocks.push(actions(&card.buttons));
    }
    blocks
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// What was written, without Slack's own marks: `<https://x.test|my order>` is "my order".
fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let (before, inside) = rest.split_at(start);
        plain.push_str(before);
        let Some(end) = inside.find('>') else {
            rest = inside;
            break;
        };
        let mark = &inside[1..end];
        rest = &inside[end + 1..];
        // A mention of the bot is nothing that was said.
        if mark.starts_with(['@', '!']) {
            continue;
        }
        let shown = mark.rsplit_once('|').map_or(mark, |(_, label)| label);
        plain.push_str(shown.trim_start_matches("mailto:"));
    }
    plain.push_str(rest);
    let plain = plain
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    plain.trim().to_owned()
}

/// Adds what a payload tells, of the Events API, of buttons, or out of an envelope of a socket.
fn hear(body: &Value, heard: &mut Heard) {
    let found = match text(body, &["type"]) {
        Some("event_callback") => message(body),
        Some("block_actions") => action(body),
        Some(_) => Some(None),
        None => None,
    };
    match found {
        Some(event) => heard.events.extend(event),
        None => {
            let words = body.to_string();
            let name = format!("strange-{:x}", crate::text::hash_of(&words));
            heard.strange.push((name, words));
        }
    }
}

fn message(body: &Value) -> Option<Option<Event>> {
    let event_id = id(body, &["event_id"])?;
    let event = body.get("event")?;
    let kind = text(event, &["type"])?;
    let channel_type = text(event, &["channel_type"]);
    let direct = channel_type == Some("im");
    if !(kind == "app_mention" || (kind == "message" && direct)) {
        return Some(None);
    }
    // Other bots and our own words; edits, deletions. A photo is a message all the same.
    let own = body
        .pointer("/authorizations/0/user_id")
        .and_then(Value::as_str);
    let user = text(event, &["user"]);
    let subtype = text(event, &["subtype"]).filter(|one| *one != "file_share");
    if event.get("bot_id").is_some_and(|bot| !bot.is_null()) || subtype.is_some() || user == own {
        return Some(None);
    }
    let (channel, ts) = (text(event, &["channel"])?, text(event, &["ts"])?);
    let thread = text(event, &["thread_ts"]).unwrap_or(ts);
    let said = unescaped(text(event, &["text"]).unwrap_or_default());
    Some(Some(Event {
        id: event_id,
        // A direct message is one conversation; in a channel each thread is.
        talk: match (direct, text(event, &["thread_ts"])) {
            (true, None) => channel.to_owned(),
            _ => format!("{channel}/{thread}"),
        },
        person: user?.to_owned(),
        alias: None,
        at: seconds(event.get("ts"))?,
        what: What::of(Some(&said), shown(event)),
        context: Value::Null,
    }))
}

/// Where the pictures of a message are.
fn shown(event: &Value) -> Vec<String> {
    let files = event.get("files").and_then(Value::as_array);
    let pictures = files
        .into_iter()
        .flatten()
        .filter(|file| text(file, &["mimetype"]).is_some_and(|kind| kind.starts_with("image/")));
    let urls = pictures.filter_map(|file| {
        text(file, &["url_private_download"]).or_else(|| text(file, &["url_private"]))
    });
    urls.map(str::to_owned).collect()
}

fn action(body: &Value) -> Option<Option<Event>> {
    let action = body.pointer("/actions/0")?;
    let Some(payload) = text(action, &["value"]) else {
        // A button that only opens an address.
        return Some(None);
    };
    let channel = id(body, &["channel", "id"])?;
    let at = seconds(action.get("action_ts"))?;
    let thread = text(body, &["message", "thread_ts"]);
    Some(Some(Event {
        id: id(body, &["trigger_id"]).or_else(|| id(action, &["action_ts"]))?,
        talk: thread.map_or(channel.clone(), |thread| format!("{channel}/{thread}")),
        person: id(body, &["user", "id"])?,
        alias: None,
        at,
        what: What::Tapped {
            payload: payload.to_owned(),
            label: text(action, &["text", "text"])
                .unwrap_or(payload)
                .to_owned(),
        },
        context: Value::Null,
    }))
}

#[cfg(test)]
mod tests;
