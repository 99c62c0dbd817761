//! What a file held: rows ready to be stored, rows refused, and what was left out on purpose.

use crate::catalog::Product;
use crate::catalog::feed::Feed;
use crate::orders::{self, ImportedOrder};
use crate::recommend::{self, Basket};
use crate::sheet::Refused;
use crate::store::Connection;
use anyhow::Context;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) products: Vec<Product>,
    pub(super) orders: Vec<ImportedOrder>,
    /// By order number.
    pub(super) baskets: Vec<(String, Basket)>,
    pub(super) refused: Vec<Refused>,
    /// What the format says is none of ours: reason → rows.
    left_out: BTreeMap<&'static str, u64>,
}

impl From<Feed> for Batch {
    fn from(feed: Feed) -> Self {
        Self {
            products: feed.products,
            refused: feed.refused,
            left_out: feed.left_out,
            ..Self::default()
        }
    }
}

impl Batch {
    /// Stores orders and baskets; what that changed.
    pub(super) async fn store_bought(
        &self,
        write: &mut Connection,
    ) -> anyhow::Result<orders::Upserted> {
        let bought = orders::upsert_orders(write, &self.orders)
            .await
            .context("storing orders")?;
        recommend::table::upsert(write, &self.baskets)
            .await
            .context("storing baskets")?;
        Ok(bought)
    }

    pub(super) fn left_out(&mut self, reason: &'static str, rows: u64) {
        *self.left_out.entry(reason).or_default() += rows;
    }

    pub(super) fn left_out_rows(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.left_out.iter().map(|(reason, rows)| (*reason, *rows))
    }
}

/// Writes the refused rows beside the file, `orders.csv` → `orders.csv.rejects.csv`; removes an
/// older list when nothing was refused. Cells are made safe for spreadsheets.
pub(super) fn write_rejects(file: &Path, refused: &[Refused]) -> anyhow::Result<Option<PathBuf>> {
    let mut name = file.as_os_str().to_owned();
    name.push(".rejects.csv");
    let path = PathBuf::from(name);
    if refused.is_empty() {
        if path.exists() {
            std::fs::remove_file(&path)?;
        }
        return Ok(None);
    }
    let mut writer = csv::Writer::from_path(&path)?;
    writer.write_record(["line", "reason", "row"])?;
    for row in refused {
        writer.write_record([
            row.line.to_string(),
            harmless(&row.reason),
            harmless(&row.row),
        ])?;
    }
    writer.flush()?;
    Ok(Some(path))
}

/// A cell that begins like a formula is one to a spreadsheet: an apostrophe makes it text.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_row_cannot_become_a_formula() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("goods.csv");
        let refused = Refused {
            line: 3,
            reason: "no price".into(),
            row: "=1+1".into(),
        };
        let path = write_rejects(&file, &[refused]).unwrap().unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "line,reason,row\n3,no price,'=1+1\n"
        );
        assert_eq!(write_rejects(&file, &[]).unwrap(), None);
        assert!(!path.exists());
    }
}
