mod codes;
mod wishes;

use super::*;
use crate::money::{Currency, Money};
use crate::orders::{OrderLine, OrderStatus, Secret, Upserted, upsert_orders};
use crate::store::scratch::{Scratch, scratch};
use jiff::SignedDuration;

fn order(number: &str, secrets: &[(SecretKind, &str)]) -> ImportedOrder {
    let currency: Currency = "EUR".parse().unwrap();
    let price = Money {
        minor: 1400,
        currency,
    };
    let line = OrderLine {
        sku: "SOCKS".into(),
        title: "Alder wool socks".into(),
        variant: "M, navy".into(),
        quantity: 2,
        price,
    };
    let order = Order {
        number: OrderNumber::new(number),
        placed_at: noon(),
        status: OrderStatus::Shipped,
        parcels: Vec::new(),
        expected_on: None,
        refunded: None,
        timeline: Vec::new(),
        lines: vec![line],
        shipping: None,
        total: price,
    };
    let secret = |(kind, text): &(SecretKind, &str)| Secret {
        kind: *kind,
        text: (*text).to_owned(),
    };
    ImportedOrder {
        order,
        secrets: secrets.iter().map(secret).collect(),
    }
}

fn noon() -> Timestamp {
    Timestamp::from_second(1_795_000_000).unwrap()
}

async fn import(scratch: &Scratch, orders: &[ImportedOrder]) -> Upserted {
    let mut write = scratch.store.begin().await.unwrap();
    let counts = upsert_orders(&mut write, orders).await.unwrap();
    write.commit().await.unwrap();
    counts
}

/// Ana's order and Ben's.
async fn shop() -> (Scratch, OrderTable) {
    let scratch = scratch().await;
    let ana = [
        (SecretKind::Email, "Ana@example.com"),
        (SecretKind::Postcode, "0150"),
        (SecretKind::Phone, "+47 90 00 00 01"),
    ];
    let ben = [(SecretKind::Email, "ben@example.com")];
    import(
        &scratch,
        &[order("SH-10023", &ana), order("SH-10024", &ben)],
    )
    .await;
    let table = OrderTable::open(scratch.store.clone(), LockOut::default())
        .await
        .unwrap();
    (scratch, table)
}

fn asker(shopper: &str) -> Asker {
    Asker {
        shopper: shopper.to_owned(),
    }
}

async fn find(table: &OrderTable, number: &str, secret: &str, who: &str, at: Timestamp) -> Finding {
    table
        .find(&OrderNumber::new(number), secret, &asker(who), at)
        .await
        .unwrap()
}

#[tokio::test]
async fn any_of_its_secrets_opens_an_order_and_shows_none_of_them() {
    let (_shop, table) = shop().await;
    for secret in [" ana@EXAMPLE.com", "01 50", "90000001", "004790000001"] {
        let Finding::Found(Known { order, .. }) =
            find(&table, "sh-10023", secret, "s", noon()).await
        else {
            panic!("{secret}");
        };
        let shown = serde_json::to_string(&order).unwrap();
        assert!(!shown.contains("example.com") && !shown.contains("0150"));
    }
}

#[tokio::test]
async fn unknown_number_wrong_secret_and_anothers_secret_are_answered_alike() {
    let (_shop, table) = shop().await;
    for (number, secret) in [
        ("SH-99999", "ana@example.com"),
        ("SH-10023", "eve@example.com"),
        ("SH-10024", "ana@example.com"),
        ("SH-10024", ""),
        ("' OR 1=1 --", "\" OR name:*"),
    ] {
        let who = format!("{number}{secret}");
        let found = find(&table, number, secret, &who, noon()).await;
        assert_eq!(found, Finding::NotFound, "{number} {secret}");
    }
}

