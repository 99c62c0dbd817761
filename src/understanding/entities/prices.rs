//! Price wishes: "under 20", "20-50€", "between 20 and 50", "around 50", "cheap".

use super::amounts::{Amount, amounts};
use super::phrases::Phrases;
use super::{Entity, Message, PriceWish, Value};
use crate::money::Money;
use std::ops::Range;

pub(super) fn find(message: &Message<'_>, found: &mut Vec<Entity>) {
    for index in 0..message.tokens.len() {
        if let Some((length, ())) = CHEAP.at(&message.tokens[index..]) {
            found.push(message.entity(index..index + length, Value::Cheap));
        }
    }
    let amounts = amounts(message);
    let mut next = 0;
    while let Some(amount) = amounts.get(next) {
        let ranged = amounts
            .get(next + 1)
            .and_then(|second| range(message, amount, second));
        if let Some(entity) = ranged {
            found.push(entity);
            next += 2;
            continue;
        }
        found.extend(bounded(message, amount));
        next += 1;
    }
}

/// "20-50€", "between 20 and 50", "from €20 to €50", "20 to 50 euro"; a bare "20-50" only as the whole message.
fn range(message: &Message<'_>, first: &Amount, second: &Amount) -> Option<Entity> {
    let between = message.text.get(first.span.end..second.span.start)?.trim();
    let joined_by_mark = matches!(between, "-" | "–" | "—");
    let joined_by_word = matches!(
        between.to_lowercase().as_str(),
        "to" | "and"
            | "till"
            | "until"
            | "up to"
            | "und"
            | "bis"
            | "et"
            | "à"
            | "y"
            | "a"
            | "e"
            | "en"
            | "tot"
            | "até"
    );
    if !joined_by_mark && !joined_by_word || counts_something(message, second) {
        return None;
    }
    let opening = opening(message, first, &OPENINGS);
    let whole = message.text[..first.span.start].trim().is_empty()
        && message.text[second.span.end..].trim().is_empty();
    let priced = first.has_currency || second.has_currency;
    // "30 euro and 50 euro" names two amounts; only what opens a range makes "and" join one.
    let is_range = match between.to_lowercase().as_str() {
        "and" | "und" | "et" | "y" | "e" | "en" => opening.is_some(),
        _ => priced || opening.is_some() || (whole && joined_by_mark),
    };
    if !is_range {
        return None;
    }
    // The currency may stand at either number.
    let money = |amount: &Amount| Money {
        minor: rescaled(amount.money, second_or(first, second)),
        currency: second_or(first, second).currency,
    };
    let (low, high) = (money(first), money(second));
    let wish = PriceWish::Between(low.min(high), low.max(high));
    let start = opening.map_or(first.span.start, |(start, ())| start);
    Some(message.entity_at(start..second.span.end, Value::Price(wish)))
}

fn second_or(first: &Amount, second: &Amount) -> Money {
    if second.has_currency {
        second.money
    } else {
        first.money
    }
}

/// The same number in a currency with other decimals.
fn rescaled(from: Money, to: Money) -> i64 {
    let (had, has) = (from.currency.decimals(), to.currency.decimals());
    let unit = |decimals: u32| 10_i64.pow(decimals);
    if had > has {
        from.minor / unit(had - has)
    } else {
        from.minor.saturating_mul(unit(has - had))
    }
}

/// An amount with what bounds it, before or behind; a plain amount needs its currency.
fn bounded(message: &Message<'_>, amount: &Amount) -> Option<Entity> {
    if !amount.has_currency && counts_something(message, amount) {
        return None;
    }
    if let Some((start, bound)) = opening(message, amount, &BEFORE) {
        let value = Value::Price(bound.of(amount.money));
        return Some(message.entity_at(start..amount.span.end, value));
    }
    let after = message.token_from(amount.span.end);
    if let Some((length, bound)) = AFTER.at(&message.tokens[after..]) {
        let end = message.tokens[after + length - 1].span.end;
        let value = Value::Price(bound.of(amount.money));
        return Some(message.entity_at(amount.span.start..end, value));
    }
    let value = Value::Amount(amount.money);
    amount
        .has_currency
        .then(|| message.entity_at(amount.span.clone(), value))
}

/// The phrase right before an amount: where it starts, and what it stands for.
fn opening<T: Copy>(
    message: &Message<'_>,
    amount: &Amount,
    table: &Phrases<T>,
) -> Option<(usize, T)> {
    let until = message.token_from(amount.span.start);
    let (symbol, symbol_value) = symbol_before(message, amount.span.start, table).unzip();
    if let (Some(start), Some(value)) = (symbol, symbol_value) {
        return Some((start, value));
    }
    let (length, value) = table.before(&message.tokens[..until])?;
    let last: &Range<usize> = &message.tokens[until - 1].span;
    // A comma or a full stop between them: two thoughts.
    let gap = message.text.get(last.end..amount.span.start)?;
    let close = gap.trim().is_empty() || gap.trim() == ":" || gap.trim() == "~";
    close.then(|| (message.tokens[until - length].span.start, value))
}

