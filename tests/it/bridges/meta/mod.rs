//! Meta's Graph API as WhatsApp, Messenger and Instagram meet it.

mod whatsapp;

pub use whatsapp::*;

use super::fake::{Asked, Fake, Fault, Verdict};
use super::{Post, Rig, Said};
use axum::http::StatusCode;
use serde_json::{Value, json};
use shoptalk::remote::Mac;

pub const TOKEN: &str = "canary-meta-token";
pub const SECRET: &str = "canary-meta-secret";

fn secrets(of: &'static [&'static str; 3]) -> Vec<(&'static str, String)> {
    let values = [TOKEN, SECRET, "canary-verify"];
    of.iter()
        .zip(values)
        .map(|(name, value)| (*name, value.to_owned()))
        .collect()
}

pub fn error(status: u16, code: i64, message: &str) -> Fault {
    let body = json!({ "error": { "message": message, "type": "OAuthException", "code": code } });
    Fault::Answer(status, Vec::new(), body.to_string())
}

/// Signed as Meta does, over JSON in ASCII.
pub fn signed(body: &Value, secret: &str) -> Post {
    let mut text = String::new();
    for c in body.to_string().chars() {
        match c.is_ascii() {
            true => text.push(c),
            false => {
                let mut units = [0; 2];
                let escapes = c
                    .encode_utf16(&mut units)
                    .iter()
                    .map(|unit| format!("\\u{unit:04x}"));
                text.extend(escapes);
            }
        }
    }
    let signature = Mac::new(secret).unwrap().hex(&[text.as_bytes()]);
    Post {
        headers: vec![
            ("content-type", "application/json".to_owned()),
            ("x-hub-signature-256", format!("sha256={signature}")),
        ],
        body: text,
        ..Post::default()
    }
}

fn wrong(why: &str) -> Verdict {
    refused(StatusCode::BAD_REQUEST, 131_009, why)
}

fn refused(status: StatusCode, code: i64, why: &str) -> Verdict {
    let words = json!({
        "message": format!("(#{code}) refused"), "type": "OAuthException", "code": code,
        "error_data": { "messaging_product": "whatsapp", "details": why }, "fbtrace_id": "trace",
    });
    Verdict::Refused(status, json!({ "error": words }))
}

fn fits(value: &Value, most: usize) -> bool {
    value
        .as_str()
        .is_some_and(|text| (1..=most).contains(&text.chars().count()))
}

fn is_known(asked: &Asked) -> bool {
    asked.header("authorization") == format!("Bearer {TOKEN}")
}

pub fn messenger_shown(fake: &Fake, said: &Said, name: &str) -> Post {
    page_shown("page", fake, said, name)
}

pub fn instagram_shown(fake: &Fake, said: &Said, name: &str) -> Post {
    page_shown("instagram", fake, said, name)
}

fn page_shown(object: &str, fake: &Fake, said: &Said, name: &str) -> Post {
    let mut body = page(object, said);
    let message = &mut body["entry"][0]["messaging"][0]["message"];
    let payload = json!({ "url": format!("{}{}", fake.url(), path(name)) });
    message["attachments"] = json!([{ "type": "image", "payload": payload }]);
    if said.text.is_empty() {
        message.as_object_mut().unwrap().remove("text");
    }
    signed(&body, SECRET)
}

pub fn path(name: &str) -> String {
    format!("/media/{name}")
}

pub async fn messenger() -> Rig {
    let fake = Fake::start(|asked| judge_messenger(asked, 2000, false)).await;
    let settings = format!(
        "[channels.messenger]\napi = \"{}\"\nsend_seconds = 2\n",
        fake.url()
    );
    Rig {
        account: "messenger",
        settings,
        secrets: secrets(&[
            "SHOPTALK_MESSENGER_TOKEN",
            "SHOPTALK_MESSENGER_SECRET",
            "SHOPTALK_MESSENGER_VERIFY_TOKEN",
        ]),
        message: |said| signed(&page("page", said), SECRET),
        forged: |said| signed(&page("page", said), "another"),
        ..page_rig(fake)
    }
}

