//! Telegram: the Bot API, by webhook or by asking again and again.

mod photos;

use super::abilities::{self, Abilities};
use super::bridge::{
    Call, Channel, CheckUp, Event, Heard, Incoming, Line, Outcome, Place, Refusal, What, id, id_at,
    seconds, text,
};
use super::render::{Button, Piece, Tap};
use crate::config::ChannelSettings;
use crate::relay::Code;
use crate::remote::{Answer, Ask, Hosts, Mac};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::time::Duration;
use subtle::ConstantTimeEq;

const API: &str = "https://api.telegram.org";
/// Seconds that Telegram holds a question for updates open.
const POLL: u64 = 25;
const MOST: usize = 4 * 1024 * 1024;
const UPDATES: [&str; 3] = ["message", "callback_query", "my_chat_member"];

pub struct Telegram {
    base: String,
    token: String,
    /// What Telegram sends with each webhook.
    secret: String,
    door: String,
    poll: bool,
    overridden: bool,
}

impl Telegram {
    pub fn new(settings: &ChannelSettings, door: String) -> Self {
        let token = settings.revealed("TOKEN");
        let own = settings
            .secret("SECRET")
            .map(|secret| secret.reveal().to_owned());
        // Nobody has to think of one: whoever knows the token may speak for Telegram anyway.
        let derived = || Mac::new(&token).map(|mac| mac.hex(&[b"webhook"]));
        Self {
            base: settings.api.clone().unwrap_or_else(|| API.to_owned()),
            secret: own.or_else(derived).unwrap_or_default(),
            token,
            door,
            poll: settings.is_on("poll"),
            overridden: settings.api.is_some(),
        }
    }

    fn method(&self, name: &str, body: &Value) -> Result<Ask, String> {
        let url = format!("{}/bot{}/{name}", self.base, self.token);
        let url = url
            .parse()
            .map_err(|_| "the token cannot be part of an address".to_owned())?;
        let body = body.to_string().into_bytes();
        Ok(Ask::post(url, body, MOST).with("content-type", "application/json"))
    }

    /// Asks a method whose answer is needed; the result, or Telegram's own words.
    async fn result(
        &self,
        line: &Line,
        name: &str,
        body: Value,
        within: u64,
    ) -> Result<Value, String> {
        let asking = line.remote.ask(self.method(name, &body)?);
        let answer = tokio::time::timeout(Duration::from_secs(within), asking).await;
        let answer = answer.map_err(|_| format!("{name}: no answer within {within} s"))?;
        let answer = answer.map_err(|error| format!("{name}: {error}"))?;
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        match said.get("ok") {
            Some(Value::Bool(true)) => Ok(said.get("result").cloned().unwrap_or_default()),
            _ => {
                let words = text(&said, &["description"]).unwrap_or("no words");
                Err(format!(
                    "{name}: Telegram answers {} ({words})",
                    answer.status.as_u16()
                ))
            }
        }
    }

    async fn poll(&self, line: &Line) -> Result<(), String> {
        self.result(line, "deleteWebhook", json!({}), 20).await?;
        let mut offset = 0_i64;
        loop {
            let asked = json!({ "offset": offset, "limit": 100, "timeout": POLL, "allowed_updates": UPDATES });
            let updates = tokio::select! {
                () = line.stop.cancelled() => return Ok(()),
                updates = self.result(line, "getUpdates", asked, POLL + 15) => updates?,
            };
            let updates = updates.as_array().cloned().unwrap_or_default();
            let mut heard = Heard::default();
            for update in &updates {
                hear(update, &mut heard);
                let number = update.get("update_id").and_then(Value::as_i64);
                offset = offset.max(number.unwrap_or(0) + 1);
            }
            // Telegram forgets them once the next question is asked: they are on the disk before.
            if !updates.is_empty() {
                (line.take)(heard, None).await?;
            }
        }
    }

