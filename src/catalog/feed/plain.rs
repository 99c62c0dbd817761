//! Cells as people and programs write them: HTML, amounts, names of options, weights.

use crate::money::{Currency, Money};
use std::borrow::Cow;

/// Wide enough that no line is broken.
const WIDTH: usize = 100_000;

/// A description as plain text: no tags, a blank line between paragraphs. Text without tags stays as it is.
pub fn plain_text(html: &str) -> String {
    let text = if html.contains(['<', '&']) {
        let plain = html2text::config::plain_no_decorate();
        match plain.string_from_read(html.as_bytes(), WIDTH) {
            Ok(text) => Cow::Owned(text),
            Err(_) => Cow::Borrowed(html),
        }
    } else {
        Cow::Borrowed(html)
    };
    // No more than one empty line in a row, and none at the ends.
    let mut plain = String::with_capacity(text.len());
    let mut gap = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            gap = !plain.is_empty();
            continue;
        }
        if !plain.is_empty() {
            plain.push_str(if gap { "\n\n" } else { "\n" });
        }
        match line.strip_prefix("* ") {
            Some(item) => {
                plain.push_str("- ");
                plain.push_str(item);
            }
            None => plain.push_str(line),
        }
        gap = false;
    }
    plain
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `19.90`; also `19,90`, as shops in much of Europe export it. Not below nothing.
pub(super) fn amount(field: &str, text: &str, currency: Currency) -> Result<Money, String> {
    let written = text.trim();
    let comma = written.rsplit_once(',');
    let decimals = currency.decimals() as usize;
    let dotted = match comma {
        Some((whole, fraction)) if !whole.contains([',', '.']) && fraction.len() <= decimals => {
            Cow::Owned(format!("{whole}.{fraction}"))
        }
        _ => Cow::Borrowed(written),
    };
    let money = Money::parse(&dotted, currency).map_err(|error| format!("{field}: {error}"))?;
    if money.minor < 0 {
        return Err(format!("{field}: `{written}` is below nothing"));
    }
    Ok(money)
}

/// `15.00 USD`, `USD 15.00`; without a code it is in `currency`.
pub(super) fn money(field: &str, text: &str, currency: Currency) -> Result<Money, String> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    match parts[..] {
        [digits] => amount(field, digits, currency),
        [first, second] => {
            let (digits, code) = match first.parse::<Currency>() {
                Ok(code) => (second, Ok(code)),
                Err(_) => (first, second.parse()),
            };
            let code =
                code.map_err(|error: crate::money::MoneyError| format!("{field}: {error}"))?;
            amount(field, digits, code)
        }
        _ => Err(format!(
            "{field}: `{text}` is not an amount; write it like `15.00 USD`"
        )),
    }
}

/// Names of options and attributes in lower case, the usual ones under one name.
pub fn option_name(name: &str) -> String {
    let name = one_line(&name.to_lowercase().replace(['_', '-'], " "));
    match name.as_str() {
        "color" | "colors" | "colours" | "farbe" | "couleur" => "colour".to_owned(),
        "sizes" | "größe" | "grösse" | "taille" => "size".to_owned(),
        _ => name,
    }
}

/// `A > B > C`, levels without blanks.
pub(super) fn levels(path: &str) -> Vec<String> {
    let levels = path.split('>').map(one_line);
    levels.filter(|level| !level.is_empty()).collect()
}

/// Grams as people say them: `85 g`, `1.2 kg`.
pub(super) fn weight(grams: f64) -> Option<String> {
    if !grams.is_finite() || grams <= 0.0 {
        return None;
    }
    Some(if grams < 1000.0 {
        format!("{} g", (grams * 10.0).round() / 10.0)
    } else {
        format!("{} kg", (grams / 10.0).round() / 100.0)
    })
}

/// Words that mean yes, in the cells of any of the formats.
pub(super) fn is_yes(cell: &str) -> bool {
    matches!(
        cell.to_ascii_lowercase().as_str(),
        "1" | "true" | "yes" | "y"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eur() -> Currency {
        "EUR".parse().unwrap()
    }

    #[test]
    fn html_becomes_paragraphs() {
        let html = "<p>Soft &amp; warm.</p>\n<ul><li>70&nbsp;% wool</li><li>Dry flat</li></ul><script>alert(1)</script>";
        assert_eq!(
            plain_text(html),
            "Soft & warm.\n- 70\u{a0}% wool\n- Dry flat"
        );
        assert_eq!(plain_text(" 2 < 3 "), "2 < 3");
        assert_eq!(plain_text("One\r\n\r\n\r\nTwo"), "One\n\nTwo");
    }

    #[test]
    fn amounts_may_have_a_comma_and_a_code() {
        let read = |text| {
            money("price", text, eur()).map(|money| (money.minor, money.currency.to_string()))
        };
        assert_eq!(read("19,90"), Ok((1990, "EUR".into())));
        assert_eq!(read("15.00 USD"), Ok((1500, "USD".into())));
        assert_eq!(read("JPY 1500"), Ok((1500, "JPY".into())));
        for wrong in ["1.234,50", "1,234.50", "-3", "", "15 dollars", "a b c"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn weights_are_said_in_what_fits() {
        assert_eq!(weight(85.0).as_deref(), Some("85 g"));
        assert_eq!(weight(1234.0).as_deref(), Some("1.23 kg"));
        assert_eq!(weight(0.0), None);
    }
}
