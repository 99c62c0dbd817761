//! Tables that people send: comma, semicolon or tab between the cells, headings in the first line. Which column is
//! what is told by its heading, or by a map where headings are the shop's own.

mod map;

pub use map::{Columns, Map};

use csv::{Position, Reader, ReaderBuilder, StringRecord};

/// Why a table cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    #[error("the file is UTF-16; save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\")")]
    Utf16,
    #[error("line {line} is not UTF-8; save the file as UTF-8")]
    NotUtf8 { line: usize },
    #[error("the headings cannot be read: {0}")]
    Headings(String),
    #[error("--map {0}: write ours=theirs, like sku=Code")]
    Map(String),
    #[error("--map {wrong}=…: {help}")]
    Unknown { wrong: String, help: String },
    #[error(
        "there is no column `{theirs}` for {ours}; the columns are {headings}. Name it with --map {ours}=…"
    )]
    Missing {
        ours: String,
        theirs: String,
        headings: String,
    },
}

/// A row that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// From 1, the header included.
    pub line: u64,
    pub reason: String,
    pub row: String,
}

/// The file as text. UTF-16 is told by its mark and refused with a hint.
pub fn text(bytes: Vec<u8>) -> Result<String, SheetError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(SheetError::Utf16);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        SheetError::NotUtf8 { line }
    })?;
    match text.strip_prefix('\u{feff}') {
        Some(rest) => Ok(rest.to_owned()),
        None => Ok(text),
    }
}

/// A table and its headings.
pub struct Sheet<'t> {
    text: &'t str,
    delimiter: u8,
    headings: Vec<String>,
    quotes_close: bool,
}

pub struct Row {
    /// From 1, the header included.
    pub line: u64,
    /// How far into the text the row ends.
    pub byte: u64,
    /// The row is no row: an unclosed quote, or too few cells.
    pub broken: Option<String>,
    cells: StringRecord,
}

impl<'t> Sheet<'t> {
    /// Reads the headings; of comma, semicolon and tab the one most frequent there stands between cells.
    pub fn open(text: &'t str) -> Result<Self, SheetError> {
        let first = text.lines().next().unwrap_or_default();
        let count = |mark: char| first.matches(mark).count();
        let delimiter = [b',', b';', b'\t']
            .into_iter()
            .max_by_key(|mark| count(char::from(*mark)))
            .unwrap_or(b',');
        let mut sheet = Self {
            text,
            delimiter,
            headings: Vec::new(),
            quotes_close: text.matches('"').count().is_multiple_of(2),
        };
        let mut reader = sheet.reader();
        let headings = reader.headers();
        let headings = headings.map_err(|error| SheetError::Headings(error.to_string()))?;
        sheet.headings = headings
            .iter()
            .map(|heading| heading.trim().to_owned())
            .collect();
        Ok(sheet)
    }

    pub fn headings(&self) -> &[String] {
        &self.headings
    }

    /// The place of a column, whatever the case of its heading.
    pub fn column(&self, heading: &str) -> Option<usize> {
        let mut headings = self.headings.iter();
        headings.position(|known| known.eq_ignore_ascii_case(heading))
    }

    pub fn rows(&self) -> impl Iterator<Item = Row> {
        let mut reader = self.reader();
        let width = reader.headers().map_or(0, StringRecord::len);
        std::iter::from_fn(move || {
            let line = reader.position().line();
            let mut cells = StringRecord::new();
            let Ok(true) = reader.read_record(&mut cells) else {
                return None;
            };
            let spans_lines = || cells.iter().any(|cell| cell.contains('\n'));
            let broken = if cells.len() != width {
                Some(format!(
                    "{} cells where the header has {width}",
                    cells.len()
                ))
            } else if !self.quotes_close && spans_lines() {
                Some("a quote is not closed".to_owned())
            } else {
                None
            };
            // The reader counts a record from the line it begins on; a blank line before it is skipped.
            Some(Row {
                line: cells.position().map_or(line, Position::line),
                byte: reader.position().byte(),
                broken,
                cells,
            })
        })
    }

    fn reader(&self) -> Reader<&'t [u8]> {
        ReaderBuilder::new()
            .delimiter(self.delimiter)
            .flexible(true)
            .from_reader(self.text.as_bytes())
    }
}

impl Row {
    /// A cell's text without blanks around it; empty where there is no such column.
    pub fn at(&self, column: Option<usize>) -> &str {
        column
            .and_then(|at| self.cells.get(at))
            .unwrap_or_default()
            .trim()
    }

    pub fn raw(&self) -> String {
        self.cells.iter().collect::<Vec<_>>().join(",")
    }

    pub fn refused(&self, reason: impl Into<String>) -> Refused {
        Refused {
            line: self.line,
            reason: reason.into(),
            row: self.raw(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_heading() {
        let read = text("\u{feff}sku;title\nA;Mug\n".into()).unwrap();
        let sheet = Sheet::open(&read).unwrap();
        assert_eq!(sheet.headings(), ["sku", "title"]);
        let rows: Vec<Row> = sheet.rows().collect();
        assert_eq!(rows[0].at(sheet.column("SKU")), "A");
        assert_eq!(rows[0].line, 2);
    }

    #[test]
    fn another_encoding_is_named_with_what_to_do() {
        assert_eq!(text(vec![0xff, 0xfe, 0x41, 0]), Err(SheetError::Utf16));
        let latin = text(b"sku\nA\nM\xfcsli".to_vec());
        assert_eq!(latin, Err(SheetError::NotUtf8 { line: 3 }));
    }

    proptest! {
        #[test]
        fn any_text_has_rows_or_none(text in "([a-c]|,|;|\t|\"|\n|\r){0,80}") {
            if let Ok(sheet) = Sheet::open(&text) {
                for row in sheet.rows() {
                    let _ = row.at(sheet.column("a"));
                }
            }
        }
    }
}