#[tokio::test]
async fn failures_lock_a_shopper_out_even_from_what_is_theirs() {
    let (_shop, table) = shop().await;
    let minute = |n: i64| noon() + SignedDuration::from_mins(n);
    for n in 0..5 {
        let number = format!("SH-{n}");
        assert_eq!(
            find(&table, &number, "x@y.z", "eve", minute(n)).await,
            Finding::NotFound
        );
    }
    let until = minute(15);
    let locked = find(&table, "SH-10023", "ana@example.com", "eve", minute(5)).await;
    assert_eq!(locked, Finding::LockedOut { until });
    let other = find(&table, "SH-10023", "ana@example.com", "ana", minute(5)).await;
    assert!(matches!(other, Finding::Found { .. }));
    let after = find(&table, "SH-10023", "ana@example.com", "eve", until).await;
    assert!(matches!(after, Finding::Found { .. }));
}

#[tokio::test]
async fn failures_lock_a_number_whether_or_not_it_exists() {
    let (shop, table) = shop().await;
    for number in ["SH-10023", "SH-77777"] {
        for n in 0..5 {
            let who = format!("visitor {n} of {number}");
            let secret = format!("{n}@{number}.example");
            assert_eq!(
                find(&table, number, &secret, &who, noon()).await,
                Finding::NotFound
            );
        }
        let right = find(&table, number, "ana@example.com", "fresh", noon()).await;
        assert!(matches!(right, Finding::LockedOut { .. }), "{number}");
    }
    // Counted on the disk: a restart forgets nothing.
    let restarted = OrderTable::open(shop.store.clone(), LockOut::default())
        .await
        .unwrap();
    let right = find(&restarted, "SH-10023", "ana@example.com", "fresh", noon()).await;
    assert!(matches!(right, Finding::LockedOut { .. }));
}

#[tokio::test]
async fn failures_lock_an_address_but_not_a_postcode() {
    let (_shop, table) = shop().await;
    for n in 0..5 {
        for secret in ["ana@example.com", "0150"] {
            let who = format!("visitor {n} with {secret}");
            let number = format!("SH-{n}{}", secret.len());
            let found = find(&table, &number, secret, &who, noon()).await;
            assert_eq!(found, Finding::NotFound);
        }
    }
    let address = find(&table, "SH-10023", "Ana@example.com", "ana", noon()).await;
    assert!(matches!(address, Finding::LockedOut { .. }));
    let postcode = find(&table, "SH-10023", "0150", "ana", noon()).await;
    assert!(matches!(postcode, Finding::Found { .. }));
}

#[tokio::test]
async fn an_owner_has_their_orders_newest_first_and_nobody_elses() {
    let shop = scratch().await;
    let of = |n: i64, email: &str| {
        let mut one = order(&format!("SH-{n}"), &[(SecretKind::Email, email)]);
        one.order.placed_at = noon() + SignedDuration::from_hours(n % 7);
        one
    };
    let orders: Vec<_> = (1..=7)
        .map(|n| of(n, "Ana@example.com"))
        .chain([of(8, "ben@example.com")])
        .collect();
    import(&shop, &orders).await;
    let table = OrderTable::open(shop.store.clone(), LockOut::default())
        .await
        .unwrap();
    let owner = table.owner(" ana@EXAMPLE.com").unwrap();
    let told = table.of_owner(&owner).await.unwrap();
    let numbers: Vec<_> = told.iter().map(|order| order.number.as_str()).collect();
    assert_eq!(numbers, ["SH-6", "SH-5", "SH-4", "SH-3", "SH-2"]);
    let stranger = table.owner("eve@example.com").unwrap();
    assert!(table.of_owner(&stranger).await.unwrap().is_empty());
    assert_eq!(table.owner("no address"), None);
}

const LETTER: CodeLetter<'_> = CodeLetter {
    subject: "Your code",
    body: "It is {code}.",
};

#[tokio::test]
async fn a_success_does_not_wipe_failures_out() {
    let (_shop, table) = shop().await;
    for n in 0..4 {
        find(&table, &format!("SH-{n}"), "x@y.z", "eve", noon()).await;
    }
    let own = find(&table, "SH-10024", "ben@example.com", "eve", noon()).await;
    assert!(matches!(own, Finding::Found { .. }));
    find(&table, "SH-5", "x@y.z", "eve", noon()).await;
    let locked = find(&table, "SH-10024", "ben@example.com", "eve", noon()).await;
    assert!(matches!(locked, Finding::LockedOut { .. }));
}

