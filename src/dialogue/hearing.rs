//! What a shop understands in one language: its files in it, learnt.

use super::script::Script;
use super::shop::Class;
use super::skills::Skill;
use crate::knowledge::Knowledge;
use crate::text::{Language, Tongue};
use crate::understanding::{self, Limits, Matcher};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// One language of a shop.
pub struct Hearing {
    /// `en`
    pub code: String,
    pub tongue: Tongue,
    pub matcher: Arc<Matcher>,
    /// What the matcher was trained on, by class number.
    pub learnt: Vec<understanding::Class>,
    /// By the matcher's class numbers.
    pub classes: Vec<Class>,
    /// Utterances that stand in the files word for word → the matcher's class.
    pub verbatim: HashMap<String, usize>,
    pub limits: Limits,
    pub knowledge: Arc<Knowledge>,
    /// Stems of [`served`].
    pub served: BTreeSet<String>,
}

impl Hearing {
    /// Whether an article, or an intent that is not about goods, speaks of `word`, which is folded.
    pub(super) fn serves(&self, word: &str) -> bool {
        self.served.contains(&*self.tongue.language.stem(word))
    }
}

/// Stems of the words that articles and intents speak of, those about goods apart. A word that is neither among them nor in
/// the catalog can only be the name of a thing that is not sold.
pub fn served(
    script: &Script,
    classes: &[Class],
    learnt: &[understanding::Class],
    knowledge: &Knowledge,
    language: Language,
) -> BTreeSet<String> {
    let about_goods = |class: &Class| match class {
        Class::Intent(at) => {
            let intent = script.intents().get(*at);
            intent.is_some_and(|intent| Skill::of(intent).is_some_and(Skill::is_about_goods))
        }
        Class::Article(_) => false,
    };
    let of_service = classes.iter().zip(learnt);
    let of_service = of_service.filter(|(class, _)| !about_goods(class));
    let said = of_service.flat_map(|(_, learnt)| learnt.examples.iter().chain([&learnt.title]));
    let articles = knowledge.articles().iter();
    let written = articles.flat_map(|article| article.phrasings().chain([article.answer.as_str()]));
    let all = said.map(String::as_str).chain(written);
    all.flat_map(|text| language.content_stems(text)).collect()
}
