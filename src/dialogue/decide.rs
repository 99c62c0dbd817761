//! What a message means: sure, close, or nothing. Rules first, then the matcher, then articles,
//! then the catalog's own words; every candidate is kept in the trace with its reason.

use super::block::{Choice, Source};
use super::context;
use super::port::{ArticleHit, Band};
use super::shop::Class;
use super::skills::{self, Skill};
use super::talk::Talk;
use super::trace::{By, Considered, Kind};
use crate::catalog::Naming;
use crate::text::Language;
use crate::understanding::{Value, VocabularyKind};

/// Candidates kept in a trace.
const TRACED: usize = 3;
/// "Did you mean" offers at most this many.
const OFFERED: usize = 3;
/// Below this a candidate is not worth a place among the choices.
const WORTH_ASKING: f32 = 0.12;
/// Words of a message that is about the promo code in it.
const WORDS_BESIDE_CODE: usize = 6;

#[derive(Debug)]
pub(super) enum Meaning {
    Intent {
        id: String,
        confidence: f32,
        by: By,
    },
    Article {
        hit: ArticleHit,
    },
    /// A product, a colour, a price: words of the catalog without a verb.
    Products,
    /// Too close to choose: each with its probability, likeliest first.
    Close(Vec<(Choice, f32)>),
    /// Said in a language that the shop does not speak.
    Foreign(Language),
    Nothing,
}

pub(super) fn meaning(talk: &mut Talk<'_>) -> Meaning {
    if let Some(order) = context::order_by_number(talk) {
        return order;
    }
    if let Some(sure) = by_rule(talk) {
        return sure;
    }
    if let Some(code) = bare_code(talk) {
        return code;
    }
    if let Some(settled) = context::back_of_focus(talk) {
        return settled;
    }
    if let Some(sure) = verbatim(talk) {
        return sure;
    }
    if let Some(wish) = context::adds_goods(talk).or_else(|| context::compares_kinds(talk)) {
        return wish;
    }
    if let Some(settled) = context::pointed_at(talk)
        .or_else(|| context::field_of_named(talk))
        .or_else(|| context::and_another_product(talk))
    {
        return settled;
    }
    if context::is_critique(talk) || context::is_refinement(talk) {
        return Meaning::Products;
    }
    if skills::named::goods(talk, Naming::Whole).is_some() {
        return Meaning::Products;
    }
    let ranked = by_examples(talk);
    if let Some(sure) = sure_of(talk, &ranked) {
        return sure;
    }
    if let Some(intent) = bare_order_number(talk) {
        return intent;
    }
    if let Some(language) = talk.foreign {
        return Meaning::Foreign(language);
    }
    if skills::refine(talk) || skills::is_gift(talk) {
        return Meaning::Products;
    }
    if let Some(about) = context::question_of_product(talk) {
        return about;
    }
    if skills::named::and_another(talk) {
        return Meaning::Products;
    }
    if let Some(goes_on) = context::follow_up(talk) {
        return goes_on;
    }
    if skills::named::goods(talk, Naming::Partly).is_some() {
        return Meaning::Products;
    }
    let articles = talk.ports.articles(talk.heard, &talk.reading.text);
    consider_articles(talk, &articles);
    if let Some(best) = articles.first().filter(|hit| hit.band == Band::High) {
        return Meaning::Article { hit: best.clone() };
    }
    if skills::named::is_asked_for(talk) {
        return Meaning::Products;
    }
    if let Some(about) = context::named_without_answer(talk) {
        return about;
    }
    let likely = ranked.all.iter().take(OFFERED);
    let mut likely = likely.filter(|guess| guess.probability >= WORTH_ASKING);
    let may_be_wish = likely.any(|guess| is_find(talk, &guess.class));
    if skills::named::unknown_thing(talk, may_be_wish).is_some()
        || skills::named::is_strange_wish(talk)
    {
        return Meaning::Products;
    }
    let close = close_ones(talk, &ranked, &articles);
    if let ([_], Some(Guess { class, probability })) = (&close[..], ranked.all.first())
        && *probability >= talk.hearing().limits.ask_above
        && is_find(talk, class)
    {
        // Nothing else is near, and a search that finds nothing says so.
        if let Some(wish) = sure_meaning(talk, &class.clone(), *probability) {
            return wish;
        }
    }
    if close.is_empty() {
        Meaning::Nothing
    } else {
        Meaning::Close(close)
    }
}

