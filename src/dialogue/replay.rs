//! Playing a stored conversation again: the same messages, states, clocks and port answers through
//! today's code and content, and whether each reply came out identical.

use super::block::Block;
use super::port::Tape;
use super::shop::Shop;
use super::state::State;
use super::trace::Trace;
use super::turn::{Said, turn};
use crate::shoppers::SignedIn;

/// A turn as it was stored.
#[derive(Debug, Clone)]
pub struct Played {
    pub said: String,
    pub before: State,
    pub reply: Vec<Block>,
    pub trace: Trace,
}

/// What became of it today.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    Identical,
    /// The reply of today.
    Differs {
        now: Vec<Block>,
    },
}

/// Plays one stored turn. The reply is compared whole: text, sources, choices, order of blocks.
pub async fn play(shop: &Shop, played: &Played) -> Verdict {
    let somebody = SignedIn {
        customer: "replay".to_owned(),
        email: None,
    };
    let said = Said {
        text: &played.said,
        photos: &played.trace.photos,
        shopper: "replay",
        // What the orders answered then is on the tape.
        owner: played.trace.signed_in.then_some(&somebody),
        cart: played.trace.cart.as_deref(),
        spent: &played.trace.spent,
        // What came of it stands on the tape.
        profile: None,
        links: None,
    };
    let turned = turn(
        shop,
        &played.before,
        said,
        played.trace.now,
        Tape::playing(&played.trace.asked),
    )
    .await;
    if turned.reply == played.reply {
        Verdict::Identical
    } else {
        Verdict::Differs { now: turned.reply }
    }
}
