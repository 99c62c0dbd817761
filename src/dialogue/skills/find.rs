//! Finding products: the wish as hard limits and free text, refined by what is said next.

use super::suggest::{SHOWN, show};
use super::whom::whom;
use super::{critique, for_you, gift, guide, named, refine, text};
use crate::catalog::Naming;
use crate::dialogue::block::ProductCard;
use crate::dialogue::port::{Most, NextQuestion, SearchAnswer, SearchQuestion, Sort};
use crate::dialogue::script::TextSpec;
use crate::dialogue::state::LastSearch;
use crate::dialogue::talk::Talk;
use crate::money::Money;
use crate::text::Language;
use crate::understanding::{Comparative, PriceWish, VocabularyKind, equivalents};

pub(super) const TEXTS: &[TextSpec] = &[
    text("find.results", &["count"]),
    text("find.one", &[]),
    text("find.none", &["wish"]),
    text("find.unknown", &["wish"]),
    text("find.closest", &[]),
    text("find.relaxed", &["dropped"]),
    text("find.near", &["dropped", "instead"]),
    text("find.begins", &["price"]),
    text("find.least", &["price"]),
    text("find.other_currency", &["currency"]),
    text("find.contradiction", &["wish"]),
    text("find.up_to", &["price"]),
    text("find.no", &["what"]),
    text("find.repaired", &["words"]),
    text("find.ask_what", &[]),
    text("choice.best_sellers", &[]),
];

/// Words for goods that name none.
pub(super) const GOODS: [&str; 9] = [
    "products", "product", "arrivals", "things", "items", "stuff", "goods", "ones", "one",
];

pub(super) fn find(talk: &mut Talk<'_>) {
    if super::detail::comes_in(talk)
        || critique::not_described(talk)
        || critique::around(talk, false)
    {
        return;
    }
    if super::sold_out::named_sold_out(talk) {
        return;
    }
    if refine::refined(talk).is_some_and(|search| run(talk, search)) {
        return;
    }
    let search = wish(talk);
    if gift::is_gift(talk) {
        gift::offer(talk, search);
        return;
    }
    if let Some(unknown) = not_sold(talk, &search) {
        talk.resolved(format!("nothing in the catalog is called `{unknown}`"));
        talk.say("find.unknown", &[("wish", &unknown)]);
        for_you::instead(talk);
        talk.offer(&["choice.person"]);
        return;
    }
    if is_empty(&search) && sort(talk).is_none() {
        talk.say("find.ask_what", &[]);
        talk.offer(&["choice.best_sellers"]);
        return;
    }
    let closest = named::strange(talk).map(|word| {
        talk.resolved(format!("nothing in the catalog is `{word}`"));
        ("find.closest", &[][..])
    });
    run_with(talk, search, closest, None);
}

/// A product, a colour or a price alone.
pub(in crate::dialogue) fn bare_wish(talk: &mut Talk<'_>) {
    find(talk);
}

/// The message as a new wish.
pub(super) fn wish(talk: &Talk<'_>) -> LastSearch {
    let (min, max) = bounds(talk);
    LastSearch {
        text: named::goods(talk, Naming::Partly).unwrap_or_else(|| goods_words(talk)),
        min,
        max,
        wishes: options(talk),
        without: critique::unwanted(talk),
        audience: whom(talk),
        cheap: talk.reading.cheap(),
        ..LastSearch::default()
    }
}

/// Lowest and highest price of all that the message says of prices.
pub(super) fn bounds(talk: &Talk<'_>) -> (Option<Money>, Option<Money>) {
    let wishes = talk.reading.prices().map(PriceWish::bounds);
    wishes.fold((None, None), |(min, max), (from, to)| {
        (from.or(min), to.or(max))
    })
}

/// The words of the message that name goods, misspelt ones put right. "Show me" and "for my dad"
/// name none: what is left is what can be searched by.
pub(in crate::dialogue) fn goods_words(talk: &Talk<'_>) -> String {
    let left = talk.reading.search_words();
    let language = Language::of(talk.language());
    let named = text_words(&left, language).filter_map(|word| {
        let goods = &talk.shop.goods;
        if goods.knows(&word) {
            return Some(word);
        }
        let tongue = &talk.hearing().tongue;
        let instead = tongue
            .kindred
            .instead_of(&tongue.language.stem(&word))
            .iter();
        let instead = instead.map(String::as_str).find(|other| goods.knows(other));
        instead.or_else(|| goods.repair(&word)).map(str::to_owned)
    });
    let quality = quality(talk, talk.reading.superlative()).map(str::to_owned);
    named.chain(quality).collect::<Vec<_>>().join(" ")
}

