//! What is thrown at every parser of outside bytes: none may panic, and none may take long. The targets beside this
//! file hand these functions to libFuzzer; `tests/it/fuzz.rs` runs them on stable Rust with every test run.

use jiff::Timestamp;
use shoptalk::catalog::{self, Currency, Money};
use shoptalk::channels::bridge::Incoming;
use shoptalk::channels::matrix::{Inviters, Me, News, RoomNews};
use shoptalk::channels::widget::frames;
use shoptalk::channels::{Channel, channel};
use shoptalk::config::Config;
use shoptalk::diagnostic::SourceText;
use shoptalk::dialogue::{State, Trace, script, specs, texts};
use shoptalk::events;
use shoptalk::knowledge;
use shoptalk::orders::{self, NumberPatterns};
use shoptalk::remote::Mac;
use shoptalk::shoppers::SignedIn;
use shoptalk::text;
use shoptalk::understanding::{
    Class, EntityScanner, EntitySettings, Matcher, Rule, RuleSet, Vocabulary, VocabularyKind,
    segments,
};
use shoptalk::uploads;
use std::sync::LazyLock;

fn euro() -> Option<Currency> {
    "EUR".parse().ok()
}

/// A frame of a client.
pub fn frame(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = frames::parse(text);
    }
}

/// A batch of events.
pub fn events(data: &[u8]) {
    // One moment for all: what is too old now is too old in every run.
    let _ = events::read(data, jiff::Timestamp::UNIX_EPOCH);
}

/// A page's word for who is signed in.
pub fn identity(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = SignedIn::read(text, "a secret", Timestamp::UNIX_EPOCH);
    }
}

static MESSENGERS: LazyLock<Vec<Box<dyn Channel>>> = LazyLock::new(|| {
    let settings = "[channels.webhook]\nurl = \"https://a.test\"\n[channels.telegram]\n[channels.slack]\n\
        [channels.whatsapp]\nphone_number_id = \"PNID1\"\n[channels.messenger]\n[channels.instagram]\n";
    let names = [
        "WEBHOOK",
        "TELEGRAM",
        "SLACK",
        "WHATSAPP",
        "MESSENGER",
        "INSTAGRAM",
    ];
    let secrets = names.iter().flat_map(|name| {
        ["TOKEN", "SECRET", "VERIFY_TOKEN"]
            .map(|secret| (format!("SHOPTALK_{name}_{secret}"), "secret".to_owned()))
    });
    let config = Config::read_with("config.toml", settings, secrets);
    let accounts = config.map(|config| config.channels).unwrap_or_default();
    accounts
        .iter()
        .map(|account| channel(account, "https://shop.test"))
        .collect()
});

/// What a messenger brings, signed as each of them signs.
pub fn messenger(data: &[u8]) {
    let Some(mac) = Mac::new("secret") else {
        return;
    };
    let slack = format!("v0={}", mac.hex(&[b"v0:0:", data]));
    let meta = format!("sha256={}", mac.hex(&[data]));
    let webhook = mac.sign_standard("1", 0, data);
    let header = |name: &str| match name {
        "content-type" => Some("application/json"),
        "x-telegram-bot-api-secret-token" => Some("secret"),
        "x-slack-request-timestamp" | "webhook-timestamp" => Some("0"),
        "x-slack-signature" => Some(slack.as_str()),
        "x-hub-signature-256" => Some(meta.as_str()),
        "webhook-id" => Some("1"),
        "webhook-signature" => Some(webhook.as_str()),
        _ => None,
    };
    let request = Incoming {
        get: false,
        uri: "/",
        query: "",
        header: &header,
        body: data,
    };
    for channel in MESSENGERS.iter() {
        // It is theirs: whatever it is, it is taken.
        assert!(channel.read(&request, Timestamp::UNIX_EPOCH).is_ok());
    }
}

static MAILBOX: LazyLock<Option<Box<dyn Channel>>> = LazyLock::new(|| {
    let settings = "[channels.email]\naddress = \"hello@shop.test\"\n";
    let secret = ("SHOPTALK_EMAIL_SECRET".to_owned(), "secret".to_owned());
    let config = Config::read_with("config.toml", settings, [secret]).ok()?;
    Some(channel(config.channels.first()?, "https://shop.test"))
});

/// What a mail service hands in: a letter, and a letter in each form that services have.
pub fn letter(data: &[u8]) {
    let Some(mailbox) = MAILBOX.as_ref() else {
        return;
    };
    for kind in [
        "message/rfc822",
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
    ] {
        let request = Incoming {
            get: false,
            uri: "/",
            query: "secret=secret",
            header: &|name| (name == "content-type").then_some(kind),
            body: data,
        };
        assert!(mailbox.read(&request, Timestamp::UNIX_EPOCH).is_ok());
    }
}

