//! The words of the live catalog, found in a message.

use std::ops::Range;

/// What a phrase of the catalog names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VocabularyKind {
    Product,
    Category,
    Brand,
    /// `material`, for the phrase `wool`.
    Attribute {
        name: String,
    },
}

/// A phrase of the catalog, met in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub kind: VocabularyKind,
    /// As handed in: a SKU, a category's path, an attribute's value.
    pub id: String,
    /// The phrase as handed in.
    pub phrase: String,
    /// Bytes of the message.
    pub span: Range<usize>,
    /// False when a typo was forgiven.
    pub exact: bool,
}

/// All phrases of one catalog.
#[derive(Debug, Default)]
pub struct Vocabulary;

impl Vocabulary {
    /// From (phrase, kind, id); the same phrase may name several things.
    pub fn new(_phrases: impl IntoIterator<Item = (String, VocabularyKind, String)>) -> Self {
        Self
    }

    /// By place; longest phrase first where they overlap; several for a phrase that names several things.
    pub fn mentions(&self, _text: &str) -> Vec<Mention> {
        Vec::new()
    }
}
