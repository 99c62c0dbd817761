//! Answering from the shop's own articles, with the article as source.

use crate::dialogue::block::{Choice, Line};
use crate::dialogue::port::{ArticleHit, Band};
use crate::dialogue::script::TextSpec;
use crate::dialogue::talk::Talk;
use crate::dialogue::unsure::choice;
use crate::knowledge::passage;
use crate::text::Language;

pub(super) const TEXTS: &[TextSpec] = &[super::text("choice.whole_answer", &[])];

/// Questions offered when nothing answers.
const NEAREST: usize = 3;

pub(in crate::dialogue) fn answer(talk: &mut Talk<'_>, hit: &ArticleHit) {
    let language = Language::of(talk.language());
    let whole = crate::dialogue::bare(&hit.question) == talk.reading.bare();
    // Who asks with the article's own words, as the choice below does, gets all of it.
    let part = passage(&hit.answer, &talk.reading.text, language).filter(|_| !whole);
    talk.reply.bubble(Line {
        text: part.unwrap_or(&hit.answer).to_owned(),
        source: hit.source(),
    });
    if part.is_some() {
        let line = talk.line("choice.whole_answer", &[]);
        talk.reply.choices(vec![Choice {
            label: line.text,
            say: Some(hit.question.clone()),
            source: line.source,
        }]);
    }
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
