//! What is asked, as terms of one index, with spelling repaired towards it.

use super::{Index, MOST_TERMS, Term, spoken};
use crate::text::{self, Language, Spelling};

/// What a repaired word counts beside one typed right.
const REPAIRED: f32 = 0.9;

/// Unknown words of one query that may be two slips away; a message full of them is no query.
const MOST_FAR_LOOKS: usize = 3;

/// The words of a query that matter to an index.
#[derive(Debug, Default)]
pub struct Asked {
    /// As the index keeps them, each once, in reading order.
    pub terms: Vec<String>,
    /// The same for [`Index::rank`].
    pub wanted: Vec<Term>,
    /// What each word says, in nats; a word that no document has says most.
    pub says: Vec<f32>,
    /// The whole text with its repairs, when there are any.
    pub repaired: Option<String>,
}

impl Asked {
    /// What all words say together, in nats.
    pub fn said(&self) -> f32 {
        self.says.iter().sum()
    }
}

impl Index {
    /// Reads `text`, passing over words that `matters` does not keep. A word that neither the index nor `spelling`
    /// knows becomes the one it was meant to be, where that is one slip away.
    pub fn ask(
        &self,
        text: &str,
        language: Language,
        spelling: &Spelling,
        matters: impl Fn(&str) -> bool,
    ) -> Asked {
        let mut asked = Asked::default();
        let mut repairs = Vec::new();
        let mut far_looks = 0;
        for spoken in spoken(text, language)
            .into_iter()
            .filter(|spoken| matters(&spoken.word))
        {
            if asked.terms.len() == MOST_TERMS {
                break;
            }
            let right = match self.word(&spoken.term) {
                None => spelling.repair(&spoken.word).or_else(|| {
                    // Each costs a look at a part of the vocabulary.
                    far_looks += 1;
                    (far_looks <= MOST_FAR_LOOKS)
                        .then(|| spelling.repair_far(&spoken.word))
                        .flatten()
                }),
                Some(_) => None,
            };
            let (term, worth) = match right {
                Some(right) => (language.index_stem(right).into_owned(), REPAIRED),
                None => (spoken.term, 1.0),
            };
            repairs.extend(right.map(|right| (spoken.span, right)));
            if asked.terms.contains(&term) {
                continue;
            }
            let word = self.word(&term);
            asked.wanted.push(Term { word, worth });
            asked.says.push(self.idf(word));
            asked.terms.push(term);
        }
        if !repairs.is_empty() {
            let repairs = repairs.iter().map(|(span, right)| (span, *right));
            asked.repaired = Some(text::replaced(text, repairs));
        }
        asked
    }
}
