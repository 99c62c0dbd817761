//! A messenger of the shop's own, which checks every signature.

use super::fake::{Asked, Fake, Fault, Verdict};
use super::{Post, Rig, Said, now};
use axum::http::StatusCode;
use serde_json::{Value, json};
use shoptalk::remote::Mac;

pub const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

pub async fn rig() -> Rig {
    let fake = Fake::start(judge).await;
    let settings = format!(
        "[channels.webhook]\nurl = \"{}/hook\"\nsend_seconds = 2\n",
        fake.url()
    );
    let fault = |status, headers| Fault::Answer(status, headers, "{}".to_owned());
    Rig {
        account: "webhook",
        settings,
        secrets: vec![("SHOPTALK_WEBHOOK_SECRET", SECRET.to_owned())],
        message: |said| post(said, SECRET),
        forged: |said| post(said, "whsec_YW5vdGhlcg=="),
        dated: true,
        idempotent: true,
        too_much: fault(429, vec![("retry-after", "1".to_owned())]),
        revoked: fault(410, Vec::new()),
        blocked: None,
        words: |body| body["data"]["text"].as_str().unwrap_or_default().to_owned(),
        fake,
    }
}

/// A photo that is kept at [`path`].
pub fn shown(fake: &Fake, said: &Said, name: &str) -> Post {
    let url = format!("{}{}", fake.url(), path(name));
    let data = json!({ "conversation": said.talk, "text": said.text, "photos": [url] });
    posted(said, data, SECRET)
}

pub fn path(name: &str) -> String {
    format!("/photos/{name}")
}

fn post(said: &Said, secret: &str) -> Post {
    let data = json!({ "conversation": said.talk, "text": said.text });
    posted(said, data, secret)
}

fn posted(said: &Said, data: Value, secret: &str) -> Post {
    let at = jiff::Timestamp::from_second(said.at).unwrap();
    let body = json!({ "type": "message.created", "timestamp": at, "data": data }).to_string();
    let (id, seconds) = (format!("msg_{}", said.id), now());
    let signature = Mac::standard(secret)
        .unwrap()
        .sign_standard(&id, seconds, body.as_bytes());
    Post {
        headers: vec![
            ("webhook-id", id),
            ("webhook-timestamp", seconds.to_string()),
            ("webhook-signature", signature),
            ("content-type", "application/json".to_owned()),
        ],
        body,
        ..Post::default()
    }
}

fn judge(asked: &Asked) -> Verdict {
    if asked.path.starts_with("/photos/") {
        return Verdict::File;
    }
    let mac = Mac::standard(SECRET).unwrap();
    let (id, at) = (
        asked.header("webhook-id"),
        asked.header("webhook-timestamp"),
    );
    let signed = mac.verifies_standard(id, at, &asked.raw, asked.header("webhook-signature"));
    let fresh = at.parse::<i64>().is_ok_and(|at| (now() - at).abs() < 300);
    if !signed || !fresh || id.is_empty() || asked.path != "/hook" {
        return Verdict::Wrong(StatusCode::UNAUTHORIZED, "signature".to_owned());
    }
    match asked.body["data"]["conversation"].as_str() {
        Some(talk) if asked.body["type"] == "message.created" => {
            Verdict::Message(talk.to_owned(), json!({}))
        }
        _ => Verdict::Wrong(StatusCode::BAD_REQUEST, "body".to_owned()),
    }
}
