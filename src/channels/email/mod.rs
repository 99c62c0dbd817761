//! E-mail: letters that a mail service hands on to us, each answered by one letter of ours.

mod courtesies;
mod envelope;
mod fresh;
mod hearing;
mod parts;

use super::abilities::{self, Abilities, Markup};
use super::bridge::{Call, Channel, Event, Heard, Incoming, Outcome, Place, Refusal, text};
use super::render::{Piece, written};
use crate::config::ChannelSettings;
use crate::mail::{Address, Letter, Reply};
use crate::remote::{Answer, Ask, Mac};
use envelope::Door;
use hearing::Unheard;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// A letter that could not leave for so long is not worth sending.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(72);

pub struct Email {
    /// Where letters to us go.
    address: String,
    /// Over letters that answer none, or one without a subject.
    subject: String,
    door: Door,
    /// Names threads, so that nobody can guess one.
    threads: Option<Mac>,
}

impl Email {
    pub fn new(settings: &ChannelSettings) -> Self {
        let key = format!(
            "{}{}",
            settings.revealed("SECRET"),
            settings.revealed("SIGNING_KEY")
        );
        Self {
            address: settings.option("address").to_ascii_lowercase(),
            subject: match settings.option("subject") {
                "" => settings.option("address").to_owned(),
                own => own.to_owned(),
            },
            door: Door::new(settings),
            threads: Mac::new(&key),
        }
    }
}

impl Channel for Email {
    fn abilities(&self) -> &'static Abilities {
        &abilities::EMAIL
    }

    /// A letter with the photos of one parcel; services hand them in whole.
    fn longest(&self) -> usize {
        16 * 1024 * 1024
    }

    fn read(&self, request: &Incoming<'_>, now: Timestamp) -> Result<Heard, Refusal> {
        let handed = self.door.letter(request, now)?;
        let mut heard = Heard::default();
        let event = match (&handed, &self.threads) {
            (Some(handed), Some(threads)) => hearing::event(handed, &self.address, threads, now),
            _ => Err(Unheard::Unreadable),
        };
        match event {
            Ok(event) => heard.events.push(event),
            Err(Unheard::Program) => {}
            // That there was one, and not what it says: nobody could tell whose it is.
            Err(Unheard::Unreadable) => {
                let note = format!("a letter of {} bytes from nobody", request.body.len());
                heard.strange.push((hearing::nameless(request.body), note));
            }
        }
        Ok(heard)
    }

    fn write(&self, to: &Place, piece: &Piece) -> Vec<Call> {
        let words = match piece {
            Piece::Text { text, .. } | Piece::List { text, .. } => text,
            Piece::Picture { caption, .. } => caption,
            // Its abilities have none.
            Piece::Cards(_) | Piece::Carousel { .. } | Piece::Listed { .. } => return Vec::new(),
        };
        let body = json!({ "talk": to.talk, "context": to.context, "words": words });
        vec![Call::new("letter", body)]
    }

    /// Anybody can write a sender's address: no code is taken here, or it would stand for a customer.
    fn is_private(&self, _event: &Event) -> bool {
        false
    }

    /// One letter is answered by one.
    fn bundle(&self, calls: Vec<Call>) -> Vec<Call> {
        let mut all = calls.into_iter();
        let Some(mut whole) = all.next() else {
            return Vec::new();
        };
        for more in all {
            let (before, after) = (text(&whole.body, &["words"]), text(&more.body, &["words"]));
            let words = format!(
                "{}\n\n{}",
                before.unwrap_or_default(),
                after.unwrap_or_default()
            );
            whole.body["words"] = json!(words);
        }
        vec![whole]
    }

    fn letter(&self, call: &Call, key: i64, now: Timestamp) -> Option<Letter> {
        let (address, thread) = text(&call.body, &["talk"])?.split_once(' ')?;
        let words = text(&call.body, &["words"])?;
        let context = call.body.get("context").unwrap_or(&Value::Null);
        let subject = match hearing::topic(text(context, &["subject"]).unwrap_or_default()) {
            "" => self.subject.clone(),
            topic => format!("Re: {topic}"),
        };
        let answers = text(context, &["message"]).map(str::to_owned);
        let html = written(words, Markup::Html).replace('\n', "<br>\n");
        Some(Letter {
            to: Address::parse(address)?,
            subject,
            body: written(words, Markup::Plain),
            unsubscribe: None,
            kind: "answer",
            owner: None,
            expires_at: now + GOOD_FOR,
            reply: Some(Reply {
                id: format!("{}{thread}.{key}", hearing::OURS),
                html: format!("<!doctype html>\n<html><body><p>{html}</p></body></html>\n"),
                to_us: Address::parse(&self.address),
                references: text(context, &["references"])
                    .unwrap_or_default()
                    .to_owned(),
                answers,
            }),
        })
    }

    fn ask(&self, _call: &Call, _key: i64, _now: Timestamp) -> Result<Ask, String> {
        Err("it has no address to write to".to_owned())
    }

    fn answered(&self, _call: &Call, _answer: &Answer) -> Outcome {
        Outcome::Refused("it is sent as a letter".to_owned())
    }
}

#[cfg(test)]
mod tests;