pub async fn instagram() -> Rig {
    let fake = Fake::start(|asked| judge_messenger(asked, 1000, true)).await;
    let settings = format!(
        "[channels.instagram]\napi = \"{}\"\nsend_seconds = 2\n",
        fake.url()
    );
    Rig {
        account: "instagram",
        settings,
        secrets: secrets(&[
            "SHOPTALK_INSTAGRAM_TOKEN",
            "SHOPTALK_INSTAGRAM_SECRET",
            "SHOPTALK_INSTAGRAM_VERIFY_TOKEN",
        ]),
        message: |said| signed(&page("instagram", said), SECRET),
        forged: |said| signed(&page("instagram", said), "another"),
        ..page_rig(fake)
    }
}

fn page_rig(fake: Fake) -> Rig {
    Rig {
        account: "",
        settings: String::new(),
        secrets: Vec::new(),
        message: |_| Post::default(),
        forged: |_| Post::default(),
        dated: true,
        idempotent: false,
        too_much: error(400, 613, "Calls to this api have exceeded the rate limit"),
        revoked: error(400, 190, "Invalid OAuth access token"),
        blocked: Some(error(400, 551, "This person isn't available right now")),
        words: |body| {
            body["message"]["text"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        },
        fake,
    }
}

fn page(object: &str, said: &Said) -> Value {
    let messaging = json!([{
        "sender": { "id": said.talk }, "recipient": { "id": "PAGE1" }, "timestamp": said.at * 1000,
        "message": { "mid": format!("m_{}", said.id), "text": said.text },
    }]);
    json!({ "object": object, "entry": [{ "id": "PAGE1", "time": 1, "messaging": messaging }] })
}

fn judge_messenger(asked: &Asked, most: usize, bytes: bool) -> Verdict {
    // These addresses are known to whoever was told them, and nobody's token belongs there.
    if asked.path.starts_with("/media/") {
        return match asked.header("authorization") {
            "" => Verdict::File,
            _ => wrong("a token"),
        };
    }
    if !is_known(asked) {
        return refused(StatusCode::UNAUTHORIZED, 190, "token");
    }
    if asked.path != "/v23.0/me/messages" {
        return Verdict::Fine(json!({ "name": "Alder & Pine", "id": "PAGE1" }));
    }
    let body = &asked.body;
    let Some(to) = body["recipient"]["id"].as_str() else {
        return wrong("100 recipient");
    };
    if let Some(action) = body["sender_action"].as_str() {
        let known = ["typing_on", "typing_off", "mark_seen"].contains(&action);
        return if known {
            Verdict::Fine(json!({}))
        } else {
            wrong("sender_action")
        };
    }
    let message = &body["message"];
    let length = |text: &str| {
        if bytes {
            text.len()
        } else {
            text.chars().count()
        }
    };
    let replies = message["quick_replies"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let replied = replies.len() <= 13
        && replies.iter().all(|one| {
            one["content_type"] == "text" && fits(&one["title"], 20) && fits(&one["payload"], 1000)
        });
    let payload = &message["attachment"]["payload"];
    let right = match message["text"].as_str() {
        Some(text) => (1..=most).contains(&length(text)) && replied,
        None if message["attachment"]["type"] == "image" => payload["url"].is_string(),
        None => {
            let elements = payload["elements"].as_array().cloned().unwrap_or_default();
            payload["template_type"] == "generic"
                && (1..=10).contains(&elements.len())
                && elements.iter().all(|one| {
                    let buttons = one["buttons"].as_array().cloned().unwrap_or_default();
                    fits(&one["title"], 80)
                        && one.get("subtitle").is_none_or(|words| fits(words, 80))
                        && buttons.len() <= 3
                        && buttons.iter().all(|button| fits(&button["title"], 20))
                })
        }
    };
    match right && body["messaging_type"] == "RESPONSE" {
        true => Verdict::Message(
            to.to_owned(),
            json!({ "recipient_id": to, "message_id": "m_out" }),
        ),
        false => wrong("100 invalid parameter"),
    }
}
