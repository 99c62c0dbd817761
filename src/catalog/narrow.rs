//! The question that narrows best: what an answer tells of what is wanted, in bits.

use super::Money;
use super::facets::{Facet, Facets};

/// With fewer that fit there is nothing to ask: they can be looked at.
pub const ENOUGH: usize = 7;
/// Choices of a question.
const CHOICES: usize = 4;
/// An answer that tells less is not worth the shopper's while.
const LEAST_BITS: f32 = 0.6;
/// What nobody chooses goods by, however well it would divide them.
const DULL: [&str; 11] = [
    "age group",
    "care",
    "condition",
    "dimensions",
    "fits",
    "for",
    "gtin",
    "mpn",
    "origin",
    "volume",
    "weight",
];

/// What to ask, with the values that can be answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// An attribute or option by its name.
    Attribute { name: String, values: Vec<String> },
    /// Which category of those below what all have in common.
    Kind { kinds: Vec<String> },
    /// Up to the first, between the two, from the second.
    Price { low: Money, high: Money },
}

impl Question {
    /// What it is about: an attribute's name, `kind` or `price`.
    pub fn about(&self) -> &str {
        match self {
            Self::Attribute { name, .. } => name,
            Self::Kind { .. } => "kind",
            Self::Price { .. } => "price",
        }
    }
}

impl Facets {
    /// The question whose answer is expected to tell most of what fits; `None` when few fit, or no answer would tell
    /// enough. What is in `asked` is not asked again. The measure is the expected information of an answer.
    pub fn best_question(&self, asked: &[String]) -> Option<Question> {
        if self.total < ENOUGH {
            return None;
        }
        let total = self.total as f32;
        let is_open = |about: &str| !asked.iter().any(|known| known == about);
        let mut best: Option<(f32, Question)> = None;
        let mut offer = |worth: f32, question: Question| {
            if worth >= LEAST_BITS && best.as_ref().is_none_or(|(most, _)| worth > *most) {
                best = Some((worth, question));
            }
        };
        for facet in &self.attributes {
            if is_open(&facet.name) && !DULL.contains(&facet.name.as_str()) {
                let worth = bits(&facet.values, total) * taste(&facet.name);
                offer(worth, attribute(facet));
            }
        }
        if is_open("kind") {
            offer(bits(&self.kinds, total), kind(self));
        }
        if is_open("price") {
            // A third of them each, at best.
            if let Some(question) = price(self) {
                offer(PRICE_BITS, question);
            }
        }
        best.map(|(_, question)| question)
    }

    /// The question about one thing, where what fits differs in it.
    pub fn question_about(&self, about: &str) -> Option<Question> {
        match about {
            "kind" => Some(kind(self)).filter(|_| self.kinds.len() > 1),
            "price" => price(self),
            name => {
                let facet = self.attributes.iter().find(|facet| facet.name == name)?;
                let all_have_it = facet
                    .values
                    .first()
                    .is_some_and(|(_, count)| *count == self.total);
                (facet.values.len() > 1 || !all_have_it).then(|| attribute(facet))
            }
        }
    }
}

/// What a price tells: three parts would be 1.58 bits, and shoppers who know theirs have said it already.
const PRICE_BITS: f32 = 0.8;

/// A colour is a matter of taste that pictures answer, and a size is known only when the thing is.
fn taste(name: &str) -> f32 {
    if matches!(name, "colour" | "size") {
        0.6
    } else {
        1.0
    }
}

/// Expected information of an answer (Shannon, 1948, §6): an answer `v` leaves `n(v)` of `total`, which tells
/// `log2(total / n(v))`, and is given as often as products have the value. Products without any of the values offered
/// are answered by "no matter", which tells nothing.
fn bits(values: &[(String, usize)], total: f32) -> f32 {
    let offered = || values.iter().take(CHOICES).map(|(_, count)| *count as f32);
    let answers = offered().sum::<f32>().max(total);
    offered()
        .map(|count| count / answers * (total / count).log2())
        .sum()
}

fn attribute(facet: &Facet) -> Question {
    let values = facet
        .values
        .iter()
        .take(CHOICES)
        .map(|(value, _)| value.clone());
    Question::Attribute {
        name: facet.name.clone(),
        values: values.collect(),
    }
}

fn kind(facets: &Facets) -> Question {
    let kinds = facets
        .kinds
        .iter()
        .take(CHOICES)
        .map(|(kind, _)| kind.clone());
    Question::Kind {
        kinds: kinds.collect(),
    }
}

/// Where the cheapest and the dearest third begin, in round amounts; `None` when they are too near each other.
fn price(facets: &Facets) -> Option<Question> {
    let at = |third: usize| facets.prices.get(facets.prices.len() * third / 3).copied();
    let (low, high) = (round(at(1)?), round(at(2)?));
    (low.currency == high.currency && low.minor > 0 && low.minor < high.minor)
        .then_some(Question::Price { low, high })
}

/// To two places that people say: 37.40 is 35, 184 is 175.
fn round(price: Money) -> Money {
    let mut step = 10_i64.pow(price.currency.decimals());
    while step * 20 <= price.minor {
        step *= 5;
    }
    Money {
        minor: (price.minor + step / 2) / step * step,
        ..price
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Catalog, Product, Query, shop};
    use super::*;

    fn jackets() -> Catalog {
        let one = |nth: usize| -> Product {
            let warmth = if nth.is_multiple_of(2) {
                "warm"
            } else {
                "light"
            };
            let origin = format!("country {nth}");
            let attributes = format!("warmth={warmth}, origin={origin}, lining=fleece");
            let price = format!("{}.00", 30 + 10 * nth);
            let kind = if nth < 9 {
                "Clothing > Jackets"
            } else {
                "Clothing > Vests"
            };
            shop::product(
                &format!("Jacket {nth}"),
                kind,
                &attributes,
                &[("size=M", &price, 3)],
            )
        };
        Catalog::new((0..12).map(one).collect()).unwrap()
    }

    #[test]
    fn the_question_that_halves_comes_first_and_none_comes_twice() {
        let facets = jackets().facets(&Query {
            text: "jacket".to_owned(),
            ..Query::default()
        });
        let mut asked: Vec<String> = Vec::new();
        while let Some(question) = facets.best_question(&asked) {
            asked.push(question.about().to_owned());
        }
        assert_eq!(asked, ["warmth", "kind", "price"]);
    }

    #[test]
    fn few_products_need_no_question() {
        let facets = shop::small().facets(&Query::default());
        assert_eq!(facets.best_question(&[]), None);
    }

    #[test]
    fn what_all_have_is_not_asked() {
        let facets = jackets().facets(&Query::default());
        assert_eq!(facets.question_about("lining"), None);
        assert_eq!(facets.question_about("sleeves"), None);
        let about = facets.question_about("warmth").unwrap();
        assert_eq!(about.about(), "warmth");
    }

    #[test]
    fn prices_are_asked_in_round_amounts() {
        let rounded = |text: &str| round(shop::eur(text)).to_string();
        assert_eq!(rounded("7.40"), "7.00");
        assert_eq!(rounded("37.40"), "35.00");
        assert_eq!(rounded("184.00"), "175.00");
        assert_eq!(rounded("1240.00"), "1250.00");
        assert_eq!(rounded("0.40"), "0.00");
    }
}
