//! Gifts: "for my dad, 60, likes gardening, 30 to 50". Who it is for and how old they are name no goods; what they like
//! and what it may cost do.

use super::find;
use super::text;
use crate::dialogue::script::TextSpec;
use crate::dialogue::state::LastSearch;
use crate::dialogue::talk::Talk;
use crate::money::Money;

pub(super) const TEXTS: &[TextSpec] = &[text("gift.results", &[])];

/// Folded; sorted.
const GIFT: [&str; 9] = [
    "birthday",
    "christmas",
    "geburtstag",
    "geschenk",
    "gift",
    "gifts",
    "present",
    "presents",
    "xmas",
];
/// Folded; sorted.
const WHO: [&str; 46] = [
    "aunt",
    "baby",
    "boss",
    "boyfriend",
    "brother",
    "child",
    "children",
    "colleague",
    "cousin",
    "dad",
    "daughter",
    "father",
    "friend",
    "girlfriend",
    "grandad",
    "granddad",
    "grandfather",
    "grandma",
    "grandmother",
    "grandpa",
    "granny",
    "her",
    "him",
    "husband",
    "kid",
    "kids",
    "man",
    "men",
    "mom",
    "mother",
    "mum",
    "mutter",
    "neighbour",
    "nephew",
    "niece",
    "partner",
    "sister",
    "son",
    "teacher",
    "teenager",
    "uncle",
    "vater",
    "wife",
    "woman",
    "women",
    "years",
];
/// Folded; what comes behind is what they like.
const LIKES: [&str; 12] = [
    "adores",
    "enjoys",
    "fan",
    "hobby",
    "interested",
    "into",
    "keen",
    "like",
    "likes",
    "love",
    "loves",
    "mag",
];
/// Between two amounts that are a range.
const JOINING: [&str; 8] = ["to", "-", "–", "—", "and", "till", "up to", "bis"];

/// Whether the message asks for something to give, rather than for something that suits somebody.
pub(in crate::dialogue) fn is_gift(talk: &Talk<'_>) -> bool {
    let has = |list: &[&str]| {
        talk.reading
            .words
            .iter()
            .any(|word| list.binary_search(&word.text.as_str()).is_ok())
    };
    has(&GIFT) || (has(&WHO) && has(&LIKES))
}

/// Searches by what they like and what it may cost; by what sells, where nothing is said of what they like.
pub(super) fn offer(talk: &mut Talk<'_>, mut search: LastSearch) {
    let names_goods = |word: &&str| {
        [&GIFT[..], &WHO, &LIKES]
            .iter()
            .all(|list| list.binary_search(word).is_err())
    };
    let kept = search.text.split(' ').filter(names_goods);
    search.text = kept.collect::<Vec<_>>().join(" ");
    if search.min.is_none() && search.max.is_none() {
        (search.min, search.max) =
            range(talk).map_or((None, None), |(low, high)| (Some(low), Some(high)));
    }
    talk.resolved("something to give".to_owned());
    find::run_with(talk, search, Some(("gift.results", &[])), None);
}

/// Two numbers that make a range, "30 to 50", though no currency stands by them: an age is one number.
fn range(talk: &Talk<'_>) -> Option<(Money, Money)> {
    let reading = &talk.reading;
    let number = |text: &str| text.parse::<u32>().ok().map(i64::from);
    let pairs = reading.words.iter().zip(reading.words.iter().skip(1));
    let beside = pairs.filter_map(|(low, high)| {
        let between = reading.text.get(low.span.end..high.span.start)?.trim();
        Some((number(&low.text)?, number(&high.text)?, between))
    });
    let apart = reading.words.windows(3).filter_map(|three| {
        let [low, between, high] = three else {
            return None;
        };
        Some((
            number(&low.text)?,
            number(&high.text)?,
            between.text.as_str(),
        ))
    });
    let is_range =
        |(low, high, between): &(i64, i64, &str)| low < high && JOINING.contains(between);
    let (low, high, _) = beside.chain(apart).find(is_range)?;
    let currency = talk.shop.facts.currency;
    let unit = 10_i64.pow(currency.decimals());
    let money = |amount: i64| Money {
        minor: amount * unit,
        currency,
    };
    Some((money(low), money(high)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        assert!(GIFT.is_sorted() && WHO.is_sorted() && LIKES.is_sorted());
    }
}
