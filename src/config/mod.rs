//! `config.toml`: raw with positions, then checked. Secrets come from the environment or a file, never from here.

mod channels;
mod environment;
mod hours;
mod keys;
mod mail;
mod nudges;
mod platforms;
mod promo;
mod read;
mod secrets;
mod shopify;
mod shops;

pub use channels::{ChannelSettings, variable};
pub use hours::{Hours, HoursError};
pub use keys::{KEYS, Key};
pub use mail::{MailSettings, MailTransport, Security, Smtp};
pub use nudges::{Nudge, WidgetSettings};
pub use platforms::platforms;
pub use promo::{Off, PromoCode};
pub use secrets::Secret;
pub use shopify::{ShopifyAccess, ShopifySettings};
pub use shops::{FeedSettings, OrderServerSettings, ShopsSettings, WooCommerceSettings};

use crate::diagnostic::{Diagnostics, SourceText};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Every setting, checked; nothing in it can be wrong.
#[derive(Debug, Clone)]
pub struct Config {
    pub shop: ShopSettings,
    pub server: ServerSettings,
    pub content: ContentSettings,
    pub data: DataSettings,
    pub hours: Hours,
    pub shops: ShopsSettings,
    pub cart: CartSettings,
    pub orders: OrderSettings,
    pub returns: ReturnSettings,
    pub recommend: RecommendSettings,
    pub alerts: AlertSettings,
    pub widget: WidgetSettings,
    pub uploads: UploadSettings,
    pub feedback: FeedbackSettings,
    pub mail: MailSettings,
    /// Accounts on messengers.
    pub channels: Vec<ChannelSettings>,
    pub understanding: UnderstandingSettings,
    pub privacy: PrivacySettings,
    pub limits: LimitSettings,
    pub log: LogSettings,
}

#[derive(Debug, Clone)]
pub struct ShopSettings {
    pub name: String,
    /// Where shoppers find the shop; no trailing slash.
    pub url: String,
    /// ISO 4217.
    pub currency: String,
    pub zone: TimeZone,
    pub language: String,
}

/// Amounts are in the shop's currency, `4.90`; empty for none.
#[derive(Debug, Clone)]
pub struct CartSettings {
    /// Pieces of one thing in one cart.
    pub most: u32,
    pub shipping: String,
    pub free_from: String,
    /// "Prices include VAT."
    pub tax: String,
    /// With `{items}` and `{code}`.
    pub checkout: String,
    pub codes: Vec<PromoCode>,
}

/// What may come back, and how.
#[derive(Debug, Clone)]
pub struct ReturnSettings {
    /// From the delivery.
    pub days: u32,
    /// Working days from the parcel's arrival to the refund.
    pub refund_days: u32,
    /// With `{rma}`; empty for none.
    pub label: String,
    /// Codes or categories.
    pub not_returnable: Vec<String>,
    /// Another size or colour may be sent instead.
    pub exchange: bool,
    /// `shop`, `shopper` or `depends`.
    pub who_pays: String,
}

#[derive(Debug, Clone)]
pub struct ServerSettings {
    pub listen: SocketAddr,
    /// Where browsers reach this server; where links of letters lead.
    pub url: String,
    /// `https://shop.example`; besides the shop's own address and this server's.
    pub allowed_origins: Vec<String>,
    pub drain_seconds: u64,
    /// What the shop's own server signs events with.
    pub events_secret: Option<Secret>,
}

#[derive(Debug, Clone)]
pub struct ContentSettings {
    pub intents: PathBuf,
    pub knowledge: PathBuf,
    /// The owner has read the demo shop's articles and means them.
    pub demo_articles: bool,
}

#[derive(Debug, Clone)]
pub struct DataSettings {
    pub dir: PathBuf,
    pub demo: bool,
}

#[derive(Debug, Clone)]
pub struct OrderSettings {
    pub number_patterns: Vec<String>,
    pub lookup_tries: u32,
    pub lookup_minutes: u32,
    /// A status from which an order stays as it is: `paid`, `packed` or `shipped`.
    pub change_until: String,
    /// After it was placed; 0 for no limit of time.
    pub change_minutes: u32,
    /// Who changes an order: `request` asks the shop's people, `do` sends it to where the orders are kept.
    pub changes: String,
}

