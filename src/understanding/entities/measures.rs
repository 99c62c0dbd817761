//! Lengths, volumes and weights: "15 inch", "500 ml", "2 kg". Brought to one unit a kind, so that they compare.

use super::{Entity, Message, Value};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// What is measured, in its smallest everyday unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// In tenths of a millimetre.
    Length(u32),
    /// In tenths of a millilitre.
    Volume(u32),
    /// In tenths of a gram.
    Weight(u32),
}

impl Measure {
    /// The first measure of a field's value: `16 inch`, `about 0.5 l`.
    pub fn of(value: &str) -> Option<Self> {
        let words: Vec<&str> = value.split_whitespace().collect();
        let plain = |word: &str| {
            word.trim_matches(['(', ')', ';', ':', '.', ','])
                .to_lowercase()
        };
        (0..words.len()).find_map(|at| {
            let word = plain(words[at]);
            let next = words.get(at + 1).map(|next| plain(next));
            let apart = next.and_then(|unit| measure(number(&word)?, &unit));
            apart.or_else(|| {
                let unit = word.find(|letter: char| letter.is_alphabetic())?;
                measure(number(&word[..unit])?, &word[unit..])
            })
        })
    }

    /// In tenths of its unit.
    pub fn size(self) -> f64 {
        let (Self::Length(tenths) | Self::Volume(tenths) | Self::Weight(tenths)) = self;
        f64::from(tenths)
    }

    /// How it compares to another of its kind; `None` when they are of two kinds.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Length(own), Self::Length(other))
            | (Self::Volume(own), Self::Volume(other))
            | (Self::Weight(own), Self::Weight(other)) => Some(own.cmp(&other)),
            _ => None,
        }
    }
}

pub(super) fn find(message: &Message<'_>, found: &mut Vec<Entity>) {
    for index in 0..message.tokens.len() {
        found.extend(apart(message, index).or_else(|| joined(message, index)));
    }
}

/// `15 inch`, `0.5 l`.
fn apart(message: &Message<'_>, index: usize) -> Option<Entity> {
    let number = number(message.word(index))?;
    let unit = message.word(index + 1);
    // "10 in" may be the beginning of "10 in red".
    let sure = unit != "in" || index + 2 == message.tokens.len();
    let measure = measure(number, unit).filter(|_| sure)?;
    Some(message.entity(index..index + 2, Value::Measure(measure)))
}

/// `15cm`, `500ml`.
fn joined(message: &Message<'_>, index: usize) -> Option<Entity> {
    let word = message.word(index);
    word.bytes().next().filter(u8::is_ascii_digit)?;
    let at = word.find(|letter: char| letter.is_alphabetic())?;
    let measure = measure(number(&word[..at])?, &word[at..])?;
    Some(message.entity(index..index + 1, Value::Measure(measure)))
}

fn number(word: &str) -> Option<f64> {
    word.bytes().next().filter(u8::is_ascii_digit)?;
    let plain = word
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',');
    let value: f64 = word.replace(',', ".").parse().ok().filter(|_| plain)?;
    (value > 0.0 && value < 1e5).then_some(value)
}

fn measure(number: f64, unit: &str) -> Option<Measure> {
    type Kind = fn(u32) -> Measure;
    let (kind, tenths): (Kind, f64) = match unit {
        "mm" => (Measure::Length, 10.0),
        "cm" | "centimetre" | "centimetres" | "centimeter" | "centimeters" => {
            (Measure::Length, 100.0)
        }
        "metre" | "metres" | "meter" | "meters" => (Measure::Length, 10_000.0),
        "in" | "inch" | "inches" | "zoll" | "pouces" | "pulgadas" => (Measure::Length, 254.0),
        "ft" | "feet" | "foot" => (Measure::Length, 3_048.0),
        "ml" => (Measure::Volume, 10.0),
        "cl" => (Measure::Volume, 100.0),
        "l" | "litre" | "litres" | "liter" | "liters" => (Measure::Volume, 10_000.0),
        "oz" | "ounce" | "ounces" => (Measure::Weight, 283.5),
        "g" | "gram" | "grams" | "gramm" => (Measure::Weight, 10.0),
        "kg" | "kilo" | "kilos" => (Measure::Weight, 10_000.0),
        "lb" | "lbs" => (Measure::Weight, 4_535.9),
        _ => return None,
    };
    Some(kind((number * tenths).round() as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_length_is_the_same_however_it_is_written() {
        let length = |number, unit| measure(number, unit).unwrap();
        assert_eq!(length(15.0, "inch"), length(38.1, "cm"));
        assert_eq!(length(1.0, "metre"), length(100.0, "cm"));
        assert_eq!(length(0.5, "l"), length(500.0, "ml"));
        assert_eq!(length(1.0, "kg"), length(1000.0, "g"));
        assert_eq!(measure(3.0, "days"), None);
        assert_eq!(Measure::of("about 0,5 l."), Some(length(500.0, "ml")));
        assert_eq!(Measure::of("wool"), None);
        let more = length(1.2, "kg").compare(length(900.0, "g"));
        assert_eq!(more, Some(Ordering::Greater));
        assert_eq!(length(1.0, "kg").compare(length(1.0, "cm")), None);
    }
}