/// "The warmest", "softer": the word that goods are described by, where any here is.
pub(super) fn quality(talk: &Talk<'_>, of: Option<Comparative>) -> Option<&'static str> {
    let word = of?.plain()?;
    talk.shop.goods.knows(word).then_some(word)
}

/// The first content word of a wish for something this shop does not have, when it has none of it.
fn not_sold(talk: &Talk<'_>, search: &LastSearch) -> Option<String> {
    if let Some(thing) = named::unknown_thing(talk, true) {
        return Some(thing);
    }
    if !search.text.is_empty() || !search.wishes.is_empty() {
        return None;
    }
    let left = talk.reading.search_words();
    text_words(&left, Language::of(talk.language()))
        .filter(|word| !GOODS.contains(&word.as_str()))
        .find(|word| !talk.shop.goods.is_everyday(word) && word.chars().all(char::is_alphabetic))
}

/// Content words, folded.
pub(super) fn text_words(text: &str, language: Language) -> impl Iterator<Item = String> {
    let words = crate::text::words(text).into_iter().map(|word| word.text);
    words.filter(move |word| {
        let denies = matches!(word.as_str(), "not" | "no" | "without" | "non");
        !denies && !crate::text::is_stop_word(word) && !language.is_stop_word(word)
    })
}

pub(super) fn options(talk: &Talk<'_>) -> Vec<(String, String)> {
    let colour = talk.reading.colour_here();
    let colour = colour.map(|colour| ("colour".to_owned(), colour));
    let size = talk
        .reading
        .size()
        .map(|size| ("size".to_owned(), size_here(talk, &size)));
    colour.into_iter().chain(size).collect()
}

/// The size as this shop writes it: where nothing comes in `UK 9`, but things come in 43, that is meant.
pub(super) fn size_here(talk: &Talk<'_>, size: &str) -> String {
    let goods = &talk.shop.goods;
    let here = |said: &String| {
        let words = crate::text::words(said);
        !words.is_empty() && words.iter().all(|word| goods.knows(&word.text))
    };
    let known = equivalents(size).into_iter().find(here);
    known.unwrap_or_else(|| size.to_owned())
}

fn is_empty(search: &LastSearch) -> bool {
    let words = crate::text::words(&search.text);
    let says_something = words
        .iter()
        .any(|word| !crate::text::is_stop_word(&word.text));
    !says_something
        && !search.cheap
        && search.max.is_none()
        && search.min.is_none()
        && search.wishes.is_empty()
}

/// The order that "the cheapest", "most expensive" and "best rated" ask for.
fn sort(talk: &Talk<'_>) -> Option<Sort> {
    match talk.reading.superlative()? {
        Comparative::Cheaper => Some(Sort::Price),
        Comparative::Dearer => Some(Sort::PriceDown),
        Comparative::Better => Some(Sort::Rating),
        Comparative::Newer => Some(Sort::Newest),
        Comparative::Popular => Some(Sort::Popular),
        _ => None,
    }
}

/// Words before the products, and what they hold.
type Said<'t> = (&'t str, &'t [(&'t str, &'t str)]);

/// Searches, says how it went, shows what was found and asks what narrows it.
pub(super) fn run(talk: &mut Talk<'_>, search: LastSearch) -> bool {
    run_with(talk, search, None, None)
}

/// The same with other words for something found, and for nothing.
pub(super) fn run_with(
    talk: &mut Talk<'_>,
    mut search: LastSearch,
    found: Option<Said<'_>>,
    none: Option<Said<'_>>,
) -> bool {
    settle(talk, &mut search);
    let question = question(talk, &search);
    let SearchAnswer {
        items,
        repaired,
        dropped,
        beside,
        partly,
        instead,
        begins_at,
        next,
    } = talk.ports.search(question);
    // Around one product, what is not so is no answer.
    let is_wrong = none.is_some() && (beside || !dropped.is_empty());
    if items.is_empty() || is_wrong {
        let wish = search.text.split_whitespace().collect::<Vec<_>>().join(" ");
        match none {
            Some((id, variables)) => {
                talk.say(id, variables);
                talk.offer(&["choice.best_sellers", "choice.person"]);
            }
            None => {
                talk.say("find.none", &[("wish", &wish)]);
                for_you::instead(talk);
                talk.offer(&["choice.person"]);
            }
        }
        return true;
    }
    if !repaired.is_empty() {
        let words: Vec<&str> = repaired.iter().map(|(_, right)| right.as_str()).collect();
        talk.say("find.repaired", &[("words", &words.join(" "))]);
    }
    let count = items.len().to_string();
    let reading = &talk.reading;
    let wants_less = reading.cheap() || reading.comparative() == Some(Comparative::Cheaper);
    let least = begins_at.filter(|_| wants_less && dropped.len() == 1);
    match (found, dropped.is_empty(), &instead) {
        (Some((id, variables)), true, _) => talk.say(id, variables),
        (None, true, _) if partly => talk.say("find.closest", &[]),
        (None, true, _) if items.len() == 1 => talk.say("find.one", &[]),
        (None, true, _) => talk.say("find.results", &[("count", &count)]),
        (_, false, _) if least.is_some() => {
            // "Cheaper" is over with that: what comes next is not held against it.
            search.max = None;
            search.cheap = false;
            let price = least.map(|price| talk.money(price)).unwrap_or_default();
            talk.say("find.least", &[("price", &price)]);
        }
        (_, false, Some(near)) => {
            let dropped = dropped.join(", ");
            talk.say("find.near", &[("dropped", &dropped), ("instead", near)]);
        }
        (_, false, None) => talk.say("find.relaxed", &[("dropped", &dropped.join(", "))]),
    }
    talk.state.search = Some(search);
    show(talk, items, "");
    // Of what was asked for by its whole name, "it" means that.
    let named = talk.reading.mentions.iter();
    let named = named.filter(|mention| mention.exact && mention.kind == VocabularyKind::Product);
    if let [only] = named.collect::<Vec<_>>()[..] {
        let mut shown = talk.state.shown.iter();
        let named = shown.find(|one| one.sku == only.id).cloned();
        talk.state.focus = named.or(talk.state.focus.take());
    }
    if let Some(price) = begins_at.filter(|_| least.is_none()) {
        let price = talk.money(price);
        talk.say("find.begins", &[("price", &price)]);
    }
    if let Some(next) = next {
        guide::ask(talk, next);
    }
    true
}

/// What would be asked next about a search, without showing anything again.
pub(super) fn next_question(talk: &mut Talk<'_>, search: &LastSearch) -> Option<NextQuestion> {
    let question = question(talk, search);
    talk.ports.search(question).next
}

/// Codes of what the message asks for, read as a wish.
pub(in crate::dialogue) fn sought(talk: &mut Talk<'_>, limit: usize) -> Vec<String> {
    let mut search = wish(talk);
    settle(talk, &mut search);
    let question = SearchQuestion {
        asked: None,
        limit,
        ..question(talk, &search)
    };
    let found = talk.ports.search(question).items.into_iter();
    found.map(|offer| offer.card.sku).collect()
}

/// The best of what is called so; nothing where what is found only mentions it.
pub(super) fn best(talk: &mut Talk<'_>, goods: &str, limit: usize) -> Vec<ProductCard> {
    let search = LastSearch {
        text: goods.to_owned(),
        ..LastSearch::default()
    };
    let question = SearchQuestion {
        asked: None,
        sort: Sort::Relevance,
        limit,
        ..question(talk, &search)
    };
    let found = talk.ports.search(question);
    let fits = !found.beside && !found.partly && found.dropped.is_empty();
    let cards = found.items.into_iter().map(|offer| offer.card);
    if fits { cards.collect() } else { Vec::new() }
}

fn question(talk: &Talk<'_>, search: &LastSearch) -> SearchQuestion {
    SearchQuestion {
        text: search.text.clone(),
        min: search.min,
        max: search.max,
        options: search.wishes.clone(),
        without: search.without.clone(),
        audience: search.audience,
        cheap: search.cheap,
        reduced: search.reduced,
        category: search.category.clone(),
        except: search.except.clone(),
        measured: search.measured.clone(),
        most: talk.reading.superlative().and_then(most),
        asked: Some(search.asked.clone()),
        // Where no words say what is best, what others bought does.
        sort: sort(talk).unwrap_or(match search.text.is_empty() {
            true => Sort::Popular,
            false => Sort::Relevance,
        }),
        limit: SHOWN,
    }
}

/// "The lightest", by its weight; "the warmest", by what is very warm.
fn most(of: Comparative) -> Option<Most> {
    let (names, more) = critique::names_of(of).unwrap_or((&[], true));
    Some(Most {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        more,
        word: of.plain()?.to_owned(),
    })
}

/// Wishes that cannot all be meant: a price in a currency that nothing has, a lowest above a highest, wool and no wool.
/// What was said last, or cannot do harm, stays, and it is said.
fn settle(talk: &mut Talk<'_>, search: &mut LastSearch) {
    if let Some(audience) = search.audience {
        talk.resolved(format!(
            "wanted for {audience}: what is made for others is left out"
        ));
    }
    let asked = search.max.or(search.min).map(|price| price.currency);
    if let Some(currency) = asked.filter(|asked| !talk.shop.catalog.has_prices_in(*asked)) {
        let own = talk.shop.facts.currency.to_string();
        talk.resolved(format!("nothing is priced in {currency}"));
        talk.say("find.other_currency", &[("currency", &own)]);
        (search.min, search.max) = (None, None);
    }
    if let (Some(min), Some(max)) = (search.min, search.max)
        && min.minor > max.minor
    {
        let wish = talk.line("find.up_to", &[("price", &talk.money(max))]).text;
        talk.say("find.contradiction", &[("wish", &wish)]);
        search.min = None;
    }
    let denied: Vec<String> = search
        .without
        .iter()
        .map(|word| crate::text::stem(word).to_owned())
        .collect();
    let is_denied = |word: &str| denied.iter().any(|stem| stem == crate::text::stem(word));
    if search.text.split(' ').any(is_denied) {
        let without = search.without.join(", ");
        let kept = search.text.split(' ').filter(|word| !is_denied(word));
        search.text = kept.collect::<Vec<_>>().join(" ");
        let wish = talk.line("find.no", &[("what", &without)]).text;
        talk.say("find.contradiction", &[("wish", &wish)]);
    }
}