/// `<20`, `~50`: symbols are no words.
fn symbol_before<T: Copy>(
    message: &Message<'_>,
    start: usize,
    table: &Phrases<T>,
) -> Option<(usize, T)> {
    let before = message.text[..start].trim_end();
    let symbol = before.chars().next_back()?;
    let mut buffer = [0; 4];
    let name: &str = symbol.encode_utf8(&mut buffer);
    let (_, value) = table.iter().find(|(phrase, _)| *phrase == name)?;
    Some((before.len() - symbol.len_utf8(), *value))
}

/// "under 5 days", "at least 3 pieces", "60% wool".
fn counts_something(message: &Message<'_>, amount: &Amount) -> bool {
    if amount.has_currency {
        return false;
    }
    let rest = &message.text[amount.span.end..];
    let percent = rest.trim_start().starts_with(['%', '°', '"']);
    percent || UNITS.contains(&message.word(message.token_from(amount.span.end)))
}

#[derive(Clone, Copy)]
enum Bound {
    Under,
    AtMost,
    Over,
    AtLeast,
    Around,
}

impl Bound {
    fn of(self, money: Money) -> PriceWish {
        match self {
            Self::Under => PriceWish::Under(money),
            Self::AtMost => PriceWish::AtMost(money),
            Self::Over => PriceWish::Over(money),
            Self::AtLeast => PriceWish::AtLeast(money),
            Self::Around => PriceWish::Around(money),
        }
    }
}

static BEFORE: Phrases<Bound> = Phrases::new(&[
    ("under", Bound::Under),
    ("below", Bound::Under),
    ("less than", Bound::Under),
    ("cheaper than", Bound::Under),
    ("lower than", Bound::Under),
    ("beneath", Bound::Under),
    ("<", Bound::Under),
    ("up to", Bound::AtMost),
    ("upto", Bound::AtMost),
    ("at most", Bound::AtMost),
    ("no more than", Bound::AtMost),
    ("not more than", Bound::AtMost),
    ("not over", Bound::AtMost),
    ("nothing over", Bound::AtMost),
    ("nothing above", Bound::AtMost),
    ("not above", Bound::AtMost),
    ("spend more than", Bound::AtMost),
    ("max", Bound::AtMost),
    ("max of", Bound::AtMost),
    ("maximum", Bound::AtMost),
    ("maximum of", Bound::AtMost),
    ("within", Bound::AtMost),
    ("budget", Bound::AtMost),
    ("budget of", Bound::AtMost),
    ("budget is", Bound::AtMost),
    ("spend", Bound::AtMost),
    ("≤", Bound::AtMost),
    ("over", Bound::Over),
    ("above", Bound::Over),
    ("more than", Bound::Over),
    (">", Bound::Over),
    ("from", Bound::AtLeast),
    ("starting at", Bound::AtLeast),
    ("starting from", Bound::AtLeast),
    ("at least", Bound::AtLeast),
    ("no less than", Bound::AtLeast),
    ("not under", Bound::AtLeast),
    ("min", Bound::AtLeast),
    ("minimum", Bound::AtLeast),
    ("≥", Bound::AtLeast),
    ("around", Bound::Around),
    ("about", Bound::Around),
    ("approx", Bound::Around),
    ("approximately", Bound::Around),
    ("roughly", Bound::Around),
    ("near", Bound::Around),
    ("circa", Bound::Around),
    ("ca", Bound::Around),
    ("~", Bound::Around),
    // In other languages.
    ("unter", Bound::Under),
    ("weniger als", Bound::Under),
    ("günstiger als", Bound::Under),
    ("billiger als", Bound::Under),
    ("moins de", Bound::Under),
    ("en dessous de", Bound::Under),
    ("menos de", Bound::Under),
    ("meno di", Bound::Under),
    ("sotto i", Bound::Under),
    ("sotto", Bound::Under),
    ("onder", Bound::Under),
    ("minder dan", Bound::Under),
    ("onder de", Bound::Under),
    ("abaixo de", Bound::Under),
    ("por menos de", Bound::Under),
    ("per meno di", Bound::Under),
    ("pour moins de", Bound::Under),
    ("für unter", Bound::Under),
    ("bis zu", Bound::AtMost),
    ("bis", Bound::AtMost),
    ("höchstens", Bound::AtMost),
    ("maximal", Bound::AtMost),
    ("jusquà", Bound::AtMost),
    ("maximum de", Bound::AtMost),
    ("hasta", Bound::AtMost),
    ("como mucho", Bound::AtMost),
    ("máximo", Bound::AtMost),
    ("fino a", Bound::AtMost),
    ("al massimo", Bound::AtMost),
    ("massimo", Bound::AtMost),
    ("tot", Bound::AtMost),
    ("hoogstens", Bound::AtMost),
    ("maximaal", Bound::AtMost),
    ("até", Bound::AtMost),
    ("no máximo", Bound::AtMost),
    ("über", Bound::Over),
    ("mehr als", Bound::Over),
    ("teurer als", Bound::Over),
    ("plus de", Bound::Over),
    ("más de", Bound::Over),
    ("più di", Bound::Over),
    ("oltre", Bound::Over),
    ("boven", Bound::Over),
    ("meer dan", Bound::Over),
    ("mais de", Bound::Over),
    ("acima de", Bound::Over),
    ("ab", Bound::AtLeast),
    ("mindestens", Bound::AtLeast),
    ("à partir de", Bound::AtLeast),
    ("au moins", Bound::AtLeast),
    ("desde", Bound::AtLeast),
    ("al menos", Bound::AtLeast),
    ("almeno", Bound::AtLeast),
    ("a partire da", Bound::AtLeast),
    ("vanaf", Bound::AtLeast),
    ("minstens", Bound::AtLeast),
    ("pelo menos", Bound::AtLeast),
    ("a partir de", Bound::AtLeast),
    ("etwa", Bound::Around),
    ("ungefähr", Bound::Around),
    ("rund", Bound::Around),
    ("um die", Bound::Around),
    ("environ", Bound::Around),
    ("autour de", Bound::Around),
    ("alrededor de", Bound::Around),
    ("unos", Bound::Around),
    ("intorno a", Bound::Around),
    ("sui", Bound::Around),
    ("ongeveer", Bound::Around),
    ("rond de", Bound::Around),
    ("rond", Bound::Around),
    ("cerca de", Bound::Around),
    ("por volta de", Bound::Around),
]);

