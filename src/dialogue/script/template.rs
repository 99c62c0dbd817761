//! Texts with variables and variants: `{shop}` in words, several ways to say one thing, and when
//! each is right.

use std::ops::Range;

/// What is the case when something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conditions {
    /// People are there.
    pub open: bool,
    /// Of the shop's day, 0 to 23.
    pub hour: u8,
    /// Nothing was said before.
    pub first_time: bool,
}

/// When a variant is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Open,
    Closed,
    Morning,
    Afternoon,
    Evening,
    Night,
    FirstTime,
}

impl When {
    pub(super) const ALL: [(&'static str, Self); 7] = [
        ("open", Self::Open),
        ("closed", Self::Closed),
        ("morning", Self::Morning),
        ("afternoon", Self::Afternoon),
        ("evening", Self::Evening),
        ("night", Self::Night),
        ("first_time", Self::FirstTime),
    ];

    fn holds(self, now: &Conditions) -> bool {
        match self {
            Self::Open => now.open,
            Self::Closed => !now.open,
            Self::Morning => (5..12).contains(&now.hour),
            Self::Afternoon => (12..18).contains(&now.hour),
            Self::Evening => (18..23).contains(&now.hour),
            Self::Night => now.hour >= 23 || now.hour < 5,
            Self::FirstTime => now.first_time,
        }
    }
}

/// Words with variables in them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Words(String),
    Variable(String),
}

/// What is wrong with a template, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TemplateError {
    pub(super) at: Range<usize>,
    pub(super) message: &'static str,
    pub(super) help: &'static str,
}

impl Template {
    /// Reads `Hello from {shop}`; `{{` and `}}` are braces.
    pub(super) fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut words = String::new();
        let mut rest = text.char_indices().peekable();
        while let Some((at, c)) = rest.next() {
            match c {
                '{' | '}' if rest.peek().is_some_and(|(_, next)| *next == c) => {
                    rest.next();
                    words.push(c);
                }
                '{' => {
                    let Some(length) = text[at..].find('}') else {
                        let help = "close it with `}`, or write `{{` for a brace";
                        return Err(TemplateError {
                            at: at..text.len(),
                            message: "the brace is not closed",
                            help,
                        });
                    };
                    let name = text[at + 1..at + length].trim();
                    let is_name = !name.is_empty()
                        && name
                            .bytes()
                            .all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit());
                    if !is_name {
                        let help = "a variable's name has lower-case letters and `_`; write `{{` for a brace";
                        return Err(TemplateError {
                            at: at..at + length + 1,
                            message: "this is no variable",
                            help,
                        });
                    }
                    if !words.is_empty() {
                        pieces.push(Piece::Words(std::mem::take(&mut words)));
                    }
                    pieces.push(Piece::Variable(name.to_owned()));
                    while rest.peek().is_some_and(|(next, _)| *next <= at + length) {
                        rest.next();
                    }
                }
                '}' => {
                    let help = "remove it, or write `}}` for a brace";
                    return Err(TemplateError {
                        at: at..at + 1,
                        message: "this brace closes nothing",
                        help,
                    });
                }
                other => words.push(other),
            }
        }
        if !words.is_empty() {
            pieces.push(Piece::Words(words));
        }
        Ok(Self(pieces))
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| {
            if let Piece::Variable(name) = piece {
                Some(name.as_str())
            } else {
                None
            }
        })
    }

    fn render(&self, variables: &[(&str, &str)]) -> String {
        let mut said = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => said.push_str(words),
                // The check has seen to it that every variable is known.
                Piece::Variable(name) => {
                    said.push_str(
                        variables
                            .iter()
                            .find(|(known, _)| known == name)
                            .map_or("", |(_, value)| value),
                    );
                }
            }
        }
        said
    }
}

/// One thing to say, in one or several ways.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    pub(super) variants: Vec<Variant>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variant {
    pub(super) words: Template,
    pub(super) when: Option<When>,
    pub(super) language: Option<String>,
}

