//! Ways to reach and find somebody: e-mail, phone, postcode. A likeness only; what is asked decides.

use super::{Entity, Message, Value};
use crate::text::opening;
use regex::Regex;
use std::sync::LazyLock;

pub(super) fn find(message: &Message<'_>, found: &mut Vec<Entity>) {
    if message.text.contains('@') {
        for hit in EMAIL.iter().flat_map(|regex| regex.find_iter(message.text)) {
            let address = hit.as_str().to_lowercase();
            found.push(message.entity_at(hit.range(), Value::Email(address)));
        }
    }
    if !message.text.bytes().any(|byte| byte.is_ascii_digit()) {
        return;
    }
    // What looks like a number of any kind is sought at the beginning only.
    let start = opening(message.text);
    for hit in PHONE.iter().flat_map(|regex| regex.find_iter(start)) {
        let kept = |letter: &char| letter.is_ascii_digit() || *letter == '+';
        let number: String = hit.as_str().chars().filter(kept).collect();
        let digits = number.trim_start_matches('+').len();
        if (7..=15).contains(&digits) && !is_date(hit.as_str()) && apart(message.text, hit.range())
        {
            found.push(message.entity_at(hit.range(), Value::Phone(number)));
        }
    }
    for hit in POSTCODE.iter().flat_map(|regex| regex.find_iter(start)) {
        if apart(message.text, hit.range()) {
            let words: Vec<&str> = hit.as_str().split_whitespace().collect();
            let code = words.join(" ").to_uppercase();
            found.push(message.entity_at(hit.range(), Value::Postcode(code)));
        }
    }
}

fn apart(text: &str, span: std::ops::Range<usize>) -> bool {
    let joins = |letter: Option<char>| letter.is_some_and(|l| l.is_alphanumeric() || l == '@');
    !joins(text[..span.start].chars().next_back()) && !joins(text[span.end..].chars().next())
}

/// `2026-11-20`, `20.11.2026`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '.', '/']).collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    matches!(lengths[..], [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4])
}

// A pattern that does not compile finds nothing; a test compiles them all.
static EMAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}").ok()
});

static PHONE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:\+|\(?0|[1-9])[0-9](?:[ ().\-/]{0,2}[0-9]){5,14}").ok());

/// Of most of Europe and North America; plain ones have 4 to 6 digits.
static POSTCODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let forms = [
        "[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}", // GB
        "[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]",        // CA
        "[A-Z][0-9]{2} ?[A-Z0-9]{4}",              // IE
        "[0-9]{4} ?[A-Z]{2}",                      // NL
        "[0-9]{5}-[0-9]{4}",                       // US, long
        "[0-9]{4}-[0-9]{3}",                       // PT
        "[0-9]{2}-[0-9]{3}",                       // PL
        "[0-9]{3} [0-9]{2}",                       // SE, CZ, SK, GR
        "[0-9]{4,6}",
    ];
    Regex::new(&format!(r"(?i)\b(?:{})\b", forms.join("|"))).ok()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_compile() {
        assert!(EMAIL.is_some() && PHONE.is_some() && POSTCODE.is_some());
    }
}
