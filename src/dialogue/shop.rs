//! A shop as a turn sees it: one generation of content with everything learnt from it at load.
//! Built whole, swapped whole; a turn holds one generation from beginning to end.

use super::block::ProductCard;
use super::card::card;
use super::goods::Goods;
use super::hearing::Hearing;
use super::port::{ArticleHit, Band, Offer, Why};
use super::rows::{Place, PlacedRow};
use super::script::{Conditions, Script};
use crate::cart;
use crate::catalog::{Catalog, Product};
use crate::config::Hours;
use crate::money::Currency;
use crate::orders::{self, ChangeRules, NumberPatterns};
use crate::recommend::{Ask, Placement, Profile, Reason, Recommendation, Recommender};
use crate::returns::{self, ReturnTable};
use crate::understanding::{EntityScanner, Languages, RuleSet, Vocabulary};
use crate::watches::Watchlist;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::HashSet;
use std::sync::Arc;

/// A spoken name is taken for a product from this confidence on.
const NAMED_FROM: f32 = 0.55;

/// What the settings say about the shop.
#[derive(Debug, Clone)]
pub struct Facts {
    pub name: String,
    /// Where shoppers find the shop; no trailing slash.
    pub url: String,
    /// `en`
    pub language: String,
    pub zone: TimeZone,
    pub hours: Hours,
    pub currency: Currency,
    /// An order number as the shop writes them, for questions.
    pub order_example: String,
    /// Orders have no e-mail addresses but customer numbers.
    pub secret_is_customer_number: bool,
    pub retention_days: u32,
    /// Of shoppers the shop knows; `retention_days` is for visitors.
    pub retention_days_known: u32,
    /// A conversation that ends is rated.
    pub rating: bool,
    /// Photos can be sent in the chat.
    pub uploads: bool,
    /// Letters can be sent, one-time codes for one.
    pub mails: bool,
    /// Until when orders may be changed.
    pub changes: ChangeRules,
    /// What is said about buying.
    pub cart: cart::Terms,
    /// What may come back, and how.
    pub returns: returns::Policy,
}

/// What a class of the matcher stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Class {
    /// Place in the script's intents.
    Intent(usize),
    /// An article's id.
    Article(String),
}

/// Everything a turn reads, fixed at load.
pub struct Shop {
    /// When a sale begins or ends next: the prices of this generation hold until then.
    pub changes_at: Option<Timestamp>,
    /// The state of the store's products that this generation was made from.
    pub catalog_version: i64,
    pub facts: Facts,
    pub script: Script,
    pub rules: RuleSet,
    /// What is understood, by language; the shop's own first.
    pub hearings: Vec<Hearing>,
    pub languages: Languages,
    pub scanner: EntityScanner,
    pub vocabulary: Vocabulary,
    /// The words that name goods: of titles, categories, brands and attributes.
    pub goods: Goods,
    pub catalog: Arc<Catalog>,
    pub recommender: Arc<Recommender>,
    /// Where orders are looked up.
    pub orders: Arc<dyn orders::Lookup>,
    pub returns: ReturnTable,
    /// What shoppers wait for; none where no alerts are offered.
    pub watches: Option<Watchlist>,
    /// How this shop's order numbers look.
    pub order_numbers: NumberPatterns,
}

/// An utterance as its words alone, so that case and punctuation do not matter.
pub fn bare(text: &str) -> String {
    super::read::bare(&crate::text::words(text))
}

impl Shop {
    /// Place of the hearing in a language; the shop's own where there is none.
    pub(super) fn hearing_in(&self, code: &str) -> usize {
        let found = self
            .hearings
            .iter()
            .position(|hearing| hearing.code == code);
        found.unwrap_or(0)
    }

    /// How many articles there are, all languages together. A language without any of its own borrows others'.
    pub fn articles_count(&self) -> usize {
        let hearings = self.hearings.iter();
        let articles = hearings.flat_map(|hearing| hearing.knowledge.articles());
        articles
            .map(|article| &article.id)
            .collect::<HashSet<_>>()
            .len()
    }

    /// What is the case now, for texts that depend on it.
    pub(super) fn conditions(&self, now: Timestamp) -> Conditions {
        let hour = now.to_zoned(self.facts.zone.clone()).hour();
        Conditions {
            open: self.facts.hours.is_open(now),
            hour: hour.unsigned_abs(),
            first_time: false,
        }
    }

    pub(super) fn product(&self, sku: &str) -> Option<Product> {
        self.catalog
            .product(sku)
            .map(|product| Product::clone(product))
    }

