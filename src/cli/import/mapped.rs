//! Tables whose columns have other names: which is what, by `--map ours=theirs`.

use crate::text::nearest;
use anyhow::{Context, bail};
use std::collections::BTreeMap;

/// Our name → their heading.
#[derive(Debug, Default)]
pub(super) struct Map(BTreeMap<String, String>);

/// A table's columns, matched to ours.
pub(super) struct Columns {
    delimiter: u8,
    /// Our name and the place of its column.
    places: Vec<(String, usize)>,
}

pub(super) struct Row {
    /// From 1, the header included.
    pub(super) line: u64,
    pub(super) byte: u64,
    /// By our names.
    pub(super) cells: BTreeMap<String, String>,
    pub(super) raw: String,
    /// The row is no row: an unclosed quote, or too few cells.
    pub(super) broken: Option<String>,
}

/// The file as text. UTF-16 is told by its mark and refused with a hint.
pub(super) fn text(bytes: Vec<u8>) -> anyhow::Result<String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        bail!("the file is UTF-16; save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\")");
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = error.as_bytes()[..error.utf8_error().valid_up_to()]
            .iter()
            .filter(|b| **b == b'\n')
            .count()
            + 1;
        anyhow::anyhow!("line {line} is not UTF-8; save the file as UTF-8")
    })?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

impl Map {
    /// Reads `["sku=Code", "title=Name"]`.
    pub(super) fn parse(pairs: &[String]) -> anyhow::Result<Self> {
        let mut map = BTreeMap::new();
        for pair in pairs {
            let (ours, theirs) = pair
                .split_once('=')
                .with_context(|| format!("--map {pair}: write ours=theirs, like sku=Code"))?;
            map.insert(ours.trim().to_owned(), theirs.trim().to_owned());
        }
        Ok(Self(map))
    }

    /// Finds the columns in the table's first line. `known` are the names we have, `needed` those
    /// without which nothing can be done.
    pub(super) fn columns(
        &self,
        text: &str,
        known: &[&str],
        needed: &[&str],
    ) -> anyhow::Result<Columns> {
        if let Some(wrong) = self.0.keys().find(|ours| !known.contains(&ours.as_str())) {
            match nearest(wrong, known.iter().copied()) {
                Some(near) => bail!("--map {wrong}=…: did you mean `{near}`?"),
                None => bail!("--map {wrong}=…: known are {}", known.join(", ")),
            }
        }
        let first = text.lines().next().unwrap_or_default();
        let count = |mark: char| first.matches(mark).count();
        let delimiter = [b',', b';', b'\t']
            .into_iter()
            .max_by_key(|mark| count(char::from(*mark)))
            .unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(text.as_bytes());
        let headings: Vec<String> = reader
            .headers()?
            .iter()
            .map(|heading| heading.trim().to_owned())
            .collect();
        let mut places = Vec::new();
        for name in known {
            let theirs = self.0.get(*name).map_or(*name, String::as_str);
            let place = headings
                .iter()
                .position(|heading| heading.eq_ignore_ascii_case(theirs));
            match place {
                Some(at) => places.push(((*name).to_owned(), at)),
                None if self.0.contains_key(*name) || needed.contains(name) => {
                    bail!(
                        "there is no column `{theirs}` for {name}; the columns are {}. Name it with --map {name}=…",
                        headings.join(", ")
                    )
                }
                None => {}
            }
        }
        Ok(Columns { delimiter, places })
    }
}

impl Columns {
    pub(super) fn rows(&self, text: &str) -> impl Iterator<Item = Row> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .flexible(true)
            .from_reader(text.as_bytes());
        let width = reader.headers().map_or(0, csv::StringRecord::len);
        let quotes_close = text.matches('"').count().is_multiple_of(2);
        let mut rows = Vec::new();
        let mut record = csv::StringRecord::new();
        loop {
            let line = reader.position().line();
            match reader.read_record(&mut record) {
                Ok(true) => {}
                _ => break,
            }
            let cells = self
                .places
                .iter()
                .map(|(name, at)| (name.clone(), record.get(*at).unwrap_or_default().to_owned()));
            let spans_lines = record.iter().any(|cell| cell.contains('\n'));
            let broken = if record.len() != width {
                Some(format!(
                    "{} cells where the header has {width}",
                    record.len()
                ))
            } else if !quotes_close && spans_lines {
                Some("a quote is not closed".to_owned())
            } else {
                None
            };
            // The reader counts a record from the line it begins on; a blank line before it is skipped.
            let line = record.position().map_or(line, csv::Position::line);
            rows.push(Row {
                line,
                byte: reader.position().byte(),
                cells: cells.collect(),
                raw: record.iter().collect::<Vec<_>>().join(","),
                broken,
            });
        }
        rows.into_iter()
    }
}
