//! Which article answers a question.

use super::Article;
use super::judge::{Evidence, Judge, Trial};
use crate::search::{
    Asked, Builder, Field, Index, Scored, SearchError, WordId, by_score, content_terms,
};
use crate::text::{self, Spelling};
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;

/// One document an article. Its question names it and counts double. The answer's own words help an article that
/// is phrased once and would drown one that is phrased well, so they count little.
const FIELDS: [Field; 4] = [
    Field {
        name: "question",
        weight: 2.0,
        length: 0.75,
    },
    Field {
        name: "phrasings",
        weight: 1.0,
        length: 0.75,
    },
    Field {
        name: "title",
        weight: 0.5,
        length: 0.75,
    },
    Field {
        name: "answer",
        weight: 0.3,
        length: 0.75,
    },
];
/// What a word's other fields add to its best one.
const TIE: f32 = 0.5;
/// Articles returned at most.
const MOST: usize = 3;
/// Phrasings that the judge learns from: enough for five numbers, and a tenth of a second for ten thousand articles.
const MOST_TRIALS: usize = 2_000;

/// How many questions without an answer there are for each with one.
const WITHOUT_ANSWER: f32 = 1.0 / 3.0;

/// All articles of one generation.
pub struct Knowledge {
    articles: Vec<Arc<Article>>,
    by_id: HashMap<String, usize>,
    index: Index,
    spelling: Spelling,
    /// One of them holds for some days only. Where none does, none need be looked at.
    any_dated: bool,
    /// By article: the words of the question and of each other phrasing.
    phrasings: Vec<Vec<Vec<WordId>>>,
    judge: Judge,
}

/// An article that may answer, and how surely.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub article: Arc<Article>,
    /// Only for comparing what one question found.
    pub score: f32,
    /// Probability that the article answers the question, 0 to 1.
    pub confidence: f32,
    pub band: Band,
}

/// What to do with a confidence. Where the bands begin is learned from the articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Say that there is no answer.
    Low,
    /// Offer the questions as choices.
    Middle,
    /// Answer.
    High,
}

