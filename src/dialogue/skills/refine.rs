//! The last wish with what the next message changes about it: "in navy", "cheaper", "only in size M".

use super::critique;
use super::find::{GOODS, bounds, goods_words, options, quality};
use super::named;
use super::whom::whom;
use crate::catalog::Naming;
use crate::dialogue::state::LastSearch;
use crate::dialogue::talk::Talk;
use crate::money::Money;
use crate::understanding::{Comparative, Mention, Reference, VocabularyKind};

/// Words that neither name nor describe: "only in olive", "maybe cheaper".
pub(super) const FILLING: [&str; 16] = [
    "actually", "alright", "also", "fine", "hm", "hmm", "instead", "just", "maybe", "ok", "okay",
    "only", "perhaps", "rather", "then", "well",
];

/// Whether the message, without a request of its own, names things of the catalog or refines what
/// was shown: "alder socks", "in navy", "cheaper".
pub(in crate::dialogue) fn refine(talk: &Talk<'_>) -> bool {
    let reading = &talk.reading;
    let wished = reading.price().is_some()
        || reading.colour().is_some()
        || reading.size().is_some()
        || reading.comparative().is_some()
        || reading.superlative().is_some()
        || reading.cheap()
        || !reading.without().is_empty();
    let rest = reading.rest_words();
    // "What are your newest products", "the best selling things".
    if reading.superlative().is_some()
        && reading
            .rest()
            .all(|word| GOODS.contains(&word) || matches!(word, "what" | "which"))
    {
        return true;
    }
    if !reading.mentions.is_empty() {
        return rest <= reading.mentions.len();
    }
    let has_context = talk.state.search.is_some() || talk.state.focus.is_some();
    wished && has_context && rest <= 1
}

/// The last wish with what this message changes about it; none when it stands on its own.
pub(super) fn refined(talk: &mut Talk<'_>) -> Option<LastSearch> {
    let last = talk.state.search.clone()?;
    let reading = &talk.reading;
    // "Warm" after jackets is a word more about them; "a blanket" is another thing.
    let describes = |mention: &Mention| {
        matches!(mention.kind, VocabularyKind::Attribute { .. })
            || talk
                .shop
                .catalog
                .has_value(&reading.text[mention.span.clone()])
    };
    let rest: Vec<&str> = reading
        .rest()
        .filter(|word| !FILLING.contains(word))
        .collect();
    if let Some(described) = &reading.described {
        let text = format!("{} {described}", last.text).trim().to_owned();
        talk.resolved(format!(
            "the last search goes on, of it those that are {described}"
        ));
        return Some(LastSearch { text, ..last });
    }
    let only_describes = rest.is_empty() && reading.mentions.iter().all(describes);
    if !(reading.mentions.is_empty() || only_describes) || rest.len() > 1 {
        return None;
    }
    if reading.superlative().is_some() && !rest.is_empty() {
        return None;
    }
    // "Clocks" after candles is another thing, though no category is called so.
    let is_thing = |word: &str| talk.shop.catalog.naming(word, word) == Some(Naming::Whole);
    if rest.into_iter().any(is_thing) {
        return None;
    }
    if named::unknown_thing(talk, true).is_some() {
        return None;
    }
    let mut search = last;
    if !reading.mentions.is_empty() {
        let added = goods_words(talk);
        let new = added
            .split(' ')
            .filter(|word| !search.text.split(' ').any(|known| known == *word));
        let new: Vec<&str> = new.collect();
        search.text = format!("{} {}", search.text, new.join(" "))
            .trim()
            .to_owned();
    }
    let (min, max) = bounds(talk);
    // "Over 20" after "under 15" takes its place.
    let beyond = |low: Option<Money>, high: Option<Money>| matches!((low, high), (Some(low), Some(high)) if low.minor > high.minor);
    if beyond(min, search.max) {
        search.max = None;
    }
    if beyond(search.min, max) {
        search.min = None;
    }
    search.min = min.or(search.min);
    search.max = max.or(search.max);
    for (name, value) in options(talk) {
        search.wishes.retain(|(known, _)| *known != name);
        search.wishes.push((name, value));
    }
    search.without.extend(critique::unwanted(talk));
    search.audience = whom(talk).or(search.audience);
    search.cheap |= talk.reading.cheap();
    if talk.reading.comparative() == Some(Comparative::Cheaper) {
        let than = cheaper_than(talk)?;
        talk.resolved(format!("cheaper than {than}"));
        search.max = Some(Money {
            minor: than.minor - 1,
            ..than
        });
        // Whoever wants less does not insist on a least price.
        search.min = None;
    }
    let more = quality(
        talk,
        talk.reading.comparative().or(talk.reading.superlative()),
    );
    if let Some(more) = more.filter(|more| !search.text.split(' ').any(|word| word == *more)) {
        search.text = format!("{} {more}", search.text).trim().to_owned();
    }
    talk.resolved(format!(
        "the last search (`{}`) goes on",
        search.text.trim()
    ));
    Some(search)
}

/// The price "cheaper" means: of the one pointed at, else of the cheapest shown.
fn cheaper_than(talk: &Talk<'_>) -> Option<Money> {
    let pointed = match talk.reading.reference() {
        Some(Reference::Nth(n)) => talk.state.shown.get((n as usize).checked_sub(1)?),
        Some(Reference::Last) => talk.state.shown.last(),
        _ => None,
    };
    pointed
        .map(|one| one.price)
        .or_else(|| talk.state.shown.iter().map(|one| one.price).min())
}
