//! Which of the choices that were offered a written answer means: its number, its words, or a slip of the finger at either.

use super::render::{ABBREVIATED, payload};
use crate::dialogue::block::{Block, Choice};
use crate::text::{fold, nearest};

/// Longer answers are sentences of their own.
pub(super) const LONGEST: usize = 60;

/// What choosing says, when `text` is the number of a choice that was offered, or its words in nearly the right letters.
pub(super) fn meant(text: &str, offered: &[Choice]) -> Option<String> {
    if text.chars().count() > LONGEST || offered.is_empty() {
        return None;
    }
    let bare = |text: &str| {
        let folded = fold(text);
        let kept = folded.trim_matches(|c: char| !c.is_alphanumeric());
        kept.to_owned()
    };
    let said = bare(text);
    let chosen = match number(&said) {
        Some(number) => offered.get(number.checked_sub(1)?),
        None => {
            let labels: Vec<String> = offered.iter().map(|choice| bare(&choice.label)).collect();
            let near = nearest(&said, labels.iter().map(String::as_str))?;
            // A short word is too near to too many.
            let plain = near == said || said.chars().count() >= 4;
            let at = labels.iter().position(|label| label == near)?;
            offered.get(at).filter(|_| plain)
        }
    };
    let chosen = chosen?;
    Some(chosen.say.clone().unwrap_or_else(|| chosen.label.clone()))
}

/// `2`, `#2`, `nr 2`, `2)`, `2.`: of what is bare already.
fn number(said: &str) -> Option<usize> {
    let words = ["number", "nr", "no", "option", "nummer", "num"];
    let mut rest = said;
    for word in words {
        if let Some(after) = rest.strip_prefix(word) {
            rest = after.trim_start_matches(['.', ' ', '#']);
        }
    }
    let short = rest.len() <= 2 && !rest.is_empty();
    let digits = short && rest.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| rest.parse().ok()).flatten()
}

/// The words that an abbreviated payload stands for, among choices that were offered before.
pub(super) fn opened<'b>(
    abbreviated: &str,
    replies: impl Iterator<Item = &'b Block>,
) -> Option<String> {
    for block in replies {
        for say in all_says(block) {
            if abbreviated.starts_with(ABBREVIATED) && payload(&say, 0) == abbreviated {
                return Some(say);
            }
        }
    }
    None
}

/// Everything a tap on a block can say.
fn all_says(block: &Block) -> Vec<String> {
    let says = |choice: &Choice| choice.say.clone().unwrap_or_else(|| choice.label.clone());
    match block {
        Block::Choices { choices, .. } => choices.iter().map(says).collect(),
        Block::Products { items, .. } => {
            let adds = items.iter().filter_map(|item| {
                let add = item.add.as_ref()?;
                Some(says(add).replace("{what}", &item.title))
            });
            adds.collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::block::Source;

    fn choices(labels: &[&str]) -> Vec<Choice> {
        let choice = |label: &&str| Choice {
            label: (*label).to_owned(),
            say: Some(format!("say {label}")),
            source: Source::Text { id: "x".into() },
        };
        labels.iter().map(choice).collect()
    }

    #[test]
    fn a_number_a_word_and_a_slip_pick_the_choice() {
        let offered = choices(&["Where is my order", "Returns", "Talk to a person"]);
        for (said, picked) in [
            ("2", Some("say Returns")),
            ("2.", Some("say Returns")),
            ("#2", Some("say Returns")),
            ("no. 3", Some("say Talk to a person")),
            ("returns", Some("say Returns")),
            ("Retuns!", Some("say Returns")),
            ("talk to a persn", Some("say Talk to a person")),
            ("where is my oder?", Some("say Where is my order")),
            ("9", None),
            ("0", None),
            ("ok", None),
            ("do you ship to norway", None),
            ("SH-10421", None),
            ("", None),
        ] {
            assert_eq!(meant(said, &offered).as_deref(), picked, "{said}");
        }
        assert_eq!(meant("1", &[]), None);
    }

    #[test]
    fn words_too_long_for_a_button_are_found_again() {
        let long = "Add the very long and very warm merino jumper with a zip to my cart, please";
        let mut offered = choices(&["x"]);
        offered[0].say = Some(long.to_owned());
        let block = Block::Choices {
            prompt: None,
            choices: offered,
        };
        let short = payload(long, 64);
        assert!(short.len() <= 64 && short.starts_with('='));
        assert_eq!(opened(&short, [&block].into_iter()).as_deref(), Some(long));
        assert_eq!(opened("=00", [&block].into_iter()), None);
        assert_eq!(
            payload("=already", 64).chars().count(),
            21,
            "nobody can pretend"
        );
    }
}
