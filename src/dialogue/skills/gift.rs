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
const GIFT: [&str; 5] = ["geschenk", "gift", "gifts", "present", "presents"];
/// Behind "gift": things of a shop's own, asked about by their name.
const NO_GIFT: [&str; 10] = [
    "card",
    "cards",
    "certificate",
    "message",
    "receipt",
    "voucher",
    "vouchers",
    "wrap",
    "wrapped",
    "wrapping",
];
/// Folded; sorted. Days to give on; "christmas decorations" are no gift for anybody.
const DAYS: [&str; 4] = ["birthday", "christmas", "geburtstag", "xmas"];
/// Folded; sorted. Beside an age.
const AGED: [&str; 4] = ["aged", "old", "year", "years"];
/// Folded; sorted. They like what is made for children.
const SMALL: [&str; 10] = [
    "baby", "boy", "boys", "child", "children", "girl", "girls", "kid", "kids", "toddler",
];
/// What shops call that, the first known is taken.
const FOR_CHILDREN: [&str; 4] = ["children", "childrens", "kids", "child"];
/// Years up to which somebody is a child.
const CHILD: u32 = 12;
/// Folded; sorted.
const WHO: [&str; 48] = [
    "aunt",
    "baby",
    "boss",
    "boy",
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
    "girl",
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
    "toddler",
    "uncle",
    "vater",
    "wife",
    "woman",
    "women",
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
    let no_gift =
        talk.reading.words.windows(2).any(|two| {
            GIFT.contains(&two[0].text.as_str()) && NO_GIFT.contains(&two[1].text.as_str())
        });
    (has(&GIFT) && !no_gift) || (has(&WHO) && (has(&LIKES) || has(&DAYS)))
}

/// Searches by what they like and what it may cost; by what sells, where nothing is said of what they like.
pub(super) fn offer(talk: &mut Talk<'_>, mut search: LastSearch) {
    let words = || talk.reading.words.iter().map(|word| word.text.as_str());
    let is_aged = words().any(|word| matches!(word, "year" | "years" | "aged"));
    let aged: &[&str] = if is_aged { &AGED } else { &[] };
    let names_goods = |word: &&str| {
        [&GIFT[..], &DAYS, &WHO, &LIKES, &SMALL, aged]
            .iter()
            .all(|list| list.binary_search(word).is_err())
    };
    let kept = search.text.split(' ').filter(names_goods);
    search.text = kept.collect::<Vec<_>>().join(" ");
    let age = words().find_map(|word| word.parse::<u32>().ok().filter(|_| is_aged));
    let is_child = words().any(|word| SMALL.binary_search(&word).is_ok())
        || age.is_some_and(|age| age <= CHILD);
    if search.text.is_empty() && is_child {
        let goods = &talk.shop.goods;
        let made_for = FOR_CHILDREN.iter().find(|word| goods.knows(word));
        search.text = made_for.copied().unwrap_or_default().to_owned();
    }
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
        for list in [&GIFT[..], &DAYS, &AGED, &SMALL, &WHO, &LIKES] {
            assert!(list.is_sorted());
        }
    }
}