    /// Codes of the languages that are understood: `en`.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.hearings.iter().map(|hearing| hearing.code.as_str())
    }

    pub(super) fn card(&self, sku: &str) -> Option<ProductCard> {
        self.catalog.product(sku).and_then(|product| card(product))
    }

    pub(super) fn named(&self, words: &str) -> Option<ProductCard> {
        let found = self
            .catalog
            .resolve(words)
            .filter(|found| found.confidence >= NAMED_FROM);
        match found {
            Some(found) => card(&found.product),
            None => self
                .goods
                .misspelt_title(words)
                .and_then(|sku| self.card(sku)),
        }
    }

    pub(super) fn goes_with(&self, skus: &[String], limit: usize) -> Vec<Offer> {
        let skus: Vec<&str> = skus.iter().map(String::as_str).collect();
        offers(self.recommender.goes_with(&skus, &[], limit), |_| None)
    }

    pub(super) fn similar(&self, sku: &str, limit: usize) -> Vec<Offer> {
        offers(self.recommender.similar(sku, limit), |_| None)
    }

    pub(super) fn popular(&self, limit: usize) -> Vec<Offer> {
        offers(self.recommender.popular(limit), |_| None)
    }

    /// What was looked at and is still in the catalog, the last first, each once.
    pub(super) fn viewed(&self, profile: &Profile, limit: usize) -> Vec<Offer> {
        let mut offers: Vec<Offer> = Vec::new();
        for (_, sku) in profile.viewed.iter().rev() {
            let Some(card) = self.card(sku) else {
                continue;
            };
            if offers.len() < limit && offers.iter().all(|known| known.card.sku != card.sku) {
                let why = vec![Why::Viewed];
                offers.push(Offer {
                    card,
                    about: None,
                    why,
                });
            }
        }
        offers
    }

    pub(super) fn place(
        &self,
        place: &Place,
        profile: Option<&Profile>,
        now: Timestamp,
    ) -> Vec<PlacedRow> {
        let Some(placement) = Placement::parse(&place.placement) else {
            return Vec::new();
        };
        let ask = Ask {
            placement,
            items: &place.items,
            exclude: &place.exclude,
            profile: profile.filter(|_| place.personal),
            limit: place.limit,
            now,
        };
        let titled = |sku: &str| {
            self.catalog
                .product(sku)
                .map(|product| product.title.clone())
        };
        let rows = self.recommender.place(&ask).into_iter();
        let rows = rows.map(|row| PlacedRow {
            kind: row.kind.as_str().to_owned(),
            items: offers(row.items, titled),
        });
        rows.filter(|row| !row.items.is_empty()).collect()
    }

    pub(super) fn articles(&self, hearing: usize, text: &str, now: Timestamp) -> Vec<ArticleHit> {
        let today = now.to_zoned(self.facts.zone.clone()).date();
        let Some(hearing) = self.hearings.get(hearing) else {
            return Vec::new();
        };
        let found = hearing.knowledge.find(text, today);
        let hit = |(place, found): (usize, crate::knowledge::Found)| ArticleHit {
            id: found.article.id.clone(),
            title: found.article.title.clone(),
            question: found.article.question.clone(),
            answer: match place {
                0 => found.article.answer.clone(),
                // The others are only asked about, and each turn's trace keeps what is here.
                _ => String::new(),
            },
            confidence: found.confidence,
            band: match found.band {
                crate::knowledge::Band::High => Band::High,
                crate::knowledge::Band::Middle => Band::Middle,
                crate::knowledge::Band::Low => Band::Low,
            },
        };
        found.into_iter().enumerate().map(hit).collect()
    }

    pub(super) fn article(&self, id: &str, now: Timestamp) -> Option<ArticleHit> {
        let today = now.to_zoned(self.facts.zone.clone()).date();
        let mut hearings = self.hearings.iter();
        let article = hearings
            .find_map(|hearing| hearing.knowledge.article(id))
            .filter(|article| article.is_valid_on(today))?;
        Some(ArticleHit {
            id: article.id.clone(),
            title: article.title.clone(),
            question: article.question.clone(),
            answer: article.answer.clone(),
            confidence: 1.0,
            band: Band::High,
        })
    }
}

impl Shop {
    /// What is known of the returns of an order that was proven earlier.
    pub(super) async fn returns_of(&self, number: &str) -> Option<super::port::OrderReturns> {
        let number = orders::OrderNumber::new(number);
        let asked = async {
            let (order, returns) = self.returns.of_order(&number).await?;
            let next = self.returns.next_number(&number).await?;
            Ok::<_, returns::ReturnsError>((order, returns, next))
        };
        match asked.await {
            Ok((order, returns, next)) => Some(super::port::OrderReturns {
                order: Box::new(order?),
                returns,
                next,
            }),
            Err(error) => {
                tracing::warn!(%error, "returns could not be asked");
                None
            }
        }
    }

    /// The product that has the variant with this code.
    pub(super) fn product_of_variant(&self, sku: &str) -> Option<Product> {
        let has = |product: &&Arc<Product>| product.variants.iter().any(|one| one.sku == sku);
        self.catalog
            .products()
            .iter()
            .find(has)
            .map(|product| Product::clone(product))
    }
}

/// Suggestions as cards, each with its reason.
fn offers(found: Vec<Recommendation>, titled: impl Fn(&str) -> Option<String>) -> Vec<Offer> {
    let offer = |item: Recommendation| {
        let card = card(&item.product)?;
        let why = vec![why(&item)];
        let about = item.reason.beside().and_then(&titled);
        Some(Offer { card, about, why })
    };
    found.into_iter().filter_map(offer).collect()
}

/// A reason as it can be said. A count too low to mean anything is not.
pub(super) fn why(item: &Recommendation) -> Why {
    match item.reason {
        Reason::Together { .. } | Reason::ViewedTogether { .. } if !item.reason.is_telling() => {
            Why::Similar
        }
        Reason::Together { count, baskets, .. } => Why::Together { count, baskets },
        Reason::ViewedTogether { count, visits, .. } => Why::ViewedTogether { count, visits },
        Reason::Similar { .. } => Why::Similar,
        Reason::Popular { count, .. } if item.reason.is_telling() => Why::Popular { count },
        Reason::Popular { .. } | Reason::Catalog => match item.product.rating {
            Some(rating) => Why::Rated { rating },
            None => Why::Catalog,
        },
        Reason::Trending { times } => Why::Trending { times },
        Reason::New { days } => Why::New { days },
        Reason::BuyAgain { times, last } => Why::BuyAgain { times, last },
        Reason::Reorder { every_days, last } => Why::Reorder { every_days, last },
        Reason::Viewed { .. } => Why::Viewed,
        Reason::Pinned => Why::Pinned,
    }
}
