//! Reply blocks: what the assistant says, neutral of any channel. A public wire contract: the JSON
//! Schema, the protocol document's examples and the widget's types are made from these types.

use crate::cart::Item;
use crate::catalog::Money;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One piece of a reply. A channel renders what it can and writes the rest as text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// Sentences, each with where it comes from. Markdown subset: `*emphasis*`, `**strong**`,
    /// `[label](https://…)`, `- ` lists, blank line between paragraphs. Never HTML.
    Text {
        lines: Vec<Line>,
    },
    /// Things the shopper may tap; each is words they could have typed.
    Choices {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        prompt: Option<Line>,
        choices: Vec<Choice>,
    },
    Products {
        items: Vec<ProductCard>,
        /// Puts some of them side by side. In what it says, `{what}` stands for their titles.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        compare: Option<Choice>,
    },
    /// Products side by side.
    Comparison {
        /// One a column.
        products: Vec<ProductCard>,
        /// What they differ in first, then what they have alike.
        rows: Vec<ComparedField>,
    },
    Cart(CartCard),
    Order(OrderCard),
    Return(ReturnCard),
    /// A few typed values at once; sent back as one message, `label: value` a line.
    Form {
        prompt: Line,
        fields: Vec<Field>,
        submit: Choice,
    },
    Link {
        label: Line,
        url: String,
    },
    Image {
        url: String,
        alt: Line,
    },
    /// How was it, from 1 to 5? The answer is no message: it goes to `POST /v1/rating`.
    Rating {
        prompt: Line,
    },
    /// A person has been asked for.
    Handoff {
        state: HandoffState,
        message: Line,
    },
}

/// Words the assistant says and the one place they come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    pub text: String,
    pub source: Source,
}

/// Where a sentence comes from. Nothing is said without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// A text in `intents/*.yml`: staff's own words.
    Text { id: String },
    /// An article in `knowledge/*.md`; `title` is its file's heading, shown to the shopper.
    Article {
        id: String,
        title: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
    /// A field of a product.
    Product { sku: String, field: String },
    /// A field of an order the shopper has proven to own.
    Order { number: String, field: String },
    /// A count over the shop's baskets or catalog that the recommender made.
    Recommendation { measure: String },
    /// A setting in `config.toml`.
    Setting { key: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Choice {
    /// What the button shows.
    pub label: String,
    /// What tapping it says, when that differs from the label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    pub source: Source,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProductCard {
    pub sku: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The lowest price among the variants that fit what was asked.
    pub price: Money,
    /// Variants differ in price: say "from".
    #[serde(default)]
    pub from: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Money>,
    pub stock: Stock,
    /// `size` → the values on sale, for the card's line of options.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<OptionValues>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<f32>,
    /// Why this one: the words and where they come from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Line>,
    /// Those that fit what was asked; empty where there is nothing to choose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<VariantCard>,
    /// Puts it in the cart. In what it says, `{what}` stands for the title and the values picked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add: Option<Choice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VariantCard {
    pub sku: String,
    /// One for each of the card's `options`, in their order; empty where it has none of that name.
    pub values: Vec<String>,
    /// Absent where it is the card's, like what it was before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Money>,
    pub stock: Stock,
    /// Absent where it is the card's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OptionValues {
    pub name: String,
    pub values: Vec<String>,
}

/// A row of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedField {
    pub name: String,
    /// All say the same.
    #[serde(default)]
    pub alike: bool,
    /// One a column; nothing where a product does not say.
    pub values: Vec<Option<Line>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Stock {
    InStock,
    /// Five or fewer.
    Low {
        left: u32,
    },
    /// None on hand; it can be ordered, and is sent later.
    BackOrder,
    Out,
}

/// What is in the cart and what it comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CartCard {
    pub lines: Vec<CartLine>,
    pub goods: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Amount>,
    /// Absent where only the checkout knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<Amount>,
    pub total: Money,
    /// What the shop says about tax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Line>,
    /// What only the page knows: it stays in its cart, and counts in no sum here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Item>,
    /// The promo code that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CartLine {
    /// Of the variant.
    pub sku: String,
    /// What the shop's platform calls the variant: what its cart takes, where that is not the SKU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub title: String,
    /// "M, navy"; empty when the product has no variants.
    #[serde(default)]
    pub variant: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    pub quantity: u32,
    /// Of one piece.
    pub price: Money,
    /// What a tap on less, more and remove says.
    pub less: Choice,
    pub more: Choice,
    pub remove: Choice,
}

/// An amount with its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Amount {
    pub label: Line,
    pub amount: Money,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrderCard {
    pub number: String,
    /// `placed`, `payment_failed`, `on_hold`, `paid`, `packed`, `partly_shipped`, `shipped`, `out_for_delivery`,
    /// `delivered`, `cancelled`, `returned`, `refunded`.
    pub status: String,
    /// The status in words.
    pub headline: Line,
    /// ISO dates, `2026-11-17`.
    pub placed_on: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_on: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parcels: Vec<ParcelCard>,
    pub timeline: Vec<Step>,
    pub items: Vec<OrderItem>,
    pub total: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ParcelCard {
    /// Empty where nobody recorded it.
    #[serde(default)]
    pub carrier: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<Tracking>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tracking {
    pub number: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Same words as `OrderCard::status`.
    pub status: String,
    pub label: Line,
    /// ISO date; absent for what is still to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrderItem {
    pub title: String,
    /// "M, navy"; empty when the product has no variants.
    #[serde(default)]
    pub variant: String,
    pub quantity: u32,
    /// Of one piece.
    pub price: Money,
}

/// What is sent back, or shall be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnCard {
    /// The return's number; absent until it is opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rma: Option<String>,
    /// The order's number.
    pub order: String,
    /// `proposed`, `open`, `received`, `refunded`, `rejected`, `closed`.
    pub state: String,
    pub headline: Line,
    pub items: Vec<OrderItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
    /// What the shopper gets for it.
    pub wish: Line,
    /// What happens next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<Line>,
    /// Where the label for the parcel is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<LabelLink>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LabelLink {
    pub label: Line,
    pub url: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// `email`, `order_number`, `postcode`, `phone`, `text`.
    pub kind: String,
    pub label: Line,
    /// An HTML autocomplete token, `email` for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autocomplete: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HandoffState {
    /// People are there and have been told.
    Waiting,
    /// Nobody is there now; the request is kept.
    OutOfHours,
}