impl Knowledge {
    pub fn new(articles: Vec<Article>) -> Result<Self, SearchError> {
        let mut builder = Builder::new(&FIELDS, TIE)?;
        let mut by_id = HashMap::new();
        let mut documents = Vec::with_capacity(articles.len());
        for (place, article) in articles.iter().enumerate() {
            let document = Document::read(article);
            builder.add(&document.fields(None))?;
            documents.push(document);
            by_id.entry(article.id.clone()).or_insert(place);
        }
        let index = builder.finish()?;
        let ids = |terms: &Vec<String>| {
            let mut ids: Vec<WordId> = terms.iter().filter_map(|term| index.word(term)).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let phrasings = documents
            .iter()
            .map(|document| document.phrasings.iter().map(ids).collect())
            .collect();
        let mut knowledge = Self {
            spelling: spelling(&articles),
            any_dated: articles
                .iter()
                .any(|article| article.valid_from.is_some() || article.valid_until.is_some()),
            articles: articles.into_iter().map(Arc::new).collect(),
            by_id,
            phrasings,
            judge: Judge::fit(&[]),
            index,
        };
        knowledge.judge = Judge::fit(&knowledge.trials(&documents));
        Ok(knowledge)
    }

    pub fn articles(&self) -> &[Arc<Article>] {
        &self.articles
    }

    pub fn article(&self, id: &str) -> Option<&Arc<Article>> {
        self.by_id.get(id).map(|place| &self.articles[*place])
    }

    /// The articles that best answer `text` among those valid on `today` (a day in the shop's zone): at most
    /// three, best first.
    pub fn find(&self, text: &str, today: Date) -> Vec<Found> {
        let asked = self.ask(text);
        let valid =
            |document: u32| !self.any_dated || self.articles[document as usize].is_valid_on(today);
        let scored = self.index.best(&asked.wanted, MOST, valid);
        let found = |place: usize| {
            let document = scored[place].document as usize;
            let confidence = self.judge.confidence(self.evidence(
                &asked,
                &self.phrasings[document],
                &scored,
                place,
            ));
            Found {
                article: Arc::clone(&self.articles[document]),
                score: scored[place].score,
                confidence,
                band: self.judge.band(confidence),
            }
        };
        (0..scored.len().min(MOST)).map(found).collect()
    }

    /// Asks with each other phrasing what would be found had nobody written it down: once with the rest of its
    /// article, once without the article, when nothing found is right. The question itself is never hidden: a
    /// shopper meets articles that have theirs.
    fn trials(&self, documents: &[Document]) -> Vec<Trial> {
        let places = |(place, document): (usize, &Document)| {
            (1..document.phrasings.len()).map(move |nth| (place, nth))
        };
        let all: Vec<(usize, usize)> = documents.iter().enumerate().flat_map(places).collect();
        let step = all.len().div_ceil(MOST_TRIALS).max(1);
        let mut trials = Vec::new();
        for (own, nth) in all.into_iter().step_by(step) {
            let text = self.articles[own].phrasings().nth(nth).unwrap_or_default();
            let asked = self.ask(text);
            let others = |document: u32| document as usize != own;
            let mut scored = self.index.best(&asked.wanted, MOST, others);
            self.note(&mut trials, &asked, &scored, None);
            let rest = documents[own].fields(Some(nth));
            let ids = |terms: &Vec<String>| {
                terms
                    .iter()
                    .filter_map(|term| self.index.word(term))
                    .collect()
            };
            let rest: Vec<Vec<WordId>> = rest.iter().map(ids).collect();
            let score = self.index.score(&asked.wanted, &rest);
            scored.push(Scored {
                document: own as u32,
                score,
                matched: 0,
            });
            scored.sort_by(by_score);
            scored.truncate(MOST);
            self.note(&mut trials, &asked, &scored, Some((own, nth)));
        }
        trials
    }

    fn ask(&self, text: &str) -> Asked {
        self.index
            .ask(text, &self.spelling, |word| !text::is_stop_word(word))
    }

    fn note(
        &self,
        trials: &mut Vec<Trial>,
        asked: &Asked,
        scored: &[Scored],
        own: Option<(usize, usize)>,
    ) {
        for place in 0..scored.len().min(MOST) {
            let document = scored[place].document as usize;
            let right = own.filter(|(own, _)| *own == document);
            let mut phrasings = self.phrasings[document].clone();
            if let Some((_, nth)) = right {
                phrasings.remove(nth);
            }
            let evidence = self.evidence(asked, &phrasings, scored, place);
            trials.push(Trial {
                evidence,
                right: right.is_some(),
                first: place == 0,
                weight: if own.is_some() { 1.0 } else { WITHOUT_ANSWER },
            });
        }
    }

    /// What speaks for the article with these phrasings, at `place` of `scored`, best first.
    fn evidence(
        &self,
        asked: &Asked,
        phrasings: &[Vec<WordId>],
        scored: &[Scored],
        place: usize,
    ) -> Evidence {
        let said = asked.said();
        if said <= 0.0 {
            return Evidence::default();
        }
        let words = || {
            asked
                .wanted
                .iter()
                .zip(&asked.says)
                .filter_map(|(term, says)| Some((term.word?, *says)))
        };
        let known =
            words().filter(|(word, _)| phrasings.iter().any(|phrase| phrase.contains(word)));
        let covered: f32 = known.map(|(_, says)| says).sum();
        let square = |n: f32| n * n;
        let asked_length: f32 = asked.says.iter().copied().map(square).sum();
        let likeness = |phrase: &Vec<WordId>| {
            let shared: f32 = words()
                .filter(|(word, _)| phrase.contains(word))
                .map(|(_, says)| square(says))
                .sum();
            let length: f32 = phrase
                .iter()
                .map(|word| square(self.index.idf(Some(*word))))
                .sum();
            shared / (asked_length * length).sqrt().max(f32::MIN_POSITIVE)
        };
        let score = scored[place].score;
        let other = scored
            .get(usize::from(place == 0))
            .map_or(0.0, |other| other.score);
        Evidence {
            covered: covered / said,
            likeness: phrasings.iter().map(likeness).fold(0.0, f32::max).min(1.0),
            strength: score / (score + 2.0 * said),
            lead: (score - other) / score.max(other).max(f32::MIN_POSITIVE),
        }
    }
}

/// An article as terms, for the index and for what would be found without one of its phrasings.
struct Document {
    /// The question first.
    phrasings: Vec<Vec<String>>,
    title: Vec<String>,
    answer: Vec<String>,
}

impl Document {
    fn read(article: &Article) -> Self {
        Self {
            phrasings: article.phrasings().map(content_terms).collect(),
            title: content_terms(&article.title),
            answer: content_terms(&article.answer),
        }
    }

    /// In the order of [`FIELDS`], without the phrasing at `hidden`.
    fn fields(&self, hidden: Option<usize>) -> [Vec<String>; 4] {
        let shown = |(nth, _): &(usize, &Vec<String>)| hidden != Some(*nth);
        let mut shown = self.phrasings.iter().enumerate().filter(shown).peekable();
        let question = shown
            .next_if(|(nth, _)| *nth == 0)
            .map(|(_, words)| words.clone());
        let others = shown.flat_map(|(_, words)| words.clone()).collect();
        [
            question.unwrap_or_default(),
            others,
            self.title.clone(),
            self.answer.clone(),
        ]
    }
}

/// Knows every word of the articles as it is written.
fn spelling(articles: &[Article]) -> Spelling {
    let mut counts: HashMap<String, u32> = HashMap::new();
    for article in articles {
        for text in article
            .phrasings()
            .chain([article.title.as_str(), article.answer.as_str()])
        {
            text::for_each_word(text, |_, word| match counts.get_mut(word) {
                Some(count) => *count += 1,
                None => drop(counts.insert(word.to_owned(), 1)),
            });
        }
    }
    Spelling::new(counts.iter().map(|(word, count)| (word.as_str(), *count)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_is_found_by_its_other_phrasings() {
        let text = "# Shipping abroad\n\n## Do you ship to Norway?\nAlso asked:\n- delivery to norway\n\nYes: 9.90.\n\n## Do you ship to Mars?\nNo.\n";
        let (articles, problems) = crate::knowledge::parse("knowledge/shipping.md", text);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(articles[0].answer, "Yes: 9.90.");
        let knowledge = Knowledge::new(articles).unwrap();
        let found = knowledge.find("is there norway delivery", Date::constant(2026, 11, 20));
        assert_eq!(found[0].article.id, "shipping#do-you-ship-to-norway");
        assert_eq!(found[0].article.line, 3);
    }
}
