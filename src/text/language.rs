//! Languages words are read in: which words carry no content, what belongs to one stem, how words are drawn together.

use super::{Embeddings, Kindred, for_each_word, stems, stop_words, words};
use frostem::{Algorithm, Stemmer};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A language whose words are known. Any other is read by its letters and whole words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Language {
    #[default]
    English,
    German,
    French,
    Spanish,
    Italian,
    Dutch,
    Portuguese,
    Danish,
    Norwegian,
    Swedish,
    Finnish,
    Polish,
    Turkish,
    Other,
}

impl Language {
    /// Those that can be told from a short text by their small words.
    pub const TOLD_APART: [Self; 8] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Italian,
        Self::Dutch,
        Self::Portuguese,
        Self::Norwegian,
    ];

    /// Of a code as `de` or `pt-BR`; what is not known by its own name is [`Language::Other`].
    pub fn of(code: &str) -> Self {
        let base = code.split(['-', '_']).next().unwrap_or_default();
        match base.to_ascii_lowercase().as_str() {
            "en" => Self::English,
            "de" => Self::German,
            "fr" => Self::French,
            "es" => Self::Spanish,
            "it" => Self::Italian,
            "nl" => Self::Dutch,
            "pt" => Self::Portuguese,
            "da" => Self::Danish,
            "no" | "nb" | "nn" => Self::Norwegian,
            "sv" => Self::Swedish,
            "fi" => Self::Finnish,
            "pl" => Self::Polish,
            "tr" => Self::Turkish,
            _ => Self::Other,
        }
    }

    /// What the forms of a folded word share. English has a light stem of its own, as good for matching as Snowball
    /// and faster.
    pub fn stem(self, word: &str) -> Cow<'_, str> {
        match self.snowball() {
            Some(Algorithm::English) => Cow::Borrowed(stems::stem(word)),
            Some(algorithm) => Stemmer::new(algorithm).stem(word),
            None => Cow::Borrowed(word),
        }
    }

    /// The Snowball stem that search indexes keep.
    pub fn index_stem(self, word: &str) -> Cow<'_, str> {
        match self.snowball() {
            Some(algorithm) => Stemmer::new(algorithm).stem(word),
            None => Cow::Borrowed(word),
        }
    }

    /// Whether a folded word says little by itself.
    pub fn is_stop_word(self, word: &str) -> bool {
        stop_words::is_stop_word_in(self, word)
    }

    /// Spells out a folded word: `don't` is `do not`, `j'ai` is `je ai`, `l'ordine` is `ordine`.
    pub fn spoken(self, folded: &str, each: impl FnMut(&str)) {
        words::spoken_in(self, folded, each);
    }

    /// Stems of the words of a text that carry content.
    pub fn content_stems(self, text: &str) -> BTreeSet<String> {
        let mut stems = BTreeSet::new();
        for_each_word(text, |_, word| {
            self.spoken(word, |piece| {
                if !self.is_stop_word(piece) {
                    stems.insert(self.stem(piece).into_owned());
                }
            });
        });
        stems
    }

    /// Whether words are written together in it: `Rücksendekosten`.
    pub fn joins_words(self) -> bool {
        matches!(
            self,
            Self::German
                | Self::Dutch
                | Self::Danish
                | Self::Norwegian
                | Self::Swedish
                | Self::Finnish
        )
    }

    fn snowball(self) -> Option<Algorithm> {
        Some(match self {
            Self::English => Algorithm::English,
            Self::German => Algorithm::German,
            Self::French => Algorithm::French,
            Self::Spanish => Algorithm::Spanish,
            Self::Italian => Algorithm::Italian,
            Self::Dutch => Algorithm::Dutch,
            Self::Portuguese => Algorithm::Portuguese,
            Self::Danish => Algorithm::Danish,
            Self::Norwegian => Algorithm::Norwegian,
            Self::Swedish => Algorithm::Swedish,
            Self::Finnish => Algorithm::Finnish,
            Self::Polish => Algorithm::Polish,
            Self::Turkish => Algorithm::Turkish,
            Self::Other => return None,
        })
    }
}

/// A language with the words that mean the same in it, built in and of the shop.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tongue {
    pub language: Language,
    pub kindred: Kindred,
    /// Where the owner has given a table of word vectors.
    pub embeddings: Option<Arc<Embeddings>>,
}

impl Tongue {
    /// `synonyms` are groups of words, a group a line.
    pub fn new(language: Language, synonyms: &str) -> Self {
        Self {
            language,
            kindred: Kindred::of(language, synonyms),
            embeddings: None,
        }
    }

    /// The same, reading with a table as well.
    pub fn with(self, embeddings: Option<Arc<Embeddings>>) -> Self {
        Self { embeddings, ..self }
    }

    /// English without words of a shop.
    pub fn english() -> Self {
        Self::new(Language::English, "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_with_or_without_its_region_names_a_language() {
        for (code, language) in [
            ("de", Language::German),
            ("de-AT", Language::German),
            ("PT_br", Language::Portuguese),
            ("ja", Language::Other),
            ("", Language::Other),
        ] {
            assert_eq!(Language::of(code), language, "{code}");
        }
    }

    #[test]
    fn forms_of_a_word_share_a_stem_in_each_language() {
        for (code, family) in [
            ("en", ["parcel", "parcels"]),
            ("de", ["bestellung", "bestellungen"]),
            ("fr", ["commande", "commandes"]),
            ("es", ["pedido", "pedidos"]),
            ("it", ["ordine", "ordini"]),
            ("nl", ["bestelling", "bestellingen"]),
            ("pt", ["encomenda", "encomendas"]),
            ("sv", ["beställning", "beställningen"]),
            ("tr", ["sipariş", "siparişler"]),
        ] {
            let language = Language::of(code);
            assert_eq!(language.stem(family[0]), language.stem(family[1]), "{code}");
        }
    }

    #[test]
    fn content_is_what_is_left_of_a_text_without_its_small_words() {
        let stems = |language: Language, text| {
            language
                .content_stems(text)
                .into_iter()
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            stems(Language::English, "Where's the parcel? The PARCELS!"),
            "parcel wher"
        );
        assert_eq!(
            stems(Language::French, "l'article d'une commande"),
            "articl command"
        );
    }

    #[test]
    fn words_drawn_together_are_spelled_out_in_their_language() {
        for (code, typed, said) in [
            ("en", "don't", "do not"),
            ("fr", "j'ai", "je ai"),
            ("fr", "qu'est", "que est"),
            ("fr", "l'article", "article"),
            ("it", "dell'ordine", "ordine"),
            ("it", "dov'è", "dove è"),
            ("de", "gibt's", "gibt es"),
            ("nl", "foto's", "foto"),
            ("es", "pedido", "pedido"),
        ] {
            let mut out = Vec::new();
            Language::of(code).spoken(typed, |piece| out.push(piece.to_owned()));
            assert_eq!(out.join(" "), said, "{code}");
        }
    }
}