/// What the matcher makes of a message.
struct Guesses {
    /// Likeliest first.
    all: Vec<Guess>,
    /// Probability from which the first may be acted on.
    sure_from: f32,
    /// Any of the words, or one like them, was ever seen.
    known: bool,
}

/// One class of the matcher, with what it takes to act on it.
struct Guess {
    class: Class,
    probability: f32,
}

fn by_rule(talk: &mut Talk<'_>) -> Option<Meaning> {
    let hit = talk
        .shop
        .rules
        .matches(&talk.reading.text)
        .into_iter()
        .next()?;
    let intent = talk.shop.script.intents().get(hit.class)?;
    talk.trace.candidates.push(Considered {
        what: Kind::Rule,
        id: intent.id.clone(),
        probability: 1.0,
        because: Some(format!("rule {} of {}", hit.rule + 1, intent.id)),
    });
    Some(Meaning::Intent {
        id: intent.id.clone(),
        confidence: 1.0,
        by: By::Rule,
    })
}

/// The message stands in the files word for word.
fn verbatim(talk: &mut Talk<'_>) -> Option<Meaning> {
    let said = talk.reading.bare();
    let shop = talk.shop;
    let class = talk
        .hearing()
        .classes
        .get(*talk.hearing().verbatim.get(&said)?)?;
    let (what, id) = match class {
        Class::Intent(at) => (Kind::Intent, shop.script.intents().get(*at)?.id.clone()),
        Class::Article(id) => (Kind::Article, id.clone()),
    };
    talk.trace.candidates.push(Considered {
        what,
        id,
        probability: 1.0,
        because: Some(said),
    });
    sure_meaning(talk, class, 1.0)
}

fn by_examples(talk: &mut Talk<'_>) -> Guesses {
    let hearing = talk.hearing();
    let ranked = hearing
        .matcher
        .rank(&talk.reading.text, &talk.reading.masked());
    let (sure_from, known) = (ranked.sure_from(hearing.limits), ranked.is_known());
    let mut guesses = Vec::with_capacity(ranked.candidates.len());
    for candidate in &ranked.candidates {
        let Some(class) = hearing.classes.get(candidate.class) else {
            continue;
        };
        guesses.push(Guess {
            class: class.clone(),
            probability: candidate.probability,
        });
    }
    let considered = ranked
        .candidates
        .iter()
        .take(TRACED)
        .filter_map(|candidate| {
            let class = hearing.classes.get(candidate.class)?;
            let (what, id) = match class {
                Class::Intent(at) => (
                    Kind::Intent,
                    talk.shop.script.intents().get(*at)?.id.clone(),
                ),
                Class::Article(id) => (Kind::Article, id.clone()),
            };
            let because = candidate.nearest_example.map(str::to_owned);
            Some(Considered {
                what,
                id,
                probability: candidate.probability,
                because,
            })
        });
    let considered: Vec<_> = considered.collect();
    talk.trace.candidates.extend(considered);
    talk.trace.repaired.extend(ranked.repaired);
    Guesses {
        all: guesses,
        sure_from,
        known,
    }
}

/// The likeliest meaning, when it is likely enough to act on.
fn sure_of(talk: &mut Talk<'_>, ranked: &Guesses) -> Option<Meaning> {
    let best = ranked.all.first()?;
    let limits = talk.hearing().limits;
    // A product's own name settles what a question about products is about.
    let needed =
        if names_product(talk) && skill_of(talk, &best.class).is_some_and(Skill::is_about_goods) {
            limits.ask_above
        } else {
            ranked.sure_from
        };
    if best.probability < needed {
        return None;
    }
    sure_meaning(talk, &best.class, best.probability)
}

