use serde::{Deserialize, Serialize};
use std::fmt;

/// An order's number in the one form it is stored by: trimmed, upper case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct OrderNumber(String);

impl OrderNumber {
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_uppercase())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number with each digit written `#`: `SH-10023` → `SH-#####`.
    pub fn shape(&self) -> String {
        self.0
            .chars()
            .map(|c| if c.is_ascii_digit() { '#' } else { c })
            .collect()
    }
}

impl From<String> for OrderNumber {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl From<OrderNumber> for String {
    fn from(number: OrderNumber) -> Self {
        number.0
    }
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The forms an order number takes in this shop: `#` is a digit, letters are themselves whatever
/// their case, anything else is a separator that a shopper may leave out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NumberPatterns(Vec<String>);

impl NumberPatterns {
    /// Patterns from the settings first, then those met in the data; repeats are dropped.
    pub fn new(patterns: impl IntoIterator<Item = String>) -> Self {
        let mut known: Vec<String> = Vec::new();
        for pattern in patterns {
            let pattern = pattern.trim().to_uppercase();
            if pattern.contains('#') && !known.contains(&pattern) {
                known.push(pattern);
            }
        }
        Self(known)
    }

    /// In order of preference.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// `sh10023`, `SH 10023` → `SH-10023`; `None` when the text has none of the forms.
    pub fn normalise(&self, typed: &str) -> Option<OrderNumber> {
        self.0.iter().find_map(|pattern| fit(pattern, typed))
    }
}

fn fit(pattern: &str, typed: &str) -> Option<OrderNumber> {
    let mut rest = typed.chars().filter(|c| c.is_alphanumeric());
    let mut number = String::with_capacity(pattern.len());
    for wanted in pattern.chars() {
        match wanted {
            '#' => number.push(rest.next().filter(char::is_ascii_digit)?),
            letter if letter.is_alphanumeric() => {
                number.push(
                    rest.next()
                        .filter(|c| c.to_uppercase().eq(letter.to_uppercase()))?,
                );
            }
            separator => number.push(separator),
        }
    }
    rest.next().is_none().then(|| OrderNumber::new(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_however_it_is_typed() {
        let patterns = NumberPatterns::new(["SH-#####", "######", "C######"].map(str::to_owned));
        for (typed, number) in [
            ("sh10023", Some("SH-10023")),
            (" SH 10023 ", Some("SH-10023")),
            ("Sh-10023", Some("SH-10023")),
            ("536365", Some("536365")),
            ("c536379", Some("C536379")),
            ("SH-1002", None),
            ("SH-100234", None),
            ("ten", None),
            ("", None),
        ] {
            assert_eq!(
                patterns.normalise(typed),
                number.map(OrderNumber::new),
                "{typed}"
            );
        }
    }

    #[test]
    fn patterns_keep_their_order_and_repeat_nothing() {
        let patterns =
            NumberPatterns::new(["sh-#####", "no digits", "SH-#####", "######"].map(str::to_owned));
        assert_eq!(patterns.as_slice(), ["SH-#####", "######"]);
    }
}
