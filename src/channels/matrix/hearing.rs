//! What an answer to `sync` says: who invites us, and what was written in which room.

use crate::channels::bridge::{Event, What, id, text};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Kinds of events that say something to us.
pub(super) const KINDS: [&str; 4] = [
    "m.room.message",
    "m.room.encrypted",
    "m.room.member",
    "m.room.redaction",
];

/// Us, as others write to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// `@shop:example.org`
    pub user: String,
    /// As it is shown.
    pub name: Option<String>,
}

impl Me {
    /// `shop`
    fn local(&self) -> &str {
        let bare = self.user.trim_start_matches('@');
        bare.split(':').next().unwrap_or(bare)
    }
}

/// Whose invitations are followed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Inviters(Vec<String>);

impl Inviters {
    /// Users (`@ana:example.org`) and homeservers (`example.org`) with blanks or commas between; none for everybody.
    pub fn new(said: &str) -> Self {
        let all = said.split([' ', ',']).filter(|one| !one.is_empty());
        Self(all.map(str::to_owned).collect())
    }

    fn admits(&self, user: &str) -> bool {
        let server = user.split_once(':').map_or("", |(_, server)| server);
        self.0.is_empty() || self.0.iter().any(|one| one == user || one == server)
    }
}

/// What an answer to `sync` says.
#[derive(Debug, Default, PartialEq)]
pub struct News {
    pub invited: Vec<Event>,
    /// Rooms that we are not in any more.
    pub gone: Vec<Event>,
    pub rooms: Vec<RoomNews>,
}

/// What is new in a room, in its order.
#[derive(Debug, Default, PartialEq)]
pub struct RoomNews {
    pub id: String,
    events: Vec<Value>,
    /// Where more of it is, before these events.
    pub before: Option<String>,
}

/// What was said in a room.
#[derive(Debug, Default, PartialEq)]
pub struct Said {
    /// Each with whether it names us.
    pub events: Vec<(Event, bool)>,
    /// What cannot be read: an id, and the event.
    pub strange: Vec<(String, String)>,
}

impl News {
    pub fn read(answer: &Value, me: &Me, inviters: &Inviters, now: Timestamp) -> Self {
        let rooms = |kind: &str| {
            let found = answer.pointer(&format!("/rooms/{kind}"));
            let found = found.and_then(Value::as_object).into_iter().flatten();
            found.filter(|(room, _)| room.starts_with('!'))
        };
        let next = text(answer, &["next_batch"]).unwrap_or_default();
        let event = |kind: &str, room: &str, person: &str, what: What| Event {
            // What we are shown of it has no id of its own.
            id: format!("{kind}/{room}/{next}"),
            talk: room.to_owned(),
            person: person.to_owned(),
            alias: None,
            at: now,
            what,
            context: Value::Null,
        };
        let invited = rooms("invite").filter_map(|(room, said)| {
            let state = list(said, "/invite_state/events");
            let ours = state
                .iter()
                .find(|one| membership_of(one, me) == Some("invite"))?;
            let host = text(ours, &["sender"]).filter(|host| inviters.admits(host))?;
            Some(event("invite", room, host, What::Invited))
        });
        let gone = rooms("leave").map(|(room, _)| event("leave", room, &me.user, What::Gone));
        let joined = rooms("join").map(|(room, said)| {
            let limited = said.pointer("/timeline/limited") == Some(&Value::Bool(true));
            RoomNews {
                id: room.clone(),
                events: list(said, "/timeline/events").to_vec(),
                before: id(said, &["timeline", "prev_batch"]).filter(|_| limited),
            }
        });
        Self {
            invited: invited.collect(),
            gone: gone.collect(),
            rooms: joined.collect(),
        }
    }
}

impl RoomNews {
    /// Puts a page of `messages`, newest first, before what is here.
    pub fn put_before(&mut self, page: &Value) {
        let chunk = list(page, "/chunk");
        self.before = id(page, &["end"]).filter(|_| !chunk.is_empty());
        let earlier = chunk.iter().rev().cloned();
        self.events.splice(0..0, earlier);
    }

