//! Making a [`Shop`]: settings, staff's files and the store become one generation, or a list of
//! everything that is wrong.

use super::{Place, demo_articles, hearings, import};
use crate::cart;
use crate::catalog::{self, Catalog};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};
use crate::dialogue::{Facts, Goods, Hearing, Shop, content};
use crate::learning;
use crate::money::Currency;
use crate::orders::{ChangeRules, LockOut, OrderStatus, OrderTable, SecretKind};
use crate::recommend::{self, Pin, Recommender, Rules};
use crate::remote::Reach;
use crate::returns::{Policy, ReturnTable};
use crate::store::Store;
use crate::sync::order_lookup;
use crate::understanding::{EntityScanner, EntitySettings, RuleSet, Vocabulary, VocabularyKind};
use crate::watches::Watchlist;
use anyhow::Context;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

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
    #[error(transparent)]
    Machine(#[from] anyhow::Error),
}

/// The settings' file of a place: its `--config`, else `config.toml` when there is one.
pub fn settings_file(place: &Place) -> Option<PathBuf> {
    let usual = PathBuf::from("config.toml");
    let named = place.config.clone();
    named.or_else(|| usual.is_file().then_some(usual))
}

/// The settings of a place: those of its file, else defaults.
///
/// # Errors
/// Everything that is wrong in them; that there is no shop here at all.
pub fn config(place: &Place) -> Result<Config, Diagnostics> {
    let path = settings_file(place);
    let mut config = Config::load(path.as_deref(), std::env::vars())?;
    if path.is_none() && !config.content.intents.is_dir() {
        return Err(no_shop_here());
    }
    if let Some(dir) = &place.data {
        config.data.dir.clone_from(dir);
    }
    Ok(config)
}

/// As somebody says who is in another folder than they think.
fn no_shop_here() -> Diagnostics {
    let source = SourceText::new(here(), "");
    let help = "go to the folder with your shop's config.toml, intents/ and knowledge/, or name the settings with --config FILE";
    let message = "there is no shop in this folder: no config.toml, and no intents/";
    let error = Diagnostic::error("no-shop-here", &source, 0..0, message, help);
    [error].into_iter().collect()
}

/// The folder that the program was started in.
pub fn here() -> String {
    let folder = std::env::current_dir();
    folder.map_or_else(|_| ".".to_owned(), |folder| folder.display().to_string())
}

/// The shop of `place`, with the demo's goods in an empty store where the settings say so.
///
/// # Errors
/// See [`LoadError`].
pub async fn load(place: &Place, now: Timestamp) -> Result<Loaded, LoadError> {
    load_with(config(place).map_err(LoadError::Content)?, now).await
}

/// Opens the store, fills it with the demo shop when it is empty and the settings say so, and makes the first
/// generation. Where the settings say whence goods come, the demo's are nobody's to sell, however long the first of them
/// take to arrive. `now` dates the demo's orders.
///
/// # Errors
/// See [`LoadError`].
pub async fn load_with(config: Config, now: Timestamp) -> Result<Loaded, LoadError> {
    let store = open(&config).await?;
    if config.shops.bring_goods() {
        import::take_demo_away(&store).await?;
    } else if config.data.demo {
        import::fill_with_demo(&store, &config, now).await?;
    }
    let (shop, warnings) = generation(&config, &store, now, &[]).await?;
    Ok(Loaded {
        shop: Arc::new(shop),
        store,
        config,
        warnings,
    })
}

/// Where other machines may be asked.
pub fn reach(config: &Config) -> Reach {
    match config.shops.private_addresses {
        true => Reach::Private,
        false => Reach::Public,
    }
}

/// Opens the store of the settings.
pub async fn open(config: &Config) -> anyhow::Result<Store> {
    let path = config.data.dir.join("shoptalk.db");
    Store::open(&path)
        .await
        .with_context(|| format!("opening {}", path.display()))
}

/// Reads staff's files, where the settings say they are.
pub fn content(config: &Config) -> content::Read {
    let Config { content, shop, .. } = config;
    content::read(&content.intents, &content.knowledge, &shop.language)
}

