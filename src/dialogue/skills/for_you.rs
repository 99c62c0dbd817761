//! "Recommend me something", "what did I look at?", "why do you show me this?": what the shop's pages show, in the chat.

use super::suggest::{self, SHOWN, cards, shown};
use super::text;
use crate::dialogue::block::{Line, Source};
use crate::dialogue::rows::{Place, PlacedRow, Row};
use crate::dialogue::script::TextSpec;
use crate::dialogue::talk::Talk;
use crate::recommend::Placement;

pub(super) const TEXTS: &[TextSpec] = &[
    text("row.goes_with", &[]),
    text("row.goes_with_viewed", &[]),
    text("row.buy_again", &[]),
    text("row.reorder", &[]),
    text("row.viewed", &[]),
    text("row.similar", &[]),
    text("row.trending", &[]),
    text("row.best_sellers", &[]),
    text("row.new", &[]),
    text("row.catalog", &[]),
    text("for_you.nothing", &[]),
    text("for_you.how", &[]),
    text("viewed.not_kept", &[]),
    text("viewed.off", &[]),
    text("why_shown.of", &["title", "why"]),
    text("why_shown.asked", &["title"]),
    text("why_shown.nothing", &[]),
    text("why_shown.turn_off", &[]),
    text("why_shown.not_personal", &[]),
    text("personal.off", &[]),
    text("personal.on", &[]),
    text("choice.personal_off", &[]),
    text("choice.personal_on", &[]),
];

/// Rows of one reply; a page has room for more.
const ROWS: usize = 2;
/// Products of "what did I look at".
const VIEWED: usize = 6;
/// Reasons told at once.
const TOLD: usize = 3;
/// Measures that go by what this shopper did.
const PERSONAL: [&str; 3] = ["viewed", "buy_again", "reorder"];

/// Where nothing is asked about, what goes with something goes with what was looked at.
fn heading(kind: &str, is_about: bool) -> String {
    match (kind, is_about) {
        ("goes_with", false) => "row.goes_with_viewed".to_owned(),
        _ => format!("row.{kind}"),
    }
}

/// The rows of a place with headings and reasons in words.
pub(in crate::dialogue) fn rows(talk: &mut Talk<'_>, place: Place) -> Vec<Row> {
    let is_about = !place.items.is_empty();
    let placed = talk.ports.place(place);
    let row = |PlacedRow { kind, items }: PlacedRow| Row {
        heading: talk.line(&heading(&kind, is_about), &[]),
        items: cards(talk, items, ""),
        kind,
    };
    placed.into_iter().map(row).collect()
}

fn home(talk: &mut Talk<'_>) -> Vec<Row> {
    let place = Place {
        placement: Placement::Home.as_str().to_owned(),
        items: Vec::new(),
        exclude: Vec::new(),
        personal: !talk.state.impersonal,
        limit: SHOWN,
    };
    rows(talk, place)
}

/// Beside the word that nothing was found: the first of what a page without results suggests.
pub(super) fn instead(talk: &mut Talk<'_>) {
    let place = Place {
        placement: Placement::NoResults.as_str().to_owned(),
        items: Vec::new(),
        exclude: Vec::new(),
        personal: !talk.state.impersonal,
        limit: SHOWN,
    };
    let mut rows = rows(talk, place);
    rows.truncate(1);
    if !rows.is_empty() {
        show(talk, rows);
    }
}

/// What the home page suggests.
pub(super) fn for_you(talk: &mut Talk<'_>) {
    let rows = home(talk);
    if rows.is_empty() {
        talk.say("for_you.nothing", &[]);
        return;
    }
    show(talk, rows);
    if talk.ports.remembered() == 0 && !talk.state.impersonal {
        let line = talk.line("for_you.how", &[]);
        talk.reply.bubble(line);
    }
}

/// What this shopper looked at, where that is kept.
pub(super) fn viewed(talk: &mut Talk<'_>) {
    if talk.state.impersonal {
        talk.say("viewed.off", &[]);
        talk.offer(&["choice.personal_on"]);
        return;
    }
    let offers = talk.ports.viewed(VIEWED);
    if offers.is_empty() {
        talk.say("viewed.not_kept", &[]);
        talk.offer(&["choice.best_sellers"]);
        return;
    }
    talk.say("row.viewed", &[]);
    suggest::show(talk, offers, "");
    talk.offer(&["choice.personal_off"]);
}

fn show(talk: &mut Talk<'_>, rows: Vec<Row>) {
    let mut all = Vec::new();
    for row in rows.into_iter().take(ROWS) {
        all.extend(row.items.iter().map(shown));
        talk.reply.bubble(row.heading);
        let block = suggest::products(talk, row.items);
        talk.reply.block(block);
    }
    talk.state.show(all);
}

/// The reasons of what was shown last, and how to turn off what goes by the shopper.
pub(super) fn why_shown(talk: &mut Talk<'_>) {
    let last = talk.state.shown.clone();
    if last.is_empty() {
        talk.say("why_shown.nothing", &[]);
        return;
    }
    let mut personal = false;
    for one in last.iter().take(TOLD) {
        let line = match one.why.first() {
            Some(why) => {
                personal |= matches!(&why.source, Source::Recommendation { measure } if PERSONAL.contains(&measure.as_str()));
                let said = [("title", one.title.as_str()), ("why", why.text.as_str())];
                let Line { text, .. } = talk.line("why_shown.of", &said);
                Line {
                    text,
                    source: why.source.clone(),
                }
            }
            None => talk.line("why_shown.asked", &[("title", &one.title)]),
        };
        talk.reply.bubble(line);
    }
    if personal {
        let line = talk.line("why_shown.turn_off", &[]);
        talk.reply.bubble(line);
        talk.offer(&["choice.personal_off"]);
    } else {
        let line = talk.line("why_shown.not_personal", &[]);
        talk.reply.bubble(line);
    }
}

/// From here on suggestions go by what sells, whoever asks.
pub(super) fn personal_off(talk: &mut Talk<'_>) {
    talk.state.impersonal = true;
    talk.say("personal.off", &[]);
    talk.offer(&["choice.personal_on"]);
}

pub(super) fn personal_on(talk: &mut Talk<'_>) {
    talk.state.impersonal = false;
    talk.say("personal.on", &[]);
}
