//! Making a [`Shop`]: settings, staff's files and the store become one generation, or a list of
//! everything that is wrong.

use super::{Place, import};
use crate::catalog::{self, Catalog};
use crate::config::Config;
use crate::diagnostic::Diagnostics;
use crate::dialogue::{Class, Facts, Goods, Shop, bare, content};
use crate::knowledge::Knowledge;
use crate::money::Currency;
use crate::orders::{LockOut, OrderTable, SecretKind};
use crate::recommend::{self, Recommender};
use crate::store::Store;
use crate::text::Tongue;
use crate::understanding::{
    EntityScanner, EntitySettings, Limits, Matcher, RuleSet, Vocabulary, VocabularyKind,
};
use anyhow::Context;
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

/// Up to this many articles are classes of the matcher beside the intents; beyond, the index alone
/// finds them: a class for each of ten thousand would cost every message.
const ARTICLE_CLASSES: usize = 400;

/// A shop ready to talk, with what it stands on.
pub struct Loaded {
    pub shop: Arc<Shop>,
    pub store: Store,
    pub config: Config,
    /// What is worth a look although the shop runs.
    pub warnings: Diagnostics,
}

/// What staff's files make wrong, or the machine.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("{}", .0.render(false))]
    Content(Diagnostics),
    #[error("{0:#}")]
    Machine(#[from] anyhow::Error),
}

/// The settings of a place: its `--config`, else `config.toml` when there is one, else defaults.
///
/// # Errors
/// Everything that is wrong in them.
pub fn config(place: &Place) -> Result<Config, Diagnostics> {
    let usual = PathBuf::from("config.toml");
    let path = place
        .config
        .clone()
        .or_else(|| usual.is_file().then_some(usual));
    let mut config = Config::load(path.as_deref(), std::env::vars())?;
    if let Some(dir) = &place.data {
        config.data.dir.clone_from(dir);
    }
    Ok(config)
}

/// Opens the store of `place`, fills it with the demo shop when it is empty and the settings say
/// so, and makes the first generation. `now` dates the demo's orders.
///
/// # Errors
/// See [`LoadError`].
pub async fn load(place: &Place, now: Timestamp) -> Result<Loaded, LoadError> {
    let config = config(place).map_err(LoadError::Content)?;
    let store = open(&config).await?;
    if config.data.demo {
        import::fill_with_demo(&store, &config, now).await?;
    }
    let (shop, warnings) = generation(&config, &store, now).await?;
    Ok(Loaded {
        shop: Arc::new(shop),
        store,
        config,
        warnings,
    })
}

/// Opens the store of the settings.
pub async fn open(config: &Config) -> anyhow::Result<Store> {
    let path = config.data.dir.join("shoptalk.db");
    Store::open(&path)
        .await
        .with_context(|| format!("opening {}", path.display()))
}

/// Reads staff's files and the store into a new generation. The running one is not touched.
///
/// # Errors
/// See [`LoadError`].
pub async fn generation(
    config: &Config,
    store: &Store,
    now: Timestamp,
) -> Result<(Shop, Diagnostics), LoadError> {
    let read = content::read(&config.content.intents, &config.content.knowledge);
    let Some(read_content) = read.content else {
        return Err(LoadError::Content(read.problems));
    };
    let products = catalog::table::load(store)
        .await
        .context("reading the catalog")?;
    let baskets = recommend::table::load(store)
        .await
        .context("reading the baskets")?;
    let lock_out = LockOut {
        tries: config.orders.lookup_tries,
        minutes: config.orders.lookup_minutes,
    };
    let orders = OrderTable::open(store.clone(), lock_out)
        .await
        .context("opening the orders")?;
    let patterns = orders
        .patterns(&config.orders.number_patterns)
        .await
        .context("reading the orders")?;
    let kinds = orders.secret_kinds().await.context("reading the orders")?;
    let currency = currency(config, &products)?;
    let catalog = Arc::new(Catalog::new(products).context("indexing the catalog")?);
    let recommender = Arc::new(Recommender::build(baskets, Arc::clone(&catalog), now));
    let knowledge = Knowledge::new(read_content.articles, &Tongue::english())
        .context("indexing the articles")?;
    let settings = EntitySettings {
        order_patterns: patterns.as_slice(),
        currency,
    };
    let scanner = EntityScanner::new(settings).context("order number patterns")?;
    let (classes, trained) = classes(&read_content.script, &knowledge);
    let matcher = Matcher::train(&trained, &Tongue::english());
    let derived = matcher.limits();
    let limits = Limits {
        answer_above: config
            .understanding
            .answer_above
            .unwrap_or(derived.answer_above),
        ask_above: config.understanding.ask_above.unwrap_or(derived.ask_above),
    };
    let rules: Vec<_> = read_content
        .script
        .intents()
        .iter()
        .enumerate()
        .flat_map(|(at, intent)| intent.rules.iter().map(move |rule| (at, rule.clone())))
        .collect();
    let facts = Facts {
        name: config.shop.name.clone(),
        language: config.shop.language.clone(),
        zone: config.shop.zone.clone(),
        hours: config.hours.clone(),
        currency,
        order_example: example(patterns.as_slice()),
        secret_is_customer_number: kinds.contains(&SecretKind::CustomerNumber)
            && !kinds.contains(&SecretKind::Email),
        retention_days: config.privacy.retention_days_anonymous,
    };
    let shop = Shop {
        facts,
        rules: RuleSet::new(&rules).context("rules of the intents")?,
        script: read_content.script,
        matcher,
        verbatim: verbatim(&trained),
        classes,
        limits,
        scanner,
        vocabulary: vocabulary(&catalog),
        goods: Goods::of(&catalog),
        catalog,
        knowledge: Arc::new(knowledge),
        recommender,
        orders: Arc::new(orders),
        order_numbers: patterns,
    };
    Ok((shop, read.problems))
}

