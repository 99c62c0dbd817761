//! Orders that are asked where they are kept, at Shopify and WooCommerce: told as they are now, and changed there.

use super::{fake_shopify, until, wish, woocommerce};
use crate::promises::server::{Server, TestShop, Visitor};
use serde_json::{Value, json};

fn serve(shop: &TestShop, secrets: &[(&str, &str)]) -> Server {
    let mut command = shop.command();
    command.envs(secrets.iter().copied());
    shop.serve_by(command)
}

/// What a fresh visitor hears.
async fn ask(shop: &TestShop, words: &str) -> String {
    let mut visitor = Visitor::connect(shop, None).await;
    let (_, reply) = visitor.say("1", words).await.unwrap();
    reply.to_string()
}

/// What staff have to do, one line each.
fn requests(shop: &TestShop, secrets: &[(&str, &str)]) -> Vec<Value> {
    let mut command = shop.command();
    command
        .args(["orders", "requests"])
        .envs(secrets.iter().copied());
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// One that may still be changed.
fn open_order(number: u64) -> (String, Value) {
    let (id, mut order) = fake_shopify::order(number);
    order["fulfillments"] = json!([]);
    order["shippingAddress"] = json!({ "zip": "0150", "phone": null, "firstName": "Ana", "lastName": "Berg",
        "company": null, "provinceCode": null, "countryCodeV2": "NO" });
    (id, order)
}

const RIGHT: &str = "where is #1001 ana@example.com";

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_told_as_shopify_has_it_now_else_as_it_was_seen_last() {
    let (fake, shop) = fake_shopify::fake_with("").await;
    let _server = serve(&shop, &fake_shopify::SECRETS);
    let mut visitor = Visitor::connect(&shop, None).await;
    until(&mut visitor, "fell jumper", "Fell jumper", true).await;
    // No webhook tells of it.
    let delivered = json!("DELIVERED");
    let id = "gid://shopify/Order/1001";
    fake.0.lock().unwrap().orders.get_mut(id).unwrap()["fulfillments"][0]["displayStatus"] =
        delivered;
    let told = ask(&shop, RIGHT).await;
    assert!(told.contains("\"status\":\"delivered\""), "{told}");
    assert!(!told.contains("this is how it was"), "{told}");

    // One that came a moment ago, and whose beginning is another's number.
    let (id, new) = open_order(10_012);
    fake.0.lock().unwrap().orders.insert(id, new);
    let told = ask(&shop, "where is #1001 eve@example.com").await;
    assert!(told.contains("order.not_found"), "{told}");
    assert!(told.contains("60 days"), "{told}");

    fake.0.lock().unwrap().down = true;
    let told = ask(&shop, RIGHT).await;
    assert!(
        told.contains("\"status\":\"delivered\"") && told.contains("this is how it was"),
        "{told}"
    );
    let told = ask(&shop, "where is #1001 mallory@example.com").await;
    assert!(told.contains("order.unavailable"), "{told}");
    let log = shop.log();
    assert!(
        log.contains("as it was seen last") && !log.contains("ana@example.com"),
        "{log}"
    );

    // An app that sees all of them does not speak of days; a search is no place for more than a number.
    {
        let mut shelf = fake.0.lock().unwrap();
        shelf.down = false;
        shelf.scopes = vec!["read_all_orders"];
    }
    let told = ask(&shop, "where is #1001 trent@example.com").await;
    assert!(told.contains("order.not_found"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_shopify_no_longer_shows_is_told_as_it_was_seen() {
    let (fake, shop) = fake_shopify::fake_with("").await;
    let _server = serve(&shop, &fake_shopify::SECRETS);
    let mut visitor = Visitor::connect(&shop, None).await;
    until(&mut visitor, "fell jumper", "Fell jumper", true).await;
    fake.0.lock().unwrap().old = vec!["gid://shopify/Order/1001".to_owned()];
    let told = ask(&shop, RIGHT).await;
    assert!(
        told.contains("JJD1") && told.contains("this is how it was"),
        "{told}"
    );
    fake.0.lock().unwrap().scopes = vec!["read_all_orders"];
    let told = ask(&shop, RIGHT).await;
    assert!(
        told.contains("JJD1") && !told.contains("this is how it was"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn shopify_cancels_and_sends_elsewhere_what_it_may_and_people_do_the_rest() {
    let (fake, shop) = fake_shopify::fake_with("[orders]\nchanges = \"do\"\n").await;
    {
        let mut shelf = fake.0.lock().unwrap();
        shelf.orders.extend((1002..=1006).map(open_order));
        shelf.looks = 2;
    }
    let _server = serve(&shop, &fake_shopify::SECRETS);
    let mut visitor = Visitor::connect(&shop, None).await;
    until(&mut visitor, "fell jumper", "Fell jumper", true).await;
    // The token may only read.
    let heard = wish(&shop, &["cancel #1002 ana@example.com", "yes"]).await;
    assert!(heard.contains("order.cancel_asked"), "{heard}");
    assert_eq!(requests(&shop, &fake_shopify::SECRETS)[0]["number"], "1002");

    fake.0.lock().unwrap().scopes = vec!["write_orders"];
    let heard = wish(&shop, &["cancel #1003 ana@example.com", "yes"]).await;
    assert!(heard.contains("order.cancel_done_now"), "{heard}");
    let told = ask(&shop, "where is #1003 ana@example.com").await;
    assert!(told.contains("\"status\":\"cancelled\""), "{told}");

    let elsewhere = |city: &str| {
        vec![
            "wrong address on #1004, ana@example.com".to_owned(),
            format!("Storgata 5, 0155 {city}"),
            "yes".to_owned(),
        ]
    };
    let lines = elsewhere("Oslo");
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let heard = wish(&shop, &lines).await;
    assert!(heard.contains("order.address_done_now"), "{heard}");
    let address =
        fake.0.lock().unwrap().orders["gid://shopify/Order/1004"]["shippingAddress"].clone();
    assert_eq!(
        address,
        json!({ "address1": "Storgata 5", "address2": "", "zip": "0155", "city": "Oslo", "countryCode": "NO",
            "firstName": "Ana", "lastName": "Berg" })
    );
    // What Shopify does not take, and what cannot be read for certain, are a person's.
    for (order, address) in [
        ("1005", "Storgata 5, 9999 Nowhere"),
        ("1006", "Storgata 5, 0155 Oslo, Norway"),
    ] {
        let first = format!("wrong address on #{order}, ana@example.com");
        let heard = wish(&shop, &[&first, address, "yes"]).await;
        assert!(heard.contains("order.address_asked"), "{heard}");
    }
    let open: Vec<Value> = requests(&shop, &fake_shopify::SECRETS)
        .iter()
        .map(|one| one["number"].clone())
        .collect();
    assert_eq!(open, ["1002", "1005", "1006"]);

    // What is not known to be as it is now is not changed by a machine.
    fake.0.lock().unwrap().down = true;
    let heard = wish(&shop, &["cancel #1005 ana@example.com", "yes"]).await;
    assert!(heard.contains("order.cancel_asked"), "{heard}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_whose_end_nobody_sees_is_not_called_done() {
    let (fake, shop) = fake_shopify::fake_with("[orders]\nchanges = \"do\"\n").await;
    {
        let mut shelf = fake.0.lock().unwrap();
        shelf.orders.extend([open_order(1002)]);
        shelf.scopes = vec!["write_orders"];
        shelf.looks = 1000;
    }
    let _server = serve(&shop, &fake_shopify::SECRETS);
    let mut visitor = Visitor::connect(&shop, None).await;
    until(&mut visitor, "fell jumper", "Fell jumper", true).await;
    let heard = wish(&shop, &["cancel #1002 ana@example.com", "yes"]).await;
    assert!(heard.contains("order.cancel_unclear"), "{heard}");
    let open = requests(&shop, &fake_shopify::SECRETS);
    assert!(open[0]["sent_at"].is_string(), "{open:?}");
    let asked = fake.0.lock().unwrap().asked.clone();
    assert_eq!(asked.iter().filter(|name| *name == "Cancel").count(), 1);
}

/// Numbers of a plug-in: letters before the id, and quite other ones.
fn paid(id: u64, number: &str, email: &str) -> Value {
    json!({
        "id": id, "number": number, "status": "processing", "currency": "EUR", "date_created_gmt": "2026-11-18T08:00:00",
        "date_paid_gmt": "2026-11-18T08:05:00", "date_completed_gmt": null, "total": "49.90", "shipping_total": "4.90",
        "billing": { "email": email, "phone": "", "postcode": "0150" },
        "shipping": { "postcode": "0150", "address_1": "Gamleveien 1", "address_2": "", "city": "Oslo", "country": "NO", "state": "",
            "first_name": "Ana" },
        "line_items": [{ "name": "Harbour hoodie", "quantity": 1, "sku": "HOOD-B", "total": "45.00" }], "meta_data": [],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn woocommerce_is_asked_by_number_and_id_and_only_the_very_number_counts() {
    let (fake, shop) = woocommerce::fake_with("").await;
    let _server = serve(&shop, &woocommerce::SECRETS);
    let mut visitor = Visitor::connect(&shop, None).await;
    until(&mut visitor, "harbour hoodie", "Harbour hoodie", true).await;
    {
        // Come since the last comparison, and no webhook told of them.
        let mut shelf = fake.0.lock().unwrap();
        shelf.orders.push(paid(950, "HB-950", "ben@example.com"));
        shelf.orders.push(paid(951, "HB-123", "ben@example.com"));
        shelf.orders.push(paid(123, "HB-777", "eve@example.com"));
        shelf.asked.clear();
    }
    for number in ["HB-950", "HB-123", "HB-777"] {
        let email = if number == "HB-777" { "eve" } else { "ben" };
        let told = ask(&shop, &format!("where is {number} {email}@example.com")).await;
        assert!(
            told.contains("\"status\":\"paid\"") && told.contains(number),
            "{told}"
        );
    }
    // The order with the id 123 is not the one with the number 123.
    let told = ask(&shop, "where is HB-123 eve@example.com").await;
    assert!(told.contains("order.not_found"), "{told}");
    // The same is asked for one that is there and for one that is not.
    let asked = |fake: &woocommerce::Fake| std::mem::take(&mut fake.0.lock().unwrap().asked);
    asked(&fake);
    ask(&shop, "where is HB-950 x@example.com").await;
    let there = asked(&fake).len();
    ask(&shop, "where is HB-959 y@example.com").await;
    assert_eq!((there, asked(&fake).len()), (2, 2));
    fake.0.lock().unwrap().down = true;
    let told = ask(&shop, "where is HB-901 ana@example.com").await;
    assert!(
        told.contains("TR77") && told.contains("this is how it was"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn woocommerce_cancels_and_people_send_the_money_back() {
    let (fake, shop) = woocommerce::fake_with("[orders]\nchanges = \"do\"\n").await;
    {
        let mut shelf = fake.0.lock().unwrap();
        shelf.orders.push(paid(950, "HB-950", "ben@example.com"));
        shelf.orders.push(paid(951, "HB-951", "ben@example.com"));
        shelf.orders.push(paid(952, "HB-952", "ben@example.com"));
    }
    let _server = serve(&shop, &woocommerce::SECRETS);
    let mut visitor = Visitor::connect(&shop, None).await;
    until(&mut visitor, "harbour hoodie", "Harbour hoodie", true).await;
    let heard = wish(&shop, &["cancel HB-952 ben@example.com", "yes"]).await;
    assert!(
        heard.contains("order.cancel_asked"),
        "a key that may only read: {heard}"
    );
    fake.0.lock().unwrap().writes = true;
    let heard = wish(&shop, &["cancel HB-950 ben@example.com", "yes"]).await;
    assert!(
        heard.contains("order.cancel_done_now") && heard.contains("order.cancel_refund"),
        "{heard}"
    );
    let lines = [
        "wrong address on HB-951, ben@example.com",
        "Storgata 5, 0155 Oslo",
        "yes",
    ];
    let heard = wish(&shop, &lines).await;
    assert!(heard.contains("order.address_done_now"), "{heard}");
    let shelf = fake.0.lock().unwrap();
    let order = |id: u64| shelf.orders.iter().find(|order| order["id"] == id).unwrap();
    assert_eq!(order(950)["status"], "cancelled");
    let shipping = &order(951)["shipping"];
    assert_eq!(
        (
            &shipping["address_1"],
            &shipping["postcode"],
            &shipping["first_name"]
        ),
        (&json!("Storgata 5"), &json!("0155"), &json!("Ana"))
    );
    let open = requests(&shop, &woocommerce::SECRETS);
    let open: Vec<_> = open
        .iter()
        .map(|one| {
            (
                one["number"].as_str().unwrap(),
                one["kind"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(open, [("HB-952", "cancel"), ("HB-950", "refund")]);
}
