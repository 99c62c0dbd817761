//! What a message is about that does not say so itself: "and to Austria?", "the second one", "is the Alder vest
//! machine washable". Each resolution stands in the trace.

use super::block::Choice;
use super::decide::Meaning;
use super::port::ArticleHit;
use super::script::Action;
use super::skills::{self, Skill};
use super::talk::Talk;
use super::trace::By;
use super::unsure;
use crate::catalog::{Naming, Query};
use crate::text::{Language, Word, is_stop_word};
use crate::understanding::{Mention, Reference, Value, VocabularyKind};

/// More words than this bring a subject of their own.
const MOST_WORDS: usize = 3;
/// Products of one name that are looked at.
const CALLED: usize = 5;
/// What a follow-up opens with.
const OPENINGS: [&[&str]; 6] = [
    &["and", "what", "about"],
    &["and", "how", "about"],
    &["what", "about"],
    &["how", "about"],
    &["what", "if"],
    &["and"],
];

/// The last article's question, asked again about something else: "and to Austria?" after "do you ship to Norway?".
/// Answered only by an article that speaks of the new thing; otherwise the nearest are offered.
pub(super) fn follow_up(talk: &mut Talk<'_>) -> Option<Meaning> {
    let topic = talk.state.topic.clone()?;
    let language = Language::of(talk.language());
    let stems = |text: &str| language.content_stems(text);
    let about = new_subject(talk)?;
    let together = talk.ports.articles(talk.heard, &format!("{topic} {about}"));
    let alone = talk.ports.articles(talk.heard, &about);
    // "What about returns?": what a page of its own is about is no detail of what was asked before.
    if alone.iter().any(|hit| stems(&hit.title) == stems(&about)) {
        return None;
    }
    talk.resolved(format!("`{topic}` goes on, now about `{about}`"));
    for hit in together.iter().chain(&alone) {
        let Some(article) = talk.ports.article(&hit.id) else {
            continue;
        };
        let known = stems(&format!(
            "{} {} {}",
            article.title, article.question, article.answer
        ));
        let beside = alone.iter().any(|one| one.id == hit.id);
        let akin = !beside || !stems(&topic).is_disjoint(&known);
        if stems(&about).is_subset(&known) && akin {
            let confidence = hit.confidence;
            return Some(Meaning::Article {
                hit: ArticleHit {
                    confidence,
                    ..article
                },
            });
        }
    }
    let offer = |hit: &ArticleHit| -> (Choice, f32) {
        let choice = unsure::choice(&hit.question, hit.source());
        (choice, hit.confidence)
    };
    let close: Vec<_> = together.iter().map(offer).collect();
    (!close.is_empty()).then_some(Meaning::Close(close))
}

/// What stands behind the opening, when it is short enough to be only a subject.
fn new_subject(talk: &Talk<'_>) -> Option<String> {
    let reading = &talk.reading;
    if !reading.mentions.is_empty() {
        return None;
    }
    let said: Vec<&str> = reading
        .words
        .iter()
        .map(|word| word.text.as_str())
        .collect();
    let opening = OPENINGS.iter().find(|opening| said.starts_with(opening))?;
    let rest: Vec<&str> = said[opening.len()..]
        .iter()
        .copied()
        .filter(|word| !is_stop_word(word))
        .collect();
    (1..=MOST_WORDS)
        .contains(&rest.len())
        .then(|| rest.join(" "))
}

/// "The second one" and nothing else, with products on the screen.
pub(super) fn pointed_at(talk: &Talk<'_>) -> Option<Meaning> {
    let points = talk.reading.reference().is_some() && !talk.state.shown.is_empty();
    (points && talk.reading.rest_words() == 0 && talk.reading.comparative().is_none())
        .then(|| product_detail(talk))?
}

/// "A lighter one", "cheaper", "less formal" and nothing else, with products on the screen. "Which is lighter?" asks about
/// those.
pub(super) fn is_critique(talk: &Talk<'_>) -> bool {
    let reading = &talk.reading;
    let said = |word: &str| reading.words.iter().any(|known| known.text == word);
    let more = reading.comparative().is_some()
        && reading.rest().all(|word| matches!(word, "one" | "ones"));
    let less = skills::less_of(talk).is_some() && reading.words.len() <= MOST_WORDS;
    let names = |mention: &Mention| !matches!(mention.kind, VocabularyKind::Attribute { .. });
    let names_nothing = !reading.mentions.iter().any(names);
    let on_screen = !talk.state.shown.is_empty();
    (more || less) && names_nothing && on_screen && !said("which") && !said("or")
}

/// "Only in olive", "under 60 then": a limit more on what was searched, and hardly a word else.
pub(super) fn is_refinement(talk: &Talk<'_>) -> bool {
    const BESIDE: [&str; 9] = [
        "only", "just", "then", "please", "but", "rather", "ones", "one", "instead",
    ];
    let reading = &talk.reading;
    let described = reading.described.is_some() && reading.words.len() <= MOST_WORDS + 2;
    if described && talk.state.search.is_some() {
        return true;
    }
    let limits =
        reading.colour().is_some() || reading.size().is_some() || reading.price().is_some();
    let names = |mention: &Mention| !matches!(mention.kind, VocabularyKind::Attribute { .. });
    limits
        && talk.state.search.is_some()
        && reading.words.len() <= MOST_WORDS + 1
        && reading.reference().is_none()
        && !reading.mentions.iter().any(names)
        && reading.rest().all(|word| BESIDE.contains(&word))
}

