//! The bench's shop: 100 intents, 10,000 articles, 4,000 products, and what shoppers say to it:
//! half intents, a quarter articles, a quarter products. Words are drawn from everyday shop
//! sentences by a fixed sequence, so every run says the same.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

const INTENTS: usize = 100;
const EXAMPLES: usize = 10;
const ARTICLES: usize = 10_000;
const PRODUCTS: usize = 4_000;

const DEEDS: [&str; 20] = [
    "cancel", "change", "return", "track", "exchange", "pay for", "insure", "wrap", "reserve",
    "repair", "collect", "split", "postpone", "rate", "report", "activate", "renew", "upgrade",
    "share", "print",
];
const THINGS: [&str; 40] = [
    "order",
    "parcel",
    "invoice",
    "gift card",
    "subscription",
    "address",
    "voucher",
    "account",
    "password",
    "refund",
    "receipt",
    "newsletter",
    "delivery",
    "pickup",
    "warranty",
    "sample",
    "catalogue",
    "label",
    "membership",
    "points",
    "booking",
    "payment",
    "card",
    "wishlist",
    "review",
    "profile",
    "parking",
    "workshop",
    "size chart",
    "repair kit",
    "spare part",
    "customs form",
    "tax number",
    "delivery note",
    "gift wrapping",
    "loyalty card",
    "store visit",
    "appointment",
    "fitting",
    "pattern",
];
const OPENINGS: [&str; 10] = [
    "how do i",
    "i want to",
    "can you",
    "please",
    "i need to",
    "where can i",
    "is it possible to",
    "help me",
    "i'd like to",
    "could i",
];
const PLACES: [&str; 50] = [
    "norway",
    "germany",
    "austria",
    "france",
    "spain",
    "italy",
    "poland",
    "sweden",
    "denmark",
    "finland",
    "iceland",
    "ireland",
    "scotland",
    "wales",
    "england",
    "portugal",
    "greece",
    "turkey",
    "croatia",
    "serbia",
    "hungary",
    "romania",
    "bulgaria",
    "estonia",
    "latvia",
    "lithuania",
    "belgium",
    "luxembourg",
    "switzerland",
    "malta",
    "cyprus",
    "canada",
    "japan",
    "korea",
    "australia",
    "chile",
    "mexico",
    "brazil",
    "india",
    "oslo",
    "bergen",
    "berlin",
    "vienna",
    "paris",
    "madrid",
    "rome",
    "warsaw",
    "dublin",
    "lisbon",
    "athens",
];
const TOPICS: [&str; 20] = [
    "shipping cost",
    "delivery time",
    "customs duty",
    "return address",
    "opening hours",
    "express delivery",
    "cash on delivery",
    "pickup points",
    "parcel insurance",
    "import tax",
    "gift returns",
    "bulk orders",
    "tracking",
    "weekend delivery",
    "exchange rates",
    "payment methods",
    "damaged parcels",
    "lost parcels",
    "repairs",
    "stores",
];
const WHEN: [&str; 10] = [
    "before christmas",
    "on sundays",
    "for students",
    "for companies",
    "for oversized goods",
    "for heavy items",
    "for fragile goods",
    "during sales",
    "for first orders",
    "after six o'clock",
];
const MATERIALS: [&str; 20] = [
    "wool", "cotton", "linen", "oak", "birch", "steel", "glass", "ceramic", "leather", "felt",
    "cork", "brass", "copper", "silk", "bamboo", "marble", "paper", "rattan", "enamel", "canvas",
];
const COLOURS: [&str; 10] = [
    "red", "navy", "green", "white", "black", "mustard", "grey", "pink", "teal", "brown",
];
const GOODS: [&str; 20] = [
    "socks", "blanket", "mug", "lantern", "cushion", "scarf", "basket", "tray", "vase", "lamp",
    "bowl", "apron", "hat", "gloves", "backpack", "notebook", "candle", "kettle", "frame", "clock",
];

pub struct Shop {
    folder: PathBuf,
    port: u16,
    pub utterances: Arc<Vec<String>>,
}

impl Shop {
    pub fn make() -> Self {
        let folder = std::env::temp_dir().join(format!("shoptalk-bench-{}", std::process::id()));
        fs::create_dir_all(folder.join("intents")).unwrap();
        fs::create_dir_all(folder.join("knowledge")).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let shop = Self {
            folder,
            port,
            utterances: Arc::new(utterances()),
        };
        shop.write_intents();
        shop.write_articles();
        fs::write(shop.folder.join("products.jsonl"), products()).unwrap();
        fs::write(shop.config(), shop.settings()).unwrap();
        let goods = shop.folder.join("products.jsonl");
        let mut import = Command::new(env!("CARGO_BIN_EXE_shoptalk"));
        import
            .arg("--config")
            .arg(shop.config())
            .args(["import", "products", "--format", "jsonl"])
            .arg(goods);
        assert!(
            import.status().unwrap().success(),
            "the bench's products were not imported"
        );
        shop
    }

