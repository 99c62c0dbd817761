//! What is asked of the recommender, and the rows it answers with.

use super::Recommendation;
use jiff::Timestamp;

/// Where suggestions are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Placement {
    /// A product's page.
    Product,
    Cart,
    Home,
    AfterPurchase,
    /// A search that found nothing.
    NoResults,
    Email,
}

impl Placement {
    pub const ALL: [Self; 6] = [
        Self::Product,
        Self::Cart,
        Self::Home,
        Self::AfterPurchase,
        Self::NoResults,
        Self::Email,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Cart => "cart",
            Self::Home => "home",
            Self::AfterPurchase => "after_purchase",
            Self::NoResults => "no_results",
            Self::Email => "email",
        }
    }

    /// The placement of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// One question.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    pub placement: Placement,
    /// SKUs of products or variants that are looked at, oldest first: the page's, the cart's, the order's, or those
    /// looked at lately.
    pub items: &'a [String],
    /// SKUs not to suggest.
    pub exclude: &'a [String],
    /// Only of a shopper who consented.
    pub profile: Option<&'a Profile>,
    /// Of each row.
    pub limit: usize,
    pub now: Timestamp,
}

/// What a shopper who consented did, oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Profile {
    /// Time and SKUs of each order.
    pub purchases: Vec<(Timestamp, Vec<String>)>,
    pub viewed: Vec<(Timestamp, String)>,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKind {
    GoesWith,
    /// Bought before by this shopper.
    BuyAgain,
    /// By this shopper's own rhythm it is time.
    Reorder,
    /// Looked at by this shopper.
    Viewed,
    Similar,
    Trending,
    BestSellers,
    New,
    /// Nothing has been sold yet: something of everything.
    Catalog,
}

impl RowKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GoesWith => "goes_with",
            Self::BuyAgain => "buy_again",
            Self::Reorder => "reorder",
            Self::Viewed => "viewed",
            Self::Similar => "similar",
            Self::Trending => "trending",
            Self::BestSellers => "best_sellers",
            Self::New => "new",
            Self::Catalog => "catalog",
        }
    }
}

/// Suggestions of one kind, best first; never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub kind: RowKind,
    pub items: Vec<Recommendation>,
}
