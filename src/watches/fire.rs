//! When a watch is due.

use super::{Digest, Kind, Watch, Wish};
use crate::catalog::{Product, Variant};
use crate::money::Money;
use crate::store::{Connection, StoreError, millis};
use jiff::Timestamp;

/// What happened that somebody waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fired {
    /// Code of the variant that is back, or costs less.
    pub variant: String,
    pub price: Money,
}

/// Whether what `wish` waits for is so, by the product as it is sold now. Of several variants the cheapest is told.
pub fn due(wish: &Wish, product: &Product) -> Option<Fired> {
    let meant = |variant: &&Variant| wish.variant.as_ref().is_none_or(|sku| *sku == variant.sku);
    let happened = |variant: &&Variant| match (wish.kind, wish.below) {
        (Kind::BackInStock, _) => variant.in_stock(),
        (Kind::PriceDrop, Some(below)) => {
            let same = variant.price.currency == below.currency;
            // "It costs less" helps nobody who cannot buy it.
            same && variant.price < below && variant.in_stock()
        }
        (Kind::PriceDrop, None) => false,
    };
    let told = product.variants.iter().filter(meant).filter(happened);
    let told = told.min_by_key(|variant| variant.price)?;
    Some(Fired {
        variant: told.sku.clone(),
        price: told.price,
    })
}

impl Watch {
    /// Notes that it is told, in the transaction that tells it. False when it was told before, or is no longer wanted:
    /// then nothing may be told. `link` is of the token in the letter that tells it.
    pub async fn fire(
        &self,
        connection: &mut Connection,
        fired: &Fired,
        link: Option<Digest>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE watch SET fired_at = ?, fired_variant = ?, fired_link = ?
             WHERE id = ? AND fired_at IS NULL AND confirmed_at IS NOT NULL",
        )
        .bind(millis(now))
        .bind(&fired.variant)
        .bind(link.map(Digest::to_vec))
        .bind(self.id)
        .execute(connection)
        .await?;
        Ok(done.rows_affected() > 0)
    }
}
