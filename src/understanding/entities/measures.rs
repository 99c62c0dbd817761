//! Lengths, volumes and weights: "15 inch", "500 ml", "2 kg". Brought to one unit a kind, so that they compare.

use super::{Entity, Message, Value};

/// What is measured, in its smallest everyday unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// In tenths of a millimetre.
    Length(u32),
    /// In tenths of a millilitre.
    Volume(u32),
    /// In tenths of a gram.
    Weight(u32),
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
    }
}
