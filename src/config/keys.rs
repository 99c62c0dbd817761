//! Every key of `config.toml` once: where it stands, what it takes, what it is by default. The
//! reader, the environment and the test of the sample file all go by this table.

/// What a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Text,
    /// `http://` or `https://` and a host, nothing behind it.
    Origin,
    Origins,
    /// `127.0.0.1:8080`
    Address,
    Currency,
    Zone,
    /// Two letters.
    Language,
    Folder,
    Switch,
    Whole {
        least: u64,
        most: u64,
    },
    /// 0 to 1; may be absent.
    Share,
    /// `9:00-17:00`, or nothing for a closed day.
    DayHours,
    Dates,
    /// `SH-#####`
    Patterns,
    /// `https://shop.example/feed.xml`; may be absent.
    Url,
    /// `alder.myshopify.com`, or another address of that shop; may be absent.
    Host,
    /// Where Shopify's GraphQL is asked; may be absent.
    Graphql,
    /// `["sku=Code"]`
    Map,
    OneOf(&'static [&'static str]),
    /// `4.90`; may be empty.
    Amount,
    /// A sentence; may be empty.
    Words,
    /// An address with `{items}` in it; may be empty.
    Checkout,
    /// An address with `{rma}` in it; may be empty.
    Label,
    /// `["WELCOME10 10%"]`
    Codes,
    /// `[{ id = "sizes", text = "Not sure about the size?" }]`
    Nudges,
    /// `["/checkout*"]`
    Paths,
    /// `["Gift cards"]`
    Names,
    /// `["home: SKU"]`
    Pins,
    /// 1 or more; 0 for none.
    Times,
    /// `hello@shop.example`
    Mailbox,
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub section: &'static str,
    pub name: &'static str,
    pub takes: Takes,
    /// As TOML; empty for none.
    pub default: &'static str,
}

const fn key(
    section: &'static str,
    name: &'static str,
    takes: Takes,
    default: &'static str,
) -> Key {
    Key {
        section,
        name,
        takes,
        default,
    }
}

const FEW: Takes = Takes::Whole {
    least: 1,
    most: 1000,
};

const MINUTES: Takes = Takes::Whole {
    least: 1,
    most: 10_080,
};

const SECONDS: Takes = Takes::Whole {
    least: 1,
    most: 300,
};

