//! What can be asked of the catalog, and what it answers.

use super::{Audience, Money, Product};
use std::sync::Arc;

/// Words, hard constraints, an order and a limit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// As the shopper typed it, or what is left of it; may be empty.
    pub text: String,
    pub filters: Filters,
    pub sort: Sort,
    /// Most hits returned.
    pub limit: usize,
}

/// Hard constraints: no hit violates one, whatever its score. Empty ones constrain nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filters {
    /// Lowest and highest price, both included. An amount in another currency fits nothing.
    pub price_from: Option<Money>,
    pub price_to: Option<Money>,
    /// A category's name on any level (`Socks`), or a path (`Clothing > Socks`). Case and plural do not matter.
    pub category: Option<String>,
    pub brand: Option<String>,
    /// Name and value, of the product (`material`, `wool`) or of a variant (`colour`, `navy`). A value fits
    /// when its words stand in the product's value: `wool` fits `merino wool`.
    pub attributes: Vec<(String, String)>,
    /// Words that may stand nowhere in the product, save where it is said not to have them (`wool-free`).
    pub exclude: Vec<String>,
    /// Only what is made for them, or for nobody in particular.
    pub audience: Option<Audience>,
    /// Nothing that says of itself that it is not what the words ask for, where something else is that.
    pub undenied: bool,
    /// Only what costs little for its kind.
    pub cheap: bool,
    /// Only what costs less than before.
    pub reduced: bool,
    /// Only what can be bought now.
    pub in_stock: bool,
    /// Codes of products that are not wanted: those turned down before.
    pub except: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// How well the words fit; without words, the best rated first.
    #[default]
    Relevance,
    PriceAscending,
    PriceDescending,
    Rating,
    /// What joined the catalog last first.
    Newest,
}

/// The catalog's answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Results {
    pub hits: Vec<Hit>,
    /// The text that was searched instead of the one typed, when a spelling was repaired.
    pub repaired: Option<String>,
    /// The wish that was dropped because nothing fulfilled all of them.
    pub relaxed: Option<Wish>,
}

/// A product that fits, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub product: Arc<Product>,
    /// Only for comparing hits of one query.
    pub score: f32,
    /// Share of what the query's words say that stands in the product, 0 to 1; 1 without words.
    pub coverage: f32,
    /// One of the words is what the product is called, in its title or category; true without words.
    pub called: bool,
    /// Places in `product.variants` of those that fit the filters; never empty.
    pub variants: Vec<usize>,
    /// The lowest price among them, of those in stock when there are any.
    pub price: Money,
    /// The price before the sale of the same variant.
    pub was: Option<Money>,
    /// Fitting variants differ in price: say "from".
    pub from: bool,
    /// One of the fitting variants can be bought.
    pub in_stock: bool,
    /// Where the words and wishes stand in the product; the strongest field first.
    pub matches: Vec<Match>,
}

/// A word or wish of the query and the field of the product that has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    pub field: MatchField,
    /// The field's value as the shop wrote it: `merino wool`; a description's is empty.
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchField {
    /// A product's attribute or a variant's option, by name.
    Attribute(String),
    Category,
    Brand,
    Title,
    Description,
}

/// One thing a shopper asked for, as it can be said back.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    PriceFrom(Money),
    PriceTo(Money),
    Category(String),
    Brand(String),
    Attribute(String, String),
    Cheap,
    InStock,
}

impl Filters {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
