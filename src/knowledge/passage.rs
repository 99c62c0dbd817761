//! The part of a long answer that was asked for.

use crate::text::Language;

/// Answers up to so many characters are said whole.
const SHORT: usize = 700;

/// The paragraph of `answer` that shares most content words with `question`, with its heading or the line that leads a
/// list in; `None` where the answer is short, or no paragraph stands out.
pub fn passage<'a>(answer: &'a str, question: &str, language: Language) -> Option<&'a str> {
    if answer.chars().count() <= SHORT {
        return None;
    }
    let asked = language.content_stems(question);
    let paragraphs = paragraphs(answer);
    let mut shares: Vec<(usize, usize)> = paragraphs
        .iter()
        .enumerate()
        .map(|(place, part)| {
            (
                language.content_stems(part).intersection(&asked).count(),
                place,
            )
        })
        .collect();
    shares.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    match shares[..] {
        [(best, place), (second, _), ..] if best > second => Some(paragraphs[place]),
        _ => None,
    }
}

/// Parts with blank lines between them; a line that ends with a colon, and a heading, belong to what follows.
fn paragraphs(answer: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut from = 0;
    while let Some(at) = answer[from..].find("\n\n") {
        let end = from + at;
        from = end + 2;
        let said = answer[start..end].trim();
        let leads_in = said.ends_with(':') || (said.starts_with('#') && !said.contains('\n'));
        if !said.is_empty() && !leads_in {
            parts.push(said);
            start = from;
        }
    }
    let last = answer[start..].trim();
    if !last.is_empty() {
        parts.push(last);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn long() -> String {
        let filler = "Nothing here says much about anything at all, but it is long. ".repeat(8);
        format!(
            "{filler}\n\nTo Norway it costs 9.90 and takes three days:\n\n- by Bring\n- by PostNord\n\n{filler}\n\nGifts are wrapped in paper."
        )
    }

    #[test]
    fn of_a_long_answer_the_part_that_was_asked_for_is_said() {
        let answer = long();
        assert_eq!(
            passage(&answer, "what does it cost to norway", Language::English),
            Some("To Norway it costs 9.90 and takes three days:\n\n- by Bring\n- by PostNord")
        );
        assert_eq!(
            passage(&answer, "do you wrap gifts", Language::English),
            Some("Gifts are wrapped in paper.")
        );
    }

    #[test]
    fn a_short_answer_and_one_without_a_telling_part_are_said_whole() {
        assert_eq!(passage("Yes.\n\nNo.", "yes", Language::English), None);
        assert_eq!(passage(&long(), "zebra", Language::English), None);
    }

    proptest! {
        #[test]
        fn a_passage_is_part_of_its_answer(answer in "(\\PC|\n\n|long words here: |# head\n\n){0,300}", question in "\\PC{0,20}") {
            if let Some(part) = passage(&answer, &question, Language::English) {
                prop_assert!(answer.contains(part) && !part.is_empty());
            }
        }
    }
}