pub const KEYS: [Key; 90] = [
    key("shop", "name", Takes::Text, "\"Alder & Pine\""),
    key("shop", "url", Takes::Origin, "\"http://127.0.0.1:8080\""),
    key("shop", "currency", Takes::Currency, "\"EUR\""),
    key("shop", "timezone", Takes::Zone, "\"Europe/Oslo\""),
    key("shop", "language", Takes::Language, "\"en\""),
    key("server", "listen", Takes::Address, "\"127.0.0.1:8080\""),
    key("server", "url", Takes::Url, ""),
    key("server", "allowed_origins", Takes::Origins, "[]"),
    key(
        "server",
        "drain_seconds",
        Takes::Whole {
            least: 0,
            most: 300,
        },
        "10",
    ),
    key("content", "intents", Takes::Folder, "\"intents\""),
    key("content", "knowledge", Takes::Folder, "\"knowledge\""),
    key("content", "demo_articles", Takes::Switch, "false"),
    key("data", "dir", Takes::Folder, "\"data\""),
    key("data", "demo", Takes::Switch, "true"),
    key("hours", "monday", Takes::DayHours, "\"9:00-17:00\""),
    key("hours", "tuesday", Takes::DayHours, "\"9:00-17:00\""),
    key("hours", "wednesday", Takes::DayHours, "\"9:00-17:00\""),
    key("hours", "thursday", Takes::DayHours, "\"9:00-17:00\""),
    key("hours", "friday", Takes::DayHours, "\"9:00-17:00\""),
    key("hours", "saturday", Takes::DayHours, "\"\""),
    key("hours", "sunday", Takes::DayHours, "\"\""),
    key("hours", "holidays", Takes::Dates, "[]"),
    key(
        "orders",
        "number_patterns",
        Takes::Patterns,
        "[\"SH-#####\"]",
    ),
    key("cart", "most", FEW, "20"),
    key("cart", "shipping", Takes::Amount, "\"\""),
    key("cart", "free_from", Takes::Amount, "\"\""),
    key("cart", "tax", Takes::Words, "\"\""),
    key(
        "cart",
        "checkout",
        Takes::Checkout,
        "\"/cart?items={items}&code={code}\"",
    ),
    key("cart", "codes", Takes::Codes, "[]"),
    key("orders", "url", Takes::Url, ""),
    key("orders", "lookup_tries", FEW, "5"),
    key("orders", "lookup_minutes", FEW, "15"),
    key(
        "returns",
        "days",
        Takes::Whole {
            least: 0,
            most: 3650,
        },
        "30",
    ),
    key("returns", "refund_days", FEW, "5"),
    key("returns", "label", Takes::Label, "\"\""),
    key("returns", "not_returnable", Takes::Names, "[]"),
    key("returns", "exchange", Takes::Switch, "true"),
    key(
        "returns",
        "who_pays",
        Takes::OneOf(&["shop", "shopper", "depends"]),
        "\"depends\"",
    ),
    key("recommend", "exclude", Takes::Names, "[]"),
    key("recommend", "pin", Takes::Pins, "[]"),
    key("recommend", "per_family", FEW, "2"),
    key(
        "recommend",
        "per_brand",
        Takes::Whole {
            least: 0,
            most: 1000,
        },
        "0",
    ),
    key("recommend", "price_band", Takes::Times, "0"),
    key("recommend", "margin", Takes::Words, "\"\""),
    key("recommend", "explore", Takes::Share, "0.1"),
    key(
        "orders",
        "change_until",
        Takes::OneOf(&["paid", "packed", "shipped"]),
        "\"packed\"",
    ),
    key(
        "orders",
        "change_minutes",
        Takes::Whole {
            least: 0,
            most: 100_000,
        },
        "0",
    ),
    key(
        "orders",
        "changes",
        Takes::OneOf(&["request", "do"]),
        "\"request\"",
    ),
    key("alerts", "on", Takes::Switch, "true"),
    key("widget", "nudges", Takes::Nudges, "[]"),
    key("widget", "nudges_per_visit", FEW, "1"),
    key("widget", "nudges_per_day", FEW, "2"),
    key(
        "widget",
        "quiet_on",
        Takes::Paths,
        "[\"/cart*\", \"/basket*\", \"/checkout*\", \"/order*\"]",
    ),
    key("feedback", "helpful", Takes::Switch, "true"),
    key("feedback", "rating", Takes::Switch, "true"),
    key("uploads", "on", Takes::Switch, "true"),
    key(
        "uploads",
        "most_megabytes",
        Takes::Whole { least: 1, most: 64 },
        "8",
    ),
    key("uploads", "per_conversation", FEW, "20"),
    key("uploads", "scan", Takes::Names, "[]"),
    key("uploads", "scan_seconds", SECONDS, "30"),
    key("feed", "url", Takes::Url, ""),
    key(
        "feed",
        "format",
        Takes::OneOf(&[
            "auto",
            "jsonl",
            "table",
            "shopify",
            "woocommerce",
            "merchant",
        ]),
        "\"auto\"",
    ),
    key("feed", "map", Takes::Map, "[]"),
    key("feed", "every_minutes", MINUTES, "60"),
    key("shopify", "shop", Takes::Host, ""),
    key("shopify", "client_id", Takes::Text, ""),
    key("shopify", "api", Takes::Graphql, ""),
    key("woocommerce", "url", Takes::Url, ""),
    key("sync", "every_minutes", MINUTES, "360"),
    key("sync", "private_addresses", Takes::Switch, "false"),
    key(
        "mail",
        "transport",
        Takes::OneOf(&["off", "file", "smtp"]),
        "\"file\"",
    ),
    key("mail", "folder", Takes::Folder, "\"data/outbox\""),
    key("mail", "from", Takes::Mailbox, "\"hello@shop.example\""),
    key("mail", "host", Takes::Words, "\"\""),
    key(
        "mail",
        "port",
        Takes::Whole {
            least: 1,
            most: 65_535,
        },
        "587",
    ),
    key(
        "mail",
        "security",
        Takes::OneOf(&["starttls", "tls", "none"]),
        "\"starttls\"",
    ),
    key("understanding", "answer_above", Takes::Share, ""),
    key("understanding", "ask_above", Takes::Share, ""),
    key("understanding", "embeddings", Takes::Folder, ""),
    key(
        "privacy",
        "retention_days",
        Takes::Whole {
            least: 1,
            most: 3650,
        },
        "90",
    ),
    key(
        "privacy",
        "retention_days_anonymous",
        Takes::Whole {
            least: 1,
            most: 3650,
        },
        "30",
    ),
    key(
        "limits",
        "messages_per_minute",
        Takes::Whole {
            least: 1,
            most: 10_000_000,
        },
        "60",
    ),
    key(
        "limits",
        "sockets_per_address",
        Takes::Whole {
            least: 1,
            most: 1_000_000,
        },
        "20",
    ),
    key(
        "limits",
        "requests_per_minute",
        Takes::Whole {
            least: 1,
            most: 10_000_000,
        },
        "600",
    ),
    key("limits", "request_seconds", SECONDS, "10"),
    key("limits", "hello_seconds", SECONDS, "10"),
    key("limits", "ping_seconds", SECONDS, "25"),
    key("limits", "idle_minutes", FEW, "45"),
    key(
        "log",
        "format",
        Takes::OneOf(&["pretty", "json"]),
        "\"pretty\"",
    ),
    key(
        "log",
        "level",
        Takes::OneOf(&["error", "warn", "info", "debug", "trace"]),
        "\"info\"",
    ),
];

