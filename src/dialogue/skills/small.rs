//! Courtesy and getting about: greeting, thanks, help, "start over", "what did you say?".

use super::{rating, text};
use crate::dialogue::script::TextSpec;
use crate::dialogue::state::State;
use crate::dialogue::talk::Talk;

pub(super) const TEXTS: &[TextSpec] = &[
    text("greet.hello", &["shop"]),
    text("greet.offer", &[]),
    text("thanks.welcome", &[]),
    text("goodbye.bye", &["shop"]),
    text("help.can", &[]),
    text("repair.cancelled", &[]),
    text("repair.restarted", &[]),
    text("repair.nothing", &[]),
    text("repair.repeat", &[]),
    text("repair.noted", &[]),
    text("choice.order", &[]),
    text("choice.browse", &[]),
    text("choice.returns", &[]),
    text("choice.shipping", &[]),
];

pub(in crate::dialogue) fn greet(talk: &mut Talk<'_>) {
    let shop = talk.shop.facts.name.clone();
    talk.say("greet.hello", &[("shop", &shop)]);
    talk.say("greet.offer", &[]);
    starters(talk);
}

/// What most shoppers come for, one tap away.
fn starters(talk: &mut Talk<'_>) {
    talk.offer(&[
        "choice.order",
        "choice.browse",
        "choice.shipping",
        "choice.returns",
        "choice.person",
    ]);
}

pub(super) fn thanks(talk: &mut Talk<'_>) {
    talk.say("thanks.welcome", &[]);
    rating::ask(talk);
}

pub(super) fn goodbye(talk: &mut Talk<'_>) {
    let shop = talk.shop.facts.name.clone();
    talk.say("goodbye.bye", &[("shop", &shop)]);
    rating::ask(talk);
}

pub(super) fn help(talk: &mut Talk<'_>) {
    talk.say("help.can", &[]);
    starters(talk);
}

/// Forgets what was open and shown. The log stays: the shopper can still read it. So does the cart.
pub(in crate::dialogue) fn restart(talk: &mut Talk<'_>) {
    talk.state = State {
        turns: talk.state.turns,
        handoff: talk.state.handoff.take(),
        cart: std::mem::take(&mut talk.state.cart),
        rating_asked: talk.state.rating_asked,
        ..State::default()
    };
    talk.say("repair.restarted", &[]);
    rating::ask(talk);
    starters(talk);
}

/// Says the last thing once more, word for word.
pub(in crate::dialogue) fn say_again(talk: &mut Talk<'_>) {
    let last = talk.state.last_said.clone();
    if last.is_empty() {
        talk.say("repair.nothing", &[]);
        return;
    }
    talk.say("repair.repeat", &[]);
    for line in last {
        talk.reply.line(line);
    }
}
