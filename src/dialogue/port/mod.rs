//! The questions a turn may ask the shop. One handle for all of them: it writes down each question
//! with its answer, which is what a trace keeps and what a replay reads instead of asking.

mod offer;

pub use links::{GoOn, LinkAnswer};
pub use offer::{ArticleHit, Band, Offer, OrderReturns, Why};

use super::alerts::{AlertAnswer, AlertWish, Waiting};
use super::block::ProductCard;
pub use super::order_answers::{ChangeAnswer, CodeAnswer, CodeProof, OrderAnswer, OwnAnswer};
use super::rows::{Place, PlacedRow};
pub use super::search_answers::{Measured, Most, NextQuestion, SearchAnswer, SearchQuestion, Sort};
use super::shop::Shop;
use super::turn::Said;
use crate::catalog::Product;
use crate::orders::{Change, CodeLetter, Request, masked_email};
use crate::recommend::Profile;
use crate::relay::Links;
use crate::shoppers::SignedIn;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A question and its answer, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "port", rename_all = "snake_case")]
pub enum Asked {
    Search {
        question: Box<SearchQuestion>,
        answer: SearchAnswer,
    },
    Card {
        sku: String,
        answer: Option<Box<ProductCard>>,
    },
    Named {
        words: String,
        answer: Option<Box<ProductCard>>,
    },
    Product {
        sku: String,
        answer: Option<Box<Product>>,
    },
    GoesWith {
        skus: Vec<String>,
        answer: Vec<Offer>,
    },
    Similar {
        sku: String,
        answer: Vec<Offer>,
    },
    Popular {
        answer: Vec<Offer>,
    },
    Placed {
        question: Place,
        answer: Vec<PlacedRow>,
    },
    Viewed {
        answer: Vec<Offer>,
    },
    /// What the shopper did, where it is kept.
    Remembered {
        answer: usize,
    },
    Articles {
        text: String,
        answer: Vec<ArticleHit>,
    },
    Article {
        id: String,
        answer: Option<ArticleHit>,
    },
    /// The product of a variant.
    Variant {
        sku: String,
        answer: Option<Box<Product>>,
    },
    /// Of an order proven earlier in the conversation.
    Returns {
        number: String,
        answer: Option<OrderReturns>,
    },
    /// The second secret is not kept: the answer says whether it matched.
    Order {
        number: String,
        answer: OrderAnswer,
    },
    /// An order proven earlier in the conversation.
    OrderAgain {
        number: String,
        answer: OrderAnswer,
    },
    /// What was asked for an order, and what became of it.
    OrderRequests {
        number: String,
        answer: Vec<Request>,
    },
    /// The orders of the one who is signed in or has proven an address, newest first.
    OwnOrders {
        answer: OwnAnswer,
    },
    /// A one-time code was asked for; the address is masked.
    CodeSent {
        to: String,
        answer: CodeAnswer,
    },
    /// A code was typed; it is not kept.
    CodeChecked {
        answer: CodeProof,
    },
    /// Something was asked to be done: a replay reads that it was, and does nothing.
    OrderChange {
        number: String,
        change: Change,
        answer: ChangeAnswer,
    },
    /// An alert was asked for: a replay reads what came of it, and asks for none.
    Alert {
        wish: Box<AlertWish>,
        answer: AlertAnswer,
    },
    /// What the shopper waits for.
    Alerts {
        answer: Vec<Waiting>,
    },
    /// The address they confirmed, masked.
    AlertAddress {
        answer: Option<String>,
    },
    /// A code to go on in a messenger was asked for: a replay reads it, and asks for none.
    Link {
        answer: LinkAnswer,
    },
    /// Alerts were ended, so many; none when that could not be done.
    AlertsStopped {
        product: Option<String>,
        answer: Option<u64>,
    },
}

/// Where answers come from: the shop itself, or what it answered then.
#[derive(Debug, Clone, Copy)]
pub struct Tape<'a> {
    recorded: Option<&'a [Asked]>,
}

impl<'a> Tape<'a> {
    /// Ask the shop.
    pub fn live() -> Self {
        Self { recorded: None }
    }

    /// Give the answers of `recorded`, in order. A question that was not asked then is put to the
    /// shop, but for orders: those are only known to have been proven then.
    pub fn playing(recorded: &'a [Asked]) -> Self {
        Self {
            recorded: Some(recorded),
        }
    }
}

/// The ports of one turn.
pub(super) struct Ports<'a> {
    shop: &'a Shop,
    shopper: &'a str,
    profile: Option<&'a Profile>,
    owner: Option<&'a SignedIn>,
    links: Option<&'a Links>,
    now: Timestamp,
    tape: Tape<'a>,
    asked: Vec<Asked>,
}

