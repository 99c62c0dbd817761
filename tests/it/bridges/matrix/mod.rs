//! A homeserver, as strict as Synapse is, and what only Matrix has: rooms, invitations, names, encryption.

mod rooms;

use super::fake::{Asked, Fake, Fault, Verdict};
use super::{Post, Rig, Said, knock, now, said, serve, shop_with, telegram, until};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

const TOKEN: &str = "syt_canary-matrix-token";
pub const BOT: &str = "@shop:home.test";
/// Events of a room in one answer: few, so that what is before them has to be asked for.
const MOST: usize = 2;
const QUESTION: &str = "do you ship to norway?";

/// What a homeserver knows.
#[derive(Default)]
pub struct Home {
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    /// Room and event, in their order: a place in it is what tokens name.
    log: Vec<(String, Value)>,
    invited: BTreeMap<String, String>,
    joined: BTreeSet<String>,
    /// What was sent under which path.
    sent: BTreeMap<String, Value>,
    /// How far the account has read for good; nothing before it asked for the first time.
    read_to: Option<usize>,
    marked: BTreeSet<String>,
    /// Rooms in which a third is.
    crowded: BTreeSet<String>,
    /// Tokens that are good, when there is a password; devices they are of.
    tokens: Vec<(String, String)>,
    by_password: bool,
}

impl Home {
    /// Somebody writes to the bot; the place of it.
    pub fn say(&self, said: &Said) -> usize {
        let event = message(
            said.id,
            &said.talk,
            said.at,
            json!({ "msgtype": "m.text", "body": said.text }),
        );
        self.put(&said.talk, [event])
    }

    /// Somebody shows a photo that is kept at [`path`].
    pub fn show(&self, said: &Said, name: &str) {
        let content = json!({ "msgtype": "m.image", "body": "photo.jpg", "url": format!("mxc://home.test/{name}") });
        self.put(&said.talk, [message(said.id, &said.talk, said.at, content)]);
    }

    /// Events of one room, all at once; the place behind them.
    pub fn put(&self, talk: &str, events: impl IntoIterator<Item = Value>) -> usize {
        let mut inside = self.inside.lock().unwrap();
        let room = room(talk);
        inside.joined.insert(room.clone());
        let events = events.into_iter().map(|event| (room.clone(), event));
        inside.log.extend(events);
        inside.log.len()
    }

    pub fn invite(&self, talk: &str, host: &str) {
        let mut inside = self.inside.lock().unwrap();
        inside.invited.insert(room(talk), host.to_owned());
    }

    /// A third comes into a room.
    pub fn joins(&self, talk: &str) {
        let ben = json!({
            "type": "m.room.member", "event_id": format!("$ben-{talk}"), "sender": "@ben:home.test",
            "state_key": "@ben:home.test", "origin_server_ts": now() * 1000, "content": { "membership": "join" },
        });
        self.inside.lock().unwrap().crowded.insert(room(talk));
        self.put(talk, [ben]);
    }

    pub fn is_joined(&self, talk: &str) -> bool {
        self.inside.lock().unwrap().joined.contains(&room(talk))
    }

    /// Somebody listens.
    pub fn began(&self) -> bool {
        self.inside.lock().unwrap().read_to.is_some()
    }

    /// All before a place was read, and will not be asked for again.
    pub fn has_read(&self, place: usize) -> bool {
        let read_to = self.inside.lock().unwrap().read_to;
        read_to.is_some_and(|read| read >= place)
    }

    fn sync(&self, asked: &Asked) -> Verdict {
        let query = query(asked);
        let filter: Value = serde_json::from_str(&query["filter"]).unwrap();
        let most = filter["room"]["timeline"]["limit"].as_u64().unwrap() as usize;
        let mut inside = self.inside.lock().unwrap();
        let Some(since) = query.get("since") else {
            inside.read_to.get_or_insert(0);
            inside.read_to = Some(inside.log.len());
            return Verdict::Fine(inside.news(inside.log.len(), 0));
        };
        let Some(since) = place(since).filter(|since| *since <= inside.log.len()) else {
            return Verdict::Wrong(StatusCode::BAD_REQUEST, "M_UNKNOWN".to_owned());
        };
        inside.read_to = inside.read_to.max(Some(since));
        let news = inside.news(since, most.min(MOST));
        match news["rooms"]["join"] == json!({}) {
            true => Verdict::Held(news),
            false => Verdict::Fine(news),
        }
    }

    fn messages(&self, asked: &Asked, room: &str) -> Verdict {
        let query = query(asked);
        let (from, to) = (place(&query["from"]).unwrap(), place(&query["to"]).unwrap());
        assert_eq!(query["dir"], "b");
        let inside = self.inside.lock().unwrap();
        let mut chunk = Vec::new();
        let mut end = Value::Null;
        for at in (to..from).rev() {
            let (of, event) = &inside.log[at];
            if of == room && chunk.len() == MOST {
                end = json!(format!("s{}", at + 1));
                break;
            }
            if of == room {
                chunk.push(event.clone());
            }
        }
        let mut page = json!({ "chunk": chunk, "start": query["from"] });
        if !end.is_null() {
            page["end"] = end;
        }
        Verdict::Fine(page)
    }

