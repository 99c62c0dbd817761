//! Critique: "the second but cheaper", "like this but red", "a lighter one", "none of these". Around a product that was
//! shown, or away from all of them.

use super::find::{self, goods_words};
use super::suggest::pointed_at;
use super::text;
use crate::catalog::Product;
use crate::dialogue::port::Measured;
use crate::dialogue::script::TextSpec;
use crate::dialogue::state::{LastSearch, Shown};
use crate::dialogue::talk::Talk;
use crate::money::Money;
use crate::understanding::{Comparative, Measure, Reference};

pub(super) const TEXTS: &[TextSpec] = &[
    text("critique.none", &["title"]),
    text("critique.like", &["title"]),
    text("critique.no_more", &[]),
    text("critique.no_word", &["word"]),
];

/// Products turned down that are remembered.
const REMEMBERED: usize = 30;

/// Answers a wish that is told by a product shown before: of its kind, and different in what is said. False when the
/// message points at none, or says nothing that is to be different. `like_it`: it asks for something like what was
/// spoken of last, though it does not point there.
pub(super) fn around(talk: &mut Talk<'_>, like_it: bool) -> bool {
    let reading = &talk.reading;
    let comparative = reading.comparative();
    let differs = comparative.is_some()
        || reading.colour().is_some()
        || reading.size().is_some()
        || reading.price().is_some()
        || !reading.without().is_empty();
    let pointed = reading
        .reference()
        .filter(|_| differs)
        .and_then(|reference| {
            let single = matches!(
                reference,
                Reference::Nth(_) | Reference::Last | Reference::That | Reference::Other
            );
            single.then(|| pointed_at(talk, reference))?
        });
    let by_measure = comparative.and_then(names_of);
    let base = pointed.or_else(|| {
        // "A lighter one" is lighter than what is looked at.
        let only = talk
            .reading
            .rest()
            .all(|word| matches!(word, "one" | "ones"));
        let is_lighter_one = by_measure.is_some() && only;
        let state = &talk.state;
        let last = || state.focus.clone().or_else(|| state.shown.first().cloned());
        (is_lighter_one || (like_it && differs)).then(last)?
    });
    let Some((base, product)) = base.and_then(|base| {
        let product = talk.ports.product(&base.sku)?;
        Some((base, product))
    }) else {
        return false;
    };
    let Some(search) = search_around(talk, &base, &product) else {
        return false;
    };
    talk.resolved(format!("around {} ({})", base.title, base.sku));
    let none = ("critique.none", [("title", base.title.as_str())]);
    find::run_with(
        talk,
        search,
        Some(("critique.like", &none.1)),
        Some((none.0, &none.1)),
    )
}

/// Of the same kind as the product, and different in what is said. None when nothing of it can be searched by.
fn search_around(talk: &Talk<'_>, base: &Shown, product: &Product) -> Option<LastSearch> {
    let reading = &talk.reading;
    let (mut min, mut max) = find::bounds(talk);
    let mut measured = None;
    let mut words = goods_words(talk);
    match reading.comparative() {
        Some(Comparative::Cheaper) => {
            max = Some(Money {
                minor: base.price.minor - 1,
                ..base.price
            });
        }
        Some(Comparative::Dearer) => {
            min = Some(Money {
                minor: base.price.minor + 1,
                ..base.price
            });
        }
        Some(comparative) => {
            let (names, more) = names_of(comparative).unwrap_or((&[], true));
            let known = names
                .iter()
                .find_map(|name| Measure::of(product.attributes.get(*name)?));
            measured = known.map(|than| Measured {
                names: names.iter().map(|name| (*name).to_owned()).collect(),
                more,
                than,
            });
            if measured.is_none() {
                // Without a number the word itself has to do, where goods are described by it.
                words = find::quality(talk, Some(comparative))?.to_owned();
            }
        }
        None => {}
    }
    // "Like this but red": the words of the message are about the difference, the kind is the product's.
    let last_word = product
        .title
        .split_whitespace()
        .last()
        .map(str::to_lowercase);
    let (category, kind) = match product.category.last() {
        Some(category) => (Some(category.clone()), None),
        None => (None, last_word),
    };
    let text = kind
        .into_iter()
        .chain(Some(words).filter(|words| !words.is_empty()));
    Some(LastSearch {
        text: text.collect::<Vec<_>>().join(" "),
        min,
        max,
        wishes: find::options(talk),
        without: unwanted(talk),
        audience: talk.state.search.as_ref().and_then(|last| last.audience),
        category,
        except: vec![base.sku.clone()],
        measured,
        ..LastSearch::default()
    })
}

/// What must not be: "not wool", and "less formal" where goods are described as formal.
pub(super) fn unwanted(talk: &Talk<'_>) -> Vec<String> {
    let mut all = talk.reading.without();
    all.extend(less_of(talk).filter(|word| talk.shop.goods.knows(word)));
    all
}

/// The word behind "less": "less formal".
pub(in crate::dialogue) fn less_of(talk: &Talk<'_>) -> Option<String> {
    let words = &talk.reading.words;
    let mut pairs = words.iter().zip(words.iter().skip(1));
    let (_, word) = pairs.find(|(first, _)| first.text == "less")?;
    Some(word.text.clone())
}

/// "Less formal" where nothing is described as formal: honestly not.
pub(super) fn not_described(talk: &mut Talk<'_>) -> bool {
    let Some(word) = less_of(talk).filter(|word| !talk.shop.goods.knows(word)) else {
        return false;
    };
    if talk.state.shown.is_empty() || talk.reading.comparative().is_some() {
        return false;
    }
    talk.say("critique.no_word", &[("word", &word)]);
    true
}

/// Attributes that tell a quality in numbers, and whether more of it is meant.
pub(super) fn names_of(comparative: Comparative) -> Option<(&'static [&'static str], bool)> {
    const SIZE: [&str; 5] = ["volume", "capacity", "width", "length", "height"];
    const LENGTH: [&str; 2] = ["length", "height"];
    const WEIGHT: [&str; 1] = ["weight"];
    Some(match comparative {
        Comparative::Bigger => (&SIZE, true),
        Comparative::Smaller => (&SIZE, false),
        Comparative::Longer => (&LENGTH, true),
        Comparative::Shorter => (&LENGTH, false),
        Comparative::Heavier => (&WEIGHT, true),
        Comparative::Lighter => (&WEIGHT, false),
        _ => return None,
    })
}

/// "None of these", "show me others": the last search again without what was shown, which is remembered as turned down.
pub(super) fn others(talk: &mut Talk<'_>) {
    let Some(mut search) = talk
        .state
        .search
        .clone()
        .filter(|_| !talk.state.shown.is_empty())
    else {
        talk.say("find.ask_what", &[]);
        talk.offer(&["choice.best_sellers"]);
        return;
    };
    let pointed = talk
        .reading
        .reference()
        .and_then(|reference| pointed_at(talk, reference));
    let turned_down: Vec<String> = match pointed {
        Some(one) => vec![one.sku],
        None => talk
            .state
            .shown
            .iter()
            .map(|shown| shown.sku.clone())
            .collect(),
    };
    for sku in turned_down {
        if !search.except.contains(&sku) {
            search.except.push(sku);
        }
    }
    let forgotten = search.except.len().saturating_sub(REMEMBERED);
    search.except.drain(..forgotten);
    talk.resolved(format!("{} products are turned down", search.except.len()));
    find::run_with(talk, search, None, Some(("critique.no_more", &[])));
}
