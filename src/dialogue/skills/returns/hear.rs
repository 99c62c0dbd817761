//! What a message says about a return.

use crate::dialogue::port::OrderReturns;
use crate::dialogue::read::Reading;
use crate::dialogue::returning::{Returning, Step};
use crate::dialogue::script::Action;
use crate::dialogue::skills::Skill;
use crate::dialogue::talk::Talk;
use crate::orders::{Order, OrderLine};
use crate::returns::{Line, Reason, Wish, left};
use crate::text::{Language, fold};
use crate::understanding::{Reference, Repair, Value, VocabularyKind};

/// More words than this say something else besides an answer.
const MOST_WORDS: usize = 12;
/// A number among so few is the answer.
const FEW_WORDS: usize = 4;
/// Orders that wait for another at most.
const ORDERS: usize = 3;
/// Sizes and colours that one wish may name.
const VALUES: usize = 3;
/// First words of a question.
const ASKING: [&str; 12] = [
    "how", "when", "who", "what", "where", "why", "wie", "wann", "wer", "was", "wo", "warum",
];

/// What takes back an answer.
const NO: [&str; 2] = ["no", "nein"];
/// Before a thing: a single one.
const ONE: [&str; 5] = ["a", "an", "ein", "eine", "einen"];

#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) order: Option<String>,
    /// Others beside it.
    pub(super) more_orders: Vec<String>,
    /// "the other order"
    pub(super) other_order: bool,
    pub(super) quantity: Option<u32>,
    /// "half of them"
    pub(super) half: bool,
    pub(super) reason: Option<Reason>,
    /// "it doesn't fit": too small or too big?
    pub(super) misfit: bool,
    pub(super) wish: Option<Wish>,
    /// Another size or colour is wanted.
    pub(super) exchange: bool,
    /// "L", "navy"
    pub(super) values: Vec<String>,
    pub(super) everything: bool,
}

impl Heard {
    /// Nothing of a return stands in it.
    pub(super) fn is_plain(&self) -> bool {
        self.order.is_none()
            && !self.other_order
            && self.quantity.is_none()
            && !self.half
            && self.reason.is_none()
            && !self.misfit
            && self.wish.is_none()
            && !self.exchange
            && self.values.is_empty()
            && !self.everything
    }
}

pub(super) fn heard_in(talk: &Talk<'_>, text: &str) -> Heard {
    let reading = Reading::of(talk.shop, text, Language::of(talk.language()));
    of(talk, &reading)
}

pub(super) fn heard(talk: &Talk<'_>) -> Heard {
    // "No, refund" turns nothing down but what was said before.
    let refused = talk
        .reading
        .words
        .first()
        .filter(|word| NO.contains(&word.text.as_str()) && talk.reading.words.len() > 1);
    match refused {
        Some(no) => heard_in(talk, &talk.reading.text[no.span.end..]),
        None => of(talk, &talk.reading),
    }
}

fn of(talk: &Talk<'_>, reading: &Reading) -> Heard {
    let mut heard = Heard::default();
    let sizes = reading
        .entities
        .iter()
        .filter(|one| matches!(one.value, Value::Size(_)));
    let sizes: Vec<_> = sizes.map(|one| one.span.clone()).collect();
    for entity in &reading.entities {
        match &entity.value {
            Value::OrderNumber(number) => {
                let normal = talk.shop.order_numbers.normalise(number);
                let number = normal.map_or_else(|| number.clone(), |normal| normal.to_string());
                match &heard.order {
                    None => heard.order = Some(number),
                    Some(first) if *first != number && heard.more_orders.len() < ORDERS => {
                        heard.more_orders.push(number);
                    }
                    Some(_) => {}
                }
            }
            Value::Quantity(pieces) => heard.quantity = Some(*pieces),
            // "42" may be a size.
            Value::Number(number) if !sizes.contains(&entity.span) => {
                let pieces = number.parse::<u32>().ok();
                let few = pieces.filter(|pieces| (1..100).contains(pieces));
                heard.quantity = heard.quantity.or(few);
            }
            Value::Size(size) => heard.values.push(size.clone()),
            Value::Reference(Reference::All) => heard.everything = true,
            Value::Custom { name, value } => own(&mut heard, name, value),
            _ => {}
        }
    }
    for mention in &reading.mentions {
        match &mention.kind {
            VocabularyKind::Attribute { name } if name == "colour" => {
                heard.values.push(mention.phrase.clone());
            }
            _ => {}
        }
    }
    heard
}