    /// What the homeserver makes of a request.
    fn judge(&self, asked: &Asked) -> Verdict {
        let wrong = |code: u16, why: &str| {
            Verdict::Wrong(StatusCode::from_u16(code).unwrap(), why.to_owned())
        };
        let path: Vec<String> = asked.path.split('/').map(decoded).collect();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let Some(rest) = path.strip_prefix(&["", "_matrix", "client"]) else {
            return wrong(404, "M_UNRECOGNIZED");
        };
        if let ["versions"] = rest {
            return Verdict::Fine(json!({ "versions": ["v1.1", "v1.11"] }));
        }
        if let ["v3", "login"] = rest {
            return self.log_in(&asked.body);
        }
        if !self.lets_in(asked.header("authorization")) {
            // Not wrong of whoever asks: their token was good.
            let body =
                json!({ "errcode": "M_UNKNOWN_TOKEN", "error": "Invalid access token passed." });
            return Verdict::Expected(401, body);
        }
        let (get, put, post) = (Method::GET, Method::PUT, Method::POST);
        match (&asked.method, rest) {
            (method, ["v3", "account", "whoami"]) if *method == get => {
                Verdict::Fine(json!({ "user_id": BOT, "device_id": "D", "is_guest": false }))
            }
            (method, ["v3", "profile", BOT, "displayname"]) if *method == get => {
                Verdict::Fine(json!({ "displayname": "Alder" }))
            }
            (method, ["v1", "media", "download", "home.test", _]) if *method == get => {
                Verdict::File
            }
            (method, ["v3", "sync"]) if *method == get => self.sync(asked),
            (method, ["v3", "join", room]) if *method == post => {
                let mut inside = self.inside.lock().unwrap();
                if inside.invited.remove(*room).is_none() {
                    return wrong(403, "M_FORBIDDEN");
                }
                inside.joined.insert((*room).to_owned());
                Verdict::Fine(json!({ "room_id": room }))
            }
            (method, ["v3", "rooms", room, rest @ ..]) => {
                if !self.inside.lock().unwrap().joined.contains(*room) {
                    return wrong(403, "M_FORBIDDEN");
                }
                match rest {
                    ["joined_members"] if *method == get => {
                        let mut joined = json!({ BOT: {}, "@ana:home.test": {} });
                        let crowded = self.inside.lock().unwrap().crowded.contains(*room);
                        if crowded || room.starts_with("!g") {
                            joined["@ben:home.test"] = json!({});
                        }
                        Verdict::Fine(json!({ "joined": joined }))
                    }
                    ["messages"] if *method == get => self.messages(asked, room),
                    ["typing", BOT] if *method == put && asked.body["typing"] == true => {
                        Verdict::Fine(json!({}))
                    }
                    ["receipt", "m.read", event] if *method == post => {
                        let mut inside = self.inside.lock().unwrap();
                        if !inside.log.iter().any(|(_, one)| one["event_id"] == *event) {
                            return wrong(404, "M_NOT_FOUND");
                        }
                        inside.marked.insert((*event).to_owned());
                        Verdict::Fine(json!({}))
                    }
                    ["send", "m.room.message", _] if *method == put => self.send(asked, room),
                    _ => wrong(404, "M_UNRECOGNIZED"),
                }
            }
            _ => wrong(404, "M_UNRECOGNIZED"),
        }
    }

    fn send(&self, asked: &Asked, room: &str) -> Verdict {
        let wrong = |why: &str| Verdict::Wrong(StatusCode::BAD_REQUEST, why.to_owned());
        let content = &asked.body;
        let is_words = |value: &Value| value.as_str().is_some_and(|text| !text.trim().is_empty());
        if asked.raw.len() > 65_000 {
            return wrong("M_TOO_LARGE");
        }
        if !["m.text", "m.notice"].contains(&content["msgtype"].as_str().unwrap_or_default())
            || !is_words(&content["body"])
            || !content["m.mentions"].is_object()
        {
            return wrong("M_BAD_JSON");
        }
        if let Some(html) = content["formatted_body"].as_str() {
            let shown = telegram::parsed(&html.replace("<br>", "\n"));
            if content["format"] != "org.matrix.custom.html" || shown.is_err() {
                return wrong(&format!("M_BAD_JSON: {shown:?}"));
            }
        }
        let mut inside = self.inside.lock().unwrap();
        // The homeserver would take the second for the first, and nobody would see it.
        let before = inside.sent.insert(asked.path.clone(), content.clone());
        if before.is_some_and(|before| before != *content) {
            return wrong("one transaction, and two messages");
        }
        let talk = room
            .trim_start_matches('!')
            .split(':')
            .next()
            .unwrap_or_default();
        Verdict::Message(
            talk.to_owned(),
            json!({ "event_id": format!("$sent{}", inside.sent.len()) }),
        )
    }

