//! What a letter says, and whether a person wrote it.

use super::envelope::Handed;
use super::fresh::fresh;
use super::parts::{self, Opened};
use crate::channels::abilities::Unit;
use crate::channels::bridge::{Event, What};
use crate::channels::render::shortened;
use crate::mail::Address;
use crate::remote::Mac;
use jiff::Timestamp;
use mail_parser::Message;
use serde_json::json;
use sha2::{Digest, Sha256};

/// What the ids of our answers begin with; the thread follows, and a dot.
pub(super) const OURS: &str = "shoptalk.";
/// Hexadecimal digits of a thread's name.
const NAME: usize = 24;
/// Nobody reads what is written to addresses with these in them, whatever stands between their letters.
const ROBOTS: [&str; 3] = ["noreply", "donotreply", "mailerdaemon"];
/// Nor to those that begin with these words, or end with them.
const DAEMONS: [&str; 7] = [
    "bounce",
    "bounces",
    "postmaster",
    "daemon",
    "nobody",
    "majordomo",
    "listserv",
];
/// Only programs write these headers (RFC 3834, RFC 2919, RFC 2369, MS-OXCMAIL).
const OF_PROGRAMS: [&str; 9] = [
    "List-Id",
    "List-Unsubscribe",
    "List-Post",
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Response-Suppress",
    "Feedback-ID",
    "X-Failed-Recipients",
    "X-Loop",
];
/// Ids that an answer names, at most.
const MOST_REFERENCES: usize = 20;
/// Bytes of an id: more do not fit a line of a header.
const LONGEST_ID: usize = 250;
/// Characters of a subject.
const LONGEST_SUBJECT: usize = 200;

/// Why a letter is not an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unheard {
    /// A program wrote it, or we did: it is never answered.
    Program,
    /// Nobody can be answered.
    Unreadable,
}

/// The event of a letter to `ours`. `threads` names conversations.
///
/// # Errors
/// When it is not to be answered, or cannot be.
pub fn event(handed: &Handed, ours: &str, threads: &Mac, now: Timestamp) -> Result<Event, Unheard> {
    let letter = handed.letter.as_slice();
    let (head, _) = parts::head(letter).ok_or(Unheard::Unreadable)?;
    if head.parts.is_empty() {
        return Err(Unheard::Unreadable);
    }
    let first = |of: Option<&mail_parser::Address<'_>>| Address::parse(of?.first()?.address()?);
    let from = first(head.from()).ok_or(Unheard::Unreadable)?;
    // Whoever is answered is whoever is spoken with: what we say to them goes to nobody else.
    let person = first(head.reply_to()).unwrap_or_else(|| from.clone());
    let robot = [&from, &person]
        .iter()
        .any(|one| one.as_str() == ours || is_robot(one));
    let bounced = handed.sender.as_deref().is_some_and(is_bounce);
    let written = ids(&head, "Message-ID").next();
    let echo = written.as_deref().is_some_and(|id| id.starts_with(OURS));
    if robot || bounced || echo || is_of_a_program(&head) {
        return Err(Unheard::Program);
    }
    let id = written.clone().unwrap_or_else(|| nameless(letter));
    let mut named: Vec<String> = ids(&head, "References")
        .chain(ids(&head, "In-Reply-To"))
        .collect();
    // Only whoever had an answer of ours can go on with it: the sender's address is no proof of anything.
    let known = named.iter().rev().find_map(|id| thread_of(id));
    let thread = match known {
        Some(thread) => thread.to_owned(),
        None => threads.hex(&[id.as_bytes()]).chars().take(NAME).collect(),
    };
    named.extend(written.clone());
    named.dedup();
    let references = named.split_off(named.len().saturating_sub(MOST_REFERENCES));
    let references: Vec<String> = references.iter().map(|id| format!("<{id}>")).collect();
    let subject = head.subject().unwrap_or_default().trim();
    let subject = shortened(subject, LONGEST_SUBJECT, Unit::Characters);
    let Opened { text, attached } = parts::open(letter);
    let said = match text.trim().is_empty() {
        true => topic(&subject).to_owned(),
        false => fresh(&text),
    };
    let at = head
        .date()
        .and_then(|date| Timestamp::from_second(date.to_timestamp()).ok());
    Ok(Event {
        id,
        talk: format!("{} {thread}", person.as_str()),
        person: person.as_str().to_owned(),
        alias: None,
        at: at.unwrap_or(now).min(now),
        what: match said.is_empty() {
            true => What::Wordless,
            false => What::Said { text: said },
        },
        context: json!({
            "subject": subject, "message": written, "references": references.join(" "),
            "attached": attached || handed.attached,
        }),
    })
}

