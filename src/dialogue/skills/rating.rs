//! "How was it?", once in a conversation, when it comes to its end.

use super::text;
use crate::dialogue::block::Block;
use crate::dialogue::script::TextSpec;
use crate::dialogue::talk::Talk;

pub(super) const TEXTS: &[TextSpec] = &[text("rating.ask", &[])];

/// Asks, where something was talked about and nobody asked before.
pub(super) fn ask(talk: &mut Talk<'_>) {
    let something = talk.state.turns > 0;
    if !talk.shop.facts.rating || talk.state.rating_asked || !something {
        return;
    }
    talk.state.rating_asked = true;
    let prompt = talk.line("rating.ask", &[]);
    talk.reply.block(Block::Rating { prompt });
}