/// The catalog's most frequent currency; the settings' where there is no catalog.
fn currency(config: &Config, products: &[catalog::Product]) -> anyhow::Result<Currency> {
    let mut counts: BTreeMap<Currency, usize> = BTreeMap::new();
    for variant in products.iter().flat_map(|product| &product.variants) {
        *counts.entry(variant.price.currency).or_default() += 1;
    }
    match counts
        .into_iter()
        .max_by_key(|(currency, count)| (*count, std::cmp::Reverse(*currency)))
    {
        Some((currency, _)) => Ok(currency),
        None => config.shop.currency.parse().context("shop.currency"),
    }
}

/// A pattern with digits in it: `SH-#####` as `SH-12345`.
fn example(patterns: &[String]) -> String {
    let mut next = (1..=9).cycle();
    let first = patterns.first().map_or("", String::as_str);
    let digit = |c| match c {
        '#' => next
            .next()
            .map_or('0', |n: u32| char::from_digit(n, 10).unwrap_or('0')),
        other => other,
    };
    first.chars().map(digit).collect()
}

fn vocabulary(catalog: &Catalog) -> Vocabulary {
    let phrases = catalog.vocabulary().map(|phrase| {
        let (kind, id) = match phrase.names {
            catalog::Named::Product(sku) => (VocabularyKind::Product, sku),
            catalog::Named::Category(path) => (VocabularyKind::Category, path),
            catalog::Named::Brand(name) => (VocabularyKind::Brand, name),
            catalog::Named::Attribute { name, value } => {
                (VocabularyKind::Attribute { name }, value)
            }
        };
        (phrase.phrase, kind, id)
    });
    Vocabulary::new(phrases)
}

/// What staff wrote word for word is certain, however few content words it has: "thank you so much".
fn verbatim(trained: &[crate::understanding::Class]) -> HashMap<String, usize> {
    let mut places = HashMap::new();
    for (class, learnt) in trained.iter().enumerate() {
        for said in std::iter::once(&learnt.title).chain(&learnt.examples) {
            places.entry(bare(said)).or_insert(class);
        }
    }
    places
}

/// What the matcher learns: every intent, and every article where there are few enough.
fn classes(
    script: &crate::dialogue::script::Script,
    knowledge: &Knowledge,
) -> (Vec<Class>, Vec<crate::understanding::Class>) {
    let mut classes = Vec::new();
    let mut trained = Vec::new();
    for (at, intent) in script.intents().iter().enumerate() {
        classes.push(Class::Intent(at));
        trained.push(crate::understanding::Class {
            id: intent.id.clone(),
            title: intent.title.clone(),
            examples: intent.examples.clone(),
        });
    }
    if knowledge.articles().len() <= ARTICLE_CLASSES {
        for article in knowledge.articles() {
            classes.push(Class::Article(article.id.clone()));
            trained.push(crate::understanding::Class {
                id: article.id.clone(),
                title: article.question.clone(),
                examples: article.also_asked.clone(),
            });
        }
    }
    (classes, trained)
}
