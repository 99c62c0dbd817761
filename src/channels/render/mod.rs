//! A reply as a platform can show it: its blocks become pieces, each one message. What a platform cannot show is shown in
//! the next best form: buttons, a list, numbered lines.

mod cards;
mod length;
mod markup;
mod words;

pub use length::{gsm7_friendly, length, shortened, split};
pub use markup::written;

use super::abilities::{Abilities, Buttons, List, Unit};
use crate::dialogue::block::{Block, Choice};
use cards::products;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use words::paragraph;

/// What stands for words that are too long for a payload: they are found again by it.
pub const ABBREVIATED: char = '=';

/// One message of a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Text {
        /// In the platform's markup.
        text: String,
        buttons: Vec<Button>,
    },
    /// Rows that open at a tap.
    List {
        text: String,
        /// On the button that opens them.
        open: String,
        rows: Vec<Row>,
    },
    Picture {
        url: String,
        /// In the platform's markup.
        caption: String,
        buttons: Vec<Button>,
    },
    /// Side by side.
    Cards(Vec<Card>),
    /// Side by side, under words.
    Carousel { text: String, cards: Vec<Card> },
    /// Of the platform's own catalog, under words.
    Listed {
        text: String,
        title: String,
        skus: Vec<String>,
        /// The same without the catalog, where that does not know one of them.
        otherwise: String,
    },
}

impl Piece {
    /// Where words that come before belong into the same message.
    fn above(&mut self) -> Option<&mut String> {
        match self {
            Self::Carousel { text, .. } | Self::Listed { text, .. } => Some(text),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    pub title: String,
    pub tap: Tap,
}

/// What a tap does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tap {
    /// Sends this back.
    Say(String),
    Open(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub title: String,
    pub description: String,
    pub payload: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub title: String,
    pub subtitle: String,
    pub image: Option<String>,
    pub url: Option<String>,
    pub buttons: Vec<Button>,
}

/// A text of staff's, by its id, with its variables filled in.
pub type Phrase<'a> = dyn Fn(&str, &[(&str, &str)]) -> String + 'a;

/// For whom it is rendered: what the platform can do, staff's words, and where addresses begin.
pub struct Screen<'a> {
    pub abilities: &'a Abilities,
    /// A text of staff's, by its id.
    pub phrase: &'a Phrase<'a>,
    /// Where shoppers find the shop and its pictures; no trailing slash.
    pub base: &'a str,
}

impl Screen<'_> {
    fn length(&self, text: &str) -> usize {
        length(text, self.abilities.unit)
    }

    /// A whole address; none for what cannot be one.
    fn address(&self, url: &str) -> Option<String> {
        match url.starts_with('/') {
            true => Some(format!("{}{url}", self.base)),
            false => url.starts_with("http").then(|| url.to_owned()),
        }
    }

    /// A picture that the platform can fetch and show.
    fn picture(&self, url: &str) -> Option<String> {
        let url = self.address(url)?;
        let drawn = url.to_ascii_lowercase().ends_with(".svg");
        (self.abilities.pictures && url.starts_with("https://") && !drawn).then_some(url)
    }

    fn written(&self, text: &str) -> String {
        let text = match self.abilities.unit {
            Unit::Gsm7 => gsm7_friendly(text),
            _ => text.to_owned(),
        };
        written(&text, self.abilities.markup)
    }

    /// A text as messages that fit, in the platform's markup.
    fn messages(&self, text: &str, most: usize) -> Vec<String> {
        let fits = |part: &str| self.length(&self.written(part)) <= most;
        let parts = split(text, &fits);
        parts.iter().map(|part| self.written(part)).collect()
    }
}

/// What a tap sends back for these words: themselves, or what they are found again by.
pub fn payload(say: &str, most: usize) -> String {
    if say.len() <= most && !say.starts_with(ABBREVIATED) {
        return say.to_owned();
    }
    let digest = Sha256::digest(say.as_bytes());
    let hex = digest.iter().take(10).map(|byte| format!("{byte:02x}"));
    hex.fold(String::from(ABBREVIATED), |all, byte| all + &byte)
}

/// The whole reply, in the order it is said.
pub fn render(reply: &[Block], screen: &Screen<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut said = String::new();
    for block in reply {
        match block {
            Block::Products { items, .. } => {
                let (text, mut shown) = products(items, screen);
                add(&mut said, &text);
                if let Some(above) = shown.first_mut().and_then(Piece::above) {
                    *above = under(
                        &mut pieces,
                        &mut said,
                        screen.abilities.with_buttons,
                        screen,
                    );
                } else if !shown.is_empty() {
                    flush(&mut pieces, &mut said, screen);
                }
                pieces.extend(shown);
            }
            Block::Image { url, alt } => match screen.picture(url) {
                Some(url) => {
                    flush(&mut pieces, &mut said, screen);
                    let caption = screen.written(&alt.text);
                    pieces.push(Piece::Picture {
                        url,
                        caption: shortened(&caption, 1024, screen.abilities.unit),
                        buttons: Vec::new(),
                    });
                }
                None => {
                    let url = screen.address(url).unwrap_or_default();
                    add(&mut said, &format!("{}: {url}", alt.text));
                }
            },
            Block::Choices { prompt, choices } => {
                if let Some(prompt) = prompt {
                    add(&mut said, &prompt.text);
                }
                offer(&mut pieces, &mut said, choices, screen);
            }
            other => add(&mut said, &paragraph(other, screen)),
        }
    }
    flush(&mut pieces, &mut said, screen);
    pieces
}

