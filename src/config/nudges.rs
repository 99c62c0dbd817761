//! Nudges as owners write them: `{ id = "sizes", on = "/products/*", after = 20, text = "Not sure about the size?" }`.

use super::promo::is_amount;
use serde::Serialize;
use std::collections::BTreeMap;
use toml::de::DeValue;

/// Letters of what stands in a bubble.
const LONGEST: usize = 160;
/// Seconds: an hour on one page is nobody's.
const LATEST: u64 = 3600;
/// Seconds on a page before the first word, where nothing else is said.
const PATIENCE: u64 = 20;

/// A word of the chat's own, shown beside its button when all of its conditions are met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Nudge {
    /// What is dismissed is remembered by it.
    pub id: String,
    /// Paths it is for; `*` stands for anything.
    pub on: Vec<String>,
    /// Seconds the page has been looked at.
    pub after: u64,
    /// Seconds without a key or a movement.
    pub idle: u64,
    /// The pointer leaves the window by its upper edge.
    pub leaving: bool,
    /// What is in the cart is worth this, `50.00`; empty for any.
    pub cart_from: String,
    /// It promises a person: only while people are there.
    #[serde(skip)]
    pub people: bool,
    /// By language.
    pub text: BTreeMap<String, String>,
    /// What the shopper says by following it, by language; empty when it only opens the chat.
    pub say: BTreeMap<String, String>,
}

/// When the chat may speak first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WidgetSettings {
    /// The first that fits is shown.
    pub nudges: Vec<Nudge>,
    pub nudges_per_visit: u32,
    pub nudges_per_day: u32,
    /// Paths on which no nudge is ever shown, and the chat does not open by itself.
    pub quiet_on: Vec<String>,
}

impl Nudge {
    /// Reads a list of them.
    ///
    /// # Errors
    /// With what is wrong with the first that cannot be read, and what would be right.
    pub(super) fn read_all(value: &DeValue<'_>) -> Result<Vec<Self>, String> {
        let all = value
            .as_array()
            .ok_or("a list of nudges, each in braces: [{ id = \"…\", text = \"…\" }]")?;
        let mut read: Vec<Self> = Vec::new();
        for one in all.iter() {
            let nudge = Self::read(one.get_ref())?;
            if read.iter().any(|other| other.id == nudge.id) {
                return Err(format!("two nudges have the id `{}`", nudge.id));
            }
            read.push(nudge);
        }
        Ok(read)
    }

    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let table = value
            .as_table()
            .ok_or("each nudge stands in braces: { id = \"sizes\", text = \"…\" }")?;
        let mut nudge = Self {
            id: String::new(),
            on: vec!["*".to_owned()],
            after: 0,
            idle: 0,
            leaving: false,
            cart_from: String::new(),
            people: false,
            text: BTreeMap::new(),
            say: BTreeMap::new(),
        };
        let mut waits = false;
        for (key, value) in table.iter() {
            let (key, value) = (key.get_ref().as_ref(), value.get_ref());
            let wrong = |wanted: &str| format!("`{key}` takes {wanted}");
            let seconds = || match value {
                DeValue::Integer(number) => {
                    let number = number.as_str().parse().ok();
                    number.filter(|seconds| (1..=LATEST).contains(seconds))
                }
                _ => None,
            };
            match key {
                "id" => nudge.id = id(value).ok_or_else(|| wrong("letters, digits and dashes"))?,
                "on" => {
                    nudge.on = paths(value).ok_or_else(|| wrong("a path, like \"/products/*\""))?;
                }
                "after" => {
                    nudge.after = seconds().ok_or_else(|| wrong("seconds, 1 to 3600"))?;
                    waits = true;
                }
                "idle" => {
                    nudge.idle = seconds().ok_or_else(|| wrong("seconds, 1 to 3600"))?;
                    waits = true;
                }
                "leaving" => {
                    nudge.leaving = value.as_bool().ok_or_else(|| wrong("true or false"))?;
                    waits |= nudge.leaving;
                }
                "cart_from" => {
                    let amount = value.as_str().filter(|text| is_amount(text));
                    nudge.cart_from = amount.ok_or_else(|| wrong("an amount, \"50.00\""))?.into();
                }
                "people" => nudge.people = value.as_bool().ok_or_else(|| wrong("true or false"))?,
                "text" => nudge.text = words(value).ok_or_else(|| wrong(WORDS))?,
                "say" => nudge.say = words(value).ok_or_else(|| wrong(WORDS))?,
                other => {
                    return Err(format!(
                        "`{other}` is none of id, on, after, idle, leaving, cart_from, people, text, say"
                    ));
                }
            }
        }
        if nudge.id.is_empty() || nudge.text.is_empty() {
            return Err("each nudge needs an `id` and a `text`".to_owned());
        }
        if !waits {
            nudge.after = PATIENCE;
        }
        Ok(nudge)
    }
}

