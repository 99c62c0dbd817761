//! Which article answers a question.

use super::Article;
use crate::search::{Builder, Field, Index, SearchError, Term, content_terms};
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;

/// One document an article. The answer's own words help an article that is phrased once and would drown one
/// that is phrased well, so they count little.
const FIELDS: [Field; 4] = [
    Field {
        name: "question",
        weight: 1.0,
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
/// Articles returned at most.
const MOST: usize = 3;

/// All articles of one generation.
pub struct Knowledge {
    articles: Vec<Arc<Article>>,
    by_id: HashMap<String, usize>,
    index: Index,
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

/// What to do with a confidence.
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
        let mut builder = Builder::new(&FIELDS)?;
        let mut by_id = HashMap::new();
        for (place, article) in articles.iter().enumerate() {
            let phrasings = article
                .also_asked
                .iter()
                .flat_map(|phrase| content_terms(phrase))
                .collect();
            builder.add(&[
                content_terms(&article.question),
                phrasings,
                content_terms(&article.title),
                content_terms(&article.answer),
            ])?;
            by_id.entry(article.id.clone()).or_insert(place);
        }
        Ok(Self {
            articles: articles.into_iter().map(Arc::new).collect(),
            by_id,
            index: builder.finish()?,
        })
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
        let mut asked = content_terms(text);
        asked.sort();
        asked.dedup();
        let ids: Vec<_> = asked.iter().map(|stem| self.index.word(stem)).collect();
        let terms: Vec<Term> = ids
            .iter()
            .map(|id| Term {
                words: id.iter().map(|id| (*id, 1.0)).collect(),
            })
            .collect();
        let said: f32 = ids.iter().map(|id| self.index.idf(*id)).sum();
        let mut scored = self.index.rank(&terms);
        scored.retain(|scored| self.articles[scored.document as usize].is_valid_on(today));
        let better = |a: &crate::search::Scored, b: &crate::search::Scored| {
            b.score
                .total_cmp(&a.score)
                .then(a.document.cmp(&b.document))
        };
        // Thousands may share a word with the question; only the best few need an order.
        if scored.len() > MOST {
            scored.select_nth_unstable_by(MOST, better);
            scored.truncate(MOST);
        }
        scored.sort_by(better);
        let found = |scored: crate::search::Scored| {
            let covered = ids
                .iter()
                .enumerate()
                .filter(|(bit, _)| scored.matched & (1 << bit) != 0);
            let covered: f32 = covered.map(|(_, id)| self.index.idf(*id)).sum();
            let confidence = if said > 0.0 { covered / said } else { 0.0 };
            let band = match confidence {
                high if high >= 0.8 => Band::High,
                middle if middle >= 0.4 => Band::Middle,
                _ => Band::Low,
            };
            let article = Arc::clone(&self.articles[scored.document as usize]);
            Found {
                article,
                score: scored.score,
                confidence,
                band,
            }
        };
        scored.into_iter().map(found).collect()
    }
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