fn sure_meaning(talk: &mut Talk<'_>, class: &Class, probability: f32) -> Option<Meaning> {
    match class {
        Class::Intent(at) => {
            let id = talk.shop.script.intents().get(*at)?.id.clone();
            Some(Meaning::Intent {
                id,
                confidence: probability,
                by: By::Intent,
            })
        }
        Class::Article(id) => {
            let hit = talk.ports.article(id)?;
            Some(Meaning::Article {
                hit: ArticleHit {
                    confidence: probability,
                    ..hit
                },
            })
        }
    }
}

fn names_product(talk: &Talk<'_>) -> bool {
    talk.reading
        .mentions
        .iter()
        .any(|mention| mention.kind == VocabularyKind::Product)
}

/// What a class runs, where it is an intent that runs a skill.
fn skill_of(talk: &Talk<'_>, class: &Class) -> Option<Skill> {
    match class {
        Class::Intent(at) => Skill::of(talk.shop.script.intents().get(*at)?),
        Class::Article(_) => None,
    }
}

fn is_find(talk: &Talk<'_>, class: &Class) -> bool {
    skill_of(talk, class) == Some(Skill::FindProducts)
}

/// `SH-10023` and nothing else asks for that order.
fn bare_order_number(talk: &Talk<'_>) -> Option<Meaning> {
    let numbered = |value: &Value| matches!(value, Value::OrderNumber(_));
    if !talk
        .reading
        .entities
        .iter()
        .any(|entity| numbered(&entity.value))
        || talk.reading.rest_words() > 2
    {
        return None;
    }
    context::of_skill(talk, Skill::OrderStatus)
}

/// One of the shop's promo codes, written as codes are, among a few words.
fn bare_code(talk: &Talk<'_>) -> Option<Meaning> {
    let of_few = talk.reading.words.len() <= WORDS_BESIDE_CODE;
    (of_few && skills::cart::names_code(talk))
        .then(|| context::of_skill(talk, Skill::PromoCode))
        .flatten()
}

fn consider_articles(talk: &mut Talk<'_>, articles: &[ArticleHit]) {
    let seen = articles.iter().map(|hit| Considered {
        what: Kind::Article,
        id: hit.id.clone(),
        probability: hit.confidence,
        because: Some(hit.question.clone()),
    });
    talk.trace.candidates.extend(seen);
}

/// What is worth asking about: intents and articles by probability, each once.
fn close_ones(talk: &Talk<'_>, ranked: &Guesses, articles: &[ArticleHit]) -> Vec<(Choice, f32)> {
    let ask_above = talk.hearing().limits.ask_above;
    let mut close: Vec<(Choice, f32)> = Vec::new();
    if !ranked.known {
        return Vec::new();
    }
    let sure_enough = ranked
        .all
        .first()
        .is_some_and(|guess| guess.probability >= ask_above);
    if sure_enough {
        for guess in ranked
            .all
            .iter()
            .filter(|guess| guess.probability >= WORTH_ASKING)
        {
            let choice = match &guess.class {
                Class::Intent(at) => talk.shop.script.intents().get(*at).map(|intent| {
                    super::unsure::choice(
                        intent.title_in(talk.language()),
                        Source::Text {
                            id: format!("{}.title", intent.id),
                        },
                    )
                }),
                Class::Article(id) => talk.hearing().knowledge.article(id).map(|article| {
                    let source = Source::Article {
                        id: id.clone(),
                        title: article.title.clone(),
                        url: None,
                    };
                    super::unsure::choice(&article.question, source)
                }),
            };
            close.extend(choice.map(|choice| (choice, guess.probability)));
        }
    }
    let middle = articles.iter().filter(|hit| hit.band == Band::Middle);
    close.extend(middle.map(|hit| {
        (
            super::unsure::choice(&hit.question, hit.source()),
            hit.confidence,
        )
    }));
    close.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.label.cmp(&b.0.label)));
    let mut labels = Vec::new();
    close.retain(|(choice, _)| {
        let new = !labels.contains(&choice.label);
        labels.push(choice.label.clone());
        new
    });
    close.truncate(OFFERED);
    close
}