/// What a homeserver answers: what is new, and an earlier page of it.
pub fn homeserver(data: &[u8]) {
    let Ok(answer) = serde_json::from_slice::<serde_json::Value>(data) else {
        return;
    };
    let me = Me {
        user: "@shop:home.test".to_owned(),
        name: Some("Alder".to_owned()),
    };
    let now = Timestamp::UNIX_EPOCH;
    let news = News::read(&answer, &me, &Inviters::new("home.test"), now);
    for mut room in news.rooms.into_iter().chain([RoomNews::default()]) {
        room.put_before(&answer);
        let _ = room.hear(&me, now);
    }
}

/// A file of a shopper's that says it is a photo.
pub fn photo(data: &[u8]) {
    let _ = uploads::read(data);
}

/// A file of intents, and its diagnostics drawn.
pub fn intents(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (_, problems) = script::read(
        &[SourceText::new("intents/fuzz.yml", text)],
        &specs(),
        &texts(),
        "en",
    );
    let _ = problems.render(false);
}

/// A file of articles.
pub fn articles(data: &[u8]) {
    let _ = knowledge::parse("fuzz.md", &String::from_utf8_lossy(data));
}

/// Settings, and their diagnostics drawn.
pub fn settings(data: &[u8]) {
    if let Err(problems) = Config::read("config.toml", &String::from_utf8_lossy(data)) {
        let _ = problems.render(false);
    }
}

/// What a shop's order server answers.
pub fn order_answer(data: &[u8]) {
    if let Some(currency) = euro() {
        let _ = orders::read_answer(data, currency);
    }
}

/// A line of a catalog.
pub fn product(data: &[u8]) {
    if let (Ok(text), Some(currency)) = (std::str::from_utf8(data), euro()) {
        let _ = catalog::parse_line(text, currency);
    }
}

/// A conversation's state and a trace, as an older or a newer program wrote them.
pub fn stored(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = State::read(text);
        let _ = serde_json::from_str::<Trace>(text);
    }
}

/// An amount of money, and an order number.
pub fn numbers(data: &[u8]) {
    if let (Ok(text), Some(currency)) = (std::str::from_utf8(data), euro()) {
        let _ = Money::parse(text, currency);
        let _ = NumberPatterns::new([text.to_owned()]).normalise("SH-10023");
        let _ = NumberPatterns::new(["SH-#####".to_owned()]).normalise(text);
    }
}

struct Reader {
    scanner: Option<EntityScanner>,
    vocabulary: Vocabulary,
    matcher: Matcher,
    rules: Option<RuleSet>,
}

static READER: LazyLock<Reader> = LazyLock::new(|| {
    let class = |id: &str, examples: &[&str]| Class {
        id: id.to_owned(),
        title: id.replace('_', " "),
        examples: examples.iter().map(|&example| example.to_owned()).collect(),
    };
    let patterns = ["SH-#####".to_owned(), "#####".to_owned()];
    let phrases = [
        ("Alder wool socks", "ALDER"),
        ("Café mug", "MUG"),
        ("No 5", "FIVE"),
    ];
    let phrases =
        phrases.map(|(phrase, id)| (phrase.to_owned(), VocabularyKind::Product, id.to_owned()));
    Reader {
        scanner: euro().and_then(|currency| {
            let settings = EntitySettings {
                order_patterns: &patterns,
                currency,
                custom: &[],
            };
            EntityScanner::new(settings).ok()
        }),
        vocabulary: Vocabulary::new(phrases),
        matcher: Matcher::train(
            &[
                class(
                    "order_status",
                    &["where is my order", "has my parcel shipped"],
                ),
                class("returns", &["i want to send it back", "return an item"]),
            ],
            &text::Tongue::english(),
        ),
        rules: RuleSet::new(&[
            (0, Rule::Phrase("where is".to_owned())),
            (1, Rule::Regex("ret[ou]rn".to_owned())),
        ])
        .ok(),
    }
});

/// A message, read every way there is.
pub fn message(data: &[u8]) {
    let message = String::from_utf8_lossy(data);
    let reader = &*READER;
    for word in text::words(&message) {
        assert!(message.get(word.span).is_some());
        let _ = (text::stem(&word.text), text::index_stem(&word.text));
    }
    for part in segments(&message) {
        assert!(message.contains(part));
    }
    let spans = reader.vocabulary.mentions(&message);
    let masked: Vec<_> = spans.iter().map(|mention| mention.span.clone()).collect();
    for span in &masked {
        assert!(message.get(span.clone()).is_some());
    }
    if let Some(scanner) = &reader.scanner {
        for entity in scanner.scan(&message) {
            assert!(message.get(entity.span).is_some());
        }
    }
    let _ = reader.matcher.rank(&message, &masked);
    if let Some(rules) = &reader.rules {
        let _ = rules.matches(&message);
    }
}
