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
    let file = shop.path("teas.jsonl");
    std::fs::write(&file, tea.to_string()).unwrap();
    let import = shop
        .command()
        .args(["import", "products"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(import.status.success(), "{import:?}");
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
    let file = shop.path("teas.csv");
    std::fs::write(&file, TEAS).unwrap();
    let import = shop
        .command()
        .args(["import", "products"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(import.status.success(), "{import:?}");
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
    let file = shop.path("orders.jsonl");
    std::fs::write(&file, order.to_string()).unwrap();
    let import = shop
        .command()
        .args(["import", "orders"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(import.status.success(), "{import:?}");
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