fn add(said: &mut String, text: &str) {
    if text.trim().is_empty() {
        return;
    }
    if !said.is_empty() {
        said.push_str("\n\n");
    }
    said.push_str(text);
}

fn flush(pieces: &mut Vec<Piece>, said: &mut String, screen: &Screen<'_>) {
    let texts = screen.messages(&std::mem::take(said), screen.abilities.text);
    pieces.extend(texts.into_iter().map(|text| Piece::Text {
        text,
        buttons: Vec::new(),
    }));
}

/// Choices under what was said: as buttons, as a list, or numbered.
fn offer(pieces: &mut Vec<Piece>, said: &mut String, choices: &[Choice], screen: &Screen<'_>) {
    if choices.is_empty() {
        return;
    }
    let Abilities { buttons, list, .. } = screen.abilities;
    if let Some(buttons) = buttons.filter(|buttons| fit_buttons(choices, *buttons)) {
        let row = choices.iter().map(|choice| button(choice, buttons));
        let row = row.collect();
        let last = under(pieces, said, screen.abilities.with_buttons, screen);
        pieces.push(Piece::Text {
            text: last,
            buttons: row,
        });
        return;
    }
    if let Some(list) = list.filter(|list| choices.len() <= list.rows) {
        let rows = choices.iter().map(|choice| row(choice, list));
        let rows = rows.collect();
        let open = (screen.phrase)("messenger.choose", &[]);
        let last = under(pieces, said, list.text, screen);
        pieces.push(Piece::List {
            text: last,
            open: shortened(&open, list.button, Unit::Characters),
            rows,
        });
        return;
    }
    let mut lines = String::new();
    for (place, choice) in choices.iter().enumerate() {
        let _ = writeln!(lines, "{}. {}", place + 1, choice.label);
    }
    let _ = write!(lines, "{}", (screen.phrase)("messenger.number", &[]));
    add(said, &lines);
    flush(pieces, said, screen);
}

/// Says what is to be said before the choices; the last message of it is theirs, and never empty.
fn under(pieces: &mut Vec<Piece>, said: &mut String, most: usize, screen: &Screen<'_>) -> String {
    let mut texts = screen.messages(&std::mem::take(said), most);
    let last = texts.pop();
    pieces.extend(texts.into_iter().map(|text| Piece::Text {
        text,
        buttons: Vec::new(),
    }));
    last.unwrap_or_else(|| screen.written(&(screen.phrase)("messenger.choose", &[])))
}

fn fit_buttons(choices: &[Choice], buttons: Buttons) -> bool {
    let fits =
        |choice: &Choice| buttons.title == 0 || choice.label.chars().count() <= buttons.title;
    choices.len() <= buttons.most && choices.iter().all(fits)
}

fn says(choice: &Choice) -> &str {
    choice.say.as_deref().unwrap_or(&choice.label)
}

fn button(choice: &Choice, buttons: Buttons) -> Button {
    Button {
        title: choice.label.clone(),
        tap: Tap::Say(payload(says(choice), buttons.payload)),
    }
}

/// A label that is too long goes on below.
fn row(choice: &Choice, list: List) -> Row {
    let title = shortened(&choice.label, list.title, Unit::Characters);
    let description = match title == choice.label {
        true => String::new(),
        false => shortened(&choice.label, list.description, Unit::Characters),
    };
    Row {
        title,
        description,
        payload: payload(says(choice), list.payload),
    }
}

fn side_by_side(said: &mut String, cards: &[Card]) {
    for card in cards {
        let image = card.image.as_deref().unwrap_or("no picture");
        let _ = writeln!(said, "| {} | {} | {image}", card.title, card.subtitle);
        buttons(said, &card.buttons);
    }
}

fn buttons(said: &mut String, buttons: &[Button]) {
    for button in buttons {
        let _ = match &button.tap {
            Tap::Say(payload) if *payload == button.title => {
                writeln!(said, "[{}]", button.title)
            }
            Tap::Say(payload) => writeln!(said, "[{} -> {payload}]", button.title),
            Tap::Open(url) => writeln!(said, "[{} {url}]", button.title),
        };
    }
}

/// Pieces as one reads them in a terminal.
pub fn shown(pieces: &[Piece]) -> String {
    let mut said = String::new();
    for piece in pieces {
        if !said.is_empty() {
            said.push_str("---\n");
        }
        match piece {
            Piece::Text { text, buttons: row } => {
                let _ = writeln!(said, "{text}");
                buttons(&mut said, row);
            }
            Piece::List { text, open, rows } => {
                let _ = writeln!(said, "{text}\n[{open} v]");
                for row in rows {
                    let _ = writeln!(
                        said,
                        "  {} | {} -> {}",
                        row.title, row.description, row.payload
                    );
                }
            }
            Piece::Picture {
                url,
                caption,
                buttons: row,
            } => {
                let _ = writeln!(said, "(picture {url})\n{caption}");
                buttons(&mut said, row);
            }
            Piece::Cards(cards) => side_by_side(&mut said, cards),
            Piece::Carousel { text, cards } => {
                let _ = writeln!(said, "{text}");
                side_by_side(&mut said, cards);
            }
            Piece::Listed {
                text, title, skus, ..
            } => {
                let _ = writeln!(said, "{text}\n[{title}: {}]", skus.join(", "));
            }
        }
    }
    said
}

#[cfg(test)]
mod tests;
