//! What a shop understands in one language: its files in it, learnt.

use super::shop::Class;
use crate::knowledge::Knowledge;
use crate::text::Tongue;
use crate::understanding::{self, Limits, Matcher};
use std::collections::HashMap;
use std::sync::Arc;

/// One language of a shop.
pub struct Hearing {
    /// `en`
    pub code: String,
    pub tongue: Tongue,
    pub matcher: Arc<Matcher>,
    /// What the matcher was trained on, by class number.
    pub learnt: Vec<understanding::Class>,
    /// By the matcher's class numbers.
    pub classes: Vec<Class>,
    /// Utterances that stand in the files word for word → the matcher's class.
    pub verbatim: HashMap<String, usize>,
    pub limits: Limits,
    pub knowledge: Arc<Knowledge>,
}