static AFTER: Phrases<Bound> = Phrases::new(&[
    ("or less", Bound::AtMost),
    ("or under", Bound::AtMost),
    ("and under", Bound::AtMost),
    ("or below", Bound::AtMost),
    ("or cheaper", Bound::AtMost),
    ("max", Bound::AtMost),
    ("maximum", Bound::AtMost),
    ("at most", Bound::AtMost),
    ("tops", Bound::AtMost),
    ("or more", Bound::AtLeast),
    ("and up", Bound::AtLeast),
    ("and over", Bound::AtLeast),
    ("and above", Bound::AtLeast),
    ("or over", Bound::AtLeast),
    ("minimum", Bound::AtLeast),
    ("ish", Bound::Around),
    ("or so", Bound::Around),
    ("give or take", Bound::Around),
]);

/// What opens a range.
static OPENINGS: Phrases<()> = Phrases::new(&[
    ("between", ()),
    ("from", ()),
    ("anywhere from", ()),
    ("zwischen", ()),
    ("von", ()),
    ("entre", ()),
    ("tra", ()),
    ("fra", ()),
    ("tussen", ()),
    ("de", ()),
    ("da", ()),
    ("van", ()),
]);

static CHEAP: Phrases<()> = Phrases::new(&[
    ("cheap", ()),
    ("cheapish", ()),
    ("inexpensive", ()),
    ("affordable", ()),
    ("low cost", ()),
    ("low budget", ()),
    ("on a budget", ()),
    ("budget friendly", ()),
    ("not too expensive", ()),
    ("not expensive", ()),
    ("not so expensive", ()),
    ("doesnt cost much", ()),
    ("good price", ()),
    ("günstig", ()),
    ("günstige", ()),
    ("günstiges", ()),
    ("billig", ()),
    ("billige", ()),
    ("preiswert", ()),
    ("nicht zu teuer", ()),
    ("nicht teuer", ()),
    ("pas cher", ()),
    ("pas trop cher", ()),
    ("barato", ()),
    ("barata", ()),
    ("baratos", ()),
    ("económico", ()),
    ("economico", ()),
    ("economica", ()),
    ("non troppo caro", ()),
    ("goedkoop", ()),
    ("goedkope", ()),
    ("niet te duur", ()),
    ("em conta", ()),
]);

/// What a number counts that is no price.
pub(super) const UNITS: &[&str] = &[
    "minute", "minutes", "min", "mins", "hour", "hours", "day", "days", "week", "weeks", "month",
    "months", "year", "years", "oclock", "am", "pm", "st", "nd", "rd", "th", "piece", "pieces",
    "pcs", "item", "items", "people", "person", "persons", "star", "stars", "percent", "cm", "mm",
    "m", "km", "inch", "inches", "ft", "feet", "kg", "g", "gr", "gram", "grams", "lb", "lbs", "oz",
    "ml", "l", "cl", "liter", "liters", "litre", "litres", "degrees", "times", "reviews", "orders",
    "left",
];