    async fn register(&self, line: &Line) -> Result<(), String> {
        if !self.overridden && !self.door.starts_with("https://") {
            return Err(format!(
                "Telegram calls only https, and this server is at {}: set `url` under [server], or poll = true here",
                self.door
            ));
        }
        let asked =
            json!({ "url": self.door, "secret_token": self.secret, "allowed_updates": UPDATES });
        self.result(line, "setWebhook", asked, 20).await?;
        line.stop.cancelled().await;
        Ok(())
    }
}

impl Channel for Telegram {
    fn abilities(&self) -> &'static Abilities {
        &abilities::TELEGRAM
    }

    fn read(&self, request: &Incoming<'_>, _now: Timestamp) -> Result<Heard, Refusal> {
        let header = |name: &str| (request.header)(name).unwrap_or_default();
        let said = header("x-telegram-bot-api-secret-token");
        let right = bool::from(said.as_bytes().ct_eq(self.secret.as_bytes()));
        if self.poll || self.secret.is_empty() || !right {
            return Err(Refusal::Forged);
        }
        let kind = header("content-type").split(';').next().unwrap_or_default();
        if kind.trim() != "application/json" {
            return Err(Refusal::Form);
        }
        let mut heard = Heard::default();
        match serde_json::from_slice::<Value>(request.body) {
            Ok(update) => hear(&update, &mut heard),
            Err(_) => strange(&mut heard, request.body),
        }
        Ok(heard)
    }

    fn write(&self, to: &Place, piece: &Piece) -> Vec<Call> {
        let chat = chat(&to.talk);
        let message = |words: &str, buttons: &[Button]| {
            let mut body = json!({
                "chat_id": chat, "text": words, "parse_mode": "HTML", "link_preview_options": { "is_disabled": true },
            });
            add_keyboard(&mut body, buttons);
            Call::new("sendMessage", body)
        };
        match piece {
            Piece::Text { text, buttons } => vec![message(text, buttons)],
            Piece::Picture {
                url,
                caption,
                buttons,
            } => {
                let mut body = json!({ "chat_id": chat, "photo": url, "caption": caption, "parse_mode": "HTML" });
                add_keyboard(&mut body, buttons);
                vec![Call::new("sendPhoto", body)]
            }
            // Its abilities have neither.
            Piece::List { text, .. } => vec![message(text, &[])],
            Piece::Cards(_) | Piece::Carousel { .. } | Piece::Listed { .. } => Vec::new(),
        }
    }

    fn courtesy(&self, event: &Event) -> Option<Call> {
        // Without it the button keeps turning.
        let callback = id(&event.context, &["callback"])?;
        let body = json!({ "callback_query_id": callback });
        Some(Call::new("answerCallbackQuery", body))
    }

    fn talk_of(&self, part: &str) -> Option<String> {
        let chats = ["/message/chat/id", "/my_chat_member/chat/id"];
        id_at(part, &chats).or_else(|| id_at(part, &["/callback_query/from/id"]))
    }

    fn is_private(&self, _event: &Event) -> bool {
        // Groups are not listened to.
        true
    }

    fn find_photo(&self, photo: &str) -> Option<Result<Ask, String>> {
        Some(self.method("getFile", &json!({ "file_id": photo })))
    }

    fn photo(&self, _photo: &str, found: &Value, most: usize) -> Result<Ask, String> {
        let path = text(found, &["result", "file_path"]).ok_or("getFile says no file_path")?;
        photos::ask(&self.base, &self.token, path, most)
    }

    fn photo_hosts(&self) -> Hosts {
        Hosts::of(&self.base)
    }

    fn ask(&self, call: &Call, _key: i64, _now: Timestamp) -> Result<Ask, String> {
        self.method(&call.to, &call.body)
    }

    fn answered(&self, call: &Call, answer: &Answer) -> Outcome {
        let said: Value = match serde_json::from_slice(&answer.body) {
            Ok(said) => said,
            Err(_) => {
                let why = format!("Telegram answers {} and no JSON", answer.status.as_u16());
                return Outcome::of_status(answer, why);
            }
        };
        if said.get("ok") == Some(&Value::Bool(true)) {
            return Outcome::Sent(id(&said, &["result", "message_id"]));
        }
        let words = text(&said, &["description"]).unwrap_or_default();
        let code = said.get("error_code").and_then(Value::as_u64);
        let code = code.unwrap_or_else(|| u64::from(answer.status.as_u16()));
        let why = format!("Telegram answers {code} ({words})");
        let lower = words.to_lowercase();
        match code {
            400 if lower.contains("can't parse entities") => bare(call)
                .map_or(Outcome::Refused(why), |call| {
                    Outcome::Instead(Box::new(call))
                }),
            // The picture cannot be fetched: its words can still be said.
            400 if call.to == "sendPhoto" => Outcome::Instead(Box::new(in_words(call))),
            400 if lower.contains("chat not found") || lower.contains("deactivated") => {
                Outcome::Unreachable(why)
            }
            401 | 404 => Outcome::Revoked(why),
            403 => Outcome::Unreachable(why),
            429 => {
                let wait = said
                    .pointer("/parameters/retry_after")
                    .and_then(Value::as_f64);
                let wait = wait.and_then(|wait| Duration::try_from_secs_f64(wait).ok());
                Outcome::Later {
                    wait: wait.or_else(|| answer.retry_after()),
                    all: true,
                    why,
                }
            }
            409 | 500..=599 => Outcome::Later {
                wait: answer.retry_after(),
                all: false,
                why,
            },
            200..=299 => Outcome::Unknown(why),
            _ => Outcome::Refused(why),
        }
    }

    fn check_ups(&self) -> Vec<CheckUp> {
        let mut all = Vec::new();
        if let Ok(ask) = self.method("getMe", &json!({})) {
            all.push(CheckUp {
                ask,
                what: "the token",
                read: |_, said| match text(said, &["result", "username"]) {
                    Some(name) => Ok(format!("Telegram knows the bot @{name}")),
                    None => Err(
                        "Telegram does not know the token; @BotFather shows it under /mybots"
                            .to_owned(),
                    ),
                },
            });
        }
        if !self.poll
            && let Ok(ask) = self.method("getWebhookInfo", &json!({}))
        {
            all.push(CheckUp {
                ask,
                what: "the webhook",
                read: |settings, said| {
                    let url = text(said, &["result", "url"]).unwrap_or_default();
                    let ends = format!("/bridges/{}", settings.name);
                    match text(said, &["result", "last_error_message"]) {
                        _ if !url.ends_with(&ends) => Err(format!(
                            "Telegram calls `{url}`; `shoptalk serve` registers the right address when it can be reached from outside"
                        )),
                        Some(error) => Err(format!("Telegram could not deliver to {url}: {error}")),
                        None => Ok(format!("Telegram calls {url}")),
                    }
                },
            });
        }
        all
    }

    fn fetch<'a>(&'a self, line: &'a Line) -> Option<BoxFuture<'a, Result<(), String>>> {
        Some(match self.poll {
            true => Box::pin(self.poll(line)),
            false => Box::pin(self.register(line)),
        })
    }
}

