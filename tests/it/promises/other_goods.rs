//! Shops that sell something else than the demo does.

use super::server::TestShop;
use std::io::Write;
use std::process::Stdio;

const TEAS: &str = "sku,title,price,category
T1,Earl Grey Bergamot,5.50,Black tea
T2,Darjeeling First Flush,9.90,Black tea
T3,White Peony,12.50,White tea
T4,Silver Needle,19.00,White tea
T5,Chamomile,4.90,Herbal tea
T6,Cast iron teapot,39.00,Teaware
";

fn say(shop: &TestShop, lines: &[&str]) -> String {
    let mut chat = shop
        .command()
        .arg("chat")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = chat.stdin.take().unwrap();
    pipe.write_all(lines.join("\n").as_bytes()).unwrap();
    drop(pipe);
    let output = chat.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_price_or_a_stock_is_that_of_the_amount_asked_for() {
    let shop = TestShop::new();
    let variant = |sku: &str, weight: &str, price: &str, stock: u32| serde_json::json!({ "sku": sku, "options": { "weight": weight }, "price": price, "stock": stock });
    let variants = [
        variant("A1", "100 g", "6.90", 0),
        variant("A2", "250 g", "15.50", 5),
    ];
    let tea = serde_json::json!({ "sku": "A", "title": "Assam Hatimara", "category": "Black tea", "variants": variants });
    shop.import("products", "teas.jsonl", &tea.to_string());
    for (asked, wanted) in [
        (
            "how much is 250 g of assam hatimara?",
            "Assam Hatimara (250 g) costs 15.50 EUR",
        ),
        (
            "how much is 250g of assam hatimara?",
            "Assam Hatimara (250 g) costs 15.50 EUR",
        ),
        (
            "is assam hatimara 100 g available?",
            "Assam Hatimara (100 g) is sold out",
        ),
        (
            "is assam hatimara 250 g in stock?",
            "Assam Hatimara (250 g) is in stock, 5 left",
        ),
    ] {
        let said = say(&shop, &[asked]);
        assert!(said.contains(wanted), "{asked}: {said}");
    }
}

#[test]
fn a_shop_without_colours_sells_earl_grey_and_white_tea() {
    let shop = TestShop::new();
    shop.import("products", "teas.csv", TEAS);
    for (asked, wanted) in [
        ("earl grey", "Earl Grey Bergamot: 5.50"),
        ("do you have earl grey", "Earl Grey Bergamot: 5.50"),
        ("do you have darjeeling?", "Darjeeling First Flush: 9.90"),
        ("white tea", "White Peony: 12.50"),
    ] {
        let said = say(&shop, &[asked]);
        assert!(said.contains(wanted), "{asked}: {said}");
        assert!(!said.contains("Nothing fits"), "{asked}: {said}");
    }
    let said = say(&shop, &["do you have gift cards?"]);
    assert!(said.contains("[From: Gift cards]"), "{said}");
}

/// A shop with one order, numbered as web shops number them.
fn shop_with_order(number: &str) -> TestShop {
    let shop = TestShop::new();
    let settings = std::fs::read_to_string(shop.path("config.toml")).unwrap();
    std::fs::write(
        shop.path("config.toml"),
        settings + "[data]\ndemo = false\n",
    )
    .unwrap();
    let order = serde_json::json!({
        "number": number, "placed_at": "2026-11-20T10:00:00Z", "status": "paid", "currency": "EUR", "total": "12.00",
        "customer": { "email": "fay@mail.example", "postcode": "0150" },
        "lines": [{ "sku": "T1", "title": "Earl Grey Bergamot", "quantity": 1, "price": "12.00" }],
    });
    shop.import("orders", "orders.jsonl", &order.to_string());
    shop
}

#[test]
fn an_imported_order_is_known_by_its_number_without_a_setting() {
    let shop = shop_with_order("1006");
    for asked in [
        &["order 1006", "fay@mail.example"] as &[&str],
        &["my order #1006, postcode 0150"],
        &["postcode 0150, order 1006"],
        &[
            "where is order 1006?",
            "eve@mail.example",
            "fay@mail.example",
        ],
        &["order 1006", "9999", "0150"],
        &["order 1006 with zip code 0150 please"],
        &["Bestellung 1006, PLZ 0150"],
    ] {
        let said = say(&shop, asked);
        assert!(said.contains("Order 1006: "), "{asked:?}: {said}");
        assert!(!said.contains("cart"), "{asked:?}: {said}");
    }
}

#[test]
fn the_example_of_an_order_number_looks_like_the_shops_own() {
    let shop = shop_with_order("1006");
    let said = say(&shop, &["where is my order?"]);
    assert!(said.contains("looks like 1234"), "{said}");
    assert!(!said.contains("SH-"), "{said}");
}

/// A shop that sells these, one JSON object each.
fn shop_selling(products: &[serde_json::Value]) -> TestShop {
    let shop = TestShop::new();
    let lines: Vec<String> = products.iter().map(ToString::to_string).collect();
    shop.import("products", "goods.jsonl", &lines.join("\n"));
    shop
}

fn tea(sku: &str, title: &str, category: &str, description: &str) -> serde_json::Value {
    serde_json::json!({ "sku": sku, "title": title, "category": category, "description": description,
        "variants": [{ "sku": sku, "price": "6.90", "stock": 9 }] })
}

#[test]
fn without_something_is_what_says_that_it_is_free_of_it() {
    let mut field = tea("T6", "Oolong Dong Ding", "Oolong tea", "Creamy.");
    field["attributes"] = serde_json::json!({ "caffeine": "high" });
    let mut none = tea("T7", "Honeybush", "Herbal tea", "Sweet.");
    none["attributes"] = serde_json::json!({ "caffeine": "none", "lactose": "no" });
    let shop = shop_selling(&[
        tea("T1", "Assam Hatimara", "Black tea", "Malty, strong."),
        tea("T2", "Gunpowder", "Green tea", "For mint tea."),
        tea(
            "T3",
            "Peppermint",
            "Herbal tea",
            "Caffeine-free. Whole leaves.",
        ),
        tea(
            "T4",
            "Chamomile",
            "Herbal tea",
            "Whole flowers, caffeine-free.",
        ),
        tea(
            "T5",
            "Decaf Ceylon",
            "Black tea",
            "Contains less than 0.4 % caffeine.",
        ),
        field,
        none,
    ]);
    let free = ["Peppermint", "Chamomile", "Decaf Ceylon", "Honeybush"];
    for asked in [
        "tea without caffeine",
        "caffeine-free tea",
        "tea with no caffeine",
    ] {
        let said = say(&shop, &[asked]);
        assert!(said.contains("6.90"), "{asked}: {said}");
        for wrong in ["Assam", "Gunpowder", "Oolong"] {
            assert!(!said.contains(wrong), "{asked}: {said}");
        }
        assert!(free.iter().any(|title| said.contains(title)), "{said}");
    }
    let said = say(&shop, &["lactose free tea"]);
    let first = said.lines().find(|line| line.starts_with("- "));
    assert!(
        first.is_some_and(|line| line.contains("Honeybush")),
        "{said}"
    );
}

fn tools() -> TestShop {
    let tool = |sku: &str, title: &str, price: &str, description: &str| {
        serde_json::json!({ "sku": sku, "title": title, "category": "Hammers", "description": description,
            "variants": [{ "sku": sku, "price": price, "stock": 9 }] })
    };
    let mut drill = tool(
        "D1",
        "Cordless Drill 18V",
        "129.00",
        "Brushless, 60 Nm.\nWeight 1.6 kg.",
    );
    drill["category"] = "Power tools".into();
    let mut level = tool("L1", "Spirit Level 60 cm", "22.00", "Three vials.");
    level["category"] = "Measuring".into();
    let mut tape = tool("M5", "Tape Measure 5 m", "8.90", "Magnetic tip.");
    tape["category"] = "Measuring".into();
    let mut longer = tool("M8", "Tape Measure 8 m", "12.90", "Magnetic tip.");
    longer["category"] = "Measuring".into();
    let variant = |sku: &str, colour: &str, size: &str| serde_json::json!({ "sku": sku, "price": "26.00", "stock": 9, "options": { "colour": colour, "size": size } });
    let paint = serde_json::json!({ "sku": "P", "title": "Emulsion Paint", "category": "Paint",
        "variants": [variant("P1", "Chalk White", "5 l"), variant("P2", "Sage Green", "2.5 l"), variant("P3", "Sage Green", "5 l")] });
    let size = |sku: &str, size: &str| serde_json::json!({ "sku": sku, "price": "7.50", "stock": 9, "options": { "size": size } });
    let gloves = serde_json::json!({ "sku": "G", "title": "Work Gloves", "category": "Workwear",
        "variants": [size("G1", "S"), size("G2", "L")] });
    shop_selling(&[
        tool(
            "H1",
            "Claw Hammer 20 oz",
            "18.50",
            "Hickory handle.\nWeight: 570 g\nLength: 33 cm",
        ),
        tool("H2", "Sledge Hammer 7 lb", "32.00", "For driving posts."),
        tool("H3", "Rubber Mallet", "9.90", "Does not mark tiles."),
        drill,
        level,
        tape,
        longer,
        paint,
        gloves,
        tea(
            "T1",
            "Earl Grey Bergamot",
            "Black tea",
            "Ceylon with oil of bergamot.\nBrew: 95 °C, 3 minutes.",
        ),
        tea("T2", "White Peony", "White tea", "Sweet hay."),
        tea(
            "T3",
            "Sencha Makinohara",
            "Green tea",
            "Grassy.\nBrew: 70 °C, 1–2 minutes.",
        ),
        tea("T4", "Brown Sugar 500 g", "Sugar", "Dark and moist."),
    ])
}

#[test]
fn a_weight_a_heat_and_a_time_are_told_by_the_sentence_that_has_them() {
    let shop = tools();
    let said = say(&shop, &["how much does the cordless drill weigh?"]);
    assert!(said.contains("Weight 1.6 kg"), "{said}");
    assert!(!said.contains("costs"), "{said}");
    let said = say(
        &shop,
        &[
            "how hot should the water be for sencha?",
            "how long do I steep it?",
        ],
    );
    assert_eq!(
        said.matches("Brew: 70 °C, 1–2 minutes.").count(),
        2,
        "{said}"
    );
}

#[test]
fn kinds_of_goods_are_held_against_each_other() {
    let shop = tools();
    for (asked, wanted, unwanted) in [
        (
            "which hammer is heavier?",
            "it is **Sledge Hammer 7 lb** (weight 7 lb)",
            "Drill",
        ),
        (
            "which tape measure is cheaper",
            "it is **Tape Measure 5 m** (price 8.90",
            "Spirit",
        ),
        (
            "difference between green tea and white tea",
            "Side by side: Sencha Makinohara · White Peony",
            "Earl",
        ),
        ("compare the hammers", "Side by side: ", "Drill"),
    ] {
        let said = say(&shop, &[asked]);
        assert!(said.contains(wanted), "{asked}: {said}");
        assert!(!said.contains(unwanted), "{asked}: {said}");
    }
}

#[test]
fn a_name_of_several_words_wins_over_the_colour_in_it() {
    let shop = tools();
    for (asked, wanted) in [
        (&["earl grey"] as &[&str], "Earl Grey Bergamot: 6.90"),
        (&["white tea"], "White Peony: 6.90"),
        (&["cheapest green tea"], "Sencha Makinohara: 6.90"),
        (&["brown sugar"], "Brown Sugar 500 g: 6.90"),
        (&["sage green paint"], "Emulsion Paint: 26.00"),
        (
            &["emulsion paint", "sage green 5 l"],
            "Sage Green) is in stock",
        ),
        (
            &["add sage green emulsion paint 5 l to my cart"],
            "1 × Emulsion Paint (Sage Green, 5 l)",
        ),
        (
            &["add emulsion paint", "sage green 5 l"],
            "1 × Emulsion Paint (Sage Green, 5 l)",
        ),
    ] {
        let said = say(&shop, asked);
        assert!(said.contains(wanted), "{asked:?}: {said}");
        assert!(!said.contains("Nothing fits"), "{asked:?}: {said}");
    }
}

#[test]
fn a_size_alone_completes_what_was_added_in_the_language_spoken() {
    let shop = tools();
    let said = say(&shop, &["add work gloves", "L"]);
    assert!(
        said.contains("1 × Work Gloves (L) is in your cart"),
        "{said}"
    );
    let said = say(&shop, &["work gloves", "L"]);
    assert!(said.contains("Work Gloves (L) is in stock"), "{said}");
}

#[test]
fn what_went_wrong_with_an_order_is_told_as_it_is() {
    let shop = shop_with_order("1000");
    let order = |number: &str, status: &str, refunded: Option<&str>| {
        serde_json::json!({ "number": number, "placed_at": "2026-11-20T10:00:00Z", "status": status, "currency": "EUR",
            "total": "12.00", "refunded": refunded, "carrier": "DHL", "customer": { "email": "fay@mail.example" },
            "lines": [{ "sku": "T1", "title": "Earl Grey Bergamot", "quantity": 1, "price": "12.00" }] })
    };
    let orders = [
        (
            order("1001", "payment_failed", None),
            "The payment did not go through",
        ),
        (order("1002", "on_hold", None), "On hold: our team looks"),
        (
            order("1003", "partly_shipped", None),
            "Part of it was shipped",
        ),
        (
            order("1004", "refunded", Some("12.00")),
            "Refunded: 12.00 EUR, all of it",
        ),
        (
            order("1005", "delivered", Some("5.00")),
            "Refunded: 5.00 EUR, a part of it",
        ),
    ];
    let lines: Vec<String> = orders.iter().map(|(order, _)| order.to_string()).collect();
    shop.import("orders", "more.jsonl", &lines.join("\n"));
    for (order, wanted) in orders {
        let number = order["number"].as_str().unwrap();
        let said = say(&shop, &[&format!("order {number} fay@mail.example")]);
        assert!(said.contains(wanted), "{number}: {said}");
        assert!(
            !said.contains("waiting for the payment"),
            "{number}: {said}"
        );
    }
}

#[test]
fn what_is_ordered_beyond_its_stock_is_not_called_in_stock() {
    let mut cup = tea("C1", "East Frisian Rose Cup", "Cups", "Porcelain.");
    cup["variants"][0]["stock"] = 0.into();
    cup["variants"][0]["backorder"] = true.into();
    let mut dated = cup.clone();
    dated["sku"] = "C2".into();
    dated["title"] = "Enamel Travel Mug".into();
    dated["variants"][0]["sku"] = "C2".into();
    dated["variants"][0]["available_on"] = "2099-01-05".into();
    let shop = shop_selling(&[cup, dated, tea("T1", "Assam", "Black tea", "")]);
    let said = say(
        &shop,
        &[
            "is the east frisian rose cup in stock?",
            "add it to my cart",
        ],
    );
    assert!(said.contains("can be ordered, and ships later"), "{said}");
    assert!(said.contains(", ships later"), "{said}");
    assert!(!said.contains("in stock."), "{said}");
    assert!(
        said.contains("1 × East Frisian Rose Cup is in your cart"),
        "{said}"
    );
    let said = say(&shop, &["is the enamel travel mug in stock?"]);
    assert!(said.contains("expected on Mon 5 Jan"), "{said}");
}