const WORDS: &str = "up to 160 letters, or some for each language: { en = \"…\", de = \"…\" }";

fn id(value: &DeValue<'_>) -> Option<String> {
    let text = value.as_str()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!text.is_empty() && text.len() <= 40 && text.chars().all(plain)).then(|| text.to_owned())
}

fn paths(value: &DeValue<'_>) -> Option<Vec<String>> {
    let one = |value: &DeValue<'_>| {
        let text = value.as_str()?;
        is_path(text).then(|| text.to_owned())
    };
    match value.as_array() {
        Some(all) => all.iter().map(|value| one(value.get_ref())).collect(),
        None => Some(vec![one(value)?]),
    }
}

/// `/products/*`, or `*` for all.
pub(super) fn is_path(text: &str) -> bool {
    text.starts_with(['/', '*']) && !text.contains(char::is_whitespace)
}

/// Words, or words by language; under "" those of no language in particular.
fn words(value: &DeValue<'_>) -> Option<BTreeMap<String, String>> {
    let fits = |text: &str| {
        let text = text.trim();
        (!text.is_empty() && text.chars().count() <= LONGEST).then(|| text.to_owned())
    };
    if let Some(text) = value.as_str() {
        return Some(BTreeMap::from([(String::new(), fits(text)?)]));
    }
    let is_language = |key: &str| key.len() == 2 && key.bytes().all(|b| b.is_ascii_lowercase());
    value
        .as_table()?
        .iter()
        .map(|(language, text)| {
            let language = language.get_ref().as_ref();
            let text = fits(text.get_ref().as_str()?)?;
            is_language(language).then(|| (language.to_owned(), text))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    fn read(nudges: &str) -> Result<Config, String> {
        Config::read("config.toml", &format!("[widget]\nnudges = {nudges}\n"))
            .map_err(|problems| problems.render(false))
    }

    #[test]
    fn a_nudge_is_read_with_all_it_waits_for() {
        let config = read(
            r#"[
            { id = "sizes", on = ["/products/*", "/sizes"], after = 30, text = { en = "Which size?", de = "Welche Größe?" } },
            { id = "leaving", leaving = true, cart_from = "50.00", people = true, text = "Anything missing?", say = "I have a question" },
            { id = "plain", text = "Can I help?" },
        ]"#,
        )
        .unwrap();
        let [sizes, leaving, plain] = config.widget.nudges.as_slice() else {
            panic!("{:?}", config.widget)
        };
        assert_eq!(sizes.on, ["/products/*", "/sizes"]);
        assert_eq!(sizes.text["de"], "Welche Größe?");
        assert!(leaving.leaving && leaving.people && leaving.after == 0);
        assert_eq!(leaving.say[""], "I have a question");
        assert_eq!(
            (plain.after, plain.on.as_slice()),
            (20, &["*".to_owned()][..])
        );
    }

    #[test]
    fn what_cannot_be_a_nudge_is_said_with_what_can() {
        for (nudges, said) in [
            ("\"now\"", "a list of nudges"),
            ("[\"now\"]", "in braces"),
            ("[{ id = \"a\" }]", "an `id` and a `text`"),
            ("[{ id = \"a b\", text = \"x\" }]", "letters, digits"),
            ("[{ id = \"a\", text = \"\" }]", "160 letters"),
            (
                "[{ id = \"a\", text = { english = \"x\" } }]",
                "160 letters",
            ),
            ("[{ id = \"a\", text = \"x\", after = 0 }]", "1 to 3600"),
            (
                "[{ id = \"a\", text = \"x\", on = \"products\" }]",
                "a path",
            ),
            ("[{ id = \"a\", text = \"x\", cart_from = 5 }]", "an amount"),
            (
                "[{ id = \"a\", text = \"x\", wen = 5 }]",
                "`wen` is none of",
            ),
            (
                "[{ id = \"a\", text = \"x\" }, { id = \"a\", text = \"y\" }]",
                "two nudges",
            ),
        ] {
            let problems = read(nudges).unwrap_err();
            assert!(problems.contains(said), "{nudges}: {problems}");
        }
    }
}