#[tokio::test]
async fn many_guesses_at_once_count_one_by_one() {
    let (_shop, table) = shop().await;
    let guesses = (0..40).map(|n| {
        let table = &table;
        // The right one comes last, from a shopper of its own.
        let secret = if n == 39 {
            "ana@example.com".to_owned()
        } else {
            format!("{n}@y.z")
        };
        async move { find(table, "SH-10023", &secret, &format!("visitor {n}"), noon()).await }
    });
    let answers = futures_util::future::join_all(guesses).await;
    let heard = answers
        .iter()
        .filter(|answer| **answer == Finding::NotFound)
        .count();
    assert_eq!(heard, 5);
    assert!(matches!(answers[39], Finding::LockedOut { .. }));
}

#[tokio::test]
async fn an_import_says_what_it_did_and_done_again_does_nothing() {
    let shop = scratch().await;
    let mut orders: Vec<_> = (0..1000)
        .map(|n| order(&format!("{n:06}"), &[(SecretKind::CustomerNumber, "17850")]))
        .collect();
    let added = Upserted {
        added: 1000,
        ..Upserted::default()
    };
    assert_eq!(import(&shop, &orders).await, added);
    let unchanged = Upserted {
        unchanged: 1000,
        ..Upserted::default()
    };
    assert_eq!(import(&shop, &orders).await, unchanged);
    orders[3].order.status = OrderStatus::Delivered;
    orders[4].secrets.clear();
    orders.push(order("C000001", &[]));
    orders.push(order("C000001", &[(SecretKind::CustomerNumber, "1")]));
    let counts = import(&shop, &orders).await;
    assert_eq!(
        counts,
        Upserted {
            added: 1,
            changed: 2,
            unchanged: 998
        }
    );
    let table = OrderTable::open(shop.store.clone(), LockOut::default())
        .await
        .unwrap();
    assert_eq!(table.count().await.unwrap(), 1001);
    assert_eq!(
        find(&table, "000004", "17850", "s", noon()).await,
        Finding::NotFound
    );
    assert!(matches!(
        find(&table, "000005", "17850", "s", noon()).await,
        Finding::Found { .. }
    ));
}

#[tokio::test]
async fn the_shop_is_asked_what_numbers_look_like_and_what_proves_an_order() {
    let shop = scratch().await;
    let table = OrderTable::open(shop.store.clone(), LockOut::default())
        .await
        .unwrap();
    assert!(table.secret_kinds().await.unwrap().is_empty());
    let configured = ["SH-#####".to_owned()];
    assert_eq!(
        table.patterns(&configured).await.unwrap().as_slice(),
        ["SH-#####"]
    );
    let mut orders: Vec<_> = (0..300)
        .map(|n| order(&format!("{}", 536_000 + n), &[]))
        .collect();
    orders.extend((0..5).map(|n| order(&format!("C{}", 536_000 + n), &[])));
    orders.push(order("A1", &[(SecretKind::CustomerNumber, "17850")]));
    import(&shop, &orders).await;
    let patterns = table.patterns(&configured).await.unwrap();
    assert_eq!(patterns.as_slice(), ["######", "C######", "SH-#####"]);
    let configured = ["C######".to_owned()];
    let patterns = table.patterns(&configured).await.unwrap();
    assert_eq!(patterns.as_slice(), ["C######", "######"]);
    assert_eq!(
        table.secret_kinds().await.unwrap(),
        [SecretKind::CustomerNumber]
    );
}

#[tokio::test]
async fn the_store_holds_no_address_of_a_customer() {
    let (shop, _table) = shop().await;
    shop.store.checkpoint().await.unwrap();
    let bytes = std::fs::read(shop.folder.path().join("shop.db")).unwrap();
    for secret in ["ana@example.com", "ben@example.com", "90000001"] {
        let found = bytes
            .windows(secret.len())
            .any(|window| window.eq_ignore_ascii_case(secret.as_bytes()));
        assert!(!found, "{secret}");
    }
}