/// Entities that `intents/returns.yml` defines.
fn own(heard: &mut Heard, name: &str, value: &str) {
    match (name, value) {
        ("return_reason", "misfit") => heard.misfit = true,
        ("return_reason", value) => {
            heard.reason = Reason::ALL.into_iter().find(|one| one.as_str() == value);
        }
        ("return_wish", "refund") => heard.wish = Some(Wish::Refund),
        ("return_wish", "replacement") => heard.wish = Some(Wish::Replacement),
        ("return_wish", "exchange") => heard.exchange = true,
        ("return_scope", "everything") => heard.everything = true,
        ("return_scope", "half") => heard.half = true,
        ("return_scope", "other_order") => heard.other_order = true,
        _ => {}
    }
}

/// "Small", to the question whether it is too small or too big.
pub(super) fn which_way(talk: &Talk<'_>) -> Option<Reason> {
    const WAYS: [(&str, Reason); 7] = [
        ("small", Reason::TooSmall),
        ("tight", Reason::TooSmall),
        ("klein", Reason::TooSmall),
        ("eng", Reason::TooSmall),
        ("big", Reason::TooBig),
        ("large", Reason::TooBig),
        ("groß", Reason::TooBig),
    ];
    let mut words = talk.reading.words.iter();
    words.find_map(|word| {
        let way = WAYS.iter().find(|(way, _)| fold(way) == fold(&word.text));
        way.map(|(_, reason)| *reason)
    })
}

/// Lines of the order that the message names; those named by most words.
pub(super) fn named<'o>(talk: &Talk<'_>, order: &'o Order) -> Vec<&'o OrderLine> {
    named_by(&talk.reading.text, order)
}

pub(super) fn named_by<'o>(text: &str, order: &'o Order) -> Vec<&'o OrderLine> {
    let said = words(text);
    let score = |line: &OrderLine| {
        let title = words(&line.title);
        let own = title.iter().filter(|word| said.contains(word)).count();
        let variant = words(&line.variant);
        let kind = variant.iter().filter(|word| said.contains(word)).count();
        // A colour alone names nothing: "navy" may be what is wanted instead.
        if own == 0 { 0 } else { own * 8 + kind }
    };
    let best = order.lines.iter().map(score).max().unwrap_or(0);
    let named = order
        .lines
        .iter()
        .filter(|line| best > 0 && score(line) == best);
    named.collect()
}

/// Words that can name a thing, as they compare: "socks" and "sock" are one.
fn words(text: &str) -> Vec<String> {
    let all = crate::text::words(text).into_iter();
    let telling = all.filter(|word| {
        word.text.chars().count() >= 3 && !Language::English.is_stop_word(&word.text)
    });
    telling
        .map(|word| fold(&word.text).trim_end_matches('s').to_owned())
        .collect()
}

/// A rule of staff's reads the message as something that is no part of a return.
pub(super) fn is_ruled(talk: &Talk<'_>) -> bool {
    let own = [
        Skill::ReturnItem,
        Skill::ExchangeItem,
        Skill::ReportDamaged,
        Skill::ReportMissing,
        Skill::ReturnOrder,
    ];
    let is_own = |name: &str| own.iter().any(|skill| skill.name() == name);
    let hits = talk.shop.rules.matches(&talk.reading.text);
    hits.into_iter().next().is_some_and(|hit| {
        let intent = talk.shop.script.intents().get(hit.class);
        !matches!(intent.map(|one| &one.action), Some(Action::Skill(name)) if is_own(name))
    })
}

/// A question, a wish of another kind, or too much for an answer.
pub(super) fn is_elsewhere(talk: &Talk<'_>, said: &Heard, returning: &Returning) -> bool {
    let reading = &talk.reading;
    let asks = reading.text.contains('?');
    let first = reading.words.first().map(|word| word.text.as_str());
    // "How long does a refund take", but not "what about L".
    let inquires = first.is_some_and(|word| ASKING.contains(&word)) && said.values.is_empty();
    let answers = said.reason.is_some()
        || said.misfit
        || said.wish.is_some()
        || said.exchange
        || (!said.values.is_empty() && swaps(returning))
        || (said.quantity.is_some() && returning.asked == Some(Step::Quantity));
    // "Make it 1" counts things in a cart as well.
    let counts = said.quantity.is_some() && reading.words.len() <= FEW_WORDS;
    (asks && (inquires || !answers))
        || (inquires && !said.is_plain())
        || (reading.words.len() > MOST_WORDS && returning.asked != Some(Step::Reason))
        || (!counts && is_ruled(talk))
}

/// A size or colour says what is wanted instead, rather than which thing is meant.
fn swaps(returning: &Returning) -> bool {
    returning.exchange || matches!(returning.asked, Some(Step::Wish | Step::Confirm))
}

