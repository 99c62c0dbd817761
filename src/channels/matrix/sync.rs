//! Asking the homeserver for what is new, again and again. How far was asked is kept with what was heard, in one commit.

use super::hearing::{KINDS, News, RoomNews};
use super::session::{SHORT, Trouble};
use super::{Matrix, Me};
use crate::channels::bridge::{Event, Heard, Line, text};
use crate::remote::Ask;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// Seconds that the homeserver holds a question open.
const POLL: u64 = 25;
/// Of one answer, all rooms together, and of the first, which names them all.
const MOST: usize = 64 * 1024 * 1024;
/// Events of a room in one answer; what is before them is asked for.
const AT_ONCE: u32 = 50;
const PAGE: u32 = 100;
const MOST_PAGES: usize = 50;
/// All marks of one round together: what is not marked as read by then is not.
const MARKED_WITHIN: Duration = Duration::from_secs(5);

/// Rooms of which is known whether there are more than two in them.
#[derive(Default)]
struct Crowds(HashMap<String, bool>);

impl Matrix {
    /// Takes what is new, until something fails.
    pub(super) async fn listen(&self, line: &Line) -> Result<(), String> {
        let me = self.sign_in(line).await?;
        let mut since = line.cursor.clone();
        let mut crowds = Crowds::default();
        loop {
            let answer = match self.synced(line, &since).await {
                Err(Trouble::Refused { status: 400, why }) if !since.is_empty() => {
                    // Another homeserver, or one out of a back-up. Where we were means nothing to it.
                    tracing::warn!(
                        why,
                        "Matrix does not know how far was read: it is read on from now"
                    );
                    since.clear();
                    continue;
                }
                Err(trouble) => {
                    if let Trouble::Stranger(why) = &trouble
                        && !self.key.renews()
                    {
                        (line.known)(Err(why));
                    }
                    return Err(trouble.into());
                }
                Ok(answer) => answer,
            };
            let next = text(&answer, &["next_batch"])
                .unwrap_or_default()
                .to_owned();
            if next.is_empty() {
                return Err("sync: Matrix does not say how far was read".to_owned());
            }
            let news = News::read(&answer, &me, &self.inviters, Timestamp::now());
            let mut heard = Heard {
                events: news.invited,
                ..Heard::default()
            };
            // What was said before anybody listened is not answered.
            if !since.is_empty() {
                heard.events.extend(news.gone);
                for room in news.rooms {
                    self.hear(line, &me, room, &since, &mut crowds, &mut heard)
                        .await?;
                }
            }
            let read = newest(&heard.events);
            (line.take)(heard, Some(next.clone())).await?;
            since = next;
            let marks = read
                .iter()
                .map(|(room, event)| self.mark(line, room, event));
            drop(tokio::time::timeout(MARKED_WITHIN, join_all(marks)).await);
        }
    }

    async fn synced(&self, line: &Line, since: &str) -> Result<Value, Trouble> {
        let nothing = json!({ "not_types": ["*"] });
        // The first answer is only to say where to begin.
        let most = if since.is_empty() { 0 } else { AT_ONCE };
        let filter = json!({
            "presence": nothing, "account_data": nothing,
            "room": {
                "ephemeral": nothing, "account_data": nothing,
                "state": { "types": ["m.room.member"], "lazy_load_members": true },
                "timeline": { "limit": most, "types": KINDS },
            },
        });
        let mut url = self.address(&["v3", "sync"])?;
        url.query_pairs_mut()
            .append_pair("filter", &filter.to_string());
        if !since.is_empty() {
            url.query_pairs_mut()
                .append_pair("since", since)
                .append_pair("timeout", &(POLL * 1000).to_string());
        }
        // The first takes as long as there are rooms.
        let within = if since.is_empty() { 100 } else { POLL + 15 };
        self.question(line, self.known(Ask::get(url, MOST)), within)
            .await
    }

