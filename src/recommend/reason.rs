//! A suggestion and why it is made, in facts that can be said.

use crate::catalog::Product;
use jiff::Timestamp;
use std::sync::Arc;

/// A product and why it is suggested.
#[derive(Debug, Clone, PartialEq)]
pub struct Recommendation {
    pub product: Arc<Product>,
    /// Only for comparing suggestions of one call with the same kind of reason.
    pub score: f32,
    pub reason: Reason,
}

/// Why, in facts that can be said.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// `count` of the `baskets` with `with_sku` hold this as well.
    Together {
        with_sku: String,
        count: u32,
        baskets: u32,
    },
    /// In `count` of the `visits` in which `with_sku` was looked at, this was as well.
    ViewedTogether {
        with_sku: String,
        count: u32,
        visits: u32,
    },
    /// Alike by content: the innermost category both are in, and the attributes they share.
    Similar {
        to_sku: String,
        category: Option<String>,
        attributes: Vec<(String, String)>,
    },
    /// In `count` baskets of the last `days` days; 0 when nothing has been sold yet.
    Popular { count: u32, days: u32 },
    /// Sells `times` as much as it usually does.
    Trending { times: f32 },
    /// Joined the catalog `days` days ago.
    New { days: u32 },
    /// The shopper bought it so often, and last at this time.
    BuyAgain { times: u32, last: Timestamp },
    /// The shopper buys it every so many days, and last at this time.
    Reorder { every_days: u32, last: Timestamp },
    /// The shopper looked at it, last at this time.
    Viewed { last: Timestamp },
    /// The shop wants it here.
    Pinned,
    /// Nothing has been sold yet: the catalog alone speaks for it.
    Catalog,
}

impl Reason {
    /// The count is high enough to be said aloud; below it, chance is as good a reason.
    pub fn is_telling(&self) -> bool {
        match self {
            Self::Together { count, .. }
            | Self::ViewedTogether { count, .. }
            | Self::Popular { count, .. } => *count >= 3,
            Self::Similar {
                category,
                attributes,
                ..
            } => category.is_some() || !attributes.is_empty(),
            Self::Trending { .. }
            | Self::New { .. }
            | Self::BuyAgain { .. }
            | Self::Reorder { .. }
            | Self::Viewed { .. } => true,
            Self::Pinned | Self::Catalog => false,
        }
    }

    /// The product beside which it is suggested.
    pub fn beside(&self) -> Option<&str> {
        match self {
            Self::Together { with_sku, .. } | Self::ViewedTogether { with_sku, .. } => {
                Some(with_sku)
            }
            Self::Similar { to_sku, .. } => Some(to_sku),
            _ => None,
        }
    }

    /// What it rests on, as sources and statistics name it.
    pub fn measure(&self) -> &'static str {
        match self {
            Self::Together { .. } => "bought_together",
            Self::ViewedTogether { .. } => "viewed_together",
            Self::Similar { .. } => "similar",
            Self::Popular { .. } => "popular",
            Self::Trending { .. } => "trending",
            Self::New { .. } => "new",
            Self::BuyAgain { .. } => "buy_again",
            Self::Reorder { .. } => "reorder",
            Self::Viewed { .. } => "viewed",
            Self::Pinned => "pinned",
            Self::Catalog => "catalog",
        }
    }
}