/// Fills in what was said.
pub(super) fn take(talk: &Talk<'_>, returning: &mut Returning, said: &Heard, known: &OrderReturns) {
    if said.misfit {
        returning.reason = None;
        returning.misfit = true;
    }
    if said.reason.is_some() {
        returning.reason = said.reason;
        returning.misfit = false;
        // The next size the other way.
        returning.wish = None;
        returning.wanted.clear();
    }
    if said.wish.is_some() {
        returning.wish.clone_from(&said.wish);
        returning.exchange = false;
        returning.wanted.clear();
    }
    if said.exchange {
        returning.exchange = true;
        returning.wish = None;
    }
    let pieces = |sku: &str| left(&known.order, sku, &known.returns);
    let asked_pieces = returning.asked == Some(Step::Quantity);
    if let ([.., last], true) = (&mut returning.lines[..], said.everything && asked_pieces) {
        last.quantity = pieces(&last.sku);
        return;
    }
    let whole = named_by(&talk.reading.text, &known.order);
    if let ([only], true) = (&whole[..], said.everything) {
        // "Both socks"
        returning.lines = vec![line(only, pieces(&only.sku))];
        returning.wish = None;
        return;
    }
    if said.everything {
        let all = known.order.lines.iter().filter(|one| pieces(&one.sku) > 0);
        returning.lines = all.map(|one| line(one, pieces(&one.sku))).collect();
        returning.named.clear();
        return;
    }
    let text = if returning.lines.is_empty() && !returning.named.is_empty() {
        std::mem::take(&mut returning.named) + " " + &talk.reading.text
    } else {
        talk.reading.text.clone()
    };
    let picked = picked(talk, returning, &text, &known.order);
    if let Some(picked) = picked {
        let same = returning.lines.iter().any(|one| one.sku == picked.sku);
        if !same && also(talk) && !returning.lines.is_empty() {
            returning.lines.push(line(picked, 0));
        } else if !same {
            returning.lines = vec![line(picked, 0)];
            returning.wish = None;
            returning.wanted.clear();
        }
    }
    let Some(last) = returning.lines.last_mut() else {
        return;
    };
    if let Some(count) = said.quantity {
        last.quantity = count;
    } else if said.half {
        last.quantity = pieces(&last.sku) / 2;
    } else if last.quantity == 0 && is_single(&text, &last.title) {
        last.quantity = 1;
    }
    // "The navy socks for green ones": the value that it has already names it.
    let has = |value: &String| {
        let own = last.variant.split(", ");
        own.map(fold).any(|own| own == fold(value))
    };
    let wanted: Vec<String> = said
        .values
        .iter()
        .filter(|one| !has(one))
        .take(VALUES)
        .cloned()
        .collect();
    if !wanted.is_empty() && swaps(returning) {
        returning.exchange = true;
        returning.wish = None;
        returning.wanted = wanted;
    }
}

/// "A mug", "an enamel mug"
fn is_single(text: &str, title: &str) -> bool {
    let title = words(title);
    let said = crate::text::words(text);
    let names = |word: &crate::text::Word| words(&word.text).iter().any(|one| title.contains(one));
    said.windows(3)
        .any(|near| ONE.contains(&near[0].text.as_str()) && near[1..].iter().any(names))
        || matches!(&said[..], [.., one, thing] if ONE.contains(&one.text.as_str()) && names(thing))
}

fn line(bought: &OrderLine, quantity: u32) -> Line {
    Line {
        sku: bought.sku.clone(),
        title: bought.title.clone(),
        variant: bought.variant.clone(),
        quantity,
    }
}

/// The line that is meant: "the second one" where they are listed, else the one that is named.
fn picked<'o>(
    talk: &Talk<'_>,
    returning: &Returning,
    text: &str,
    order: &'o Order,
) -> Option<&'o OrderLine> {
    let listed = returning.asked == Some(Step::Item);
    match talk.reading.reference() {
        Some(Reference::Nth(nth)) if listed => {
            let place = usize::try_from(nth).unwrap_or(0).saturating_sub(1);
            order.lines.get(place)
        }
        Some(Reference::Last) if listed => order.lines.last(),
        _ => match named_by(text, order)[..] {
            [only] => Some(only),
            _ => None,
        },
    }
}

/// "and the cap too"
pub(super) fn also(talk: &Talk<'_>) -> bool {
    let words = ["too", "also", "and", "auch", "und"];
    talk.reading
        .words
        .iter()
        .any(|word| words.contains(&word.text.as_str()))
        && !talk.reading.says(Repair::No)
}
