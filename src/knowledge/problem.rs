//! What is wrong with an article file.

/// A complaint about one place of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    /// Stable name, like `empty_answer`.
    pub code: &'static str,
    pub file: String,
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// Characters to mark; at least 1.
    pub length: u32,
    pub message: String,
    /// What to write instead.
    pub help: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file is not used.
    Error,
    /// The file is used; the answer may be hard to find.
    Warning,
}