    /// Somebody came or went.
    pub fn moves(&self) -> bool {
        self.events
            .iter()
            .any(|event| kind(event) == "m.room.member")
    }

    /// Nothing before these events concerns us: we came with them.
    pub fn begins_with_us(&self, me: &Me) -> bool {
        self.events.iter().any(|event| is_entry(event, me))
    }

    pub fn oldest(&self) -> Option<Timestamp> {
        self.events.first().and_then(sent_at)
    }

    /// What others said since we were asked in, as it stands now: with what they changed, without what they took back.
    pub fn hear(&self, me: &Me, now: Timestamp) -> Said {
        let invited = |event: &&Value| membership_of(event, me) == Some("invite");
        let entry = self.events.iter().rposition(|event| invited(&event));
        let entry = entry.or_else(|| self.events.iter().rposition(|event| is_entry(event, me)));
        let since = &self.events[entry.unwrap_or(0)..];
        let mut heard = Said::default();
        for event in since {
            let sender = text(event, &["sender"]).unwrap_or_default();
            if kind(event) == "m.room.redaction" {
                let gone =
                    text(event, &["redacts"]).or_else(|| text(event, &["content", "redacts"]));
                heard.events.retain(|(said, _)| Some(&*said.id) != gone);
                continue;
            }
            if sender == me.user {
                continue;
            }
            let content = event.get("content").unwrap_or(&Value::Null);
            let relation = text(content, &["m.relates_to", "rel_type"]);
            if relation == Some("m.replace") {
                let of = text(content, &["m.relates_to", "event_id"]).unwrap_or_default();
                let new = content.get("m.new_content").unwrap_or(&Value::Null);
                let said = heard
                    .events
                    .iter_mut()
                    .find(|(said, _)| said.id == of && said.person == sender);
                if let (Some((said, names_us)), Some(Ok((what, names)))) = (said, what(new, me)) {
                    (said.what, *names_us) = (what, names);
                }
                continue;
            }
            let found = match kind(event) {
                "m.room.message" => what(content, me),
                "m.room.encrypted" => Some(Ok((What::Encrypted, true))),
                _ => None,
            };
            let event_id = id(event, &["event_id"]).filter(|id| id.starts_with('$'));
            match (found, event_id, sent_at(event)) {
                (None, ..) => {}
                (Some(Ok((what, names_us))), Some(event_id), Some(at))
                    if sender.starts_with('@') =>
                {
                    let thread = content.pointer("/m.relates_to/event_id");
                    let thread = thread.filter(|_| relation == Some("m.thread"));
                    heard.events.push((Event {
                        id: match what {
                            // Once for each room, as long as it is remembered.
                            What::Encrypted => format!("encrypted/{}", self.id),
                            _ => event_id.clone(),
                        },
                        talk: self.id.clone(),
                        person: sender.to_owned(),
                        alias: None,
                        // A clock that is fast holds nobody back.
                        at: at.min(now),
                        what,
                        context: json!({ "event": event_id, "thread": thread, "person": sender }),
                    }, names_us));
                }
                _ => {
                    let words = event.to_string();
                    let name = format!("strange-{:x}", crate::text::hash_of(&words));
                    heard.strange.push((name, words));
                }
            }
        }
        heard
    }
}

fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    let found = value.pointer(pointer).and_then(Value::as_array);
    found.map_or(&[], Vec::as_slice)
}

fn kind(event: &Value) -> &str {
    text(event, &["type"]).unwrap_or_default()
}

fn sent_at(event: &Value) -> Option<Timestamp> {
    let millis = event.get("origin_server_ts")?.as_i64()?;
    Timestamp::from_millisecond(millis).ok()
}

/// What an event says of our own membership.
fn membership_of<'v>(event: &'v Value, me: &Me) -> Option<&'v str> {
    let ours = kind(event) == "m.room.member" && text(event, &["state_key"]) == Some(&me.user);
    text(event, &["content", "membership"]).filter(|_| ours)
}

