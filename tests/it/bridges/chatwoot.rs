//! Chatwoot's account API, as an agent bot uses it.

use super::fake::{Asked, Fake, Fault, Verdict};
use super::{Post, Rig, Said, deliver, now, said, serve, shop_with, until};
use axum::http::StatusCode;
use serde_json::{Value, json};
use shoptalk::remote::Mac;

const TOKEN: &str = "canary-chatwoot-token";
const SECRET: &str = "canary-chatwoot-secret";

pub async fn rig() -> Rig {
    let fake = Fake::start(judge).await;
    let settings = format!(
        "[channels.chatwoot]\naccount_id = \"1\"\napi = \"{}\"\nsend_seconds = 2\n",
        fake.url()
    );
    let fault =
        |status, headers| Fault::Answer(status, headers, json!({ "error": "e" }).to_string());
    Rig {
        account: "chatwoot",
        settings,
        secrets: vec![
            ("SHOPTALK_CHATWOOT_TOKEN", TOKEN.to_owned()),
            ("SHOPTALK_CHATWOOT_SECRET", SECRET.to_owned()),
        ],
        message: |said| post(said, SECRET),
        forged: |said| post(said, "another"),
        dated: true,
        idempotent: false,
        too_much: fault(429, vec![("retry-after", "1".to_owned())]),
        revoked: fault(401, Vec::new()),
        blocked: Some(fault(404, Vec::new())),
        words: |body| body["content"].as_str().unwrap_or_default().to_owned(),
        fake,
    }
}

/// A photo that is kept at [`path`].
pub fn shown(fake: &Fake, said: &Said, name: &str) -> Post {
    let url = format!("{}{}", fake.url(), path(name));
    let mut body = body(said);
    body["attachments"] = json!([{ "id": 3, "file_type": "image", "data_url": url }]);
    posted(&body, SECRET)
}

pub fn path(name: &str) -> String {
    format!("/rails/{name}.jpg")
}

fn post(said: &Said, secret: &str) -> Post {
    posted(&body(said), secret)
}

fn body(said: &Said) -> Value {
    let at = jiff::Timestamp::from_second(said.at).unwrap();
    let conversation: u64 = said.talk.parse().unwrap();
    json!({
        "event": "message_created", "id": said.id, "content": said.text, "content_type": "text",
        "message_type": "incoming", "private": false, "created_at": at,
        "sender": { "id": 5000 + conversation, "name": "Ana", "type": "contact" }, "inbox": { "id": 2 },
        "conversation": { "id": conversation, "status": "pending", "channel": "Channel::WebWidget" },
        "account": { "id": 1, "name": "Shop" },
    })
}

fn posted(body: &Value, secret: &str) -> Post {
    let (body, at) = (body.to_string(), now().to_string());
    let signature = Mac::new(secret)
        .unwrap()
        .hex(&[at.as_bytes(), b".", body.as_bytes()]);
    Post {
        headers: vec![
            ("content-type", "application/json".to_owned()),
            ("x-chatwoot-timestamp", at),
            ("x-chatwoot-signature", format!("sha256={signature}")),
        ],
        body,
        ..Post::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_handed_to_people_when_one_is_asked_for() {
    let rigs = [rig().await];
    let [rig] = &rigs;
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let toggle = "/api/v1/accounts/1/conversations/77/toggle_status";
    let toggled = || {
        let done = rig.fake.done();
        done.iter().filter(|(path, _)| path == toggle).count()
    };
    for (id, text) in [(1, "hi"), (2, "i want to talk to a person")] {
        assert_eq!(toggled(), 0, "not before it is asked for");
        let post = (rig.message)(&said(id, 77, text));
        assert_eq!(deliver(&shop, rig.account, post).await, 200);
        until("an answer", || rig.fake.taken_in("77").len() as u64 >= id).await;
    }
    until("the handover", || toggled() == 1).await;
    let said = rig.fake.taken_in("77").pop().unwrap();
    assert_eq!(said.body["message_type"], "outgoing");
    assert_eq!(rig.fake.wrong(), Vec::<String>::new());
    assert_eq!(server.stop(), Some(0));
}

fn judge(asked: &Asked) -> Verdict {
    let wrong = |why: &str| Verdict::Wrong(StatusCode::UNPROCESSABLE_ENTITY, why.to_owned());
    if asked.path.starts_with("/rails/") {
        return match asked.header("api_access_token") {
            "" => Verdict::File,
            _ => wrong("a token"),
        };
    }
    if asked.header("api_access_token") != TOKEN {
        return Verdict::Wrong(StatusCode::UNAUTHORIZED, "token".to_owned());
    }
    let Some(rest) = asked.path.strip_prefix("/api/v1/accounts/1/conversations") else {
        return wrong("path");
    };
    let body = &asked.body;
    let (talk, what) = rest
        .trim_start_matches('/')
        .split_once('/')
        .unwrap_or(("", ""));
    match what {
        "" => return Verdict::Fine(json!({ "data": { "payload": [] } })),
        "toggle_status" if body["status"] == "open" => {
            return Verdict::Fine(json!({ "payload": { "success": true } }));
        }
        "messages" => {}
        _ => return wrong("path"),
    }
    let items = body["content_attributes"]["items"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let filled = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    let right = match body["content_type"].as_str() {
        Some("text") => items.is_empty(),
        Some("input_select") => {
            !items.is_empty()
                && items
                    .iter()
                    .all(|one| filled(&one["title"]) && filled(&one["value"]))
        }
        Some("cards") => items
            .iter()
            .all(|one| filled(&one["title"]) && one["actions"].is_array()),
        _ => false,
    };
    match right && body["message_type"] == "outgoing" && filled(&body["content"]) {
        true => Verdict::Message(talk.to_owned(), json!({ "id": 7, "message_type": 1 })),
        false => wrong("message"),
    }
}