    pub fn describe(&self) -> String {
        let said = self.utterances.len();
        format!(
            "{INTENTS} intents x {EXAMPLES} examples, {ARTICLES} articles, {PRODUCTS} products, {said} utterances"
        )
    }

    pub fn config(&self) -> PathBuf {
        self.folder.join("config.toml")
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn settings(&self) -> String {
        let data = self.folder.join("data");
        format!(
            "[server]\nlisten = \"127.0.0.1:{}\"\n[data]\ndir = \"{}\"\ndemo = false\n\
             [limits]\nmessages_per_minute = 1000000\nsockets_per_address = 20000\n[log]\nlevel = \"warn\"\n",
            self.port,
            data.display()
        )
    }

    fn write_intents(&self) {
        // The texts every skill needs are the demo's own.
        let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("intents");
        for entry in fs::read_dir(own).unwrap().flatten() {
            fs::copy(
                entry.path(),
                self.folder.join("intents").join(entry.file_name()),
            )
            .unwrap();
        }
        let mut text = String::from("topic: Bench\nintents:\n");
        for intent in 0..INTENTS {
            let (deed, thing) = asked_for(intent);
            let _ = write!(
                text,
                "  bench_{intent}:\n    title: {deed} the {thing} ({intent})\n    examples:\n"
            );
            for example in 0..EXAMPLES {
                let _ = writeln!(text, "      - {}", request(deed, thing, example));
            }
            let _ = writeln!(
                text,
                "    reply: \"This is how you {deed} a {thing}: it takes a minute.\""
            );
        }
        fs::write(self.folder.join("intents/bench.yml"), text).unwrap();
    }

    fn write_articles(&self) {
        for (topic_at, topic) in TOPICS.iter().enumerate() {
            let mut text = format!("# {topic}\n\n");
            for (place_at, place) in PLACES.iter().enumerate() {
                for (when_at, when) in WHEN.iter().enumerate() {
                    let number = topic_at * 500 + place_at * 10 + when_at;
                    assert!(number < ARTICLES);
                    let _ = write!(
                        text,
                        "## What about {topic} in {place} {when}?\nAlso asked:\n- {topic} {place} {when}\n- {when} {topic} to {place}\n\n\
                         For {place} the rule on {topic} {when} has number {number}.\n\n"
                    );
                }
            }
            fs::write(
                self.folder.join(format!("knowledge/topic-{topic_at}.md")),
                text,
            )
            .unwrap();
        }
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What an intent is about.
fn asked_for(intent: usize) -> (&'static str, &'static str) {
    (DEEDS[intent % 20], THINGS[(intent / 20 * 8 + intent) % 40])
}

fn request(deed: &str, thing: &str, nth: usize) -> String {
    let opening = OPENINGS[nth % 10];
    match nth % 4 {
        0 => format!("{opening} {deed} my {thing}"),
        1 => format!("{opening} {deed} the {thing} i got last week"),
        2 => format!("{opening} {deed} a {thing} today"),
        _ => format!("{opening} {deed} {thing} please"),
    }
}

fn products() -> String {
    let mut text = String::new();
    for nth in 0..PRODUCTS {
        let (material, colour, goods) = (
            MATERIALS[nth % 20],
            COLOURS[nth / 20 % 10],
            GOODS[nth / 200 % 20],
        );
        let (price, stock) = (5 + nth % 90, nth % 40);
        let _ = writeln!(
            text,
            r#"{{"sku":"B{nth}","title":"{colour} {material} {goods} no {nth}","category":"Home > {goods}","description":"A {goods} of {material}, made to last.","attributes":{{"material":"{material}","colour":"{colour}"}},"currency":"EUR","price":"{price}.00","stock":{stock}}}"#
        );
    }
    text
}

fn utterances() -> Vec<String> {
    (0..4000_usize)
        .map(|nth| {
            let n = nth * 2_654_435_761 % 1_000_003;
            match nth % 4 {
                0 | 1 => {
                    let (deed, thing) = asked_for(n % INTENTS);
                    // The first wordings are the examples; a shopper uses another.
                    request(deed, thing, EXAMPLES + n / INTENTS % 10)
                }
                2 => format!(
                    "what about {} in {} {}",
                    TOPICS[n % 20],
                    PLACES[n / 20 % 50],
                    WHEN[n / 1000 % 10]
                ),
                _ => format!(
                    "show me {} {} {} under {}",
                    COLOURS[n % 10],
                    MATERIALS[n / 10 % 20],
                    GOODS[n / 200 % 20],
                    20 + n % 60
                ),
            }
        })
        .collect()
}
