//! What we know about you, and deleting it.

use super::text;
use crate::dialogue::script::TextSpec;
use crate::dialogue::state::{Pending, State};
use crate::dialogue::talk::Talk;

pub(super) const TEXTS: &[TextSpec] = &[
    text("privacy.what", &["days"]),
    text("privacy.no_profile", &[]),
    text("privacy.remembered", &["count"]),
    text("privacy.orders", &["orders"]),
    text("privacy.alerts", &["count"]),
    text("privacy.nothing", &[]),
    text("privacy.delete_confirm", &[]),
    text("privacy.deleted", &[]),
    text("privacy.kept", &[]),
    text("choice.delete", &[]),
    text("choice.keep", &[]),
];

pub(super) async fn what(talk: &mut Talk<'_>) {
    let days = talk.shop.facts.retention_days.to_string();
    talk.say("privacy.what", &[("days", &days)]);
    let remembered = talk.ports.remembered();
    match remembered {
        0 => talk.say("privacy.no_profile", &[]),
        count => talk.say("privacy.remembered", &[("count", &count.to_string())]),
    }
    let alerts = talk.ports.alerts().await.len();
    if alerts > 0 {
        talk.say("privacy.alerts", &[("count", &alerts.to_string())]);
    }
    if talk.state.orders_seen.is_empty() && remembered == 0 && alerts == 0 {
        talk.say("privacy.nothing", &[]);
    } else if !talk.state.orders_seen.is_empty() {
        let orders = talk.state.orders_seen.join(", ");
        talk.say("privacy.orders", &[("orders", &orders)]);
    }
    talk.offer(&["choice.delete"]);
}

/// Deleting cannot be undone, so it is asked once.
pub(super) fn delete(talk: &mut Talk<'_>) {
    talk.state.pending = Some(Pending::DeleteEverything);
    talk.say("privacy.delete_confirm", &[]);
    talk.offer(&["choice.delete", "choice.keep"]);
}

/// The answer to "shall I?". The floor above erases what is stored once it sees `erase`.
pub(in crate::dialogue) fn confirmed(talk: &mut Talk<'_>, yes: bool) {
    talk.state.pending = None;
    if yes {
        talk.state = State {
            turns: talk.state.turns,
            ..State::default()
        };
        talk.erase = true;
        talk.say("privacy.deleted", &[]);
    } else {
        talk.say("privacy.kept", &[]);
    }
}
