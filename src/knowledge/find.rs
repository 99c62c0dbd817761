//! Which article answers a question.

use super::Article;
use super::blend::{Blended, blend};
use super::judge::{Evidence, Judge, Trial};
use crate::search::{Asked, Builder, Field, Index, Scored, SearchError, WordId, content_terms};
use crate::text::{self, Language, Spelling, Tongue};
use crate::understanding::{Class, Matcher};
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

/// The matcher is asked about up to this many articles; beyond, a class for each would cost every question more than
/// the index alone does.
const MOST_CLASSES: usize = 1_000;
/// Of a phrasing in so many the judge learns at a time, with a matcher that has not seen them.
const FOLDS: usize = 5;
/// Trials that are enough where each fold trains a matcher.
const ENOUGH: usize = 600;

/// How many questions without an answer there are for each with one.
const WITHOUT_ANSWER: f32 = 1.0 / 5.0;

/// All articles of one generation.
pub struct Knowledge {
    articles: Vec<Arc<Article>>,
    by_id: HashMap<String, usize>,
    language: Language,
    index: Index,
    spelling: Spelling,
    /// One of them holds for some days only. Where none does, none need be looked at.
    any_dated: bool,
    /// By article: the words of the question and of each other phrasing.
    phrasings: Vec<Vec<Vec<WordId>>>,
    /// Its classes are the articles, in their order. Without classes where there are too many.
    matcher: Matcher,
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
    /// `tongue` is the language of the articles.
    pub fn new(articles: Vec<Article>, tongue: &Tongue) -> Result<Self, SearchError> {
        let articles: Vec<Arc<Article>> = articles.into_iter().map(Arc::new).collect();
        let mut builder = Builder::new(&FIELDS, TIE)?;
        let mut by_id = HashMap::new();
        let mut documents = Vec::with_capacity(articles.len());
        for (place, article) in articles.iter().enumerate() {
            let document = Document::read(article, tongue.language);
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
        let matcher = match articles.len() {
            0..=MOST_CLASSES => Matcher::train_untried(&classes(&articles, |_, _| true), tongue),
            _ => Matcher::default(),
        };
        let mut knowledge = Self {
            language: tongue.language,
            matcher,
            spelling: spelling(&articles),
            any_dated: articles
                .iter()
                .any(|article| article.valid_from.is_some() || article.valid_until.is_some()),
            articles,
            by_id,
            phrasings,
            judge: Judge::fit(&[]),
            index,
        };
        knowledge.judge = Judge::fit(&knowledge.trials(&documents, tongue));
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
        let votes = self.matcher.votes(text);
        let found = if votes.is_empty() {
            self.index.best(&asked.wanted, MOST, valid)
        } else {
            self.index.rank(&asked.wanted)
        };
        let scored = blend(&found, &votes, MOST, valid);
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
        (0..scored.len()).map(found).collect()
    }

    /// Asks with each other phrasing what would be found had nobody written it down: once with the rest of its
    /// article, once without the article, when nothing found is right. The question itself is never hidden: a
    /// shopper meets articles that have theirs.
    fn trials(&self, documents: &[Document], tongue: &Tongue) -> Vec<Trial> {
        let places = |(place, document): (usize, &Document)| {
            (1..document.phrasings.len()).map(move |nth| (place, nth))
        };
        let all: Vec<(usize, usize)> = documents.iter().enumerate().flat_map(places).collect();
        let step = all.len().div_ceil(MOST_TRIALS).max(1);
        let mut trials = Vec::new();
        if self.articles.len() > MOST_CLASSES {
            for (own, nth) in all.into_iter().step_by(step) {
                self.try_without(&mut trials, own, nth, &Matcher::default());
                self.try_with(&mut trials, documents, (own, nth), &Matcher::default());
            }
            return trials;
        }
        for fold in 0..FOLDS {
            // Whole articles are left out too: only a matcher that never met them shows what is made of questions
            // without an answer.
            let left_out = |own: usize| own % FOLDS == fold;
            let hidden =
                |own: usize, nth: usize| left_out(own) || (nth > 0 && (own + nth) % FOLDS == fold);
            let tried: Vec<_> = all.iter().filter(|(own, nth)| hidden(*own, *nth)).collect();
            if tried.is_empty() || trials.len() >= ENOUGH {
                continue;
            }
            let shown = classes(&self.articles, |own, nth| !hidden(own, nth));
            let matcher = Matcher::train_untried(&shown, tongue);
            for &&(own, nth) in &tried {
                if left_out(own) {
                    self.try_without(&mut trials, own, nth, &matcher);
                } else {
                    self.try_with(&mut trials, documents, (own, nth), &matcher);
                }
            }
        }
        trials
    }

    /// What is found for a phrasing of an article that does not exist.
    fn try_without(&self, trials: &mut Vec<Trial>, own: usize, nth: usize, matcher: &Matcher) {
        let text = self.articles[own].phrasings().nth(nth).unwrap_or_default();
        let asked = self.ask(text);
        let others = |document: u32| document as usize != own;
        let mut found = self.index.rank(&asked.wanted);
        found.retain(|scored| others(scored.document));
        let blended = blend(&found, &matcher.votes(text), MOST, others);
        self.note(trials, &asked, &blended, None);
    }

    /// What is found for a phrasing that its article does not have.
    fn try_with(
        &self,
        trials: &mut Vec<Trial>,
        documents: &[Document],
        (own, nth): (usize, usize),
        matcher: &Matcher,
    ) {
        let text = self.articles[own].phrasings().nth(nth).unwrap_or_default();
        let asked = self.ask(text);
        let mut found = self.index.rank(&asked.wanted);
        found.retain(|scored| scored.document as usize != own);
        let rest = documents[own].fields(Some(nth));
        let ids = |terms: &Vec<String>| {
            terms
                .iter()
                .filter_map(|term| self.index.word(term))
                .collect()
        };
        let rest: Vec<Vec<WordId>> = rest.iter().map(ids).collect();
        found.push(Scored {
            document: own as u32,
            score: self.index.score(&asked.wanted, &rest),
            matched: 0,
        });
        let blended = blend(&found, &matcher.votes(text), MOST, |_| true);
        self.note(trials, &asked, &blended, Some((own, nth)));
    }

    fn ask(&self, text: &str) -> Asked {
        let matters = |word: &str| !self.language.is_stop_word(word);
        self.index.ask(text, self.language, &self.spelling, matters)
    }

    fn note(
        &self,
        trials: &mut Vec<Trial>,
        asked: &Asked,
        scored: &[Blended],
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
        scored: &[Blended],
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
        let Blended {
            score, found, vote, ..
        } = scored[place];
        let other = scored
            .get(usize::from(place == 0))
            .map_or(0.0, |other| other.score);
        Evidence {
            covered: covered / said,
            likeness: phrasings.iter().map(likeness).fold(0.0, f32::max).min(1.0),
            strength: found / (found + 2.0 * said),
            vote,
            lead: (score - other) / (score.abs().max(other.abs())).max(f32::MIN_POSITIVE),
        }
    }
}

/// Every article as a class of a matcher: its question is its title, its other phrasings are examples, where they are
/// `shown` (article, phrasing; the question is phrasing 0).
fn classes(articles: &[Arc<Article>], shown: impl Fn(usize, usize) -> bool) -> Vec<Class> {
    let class = |(own, article): (usize, &Arc<Article>)| {
        let phrasings = article.also_asked.iter().enumerate();
        Class {
            id: String::new(),
            title: match shown(own, 0) {
                true => article.question.clone(),
                false => String::new(),
            },
            examples: phrasings
                .filter(|(nth, _)| shown(own, nth + 1))
                .map(|(_, text)| text.clone())
                .collect(),
        }
    };
    articles.iter().enumerate().map(class).collect()
}

/// An article as terms, for the index and for what would be found without one of its phrasings.
struct Document {
    /// The question first.
    phrasings: Vec<Vec<String>>,
    title: Vec<String>,
    answer: Vec<String>,
}

impl Document {
    fn read(article: &Article, language: Language) -> Self {
        let content_terms = |text: &str| content_terms(text, language);
        Self {
            phrasings: article.phrasings().map(&content_terms).collect(),
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
fn spelling(articles: &[Arc<Article>]) -> Spelling {
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
        let knowledge = Knowledge::new(articles, &Tongue::english()).unwrap();
        let found = knowledge.find("is there norway delivery", Date::constant(2026, 11, 20));
        assert_eq!(found[0].article.id, "shipping#do-you-ship-to-norway");
        assert_eq!(found[0].article.line, 3);
    }
}