/// Whether we came in, and did not merely change our name.
fn is_entry(event: &Value, me: &Me) -> bool {
    let before = event.pointer("/unsigned/prev_content/membership");
    match membership_of(event, me) {
        Some("invite") => true,
        Some("join") => before.and_then(Value::as_str) != Some("join"),
        _ => false,
    }
}

/// What a message says, and whether it names us; nothing for what is no message of a person's, an error for what should
/// be one.
fn what(content: &Value, me: &Me) -> Option<Result<(What, bool), ()>> {
    // Without one it was taken back.
    let kind = text(content, &["msgtype"])?;
    let body = text(content, &["body"]);
    let words = match kind {
        "m.text" | "m.emote" => match body {
            Some(body) => Some(body),
            None => return Some(Err(())),
        },
        // What has a name of its own beside its words has words.
        "m.image" | "m.file" | "m.audio" | "m.video" => {
            let name = text(content, &["filename"]);
            body.filter(|body| name.is_some_and(|name| name != *body))
        }
        "m.location" => None,
        // Other programs, and what their clients tell each other.
        _ => return None,
    };
    let of_ours = format!("> <{}>", me.user);
    let answers_us = words.is_some_and(|words| words.starts_with(&of_ours));
    let words = words.map(|words| without_quote(content, words));
    let names_us = answers_us || names(content, words.unwrap_or_default(), me);
    let pictures = pictures(kind, content);
    Some(Ok(match words {
        Some(words) if names_us => {
            let said = without_name(words, me);
            // Whoever only calls us says hello.
            let said = match (said.is_empty(), pictures.is_empty()) {
                (true, true) => "/start",
                _ => &said,
            };
            (What::of(Some(said), pictures), true)
        }
        words => (What::of(words, pictures), names_us),
    }))
}

/// Where a picture is, `mxc://server/id`. What is encrypted has no address that opens it.
fn pictures(kind: &str, content: &Value) -> Vec<String> {
    let mime = text(content, &["info", "mimetype"]);
    let is_picture = match kind {
        "m.image" => true,
        "m.file" => mime.is_some_and(|mime| mime.starts_with("image/")),
        _ => false,
    };
    let address = text(content, &["url"]).filter(|_| is_picture);
    address.map(str::to_owned).into_iter().collect()
}

/// Clients of today say whom they mean; older ones only write it.
fn names(content: &Value, words: &str, me: &Me) -> bool {
    if let Some(meant) = content.get("m.mentions") {
        let users = list(meant, "/user_ids");
        return users.iter().any(|user| user.as_str() == Some(&me.user));
    }
    let html = text(content, &["formatted_body"]).unwrap_or_default();
    let addressed = [Some(me.local()), me.name.as_deref()].into_iter().flatten();
    let mut rests = addressed.filter_map(|name| after(words, name));
    words.contains(&me.user)
        || html.contains(&format!("matrix.to/#/{}", me.user))
        || rests.any(|rest| rest.starts_with([':', ',']))
}

/// What stands behind a name at the beginning.
fn after<'t>(words: &'t str, name: &str) -> Option<&'t str> {
    let words = words.trim_start().trim_start_matches('@');
    let (head, rest) = (words.get(..name.len())?, words.get(name.len()..)?);
    let ends = !rest.starts_with(char::is_alphanumeric);
    (ends && !name.is_empty() && head.to_lowercase() == name.to_lowercase()).then_some(rest)
}

fn without_name(words: &str, me: &Me) -> String {
    let said = words.replace(&me.user, " ");
    let mut left = said.trim().trim_start_matches([':', ',']).trim_start();
    for name in [me.name.as_deref(), Some(me.local())].into_iter().flatten() {
        if let Some(rest) = after(left, name) {
            left = rest.trim_start_matches([':', ',']).trim();
            break;
        }
    }
    left.to_owned()
}

/// The answer without what it answers, which older clients put before it: lines with `>`, and a blank one.
fn without_quote<'t>(content: &Value, words: &'t str) -> &'t str {
    let answers = content.pointer("/m.relates_to/m.in_reply_to").is_some();
    let mut rest = words;
    if !answers || !rest.starts_with("> ") {
        return words;
    }
    while rest.starts_with('>') {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest.trim_start_matches('\n')
}