/// Telling shoppers that something is back, or costs less.
#[derive(Debug, Clone, Copy)]
pub struct AlertSettings {
    pub on: bool,
}

/// What shoppers are asked about the chat itself.
#[derive(Debug, Clone, Copy)]
pub struct FeedbackSettings {
    /// Whether an article helped.
    pub helpful: bool,
    /// How a conversation was, at its end.
    pub rating: bool,
}

/// Photos that shoppers send.
#[derive(Debug, Clone)]
pub struct UploadSettings {
    pub on: bool,
    /// Of one photo.
    pub most_megabytes: u64,
    pub per_conversation: u32,
    /// A virus scanner's command; empty for none.
    pub scan: Vec<String>,
    pub scan_seconds: u64,
}

impl UploadSettings {
    /// Of one photo.
    pub fn most_bytes(&self) -> usize {
        usize::try_from(self.most_megabytes << 20).unwrap_or(usize::MAX)
    }
}

/// What the shop wants suggested and not suggested.
#[derive(Debug, Clone)]
pub struct RecommendSettings {
    /// SKUs, categories, brands.
    pub exclude: Vec<String>,
    /// `home: SKU`
    pub pin: Vec<String>,
    pub per_family: u32,
    /// 0 for no limit.
    pub per_brand: u32,
    /// 0 for no limit.
    pub price_band: f32,
    /// Name of an attribute; empty for none.
    pub margin: String,
    /// 0 to 1.
    pub explore: f32,
}

#[derive(Debug, Clone, Default)]
pub struct UnderstandingSettings {
    /// 0 to 1; none: from the training files.
    pub answer_above: Option<f32>,
    pub ask_above: Option<f32>,
    /// Folder of a table of word vectors.
    pub embeddings: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy)]
pub struct PrivacySettings {
    pub retention_days: u32,
    pub retention_days_anonymous: u32,
}

#[derive(Debug, Clone, Copy)]
pub struct LimitSettings {
    /// Of one conversation.
    pub messages_per_minute: u32,
    /// Open at once from one address (IPv6: one /64).
    pub sockets_per_address: u32,
    /// For searches, suggestions and events from one address (IPv6: one /64).
    pub requests_per_minute: u32,
    /// For the first byte of a connection, and then for a request's head.
    pub request_seconds: u64,
    /// From the upgrade to the hello.
    pub hello_seconds: u64,
    /// Between two pings; a peer that answers neither is dropped.
    pub ping_seconds: u64,
    /// Without a message.
    pub idle_minutes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Pretty,
    Json,
}

#[derive(Debug, Clone)]
pub struct LogSettings {
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`, `trace`.
    pub level: String,
}

impl Config {
    /// Reads `path`, then what the environment overrides (`SHOPTALK_SERVER__LISTEN`). Without a
    /// path the defaults stand.
    ///
    /// # Errors
    /// Everything that is wrong, with its place.
    pub fn load(
        path: Option<&Path>,
        env: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Diagnostics> {
        read::load(path, env)
    }

    /// Reads settings from memory.
    ///
    /// # Errors
    /// Everything that is wrong, with its place.
    pub fn read(name: &str, text: &str) -> Result<Self, Diagnostics> {
        read::read(Some(&SourceText::new(name, text)), None, [])
    }

    /// The same with an environment, where secrets are.
    ///
    /// # Errors
    /// Everything that is wrong, with its place.
    pub fn read_with(
        name: &str,
        text: &str,
        env: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Diagnostics> {
        read::read(Some(&SourceText::new(name, text)), None, env)
    }

    /// The defaults, with nothing read.
    pub fn defaults() -> Self {
        // The defaults pass their own check; a test holds them to it.
        read::load(None, []).unwrap_or_else(|_| unreachable!("the defaults are valid"))
    }
}

/// Days on which nobody is there.
pub type Holidays = Vec<Date>;