    /// Adds what was said in a room and is for us.
    async fn hear(
        &self,
        line: &Line,
        me: &Me,
        mut room: RoomNews,
        since: &str,
        crowds: &mut Crowds,
        heard: &mut Heard,
    ) -> Result<(), String> {
        self.fill(line, me, &mut room, since).await?;
        if room.moves() {
            crowds.0.remove(&room.id);
        }
        let said = room.hear(me, Timestamp::now());
        heard.strange.extend(said.strange);
        if said.events.is_empty() {
            return Ok(());
        }
        let is_group = match crowds.0.get(&room.id) {
            Some(known) => *known,
            None => {
                let found = self.is_group(line, &room.id).await?;
                crowds.0.insert(room.id.clone(), found);
                found
            }
        };
        for (mut event, names_us) in said.events {
            if is_group && !names_us && !self.all_of_groups {
                continue;
            }
            event.context["group"] = json!(is_group);
            heard.events.push(event);
        }
        Ok(())
    }

    /// Asks for what came between the last answer and the events of this one.
    async fn fill(
        &self,
        line: &Line,
        me: &Me,
        room: &mut RoomNews,
        since: &str,
    ) -> Result<(), String> {
        let horizon = match self.within_hours {
            0 => Timestamp::MIN,
            hours => Timestamp::now() - SignedDuration::from_hours(hours),
        };
        for page in 0.. {
            let Some(from) = room.before.take() else {
                return Ok(());
            };
            if room.begins_with_us(me) || room.oldest().is_some_and(|at| at < horizon) {
                return Ok(());
            }
            if page == MOST_PAGES {
                tracing::warn!(
                    room = room.id,
                    "more was said in a room of Matrix than is read: what is oldest is left out"
                );
                return Ok(());
            }
            let mut url = self.url(&["v3", "rooms", &room.id, "messages"])?;
            url.query_pairs_mut()
                .append_pair("dir", "b")
                .append_pair("from", &from)
                .append_pair("to", since)
                .append_pair("limit", &PAGE.to_string())
                .append_pair("filter", &json!({ "types": KINDS }).to_string());
            let asked = self.question(line, self.known(Ask::get(url, MOST)), SHORT);
            match asked.await {
                Ok(page) => room.put_before(&page),
                // We were shown out meanwhile.
                Err(Trouble::Refused { why, .. }) => {
                    tracing::warn!(room = room.id, why, "a room of Matrix cannot be read back");
                }
                Err(trouble) => return Err(trouble.into()),
            }
        }
        Ok(())
    }

    /// Whether there are more than two in a room; where that cannot be seen, there may be.
    async fn is_group(&self, line: &Line, room: &str) -> Result<bool, String> {
        let url = self.url(&["v3", "rooms", room, "joined_members"])?;
        let asked = self.question(line, self.known(Ask::get(url, MOST)), SHORT);
        match asked.await {
            Ok(said) => {
                let joined = said.get("joined").and_then(Value::as_object);
                Ok(joined.is_none_or(|joined| joined.len() > 2))
            }
            Err(Trouble::Refused { .. }) => Ok(true),
            Err(trouble) => Err(trouble.into()),
        }
    }

    /// Shows that an event, and all before it, was read.
    async fn mark(&self, line: &Line, room: &str, event: &str) {
        if let Ok(url) = self.url(&["v3", "rooms", room, "receipt", "m.read", event]) {
            let ask = self.known(Ask::post(url, b"{}".to_vec(), super::MOST));
            // Nothing hangs on it.
            drop(line.remote.ask(ask).await);
        }
    }
}

/// The newest event of each room that somebody wrote, by its id.
fn newest(events: &[Event]) -> BTreeMap<String, String> {
    let written = events.iter().filter(|event| event.id.starts_with('$'));
    written
        .map(|event| (event.talk.clone(), event.id.clone()))
        .collect()
}