/// By what a letter without an id of its own is known when it comes again.
pub(super) fn nameless(letter: &[u8]) -> String {
    let digest = Sha256::digest(letter);
    let hex = digest.iter().take(16).map(|byte| format!("{byte:02x}"));
    hex.fold(String::from("nameless-"), |all, byte| all + &byte)
}

/// A subject without the marks of answers.
pub(super) fn topic(subject: &str) -> &str {
    const MARKS: [&str; 7] = ["re:", "aw:", "antw:", "fw:", "fwd:", "wg:", "sv:"];
    let mut topic = subject.trim();
    while let Some(mark) = MARKS.iter().find(|mark| {
        topic
            .get(..mark.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(mark))
    }) {
        topic = topic[mark.len()..].trim_start();
    }
    topic
}

fn is_robot(address: &Address) -> bool {
    let local = address.as_str().split('@').next().unwrap_or_default();
    let squeezed: String = local.chars().filter(char::is_ascii_alphabetic).collect();
    is_daemon(address) || ROBOTS.iter().any(|robot| squeezed.contains(robot))
}

/// Whether a letter's sender on the way is none whom an answer reaches: mail systems name nobody, or themselves.
fn is_bounce(sender: &str) -> bool {
    let sender = sender.trim_matches(['<', '>', ' ']).to_ascii_lowercase();
    let system = sender.is_empty() || sender.starts_with("mailer-daemon");
    system || Address::parse(&sender).is_some_and(|sender| is_daemon(&sender))
}

/// Of the mail system, or of a list.
fn is_daemon(address: &Address) -> bool {
    let local = address.as_str().split('@').next().unwrap_or_default();
    let words: Vec<&str> = local.split(|c: char| !c.is_ascii_alphabetic()).collect();
    let ends = [words.first(), words.last()];
    let list = local.starts_with("owner-") || local.ends_with("-request");
    list || ends
        .into_iter()
        .flatten()
        .any(|word| DAEMONS.contains(word))
}

/// Whether a program wrote it: it must never be answered (RFC 3834).
fn is_of_a_program(head: &Message<'_>) -> bool {
    let said = |name: &'static str| {
        let raw = head.header_raw(name).unwrap_or_default();
        raw.trim().to_ascii_lowercase()
    };
    let automatic = said("Auto-Submitted");
    let precedence = said("Precedence");
    let bulk = ["bulk", "list", "junk", "auto_reply"].contains(&precedence.as_str());
    let has = |name: &&'static str| head.header_raw(*name).is_some();
    !(automatic.is_empty() || automatic == "no")
        || bulk
        || said("Content-Type").starts_with("multipart/report")
        || said("Return-Path") == "<>"
        || OF_PROGRAMS.iter().any(has)
}

/// Ids between angle brackets.
fn ids(head: &Message<'_>, header: &'static str) -> impl Iterator<Item = String> {
    let raw = head.header_raw(header).unwrap_or_default().to_owned();
    let pieces = raw.split(['<', '>']).map(str::trim);
    let sound = |id: &&str| {
        let plain = id.bytes().all(|byte| byte.is_ascii_graphic());
        plain && id.contains('@') && id.len() <= LONGEST_ID
    };
    let ids: Vec<String> = pieces.filter(sound).map(str::to_owned).collect();
    ids.into_iter()
}

/// The thread that an id of ours names.
fn thread_of(id: &str) -> Option<&str> {
    let (thread, _) = id.strip_prefix(OURS)?.split_once('.')?;
    let hex = thread.len() == NAME && thread.bytes().all(|byte| byte.is_ascii_hexdigit());
    hex.then_some(thread)
}