/// Chats have numbers, channels names.
fn chat(talk: &str) -> Value {
    talk.parse::<i64>()
        .map_or_else(|_| json!(talk), |number| json!(number))
}

fn add_keyboard(body: &mut Value, buttons: &[Button]) {
    if buttons.is_empty() {
        return;
    }
    let rows: Vec<Value> = buttons
        .iter()
        .map(|button| match &button.tap {
            Tap::Say(payload) => json!([{ "text": button.title, "callback_data": payload }]),
            Tap::Open(url) => json!([{ "text": button.title, "url": url }]),
        })
        .collect();
    body["reply_markup"] = json!({ "inline_keyboard": rows });
}

/// The same without any markup, for words that Telegram cannot read as HTML.
fn bare(call: &Call) -> Option<Call> {
    let mut body = call.body.clone();
    let fields = body.as_object_mut()?;
    fields.remove("parse_mode")?;
    for name in ["text", "caption"] {
        if let Some(Value::String(words)) = fields.get_mut(name) {
            *words = without_tags(words);
        }
    }
    Some(Call::new(&call.to, body))
}

fn in_words(call: &Call) -> Call {
    let mut body = json!({
        "chat_id": call.body["chat_id"], "text": call.body["caption"], "parse_mode": "HTML",
        "link_preview_options": { "is_disabled": true },
    });
    if let Some(keyboard) = call.body.get("reply_markup") {
        body["reply_markup"] = keyboard.clone();
    }
    Call::new("sendMessage", body)
}

