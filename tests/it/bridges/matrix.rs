//! A homeserver, as strict as Synapse is, and what only Matrix has: rooms, invitations, names, encryption.

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

/// Waits until so many messages are in a room; the last.
async fn hears(rig: &Rig, talk: &str, count: usize) -> Value {
    let what = format!("{count} in {talk}, wrong: {:?}", rig.fake.wrong());
    until(&what, || rig.fake.taken_in(talk).len() >= count).await;
    let taken = rig.fake.taken_in(talk);
    assert_eq!(taken.len(), count, "{talk}: {taken:?}");
    taken[count - 1].body.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_are_joined_by_invitation_and_a_group_is_answered_where_it_names_us() {
    let rigs = [rig().await];
    let [rig] = &rigs;
    let home = Arc::clone(rig.fake.home.as_ref().unwrap());
    // What was said before anybody listened is not answered; whoever asked us in before is.
    home.put(
        "1",
        [message(
            1,
            "1",
            now(),
            json!({ "msgtype": "m.text", "body": QUESTION }),
        )],
    );
    home.invite("2", "@ana:home.test");
    home.invite("3", "@ana:far.test");
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    until("it came in", || home.is_joined("2")).await;
    knock(&shop, rig, &said(2, 2, QUESTION)).await;
    let answer = hears(rig, "2", 1).await;
    assert_eq!(answer["msgtype"], "m.notice");
    assert!(answer.get("m.relates_to").is_none(), "{answer}");

    // A group: only what names us, however it is said, and who is answered.
    let words = |id, body: &str, more: Value| {
        let mut content = json!({ "msgtype": "m.text", "body": body });
        for (name, value) in more.as_object().unwrap() {
            content[name] = value.clone();
        }
        message(id, "g4", now(), content)
    };
    let names_us = json!({ "m.mentions": { "user_ids": [BOT] } });
    let own = json!({
        "type": "m.room.message", "event_id": "$own", "sender": BOT, "origin_server_ts": now() * 1000,
        "content": { "msgtype": "m.text", "body": "Alder: hello" },
    });
    let all = [
        words(1, "nobody in particular: do you ship?", json!({})),
        words(2, "Alder: do you shp to norwy?", names_us.clone()),
        words(
            3,
            "Alder: thanks",
            json!({ "msgtype": "m.notice", "m.mentions": { "user_ids": [BOT] } }),
        ),
        words(4, "Alder: I should not have said this", names_us.clone()),
        own,
        words(
            5,
            "* Alder: do you ship to norway?",
            json!({
                "m.new_content": { "msgtype": "m.text", "body": "Alder: do you ship to norway?", "m.mentions": { "user_ids": [BOT] } },
                "m.relates_to": { "rel_type": "m.replace", "event_id": "$e2-g4" },
            }),
        ),
        json!({
            "type": "m.room.redaction", "event_id": "$r", "sender": "@ug4:home.test", "redacts": "$e4-g4",
            "origin_server_ts": now() * 1000, "content": {},
        }),
    ];
    let place = home.put("g4", all);
    until("it is read", || home.has_read(place)).await;
    let answer = hears(rig, "g4", 1).await;
    assert!(
        answer["body"].as_str().unwrap().contains("Norway"),
        "{answer}"
    );
    assert_eq!(
        answer["m.relates_to"]["m.in_reply_to"]["event_id"],
        "$e2-g4"
    );
    assert_eq!(answer["m.mentions"]["user_ids"], json!(["@ug4:home.test"]));
    until("it is marked as read", || {
        home.inside.lock().unwrap().marked.contains("$e2-g4")
    })
    .await;

    // In an encrypted room it is said once that nothing can be read.
    let secret = |id: u64| {
        let mut event = message(
            id,
            "5",
            now(),
            json!({ "algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x" }),
        );
        event["type"] = json!("m.room.encrypted");
        event
    };
    home.put("5", [secret(1), secret(2)]);
    let answer = hears(rig, "5", 1).await;
    assert!(
        answer["body"].as_str().unwrap().contains("encrypted"),
        "{answer}"
    );
    let place = home.put("5", [secret(3)]);
    until("it is read", || home.has_read(place)).await;

    // More than fits into one answer is asked for, page by page.
    let many = (1..=7).map(|id| {
        message(
            id,
            "6",
            now(),
            json!({ "msgtype": "m.text", "body": format!("do you ship to norway, {id}") }),
        )
    });
    home.put("6", many);
    hears(rig, "6", 7).await;
    knock(&shop, rig, &said(9, 5, "and now without")).await;
    hears(rig, "5", 2).await;
    assert!(!home.is_joined("3"), "a host nobody wants");
    assert!(rig.fake.taken_in("1").is_empty());
    assert_eq!(rig.fake.wrong(), Vec::<String>::new());
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_password_a_lost_token_is_had_again_and_nothing_is_said_twice() {
    let mut rig = rig().await;
    rig.settings.push_str("user = \"shop\"\n");
    rig.secrets = vec![("SHOPTALK_MATRIX_PASSWORD", "canary-password".to_owned())];
    let home = Arc::clone(rig.fake.home.as_ref().unwrap());
    home.inside.lock().unwrap().by_password = true;
    let rigs = [rig];
    let [rig] = &rigs;
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    knock(&shop, rig, &said(1, 1, QUESTION)).await;
    hears(rig, "1", 1).await;
    // The homeserver forgets its tokens between hearing and answering.
    rig.fake.fail([rig.revoked.clone()]);
    home.inside.lock().unwrap().tokens.retain(|_| false);
    until("a new token", || {
        !home.inside.lock().unwrap().tokens.is_empty()
    })
    .await;
    knock(&shop, rig, &said(2, 2, QUESTION)).await;
    hears(rig, "2", 1).await;
    server.kill();
    let server = serve(&shop, &rigs);
    knock(&shop, rig, &said(3, 3, QUESTION)).await;
    hears(rig, "3", 1).await;
    let devices: BTreeSet<String> = {
        let inside = home.inside.lock().unwrap();
        inside
            .tokens
            .iter()
            .map(|(_, device)| device.clone())
            .collect()
    };
    assert_eq!(
        devices,
        BTreeSet::from(["shoptalk-matrix".to_owned()]),
        "one device for good"
    );
    assert_eq!(server.stop(), Some(0));

    // With a wrong one nothing is sent, and the owner is told.
    let mut rigs = rigs;
    rigs[0].secrets[0].1 = "canary-wrong".to_owned();
    let server = serve(&shop, &rigs);
    let paused = "shoptalk_bridge_paused{account=\"matrix\"}";
    until("paused", || shop.metric(paused) == Some(1)).await;
    assert_eq!(server.stop(), Some(0));
    let log = shop.log();
    assert!(
        log.contains("does not know us") && !log.contains("canary"),
        "{log}"
    );
}