impl Takes {
    /// What to write, for a value that is not that.
    pub(super) fn in_words(self) -> String {
        match self {
            Self::Text => "write words in quotes, like \"Alder & Pine\"".to_owned(),
            Self::Origin => "write scheme and host, like \"https://shop.example\"".to_owned(),
            Self::Origins => {
                "write a list of scheme and host, like [\"https://shop.example\"]".to_owned()
            }
            Self::Address => "write address and port, like \"127.0.0.1:8080\"".to_owned(),
            Self::Currency => "write the ISO code of a currency, like \"EUR\"".to_owned(),
            Self::Zone => "write a time zone's name, like \"Europe/Oslo\"".to_owned(),
            Self::Language => "write two letters, like \"en\"".to_owned(),
            Self::Folder => "write a folder in quotes, like \"intents\"".to_owned(),
            Self::Switch => "write true or false".to_owned(),
            Self::Whole { least, most } => format!("write a whole number from {least} to {most}"),
            Self::Share => "write a number from 0 to 1, like 0.6".to_owned(),
            Self::DayHours => {
                "write from and to, like \"9:00-17:00\", or \"\" for a closed day".to_owned()
            }
            Self::Dates => "write a list of days, like [\"2026-12-25\"]".to_owned(),
            Self::Patterns => {
                "write a list with `#` for each digit, like [\"SH-#####\"]".to_owned()
            }
            Self::Url => "write a whole address, like \"https://shop.example/feed.xml\"".to_owned(),
            Self::Host => "write the address that ends in .myshopify.com, like \"alder.myshopify.com\": your own domain is not it; \
                 Shopify's admin shows it under Settings, Domains"
                .to_owned(),
            Self::Graphql => "leave it out, or write the whole address with its version, like \
                 \"https://alder.myshopify.com/admin/api/2026-10/graphql.json\""
                .to_owned(),
            Self::Map => {
                "write a list of ours=theirs, like [\"sku=Code\", \"title=Name\"]".to_owned()
            }
            Self::Amount => "write an amount in your currency, like \"4.90\", or \"\"".to_owned(),
            Self::Words => "write words in quotes, or \"\"".to_owned(),
            Self::Checkout => {
                "write an address with {items} or {ids} in it, like \"/cart?items={items}\", or \"\""
                    .to_owned()
            }
            Self::Label => {
                "write an address with {rma} in it, like \"https://shop.example/label/{rma}\", or \"\""
                    .to_owned()
            }
            Self::Codes => {
                "write a list of codes with what they take off, like [\"WELCOME10 10%\"]".to_owned()
            }
            Self::Nudges => {
                "write a list of nudges, like [{ id = \"sizes\", on = \"/products/*\", after = 20, text = \"Not sure about the size?\" }]"
                    .to_owned()
            }
            Self::Paths => "write a list of paths, like [\"/checkout*\"]".to_owned(),
            Self::Names => "write a list of names, like [\"Gift cards\"]".to_owned(),
            Self::Pins => {
                "write a list of place and SKU with `: ` between, like [\"home: MUG-1\"]".to_owned()
            }
            Self::Times => "write a number from 1, like 1.5, or 0 for no limit".to_owned(),
            Self::Mailbox => "write an e-mail address, like \"hello@shop.example\"".to_owned(),
            Self::OneOf(words) => format!("write one of {}", words.join(", ")),
        }
    }
}