/// Reads staff's files and the store into a new generation. The running one is not touched; what it learnt is taken
/// over where the words are the same.
///
/// # Errors
/// See [`LoadError`].
pub async fn generation(
    config: &Config,
    store: &Store,
    now: Timestamp,
    before: &[Hearing],
) -> Result<(Shop, Diagnostics), LoadError> {
    let read = content(config);
    let Some(read_content) = read.content else {
        return Err(LoadError::Content(read.problems));
    };
    // Before the products: what changes in between is noticed.
    let catalog_version = catalog::table::version(store)
        .await
        .context("reading the catalog")?;
    let products = catalog::table::load(store)
        .await
        .context("reading the catalog")?;
    let mut problems = read.problems;
    let sells = catalog::table::has_own(store).await;
    let sells = sells.context("reading the catalog")?;
    problems.extend(demo_articles::told(config, sells, &read_content));
    let changes = products
        .iter()
        .filter_map(|product| product.changes_after(now));
    let changes_at = changes.min();
    let products: Vec<_> = products
        .into_iter()
        .map(|product| product.on(now))
        .collect();
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
    let sends_changes = config.orders.changes == "do";
    let orders = order_lookup(
        &config.shops,
        sends_changes,
        currency,
        store.clone(),
        orders,
    );
    let orders = orders.context("asking for orders where they are kept")?;
    let synonyms = read_content.synonyms.get(&config.shop.language);
    let synonyms = synonyms.map_or("", String::as_str);
    let catalog =
        Arc::new(Catalog::with_synonyms(products, synonyms).context("indexing the catalog")?);
    let rules = rules(config);
    for name in rules.unknown(&catalog) {
        tracing::warn!("[recommend] names {name}, which is not on sale");
    }
    let recommender = Recommender::with_rules(baskets, Arc::clone(&catalog), &rules, now);
    let recommender = Arc::new(recommender);
    learning::learn_again(store, &recommender)
        .await
        .context("reading the events")?;
    let settings = EntitySettings {
        order_patterns: patterns.as_slice(),
        currency,
        custom: read_content.script.entities(),
    };
    let scanner = EntityScanner::new(settings).context("order number patterns")?;
    let (hearings, languages) = hearings::learn(config, &read_content, before)?;
    let rules: Vec<_> = read_content
        .script
        .intents()
        .iter()
        .enumerate()
        .flat_map(|(at, intent)| intent.rules.iter().map(move |rule| (at, rule.clone())))
        .collect();
    let facts = Facts {
        name: config.shop.name.clone(),
        url: config.shop.url.clone(),
        language: config.shop.language.clone(),
        zone: config.shop.zone.clone(),
        hours: config.hours.clone(),
        currency,
        order_example: example(patterns.as_slice()),
        secret_is_customer_number: !config.shops.keep_orders()
            && kinds.contains(&SecretKind::CustomerNumber)
            && !kinds.contains(&SecretKind::Email),
        uploads: config.uploads.on,
        rating: config.feedback.rating,
        retention_days_known: config.privacy.retention_days,
        mails: config.mail.is_on(),
        changes: ChangeRules {
            until: match config.orders.change_until.as_str() {
                "paid" => OrderStatus::Paid,
                "shipped" => OrderStatus::Shipped,
                _ => OrderStatus::Packed,
            },
            minutes: config.orders.change_minutes,
        },
        retention_days: config.privacy.retention_days_anonymous,
        cart: cart::Terms::new(&config.cart, currency),
        returns: Policy::new(&config.returns),
    };
    let shop = Shop {
        facts,
        rules: RuleSet::new(&rules).context("rules of the intents")?,
        script: read_content.script,
        hearings,
        languages,
        scanner,
        vocabulary: vocabulary(&catalog),
        goods: Goods::of(&catalog),
        catalog,
        recommender,
        orders,
        returns: ReturnTable::new(store.clone()),
        watches: match config.alerts.on {
            true => Some(watchlist(config, store)?),
            false => None,
        },
        changes_at,
        catalog_version,
        order_numbers: patterns,
    };
    Ok((shop, problems))
}

/// What shoppers wait for.
///
/// # Errors
/// When the server's address is none.
pub(super) fn watchlist(config: &Config, store: &Store) -> anyhow::Result<Watchlist> {
    let base = config.server.url.parse().context("url under [server]")?;
    Ok(Watchlist::new(store.clone(), &base))
}

/// What the shop wants suggested and not suggested.
fn rules(config: &Config) -> Rules {
    let recommend = &config.recommend;
    Rules {
        exclude: recommend.exclude.clone(),
        pins: recommend
            .pin
            .iter()
            .filter_map(|pin| Pin::read(pin))
            .collect(),
        per_family: recommend.per_family as usize,
        per_brand: recommend.per_brand as usize,
        price_band: recommend.price_band,
        margin: Some(recommend.margin.to_lowercase()).filter(|name| !name.is_empty()),
        explore: recommend.explore,
    }
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