fn without_tags(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => plain.push(c),
            _ => {}
        }
    }
    plain
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

fn strange(heard: &mut Heard, body: &[u8]) {
    let words = String::from_utf8_lossy(body).into_owned();
    heard
        .strange
        .push((format!("strange-{:x}", crate::text::hash_of(&words)), words));
}

/// Adds what an update tells. What is not for us (groups, edits, other bots) is none.
fn hear(update: &Value, heard: &mut Heard) {
    let Some(number) = id(update, &["update_id"]) else {
        return strange(heard, update.to_string().as_bytes());
    };
    let now = Timestamp::now();
    let event = |talk: String, at: Option<Timestamp>, what: What, context: Value| Event {
        id: number.clone(),
        person: talk.clone(),
        talk,
        alias: None,
        at: at.unwrap_or(now),
        what,
        context,
    };
    let private = |message: &Value| text(message, &["chat", "type"]) == Some("private");
    let from_bot = |one: &Value| one.pointer("/from/is_bot") == Some(&Value::Bool(true));
    if let Some(message) = update.get("message") {
        let Some(talk) = id(message, &["chat", "id"]) else {
            return heard.strange.push((number, update.to_string()));
        };
        if !private(message) || from_bot(message) {
            return;
        }
        let said = text(message, &["text"]).or_else(|| text(message, &["caption"]));
        let what = What::of(said.map(opening), photos::of(message));
        heard
            .events
            .push(event(talk, seconds(message.get("date")), what, Value::Null));
    } else if let Some(query) = update.get("callback_query") {
        let (Some(talk), Some(payload)) = (id(query, &["from", "id"]), text(query, &["data"]))
        else {
            return heard.strange.push((number, update.to_string()));
        };
        let what = What::Tapped {
            payload: payload.to_owned(),
            label: label(query, payload).unwrap_or_default(),
        };
        let context = json!({ "callback": id(query, &["id"]) });
        heard.events.push(event(talk, None, what, context));
    } else if let Some(change) = update.get("my_chat_member") {
        let Some(talk) = id(change, &["chat", "id"]).filter(|_| private(change)) else {
            return;
        };
        let what = match text(change, &["new_chat_member", "status"]) {
            Some("kicked" | "left") => What::Gone,
            _ => What::Back,
        };
        heard
            .events
            .push(event(talk, seconds(change.get("date")), what, Value::Null));
    }
}

/// `/start ref42` and `/start@bot` are a start; one with a code is brought from elsewhere.
fn opening(text: &str) -> &str {
    let word = text.split([' ', '@']).next().unwrap_or(text);
    let code = text.split_once(' ').and_then(|(_, rest)| Code::read(rest));
    if word == "/start" && code.is_none() {
        word
    } else {
        text
    }
}

/// What stood on the button.
fn label(query: &Value, payload: &str) -> Option<String> {
    let rows = query
        .pointer("/message/reply_markup/inline_keyboard")?
        .as_array()?;
    let mut buttons = rows.iter().filter_map(Value::as_array).flatten();
    let button = buttons.find(|button| text(button, &["callback_data"]) == Some(payload))?;
    text(button, &["text"]).map(str::to_owned)
}

#[cfg(test)]
mod tests;
