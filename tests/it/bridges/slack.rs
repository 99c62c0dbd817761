//! Slack's Web API and its sockets.

use super::fake::{Asked, Fake, Fault, Verdict};
use super::{Post, Rig, Said, now};
use axum::http::StatusCode;
use serde_json::{Value, json};
use shoptalk::remote::Mac;

pub const TOKEN: &str = "xoxb-canary-slack-token";
pub const SECRET: &str = "canary-slack-secret";

pub async fn rig() -> Rig {
    let fake = Fake::start(judge).await;
    let settings = format!(
        "[channels.slack]\napi = \"{}/api\"\nsend_seconds = 2\nper_second = 50\n",
        fake.url()
    );
    let error = |status, error: &str, headers| {
        Fault::Answer(
            status,
            headers,
            json!({ "ok": false, "error": error }).to_string(),
        )
    };
    Rig {
        account: "slack",
        settings,
        secrets: vec![
            ("SHOPTALK_SLACK_TOKEN", TOKEN.to_owned()),
            ("SHOPTALK_SLACK_SECRET", SECRET.to_owned()),
        ],
        message: |said| post(said, SECRET),
        forged: |said| post(said, "another"),
        dated: true,
        idempotent: false,
        too_much: error(429, "ratelimited", vec![("retry-after", "1".to_owned())]),
        revoked: error(200, "token_revoked", Vec::new()),
        blocked: Some(error(200, "channel_not_found", Vec::new())),
        words: |body| body["text"].as_str().unwrap_or_default().to_owned(),
        fake,
    }
}

pub fn event(said: &Said) -> Value {
    let ts = format!("{}.{:06}", said.at, said.id);
    let event = json!({
        "type": "message", "channel": said.talk, "channel_type": "im", "user": format!("U{}", said.talk),
        "text": said.text, "ts": ts, "event_ts": ts,
    });
    json!({
        "type": "event_callback", "team_id": "T1", "event_id": format!("Ev{}", said.id), "event_time": said.at,
        "authorizations": [{ "team_id": "T1", "user_id": "UBOT", "is_bot": true }], "event": event,
    })
}

/// A photo that is kept at [`path`].
pub fn shown(fake: &Fake, said: &Said, name: &str) -> Post {
    let url = format!("{}{}", fake.url(), path(name));
    let mut body = event(said);
    body["event"]["subtype"] = json!("file_share");
    body["event"]["files"] = json!([{ "id": "F1", "mimetype": "image/jpeg", "url_private": url, "url_private_download": url }]);
    posted(&body, SECRET)
}

pub fn path(name: &str) -> String {
    format!("/files/{name}.jpg")
}

fn post(said: &Said, secret: &str) -> Post {
    posted(&event(said), secret)
}

fn posted(body: &Value, secret: &str) -> Post {
    let body = body.to_string();
    let at = now().to_string();
    let mac = Mac::new(secret).unwrap();
    let signature = mac.hex(&[b"v0:", at.as_bytes(), b":", body.as_bytes()]);
    Post {
        headers: vec![
            ("content-type", "application/json".to_owned()),
            ("x-slack-request-timestamp", at),
            ("x-slack-signature", format!("v0={signature}")),
        ],
        body,
        ..Post::default()
    }
}

fn fits(value: &Value, most: usize) -> bool {
    value
        .as_str()
        .is_some_and(|text| (1..=most).contains(&text.chars().count()))
}

pub fn judge(asked: &Asked) -> Verdict {
    let wrong = |why: &str| Verdict::Refused(StatusCode::OK, json!({ "ok": false, "error": why }));
    if asked.header("authorization") != format!("Bearer {TOKEN}") {
        return wrong("invalid_auth");
    }
    if asked.path.starts_with("/files/") {
        return Verdict::File;
    }
    let body = &asked.body;
    match asked.path.as_str() {
        "/api/auth.test" => {
            return Verdict::Fine(
                json!({ "ok": true, "user": "shop", "team": "Alder", "team_id": "T1", "user_id": "UBOT", "bot_id": "B1" }),
            );
        }
        "/api/chat.postMessage" => {}
        _ => return wrong("unknown_method"),
    }
    let blocks = body["blocks"].as_array().cloned().unwrap_or_default();
    let right = |block: &Value| match block["type"].as_str() {
        Some("section") => fits(&block["text"]["text"], 3000) && block["text"]["type"] == "mrkdwn",
        Some("image") => fits(&block["image_url"], 3000) && fits(&block["alt_text"], 2000),
        Some("actions") => {
            let elements = block["elements"].as_array().cloned().unwrap_or_default();
            let mut ids: Vec<String> = elements
                .iter()
                .map(|one| one["action_id"].to_string())
                .collect();
            ids.sort();
            ids.dedup();
            (1..=25).contains(&elements.len())
                && ids.len() == elements.len()
                && elements.iter().all(|one| {
                    let value = one.get("value").is_none_or(|value| fits(value, 2000));
                    fits(&one["text"]["text"], 75) && fits(&one["action_id"], 255) && value
                })
        }
        _ => false,
    };
    match body["channel"].as_str() {
        Some(channel)
            if fits(&body["text"], 40_000) && blocks.len() <= 50 && blocks.iter().all(right) =>
        {
            Verdict::Message(
                channel.to_owned(),
                json!({ "ok": true, "channel": channel, "ts": "1.2", "message": { "type": "message", "text": body["text"] } }),
            )
        }
        _ => wrong("invalid_blocks"),
    }
}