/// Reads the answer from the tape when the same question stands there, else asks.
macro_rules! answer {
    ($self:ident, $pattern:pat if $same:expr => $answer:expr, $live:expr, $write:expr) => {{
        let taped = $self.tape.recorded.and_then(|all| {
            all.iter().find_map(|asked| match asked {
                $pattern if $same => Some($answer.clone()),
                _ => None,
            })
        });
        let answer = match taped {
            Some(answer) => answer,
            None => $live,
        };
        let entry = ($write)(answer.clone());
        if !$self.asked.contains(&entry) {
            $self.asked.push(entry);
        }
        answer
    }};
}

// Behind the macro, which they use.
mod alerts;
mod links;

impl<'a> Ports<'a> {
    pub(super) fn new(shop: &'a Shop, said: &Said<'a>, now: Timestamp, tape: Tape<'a>) -> Self {
        Self {
            shop,
            shopper: said.shopper,
            profile: said.profile,
            owner: said.owner,
            links: said.links,
            now,
            tape,
            asked: Vec::new(),
        }
    }

    pub(super) fn into_asked(self) -> Vec<Asked> {
        self.asked
    }

    pub(super) fn search(&mut self, question: SearchQuestion) -> SearchAnswer {
        answer!(self, Asked::Search { question: q, answer } if **q == question => answer,
            self.shop.search(&question),
            |answer| Asked::Search { question: Box::new(question.clone()), answer })
    }

    pub(super) fn card(&mut self, sku: &str) -> Option<ProductCard> {
        let found: Option<Box<ProductCard>> = answer!(self, Asked::Card { sku: s, answer } if s == sku => answer,
            self.shop.card(sku).map(Box::new),
            |answer| Asked::Card { sku: sku.to_owned(), answer });
        found.map(|card| *card)
    }

    /// The product whose name the words are, when they are clear enough.
    pub(super) fn named(&mut self, words: &str) -> Option<ProductCard> {
        let found: Option<Box<ProductCard>> = answer!(self, Asked::Named { words: w, answer } if w == words => answer,
            self.shop.named(words).map(Box::new),
            |answer| Asked::Named { words: words.to_owned(), answer });
        found.map(|card| *card)
    }

    pub(super) fn product(&mut self, sku: &str) -> Option<Product> {
        let found: Option<Box<Product>> = answer!(self, Asked::Product { sku: s, answer } if s == sku => answer,
            self.shop.product(sku).map(Box::new),
            |answer| Asked::Product { sku: sku.to_owned(), answer });
        found.map(|product| *product)
    }

    pub(super) fn goes_with(&mut self, skus: &[String], limit: usize) -> Vec<Offer> {
        answer!(self, Asked::GoesWith { skus: s, answer } if s == skus => answer,
            self.shop.goes_with(skus, limit),
            |answer| Asked::GoesWith { skus: skus.to_vec(), answer })
    }

    pub(super) fn similar(&mut self, sku: &str, limit: usize) -> Vec<Offer> {
        answer!(self, Asked::Similar { sku: s, answer } if s == sku => answer,
            self.shop.similar(sku, limit),
            |answer| Asked::Similar { sku: sku.to_owned(), answer })
    }

    pub(super) fn popular(&mut self, limit: usize) -> Vec<Offer> {
        answer!(self, Asked::Popular { answer } if true => answer,
            self.shop.popular(limit),
            |answer| Asked::Popular { answer })
    }

    /// The rows of a place.
    pub(super) fn place(&mut self, question: Place) -> Vec<PlacedRow> {
        answer!(self, Asked::Placed { question: q, answer } if *q == question => answer,
            self.shop.place(&question, self.profile, self.now),
            |answer| Asked::Placed { question: question.clone(), answer })
    }

    /// What the shopper looked at, the last first; empty without consent.
    pub(super) fn viewed(&mut self, limit: usize) -> Vec<Offer> {
        answer!(self, Asked::Viewed { answer } if true => answer,
            self.profile.map(|profile| self.shop.viewed(profile, limit)).unwrap_or_default(),
            |answer| Asked::Viewed { answer })
    }

    /// How many things the shopper did are kept for their suggestions; none without consent.
    pub(super) fn remembered(&mut self) -> usize {
        answer!(self, Asked::Remembered { answer } if true => answer,
            self.profile.map_or(0, |profile| profile.viewed.len() + profile.purchases.len()),
            |answer| Asked::Remembered { answer })
    }

    /// The articles nearest to the text, best first, at most three; only the first with its answer.
    pub(super) fn articles(&mut self, hearing: usize, text: &str) -> Vec<ArticleHit> {
        answer!(self, Asked::Articles { text: t, answer } if t == text => answer,
            self.shop.articles(hearing, text, self.now),
            |answer| Asked::Articles { text: text.to_owned(), answer })
    }