impl Text {
    /// The words for now: variants of the language first, those whose condition holds, the
    /// `pick`th of them, round and round. None when no variant is right.
    pub fn render(
        &self,
        variables: &[(&str, &str)],
        now: &Conditions,
        language: &str,
        pick: u64,
    ) -> Option<String> {
        let right = |variant: &&Variant| variant.when.is_none_or(|when| when.holds(now));
        let spoken = |variant: &&Variant| {
            variant
                .language
                .as_deref()
                .is_none_or(|known| known == language)
        };
        // A variant with a condition that holds says it better than one that always fits.
        let mut fitting: Vec<&Variant> =
            self.variants.iter().filter(right).filter(spoken).collect();
        if fitting.iter().any(|variant| variant.language.is_some()) {
            fitting.retain(|variant| variant.language.is_some());
        }
        if fitting.is_empty() {
            // Said in some other language only: better than nothing.
            fitting.extend(self.variants.iter().filter(right));
        }
        if fitting.iter().any(|variant| variant.when.is_some()) {
            fitting.retain(|variant| variant.when.is_some());
        }
        let nth = pick.checked_rem(fitting.len() as u64)?;
        fitting
            .get(usize::try_from(nth).ok()?)
            .map(|variant| variant.words.render(variables))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOON: Conditions = Conditions {
        open: true,
        hour: 12,
        first_time: false,
    };

    fn text(variants: &[(&str, Option<When>)]) -> Text {
        let variant = |(words, when): &(&str, Option<When>)| Variant {
            words: Template::parse(words).unwrap(),
            when: *when,
            language: None,
        };
        Text {
            variants: variants.iter().map(variant).collect(),
        }
    }

    #[test]
    fn variables_are_filled_in_and_double_braces_are_braces() {
        let said =
            text(&[("{shop} says {{hi}}", None)]).render(&[("shop", "Alder")], &NOON, "en", 0);
        assert_eq!(said.as_deref(), Some("Alder says {hi}"));
    }

    #[test]
    fn variants_take_turns_and_a_condition_that_holds_goes_first() {
        let two = text(&[("a", None), ("b", None)]);
        let said: Vec<_> = (0..3)
            .filter_map(|pick| two.render(&[], &NOON, "en", pick))
            .collect();
        assert_eq!(said, ["a", "b", "a"]);
        let day = text(&[
            ("always", None),
            ("noon", Some(When::Afternoon)),
            ("late", Some(When::Night)),
        ]);
        assert_eq!(day.render(&[], &NOON, "en", 7).as_deref(), Some("noon"));
    }

    #[test]
    fn the_language_spoken_goes_first_and_any_other_is_better_than_silence() {
        let said_in = |words: &str, language: Option<&str>| Variant {
            words: Template::parse(words).unwrap(),
            when: None,
            language: language.map(str::to_owned),
        };
        let both = Text {
            variants: vec![said_in("hi", None), said_in("hallo", Some("de"))],
        };
        let only = Text {
            variants: vec![said_in("hallo", Some("de"))],
        };
        for (text, language, said) in [
            (&both, "de", "hallo"),
            (&both, "fr", "hi"),
            (&only, "en", "hallo"),
        ] {
            assert_eq!(
                text.render(&[], &NOON, language, 0).as_deref(),
                Some(said),
                "{language}"
            );
        }
    }

    #[test]
    fn a_brace_out_of_place_is_pointed_at() {
        assert_eq!(Template::parse("a {b").unwrap_err().at, 2..4);
        assert_eq!(Template::parse("a} b").unwrap_err().at, 1..2);
        assert_eq!(Template::parse("a {B c}").unwrap_err().at, 2..7);
    }

    proptest! {
        #[test]
        fn any_words_are_a_template_or_an_error_inside_them(words in "[a-z{} é]{0,30}") {
            match Template::parse(&words) {
                Ok(template) => { let _ = template.render(&[]); }
                Err(error) => prop_assert!(error.at.end <= words.len() && words.get(error.at.clone()).is_some()),
            }
        }
    }
}
