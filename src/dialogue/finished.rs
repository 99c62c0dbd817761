//! A turn that is done: what is remembered of it, and what is handed over to be stored.

use super::block::Block;
use super::reply;
use super::state::Offered;
use super::talk::Talk;
use super::turn::Turned;

/// Choices kept for "2"; more than a reply offers.
const OFFERED_KEPT: usize = 12;

/// Remembers what was offered and said, and hands everything over to be stored.
pub(super) fn finish(talk: Talk<'_>) -> Turned {
    let Talk {
        mut state,
        reply,
        mut trace,
        ports,
        erase,
        unanswered,
        opened,
        case,
        shown,
        ..
    } = talk;
    let blocks = reply.finish();
    trace.asked = ports.into_asked();
    state.turns += 1;
    let offered: Vec<Offered> = blocks
        .iter()
        .filter_map(|block| {
            if let Block::Choices { choices, .. } = block {
                Some(choices)
            } else {
                None
            }
        })
        .flatten()
        .take(OFFERED_KEPT)
        .map(|choice| Offered {
            label: choice.label.clone(),
            say: choice.say.clone().unwrap_or_else(|| choice.label.clone()),
        })
        .collect();
    if !blocks.is_empty() {
        state.offered = offered;
        state.last_said = text_lines(&blocks);
    }
    Turned {
        state,
        reply: blocks,
        trace,
        unanswered,
        erase,
        spent: Vec::new(),
        returns: opened,
        case,
        shown,
    }
}

/// The text of a reply, for "what did you say?"; bounded like everything in the state.
fn text_lines(blocks: &[Block]) -> Vec<super::block::Line> {
    const KEPT: usize = 4;
    let said = blocks
        .iter()
        .filter(|block| matches!(block, Block::Text { .. } | Block::Handoff { .. }));
    reply::lines(&said.cloned().collect::<Vec<_>>())
        .into_iter()
        .take(KEPT)
        .cloned()
        .collect()
}
