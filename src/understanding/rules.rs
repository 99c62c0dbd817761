//! Rules staff write where examples are not sure enough.

/// When a message belongs to a class for certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// These words in this order, side by side, anywhere.
    Phrase(String),
    /// All of these words, anywhere.
    Keywords(Vec<String>),
    /// A regular expression over the normalised message.
    Regex(String),
    /// The whole message.
    Exact(String),
}

/// A rule that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    #[error("`{pattern}` is not a regular expression: {reason}")]
    Regex { pattern: String, reason: String },
    #[error("a rule without words matches nothing; write what the message must contain")]
    Empty,
}

impl Rule {
    /// Whether the rule can be used; for checking one at a time, where it is written.
    pub fn check(&self) -> Result<(), RuleError> {
        RuleSet::new(&[(0, self.clone())]).map(|_| ())
    }
}

/// A rule that matches a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleHit {
    /// As handed to [`RuleSet::new`].
    pub class: usize,
    /// Index of the rule as handed to [`RuleSet::new`].
    pub rule: usize,
}

/// All rules of a generation of content.
#[derive(Debug, Default)]
pub struct RuleSet;

impl RuleSet {
    /// From (class, rule); the class is the caller's index.
    pub fn new(_rules: &[(usize, Rule)]) -> Result<Self, RuleError> {
        Ok(Self)
    }

    /// The rules that match, in the order handed in.
    pub fn matches(&self, _text: &str) -> Vec<RuleHit> {
        Vec::new()
    }
}
