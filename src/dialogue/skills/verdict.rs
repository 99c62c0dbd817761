//! Which of a few is the cheapest, the lightest, the warmest: told by their fields, or honestly not.

use super::critique::names_of;
use super::passage::sentences;
use super::text;
use crate::catalog::Product;
use crate::dialogue::block::Source;
use crate::dialogue::script::TextSpec;
use crate::dialogue::talk::Talk;
use crate::text::stem;
use crate::understanding::{Comparative, Measure};
use std::cmp::{Ordering, Reverse};

pub(super) const TEXTS: &[TextSpec] = &[
    text("verdict.most", &["title", "field", "value"]),
    text("verdict.alike", &["field", "value"]),
    text("verdict.unknown", &[]),
];

/// What a product says of the quality asked about.
struct Claim<'p> {
    product: &'p Product,
    /// More is what was asked for.
    worth: f64,
    field: String,
    value: String,
}

/// Names the one of `products` that has most of what the message asks about, when it asks about something.
pub(super) fn say(talk: &mut Talk<'_>, products: &[Product]) {
    let Some(quality) = talk.reading.superlative().or(talk.reading.comparative()) else {
        return;
    };
    let mut claims: Vec<Claim<'_>> = products
        .iter()
        .filter_map(|product| claim(talk, product, quality))
        .collect();
    // A width is not held against a volume.
    if let Some(field) = claims.first().map(|claim| claim.field.clone()) {
        claims.retain(|claim| claim.field == field);
    }
    let by_worth = |a: &Claim<'_>, b: &Claim<'_>| b.worth.total_cmp(&a.worth);
    claims.sort_by(by_worth);
    match &claims[..] {
        [] => talk.say("verdict.unknown", &[]),
        [first, second, ..] if by_worth(first, second) == Ordering::Equal => {
            let (field, value) = (first.field.clone(), first.value.clone());
            talk.say("verdict.alike", &[("field", &field), ("value", &value)]);
        }
        [first, ..] => {
            let variables = [
                ("title", first.product.title.as_str()),
                ("field", &first.field),
                ("value", &first.value),
            ];
            let mut line = talk.line("verdict.most", &variables);
            line.source = Source::Product {
                sku: first.product.sku.clone(),
                field: first.field.clone(),
            };
            talk.reply.line(line);
        }
    }
}

/// The products with most of what the message asks about first; as they were when it asks about nothing.
pub(super) fn ordered(talk: &Talk<'_>, products: Vec<Product>) -> Vec<Product> {
    let Some(quality) = talk.reading.superlative().or(talk.reading.comparative()) else {
        return products;
    };
    let worth = |product: &Product| claim(talk, product, quality).map(|claim| claim.worth);
    let mut rated: Vec<(Option<f64>, Product)> = products
        .into_iter()
        .map(|product| (worth(&product), product))
        .collect();
    rated.sort_by(|(a, _), (b, _)| match (a, b) {
        (Some(a), Some(b)) => b.total_cmp(a),
        (a, b) => Reverse(a.is_some()).cmp(&Reverse(b.is_some())),
    });
    rated.into_iter().map(|(_, product)| product).collect()
}

/// What the text or the name of a product tells in numbers: "Weight: 570 g", "Sledge Hammer 7 lb".
fn told(product: &Product, names: &[&str]) -> Option<(&'static str, String, f64)> {
    let (cues, of_weight): (&[&str], bool) = match names {
        ["weight"] => (&["weight", "weigh"], true),
        _ => (
            &["volume", "capacity", "width", "length", "height", "hold"],
            false,
        ),
    };
    let field = |measure: Measure| match measure {
        Measure::Weight(_) if of_weight => Some("weight"),
        Measure::Volume(_) if names.contains(&"volume") => Some("volume"),
        Measure::Length(_) if !of_weight => Some("length"),
        _ => None,
    };
    let measured = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let parts = words.windows(2).map(|two| two.join(" "));
        let parts = parts.chain(words.last().map(|last| (*last).to_owned()));
        parts.into_iter().find_map(|part| {
            // In what a shopper types, "m" is a size.
            let metres = part
                .strip_suffix(" m")
                .map(|number| format!("{number} metre"));
            let measure = Measure::of(metres.as_ref().unwrap_or(&part))?;
            let part = part.trim_matches(['(', ')', ';', ',', '.', ' ']).to_owned();
            Some((field(measure)?, part, measure.size()))
        })
    };
    let said = sentences(&product.description).find_map(|sentence| {
        let words = crate::text::words(sentence);
        let cue = words
            .iter()
            .find(|word| cues.iter().any(|cue| stem(&word.text) == stem(cue)))?;
        measured(&sentence[cue.span.end..])
    });
    said.or_else(|| measured(&product.title))
}

fn claim<'p>(talk: &Talk<'_>, product: &'p Product, quality: Comparative) -> Option<Claim<'p>> {
    let claim = |worth: f64, field: &str, value: String| Claim {
        product,
        worth,
        field: field.to_owned(),
        value,
    };
    match quality {
        Comparative::Cheaper | Comparative::Dearer => {
            let price = product.variants.iter().map(|variant| variant.price).min()?;
            let sign = if quality == Comparative::Cheaper {
                -1.0
            } else {
                1.0
            };
            Some(claim(sign * price.minor as f64, "price", talk.money(price)))
        }
        Comparative::Better => {
            let rating = product.rating?;
            Some(claim(f64::from(rating), "rating", format!("{rating:.1}/5")))
        }
        Comparative::Newer => {
            let added = product.added?;
            let days = added.duration_since(jiff::civil::Date::ZERO).as_hours();
            Some(claim(days as f64, "added", added.to_string()))
        }
        _ => {
            let measured = names_of(quality).and_then(|(names, more)| {
                let (name, value) = names
                    .iter()
                    .find_map(|name| Some((*name, product.attributes.get(*name)?)))?;
                let size = Measure::of(value)?.size();
                Some(claim(if more { size } else { -size }, name, value.clone()))
            });
            let told = || {
                let (names, more) = names_of(quality)?;
                let (field, value, size) = told(product, names)?;
                Some(claim(if more { size } else { -size }, field, value))
            };
            measured.or_else(told).or_else(|| {
                let word = quality.plain()?;
                let mut described = product.attributes.iter();
                described.find_map(|(name, value)| {
                    Some(claim(degree(value, word)?, name, value.clone()))
                })
            })
        }
    }
}

/// "Very warm" is more than "warm". None for a value that does not speak of it.
fn degree(value: &str, word: &str) -> Option<f64> {
    let words = crate::text::words(value);
    let at = words.iter().position(|known| known.text == word)?;
    let before = at.checked_sub(1).map(|before| words[before].text.as_str());
    Some(match before {
        Some("very" | "extra" | "extremely" | "super") => 2.0,
        Some("quite" | "slightly" | "fairly") => 0.5,
        Some("not") => 0.0,
        _ => 1.0,
    })
}

#[cfg(test)]
mod tests {
    use super::degree;

    #[test]
    fn very_is_more_and_not_is_nothing() {
        assert!(degree("very warm", "warm") > degree("warm", "warm"));
        assert!(degree("warm", "warm") > degree("not warm", "warm"));
        assert_eq!(degree("light", "warm"), None);
    }
}
