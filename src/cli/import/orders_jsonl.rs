//! Orders as JSON lines, the form of `demo/orders.jsonl`.

use super::batch::Batch;
use crate::money::Currency;
use crate::orders::{self, OrderStatus};
use crate::recommend::Basket;
use crate::sheet::Refused;
use std::io::BufRead;

/// One order a line; each is a basket as well unless it was cancelled.
pub(super) fn read(
    reader: impl BufRead,
    currency: Currency,
    mut progress: impl FnMut(u64),
) -> anyhow::Result<Batch> {
    let mut batch = Batch::default();
    let mut read = 0;
    for (nth, line) in reader.lines().enumerate() {
        let line = line?;
        read += line.len() as u64 + 1;
        progress(read);
        let text = line.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            continue;
        }
        match orders::read_order(text, currency) {
            Ok(imported) => {
                if imported.order.status != OrderStatus::Cancelled {
                    let items = imported
                        .order
                        .lines
                        .iter()
                        .map(|line| line.sku.clone())
                        .collect();
                    let basket = Basket {
                        at: imported.order.placed_at,
                        items,
                    };
                    batch
                        .baskets
                        .push((imported.order.number.as_str().to_owned(), basket));
                }
                batch.orders.push(imported);
            }
            // The row holds a customer's data: it is not copied into the list of rejects.
            Err(reason) => batch.refused.push(Refused {
                line: nth as u64 + 1,
                reason,
                row: String::new(),
            }),
        }
    }
    Ok(batch)
}
