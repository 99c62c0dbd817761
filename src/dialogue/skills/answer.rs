//! Answering from the shop's own articles, with the article as source.

use crate::dialogue::block::{Choice, Line};
use crate::dialogue::port::{ArticleHit, Band};
use crate::dialogue::talk::Talk;
use crate::dialogue::unsure::choice;

/// Questions offered when nothing answers.
const NEAREST: usize = 3;

pub(in crate::dialogue) fn answer(talk: &mut Talk<'_>, hit: &ArticleHit) {
    talk.reply.bubble(Line {
        text: hit.answer.clone(),
        source: hit.source(),
    });
    talk.state.topic = Some(hit.question.clone());
}

/// The known questions nearest to what was asked, as choices; fewer than three when little is near.
pub(in crate::dialogue) fn nearest(talk: &mut Talk<'_>) -> Vec<Choice> {
    let text = talk.reading.text.clone();
    let mut hits = talk.ports.articles(talk.heard, &text);
    hits.retain(|hit| hit.band != Band::High);
    hits.truncate(NEAREST);
    hits.iter()
        .map(|hit| choice(&hit.question, hit.source()))
        .collect()
}