/// "Does the Quay backpack have a pocket for papers?", "does it fit a 15 inch one?": about a product by its name, or about
/// the one spoken of last where that has an answer.
pub(super) fn question_of_product(talk: &mut Talk<'_>) -> Option<Meaning> {
    let is_named = |mention: &Mention| {
        mention.kind == VocabularyKind::Product && mention.exact && mention.phrase.contains(' ')
    };
    if talk.reading.mentions.iter().any(is_named) {
        return product_detail(talk);
    }
    if let Some(named) = skills::spoken_of(talk)
        && skills::answers(talk, &named)
    {
        return product_detail(talk);
    }
    let focus = talk.state.focus.clone().filter(|_| says_it(talk))?;
    let answers = skills::answers(talk, &focus.sku);
    answers.then(|| product_detail(talk))?
}

/// "And the Summit?", after something was asked of another product.
pub(super) fn and_another_product(talk: &Talk<'_>) -> Option<Meaning> {
    let asked = !talk.state.fields.is_empty() && talk.state.focus.is_some();
    (asked && another_product(talk).is_some()).then(|| product_detail(talk))?
}

/// The product that a follow-up names by some of its name, where no other is called so.
pub(super) fn another_product(talk: &Talk<'_>) -> Option<String> {
    let language = Language::of(talk.language());
    let said: Vec<&str> = talk
        .reading
        .words
        .iter()
        .map(|word| word.text.as_str())
        .collect();
    let opening = OPENINGS.iter().find(|opening| said.starts_with(opening))?;
    let rest = &said[opening.len()..];
    if rest
        .iter()
        .any(|word| matches!(*word, "a" | "an" | "any" | "some"))
    {
        // "And a beanie?" wants one, and asks nothing of it.
        return None;
    }
    let is_name = |word: &&str| !is_stop_word(word) && !matches!(*word, "one" | "ones");
    let name: Vec<&str> = rest.iter().copied().filter(is_name).collect();
    if name.is_empty() || name.len() > MOST_WORDS {
        return None;
    }
    let is_so = |title: &str| {
        let own = crate::text::words(title);
        let is = |word: &&str| {
            own.iter()
                .any(|one| language.stem(&one.text) == language.stem(word))
        };
        name.iter().all(is)
    };
    let found = talk.shop.catalog.find(&Query {
        text: name.join(" "),
        limit: CALLED,
        ..Query::default()
    });
    let called = found.hits.iter().filter(|hit| is_so(&hit.product.title));
    let called: Vec<_> = called.map(|hit| &hit.product).collect();
    // Of several called so, the one of the kind that was spoken of.
    let last = talk.state.focus.as_ref()?;
    let kind = &talk.shop.catalog.product(&last.sku)?.category;
    let mut alike = called.iter().filter(|one| one.category == *kind);
    match (&called[..], alike.next(), alike.next()) {
        ([only], ..) => Some(only.sku.clone()),
        (_, Some(one), None) => Some(one.sku.clone()),
        _ => None,
    }
}

/// "Is the Quay backpack vegan?": a question of a product that its data does not answer, which is said honestly.
pub(super) fn named_without_answer(talk: &mut Talk<'_>) -> Option<Meaning> {
    let asks = talk.reading.words.first().is_some_and(|word| {
        [
            "is", "are", "does", "do", "can", "has", "how", "what", "which",
        ]
        .contains(&word.text.as_str())
    });
    if !asks {
        return None;
    }
    skills::spoken_of(talk)?;
    product_detail(talk)
}

/// "It", "this one": the one product spoken of last.
fn says_it(talk: &Talk<'_>) -> bool {
    let it = |word: &Word| {
        matches!(
            word.text.as_str(),
            "it" | "this" | "that" | "they" | "these"
        )
    };
    talk.reading.reference() == Some(Reference::That) || talk.reading.words.iter().any(it)
}

/// "When is it back?", "when is the mending kit back in stock?", about something that is sold out.
pub(super) fn back_of_focus(talk: &mut Talk<'_>) -> Option<Meaning> {
    let asks = |word: &Word| {
        matches!(
            word.text.as_str(),
            "back" | "restock" | "restocked" | "again"
        )
    };
    if !talk.reading.words.iter().any(asks) || talk.reading.rest_words() > 3 {
        return None;
    }
    let named = talk
        .reading
        .mentions
        .iter()
        .find(|mention| mention.kind == VocabularyKind::Product && mention.exact);
    let sku = match named {
        Some(mention) => mention.id.clone(),
        None => talk.state.focus.clone().filter(|_| says_it(talk))?.sku,
    };
    let product = talk.ports.product(&sku)?;
    (!product.in_stock()).then(|| product_detail(talk))?
}

