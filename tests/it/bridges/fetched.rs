//! Messengers that we ask, for a server that nobody reaches: Telegram again and again, Slack by a socket.

use super::fake::{Asked, Fake, Fault, Verdict};
use super::{Rig, now, said, serve, shop_with, slack, telegram, until};
use axum::http::StatusCode;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;

/// Updates that Telegram still has, and what it was asked.
#[derive(Default)]
pub struct Updates {
    pub waiting: Mutex<VecDeque<Value>>,
    deleted: Mutex<bool>,
}

impl Updates {
    /// Like Telegram: everything below the offset is forgotten, and a registered webhook is a conflict.
    pub fn ask(&self, asked: &Asked) -> Verdict {
        if asked.path.ends_with("/deleteWebhook") {
            *self.deleted.lock().unwrap() = true;
        }
        if !asked.path.ends_with("/getUpdates") {
            return telegram::judge(asked);
        }
        if !*self.deleted.lock().unwrap() {
            let words = json!({ "ok": false, "error_code": 409, "description": "Conflict: can't use getUpdates method while webhook is active" });
            return Verdict::Refused(StatusCode::CONFLICT, words);
        }
        let offset = telegram::as_json(&asked.body)["offset"]
            .as_i64()
            .unwrap_or(0);
        let mut waiting = self.waiting.lock().unwrap();
        waiting.retain(|update| update["update_id"].as_i64().unwrap() >= offset);
        let all: Vec<Value> = waiting.iter().cloned().collect();
        Verdict::Held(json!({ "ok": true, "result": all }))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_at_telegram_or_comes_by_slacks_socket_is_answered_once() {
    let updates = Arc::new(Updates::default());
    let of = Arc::clone(&updates);
    let fake = Fake::start(move |asked| of.ask(asked)).await;
    let polled = Rig {
        settings: format!(
            "[channels.telegram]\npoll = true\napi = \"{}\"\n",
            fake.url()
        ),
        fake,
        ..telegram::rig().await
    };
    for id in 1..=3 {
        let update = telegram::update(&said(id, 50 + id, "do you ship to norway?"));
        updates.waiting.lock().unwrap().push_back(update);
    }
    let (sockets, url) = slack_sockets().await;
    let fake = Fake::start(move |asked| opens_sockets(asked, &url)).await;
    let rigs = [polled, socketed(fake).await];
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let [polled, socketed] = &rigs;
    for talk in ["51", "52", "53"] {
        until("an answer by Telegram", || {
            polled.fake.taken_in(talk).len() == 1
        })
        .await;
    }
    // The first socket was cut off before its envelope was answered; the event came again by the second.
    until("an answer by Slack", || {
        socketed.fake.taken_in("61").len() == 1
    })
    .await;
    until("both envelopes", || {
        sockets.lock().unwrap().answered.len() == 2
    })
    .await;
    assert!(sockets.lock().unwrap().opened >= 2);
    assert_eq!(polled.fake.taken().len(), 3);
    assert_eq!(socketed.fake.taken_in("62").len(), 1);
    for rig in &rigs {
        assert_eq!(rig.fake.wrong(), Vec::<String>::new(), "{}", rig.account);
    }
    assert_eq!(server.stop(), Some(0));
    assert!(!shop.log().contains("canary"), "{}", shop.log());
}

/// Slack, with sockets at this address.
pub fn opens_sockets(asked: &Asked, url: &str) -> Verdict {
    match asked.path.as_str() {
        "/api/apps.connections.open" => match asked.header("authorization") {
            "Bearer xapp-canary" => Verdict::Fine(json!({ "ok": true, "url": url })),
            _ => Verdict::Fine(json!({ "ok": false, "error": "invalid_auth" })),
        },
        _ => slack::judge(asked),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slack_is_not_asked_for_sockets_again_and_again() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let of = Arc::clone(&asked);
    // Nobody is behind this address any more.
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/link", nobody.local_addr().unwrap());
    drop(nobody);
    let fake = Fake::start(move |one| {
        if one.path != "/api/apps.connections.open" {
            return slack::judge(one);
        }
        of.lock().unwrap().push(Instant::now());
        Verdict::Message("sockets".to_owned(), json!({ "ok": true, "url": url }))
    })
    .await;
    let headers = vec![("retry-after", "4".to_owned())];
    let too_often = json!({ "ok": false, "error": "ratelimited" }).to_string();
    fake.fail([Fault::Answer(429, headers, too_often)]);
    let rigs = [socketed(fake).await];
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    until("three openings", || asked.lock().unwrap().len() >= 3).await;
    let asked = asked.lock().unwrap().clone();
    assert!(asked[1] - asked[0] >= Duration::from_secs(4), "{asked:?}");
    assert!(asked[2] - asked[1] >= Duration::from_secs(2), "{asked:?}");
    assert_eq!(server.stop(), Some(0));
    assert!(!shop.log().contains("canary"), "{}", shop.log());
}

/// An account on Slack without a door.
async fn socketed(fake: Fake) -> Rig {
    let mut rig = slack::rig().await;
    rig.settings = format!(
        "[channels.slack]\nsocket = true\napi = \"{}/api\"\nper_second = 50\n",
        fake.url()
    );
    rig.secrets.retain(|(name, _)| !name.ends_with("_SECRET"));
    rig.secrets
        .push(("SHOPTALK_SLACK_APP_TOKEN", "xapp-canary".to_owned()));
    rig.fake = fake;
    rig
}

#[derive(Default)]
pub struct Sockets {
    opened: usize,
    pub answered: Vec<String>,
}

/// Slack's side of the sockets: the first delivers and is asked to go, the second delivers the same again and one more.
pub async fn slack_sockets() -> (Arc<Mutex<Sockets>>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/link", listener.local_addr().unwrap());
    let sockets = Arc::new(Mutex::new(Sockets::default()));
    let of = Arc::clone(&sockets);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let nth = {
                let mut sockets = of.lock().unwrap();
                sockets.opened += 1;
                sockets.opened
            };
            let of = Arc::clone(&of);
            tokio::spawn(async move {
                let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else {
                    return;
                };
                let hello = json!({ "type": "hello", "num_connections": 1 });
                let envelope = |name: &str, id: u64, talk: u64| {
                    let mut one = said(id, talk, "do you ship to norway?");
                    one.at = now();
                    json!({
                        "envelope_id": name, "type": "events_api", "accepts_response_payload": false,
                        "payload": slack::event(&one),
                    })
                };
                let frames = match nth {
                    1 => vec![
                        hello,
                        envelope("lost", 1, 61),
                        json!({ "type": "disconnect", "reason": "warning" }),
                    ],
                    2 => vec![hello, envelope("again", 1, 61), envelope("next", 2, 62)],
                    _ => vec![hello],
                };
                for frame in frames {
                    if socket.send(Message::text(frame.to_string())).await.is_err() {
                        return;
                    }
                }
                while let Some(Ok(frame)) = socket.next().await {
                    let Ok(text) = frame.to_text() else { continue };
                    let answer: Value = serde_json::from_str(text).unwrap_or_default();
                    if let Some(name) = answer["envelope_id"]
                        .as_str()
                        .filter(|name| *name != "lost")
                    {
                        of.lock().unwrap().answered.push(name.to_owned());
                    }
                }
            });
        }
    });
    (sockets, url)
}
