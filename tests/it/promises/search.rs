//! The search box's door: as it is typed, narrowed, and with a clear word for what is not right.

use super::server::TestShop;
use serde_json::Value;

fn search(shop: &TestShop, query: &str) -> (u16, Value) {
    let answer = shop.get(&format!("/v1/search?{query}"));
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    (status, serde_json::from_str(body).unwrap())
}

fn titles(found: &Value) -> Vec<&str> {
    let items = found["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["title"].as_str().unwrap())
        .collect()
}

#[test]
fn a_search_is_answered_as_it_is_typed_and_narrowed_by_what_is_left() {
    let shop = TestShop::new();
    let server = shop.serve();
    let (status, found) = search(&shop, "q=alder%20wo&typing=true&limit=5");
    assert_eq!(status, 200, "{found}");
    assert!(titles(&found).contains(&"Alder wool socks"), "{found}");

    let (_, all) = search(&shop, "q=socks");
    let navy = all["facets"]["colour"]
        .as_array()
        .unwrap()
        .iter()
        .find(|value| value[0] == "navy");
    let count = navy.unwrap()[1].as_u64().unwrap();
    let (_, narrowed) = search(&shop, "q=socks&with=colour:navy&limit=50");
    assert_eq!(narrowed["total"].as_u64(), Some(count), "{narrowed}");

    let (_, cheap) = search(&shop, "q=socks&to=10&sort=price");
    let prices = cheap["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["price"]["minor"].as_i64().unwrap());
    let prices: Vec<i64> = prices.collect();
    assert!(
        !prices.is_empty() && prices.is_sorted() && prices.iter().all(|price| *price <= 1000),
        "{cheap}"
    );
    let (_, slip) = search(&shop, "q=alder%20wool%20soks");
    assert_eq!(
        slip["repaired"].as_str(),
        Some("alder wool socks"),
        "{slip}"
    );
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn what_is_not_right_in_a_search_is_named() {
    let shop = TestShop::new();
    let server = shop.serve();
    for (query, field) in [
        ("q=socks&sort=best", "sort"),
        ("q=socks&to=cheap", "to"),
        ("with=navy", "with"),
    ] {
        let (status, problem) = search(&shop, query);
        assert_eq!(status, 400, "{problem}");
        let message = problem["error"]["message"].as_str().unwrap();
        assert!(message.contains(&format!("`{field}`")), "{message}");
    }
    let (status, _) = search(&shop, &format!("q={}", "a".repeat(201)));
    assert_eq!(status, 400);
    let (status, nothing) = search(&shop, "q=zeppelin");
    assert_eq!((status, nothing["total"].as_u64()), (200, Some(0)));
    assert_eq!(server.stop(), Some(0));
}