/// A product by its own name, and nothing beside it, or only words for what products have.
pub(super) fn field_of_named(talk: &Talk<'_>) -> Option<Meaning> {
    let mut mentions = talk.reading.mentions.iter();
    let named = mentions.any(|mention| mention.kind == VocabularyKind::Product && mention.exact);
    if named && is_name_alone(talk) {
        return Some(Meaning::Products);
    }
    let mut rest = talk.reading.rest().peekable();
    let asks = named && rest.peek().is_some() && rest.all(skills::names_field);
    asks.then(|| product_detail(talk))?
}

/// The message is a name of several words and nothing else. A name of one word may be a word for something else.
fn is_name_alone(talk: &Talk<'_>) -> bool {
    let reading = &talk.reading;
    let names = |mention: &&Mention| mention.kind == VocabularyKind::Product && mention.exact;
    let mut named = reading.mentions.iter().filter(names);
    let (Some(name), None) = (named.next(), named.next()) else {
        return false;
    };
    let inside = |word: &Word| name.span.start <= word.span.start && word.span.end <= name.span.end;
    reading.words.len() > 1 && reading.words.iter().all(inside)
}

/// "Add work gloves", "please add a strainer": goods by their name, for the cart.
pub(super) fn adds_goods(talk: &Talk<'_>) -> Option<Meaning> {
    // What is added to something else than a cart.
    const ELSEWHERE: [&str; 12] = [
        "order",
        "address",
        "code",
        "email",
        "mail",
        "account",
        "review",
        "note",
        "list",
        "wishlist",
        "wish",
        "newsletter",
    ];
    let words = &talk.reading.words;
    let mut said = words.iter().map(|word| word.text.as_str());
    let first = said.find(|word| !matches!(*word, "please" | "pls" | "and" | "ok" | "then"));
    let elsewhere = said.any(|word| ELSEWHERE.contains(&word));
    let adds = first == Some("add") && !elsewhere;
    let goods = adds.then(|| skills::goods_words(talk))?;
    let is_name = |mention: &Mention| mention.kind == VocabularyKind::Product && mention.exact;
    let names = talk.reading.mentions.iter().any(is_name)
        || skills::named::kind(talk, &goods) >= Some(Naming::Partly);
    names.then(|| of_skill(talk, Skill::AddToCart))?
}

/// "Compare the cordless drills", "the difference between green and white tea", "which hammer is heavier": kinds of goods
/// held against each other.
pub(super) fn compares_kinds(talk: &mut Talk<'_>) -> Option<Meaning> {
    let goods = skills::compares_kinds(talk);
    goods.then(|| of_skill(talk, Skill::Compare))?
}

/// "Order 1006", "my order #1001, postcode 0150": the number of an order with the word before it, and what proves it.
pub(super) fn order_by_number(talk: &Talk<'_>) -> Option<Meaning> {
    const NAMES: [&str; 4] = ["order", "bestellung", "bestellnummer", "auftrag"];
    const BESIDE: [&str; 19] = [
        "number",
        "no",
        "nr",
        "nummer",
        "id",
        "status",
        "postcode",
        "postleitzahl",
        "plz",
        "zip",
        "code",
        "email",
        "mail",
        "phone",
        "telefon",
        "hi",
        "hello",
        "hallo",
        "please",
    ];
    let reading = &talk.reading;
    let is_name = |word: &Word| NAMES.contains(&word.text.as_str());
    let at = reading.words.iter().position(is_name)?;
    let number = reading
        .entities
        .iter()
        .find_map(|entity| match &entity.value {
            Value::OrderNumber(number) if entity.span.start > reading.words[at].span.start => {
                Some(number)
            }
            _ => None,
        })?;
    // "Order 2" with products on the screen is the second of them.
    let points = number
        .parse()
        .is_ok_and(|place: usize| place <= talk.state.shown.len());
    let proves = |value: &Value| {
        matches!(
            value,
            Value::OrderNumber(_)
                | Value::PossibleOrderNumber(_)
                | Value::Email(_)
                | Value::Postcode(_)
                | Value::Phone(_)
                | Value::Number(_)
        )
    };
    let mut rest = reading.rest();
    let says_no_more = reading.mentions.is_empty()
        && reading.entities.iter().all(|one| proves(&one.value))
        && rest.all(|word| NAMES.contains(&word) || BESIDE.contains(&word));
    (says_no_more && !points).then(|| of_skill(talk, Skill::OrderStatus))?
}

fn product_detail(talk: &Talk<'_>) -> Option<Meaning> {
    of_skill(talk, Skill::ProductDetail)
}

/// The intent that asks for this skill.
pub(super) fn of_skill(talk: &Talk<'_>, skill: Skill) -> Option<Meaning> {
    let intents = talk.shop.script.intents();
    let intent = intents.iter().find(|intent| match &intent.action {
        Action::Skill(name) => name == skill.name(),
        Action::Reply(_) => false,
    })?;
    Some(Meaning::Intent {
        id: intent.id.clone(),
        confidence: 1.0,
        by: By::Context,
    })
}