    pub(super) fn article(&mut self, id: &str) -> Option<ArticleHit> {
        answer!(self, Asked::Article { id: i, answer } if i == id => answer,
            self.shop.article(id, self.now),
            |answer| Asked::Article { id: id.to_owned(), answer })
    }

    pub(super) fn product_of_variant(&mut self, sku: &str) -> Option<Product> {
        let found: Option<Box<Product>> = answer!(self, Asked::Variant { sku: s, answer } if s == sku => answer,
            self.shop.product_of_variant(sku).map(Box::new),
            |answer| Asked::Variant { sku: sku.to_owned(), answer });
        found.map(|product| *product)
    }

    /// Only of an order that was proven in this conversation. None when it cannot be asked.
    pub(super) async fn returns_of(&mut self, number: &str) -> Option<OrderReturns> {
        let playing = self.tape.recorded.is_some();
        answer!(self, Asked::Returns { number: n, answer } if n == number => answer,
            if playing { None } else { self.shop.returns_of(number).await },
            |answer| Asked::Returns { number: number.to_owned(), answer })
    }

    pub(super) async fn order(&mut self, number: &str, secret: &str) -> OrderAnswer {
        let playing = self.tape.recorded.is_some();
        answer!(self, Asked::Order { number: n, answer } if n == number => answer,
            if playing { OrderAnswer::Unavailable } else { self.shop.order(number, secret, self.shopper, self.now).await },
            |answer| Asked::Order { number: number.to_owned(), answer })
    }

    pub(super) async fn order_again(&mut self, number: &str) -> OrderAnswer {
        let playing = self.tape.recorded.is_some();
        answer!(self, Asked::OrderAgain { number: n, answer } if n == number => answer,
            if playing { OrderAnswer::Unavailable } else { self.shop.order_again(number).await },
            |answer| Asked::OrderAgain { number: number.to_owned(), answer })
    }

    pub(super) async fn order_requests(&mut self, number: &str) -> Vec<Request> {
        let playing = self.tape.recorded.is_some();
        answer!(self, Asked::OrderRequests { number: n, answer } if n == number => answer,
            if playing { Vec::new() } else { self.shop.order_requests(number).await },
            |answer| Asked::OrderRequests { number: number.to_owned(), answer })
    }

    /// Sends a one-time code.
    pub(super) async fn send_code(&mut self, email: &str, letter: CodeLetter<'_>) -> CodeAnswer {
        let playing = self.tape.recorded.is_some();
        let to = masked_email(email);
        answer!(self, Asked::CodeSent { to: t, answer } if *t == to => answer,
            if playing { CodeAnswer::Unavailable } else { self.shop.send_code(email, letter, self.shopper, self.now).await },
            |answer| Asked::CodeSent { to: to.clone(), answer })
    }

    pub(super) async fn check_code(&mut self, code: &str) -> CodeProof {
        let playing = self.tape.recorded.is_some();
        answer!(self, Asked::CodeChecked { answer } if true => answer,
            if playing { CodeProof::Unavailable } else { self.shop.check_code(code, self.shopper, self.now).await },
            |answer| Asked::CodeChecked { answer })
    }

    /// Whether the shop's page has vouched for who is there.
    pub(super) fn signed_in(&self) -> bool {
        self.owner.is_some()
    }

    /// The orders of the one who is signed in, else of the one whose address was proven; none when neither was. Asked once
    /// in a turn.
    pub(super) async fn own_orders(&mut self, proven: Option<&str>) -> OwnAnswer {
        if self.owner.is_none() && proven.is_none() {
            return OwnAnswer::default();
        }
        let mut asked = self.asked.iter();
        let known = asked.find_map(|asked| match asked {
            Asked::OwnOrders { answer } => Some(answer.clone()),
            _ => None,
        });
        if let Some(known) = known {
            return known;
        }
        let playing = self.tape.recorded.is_some();
        answer!(self, Asked::OwnOrders { answer } if true => answer,
            if playing { OwnAnswer::default() } else { self.shop.own_orders(self.owner, proven).await },
            |answer| Asked::OwnOrders { answer })
    }

    pub(super) async fn change_order(&mut self, number: &str, change: &Change) -> ChangeAnswer {
        let playing = self.tape.recorded.is_some();
        answer!(self, Asked::OrderChange { number: n, change: c, answer } if n == number && c == change => answer,
            if playing { ChangeAnswer::Unavailable } else { self.shop.change_order(number, change, self.shopper, self.now).await },
            |answer| Asked::OrderChange { number: number.to_owned(), change: change.clone(), answer })
    }
}