    fn log_in(&self, body: &Value) -> Verdict {
        let mut inside = self.inside.lock().unwrap();
        let right = body["type"] == "m.login.password"
            && body["identifier"] == json!({ "type": "m.id.user", "user": "shop" })
            && body["password"] == "canary-password";
        let Some(device) = body["device_id"].as_str().filter(|_| right) else {
            let body = json!({ "errcode": "M_FORBIDDEN", "error": "Invalid username or password" });
            return Verdict::Expected(403, body);
        };
        let token = format!("syt_canary-{}", inside.tokens.len());
        inside.tokens.push((token.clone(), device.to_owned()));
        Verdict::Fine(json!({ "user_id": BOT, "access_token": token, "device_id": device }))
    }

    fn lets_in(&self, authorization: &str) -> bool {
        let inside = self.inside.lock().unwrap();
        let token = authorization.strip_prefix("Bearer ").unwrap_or_default();
        match inside.by_password {
            true => inside.tokens.iter().any(|(good, _)| good == token),
            false => token == TOKEN,
        }
    }
}

impl Inside {
    fn news(&self, since: usize, most: usize) -> Value {
        let mut join = json!({});
        let fresh: BTreeSet<&String> = self.log[since..].iter().map(|(room, _)| room).collect();
        for room in fresh {
            let of: Vec<usize> = (since..self.log.len())
                .filter(|at| self.log[*at].0 == *room)
                .collect();
            let shown = &of[of.len().saturating_sub(most)..];
            let events: Vec<&Value> = shown.iter().map(|at| &self.log[*at].1).collect();
            let before = shown.first().copied().unwrap_or(self.log.len());
            join[room] = json!({ "timeline": {
                "events": events, "limited": shown.len() < of.len(), "prev_batch": format!("s{before}"),
            } });
        }
        let invite = self.invited.iter().map(|(room, host)| {
            let ours = json!({
                "type": "m.room.member", "state_key": BOT, "sender": host, "content": { "membership": "invite" },
            });
            (room.clone(), json!({ "invite_state": { "events": [ours] } }))
        });
        let invite: serde_json::Map<String, Value> = invite.collect();
        json!({ "next_batch": format!("s{}", self.log.len()), "rooms": { "join": join, "invite": invite } })
    }
}

fn place(token: &str) -> Option<usize> {
    token.strip_prefix('s')?.parse().ok()
}

fn room(talk: &str) -> String {
    format!("!{talk}:home.test")
}

fn decoded(segment: &str) -> String {
    let pair = format!("x={segment}");
    let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
    pairs
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

fn query(asked: &Asked) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(asked.query.as_bytes())
        .into_owned()
        .collect()
}

fn message(id: u64, talk: &str, at: i64, content: Value) -> Value {
    json!({
        "type": "m.room.message", "event_id": format!("$e{id}-{talk}"), "sender": format!("@u{talk}:home.test"),
        "origin_server_ts": at * 1000, "content": content,
    })
}

pub fn path(name: &str) -> String {
    format!("/_matrix/client/v1/media/download/home.test/{name}")
}

pub async fn rig() -> Rig {
    let home = Arc::new(Home::default());
    let judge = Arc::clone(&home);
    let mut fake = Fake::start(move |asked| judge.judge(asked)).await;
    fake.home = Some(home);
    let settings = format!(
        "[channels.matrix]\nhomeserver = \"{}\"\nsend_seconds = 2\nper_second = 50\ninvited_by = \"home.test\"\n",
        fake.url()
    );
    let error = |status, body: Value| Fault::Answer(status, Vec::new(), body.to_string());
    // Nobody calls: whatever comes by the door is forged.
    let post = |said: &Said| Post {
        headers: vec![("content-type", "application/json".to_owned())],
        body: json!({ "events": [said.text] }).to_string(),
        ..Post::default()
    };
    Rig {
        account: "matrix",
        settings,
        secrets: vec![("SHOPTALK_MATRIX_TOKEN", TOKEN.to_owned())],
        message: post,
        forged: post,
        dated: true,
        idempotent: true,
        too_much: error(
            429,
            json!({ "errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": 1000 }),
        ),
        revoked: error(
            401,
            json!({ "errcode": "M_UNKNOWN_TOKEN", "error": "Invalid access token passed." }),
        ),
        blocked: Some(error(
            403,
            json!({ "errcode": "M_FORBIDDEN", "error": "User not in room" }),
        )),
        words: |body| body["body"].as_str().unwrap_or_default().to_owned(),
        fake,
    }
}
