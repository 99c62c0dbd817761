//! What is wished for an order, and what is kept of it.

use super::*;

#[tokio::test]
async fn a_wish_is_written_once_while_the_order_allows_it_and_erased_with_its_shopper() {
    let shop = scratch().await;
    let mut ana = order("SH-10023", &[(SecretKind::Email, "ana@example.com")]);
    ana.order.status = OrderStatus::Paid;
    import(&shop, std::slice::from_ref(&ana)).await;
    let table = OrderTable::open(shop.store.clone(), LockOut::default())
        .await
        .unwrap();
    let number = OrderNumber::new("SH-10023");
    let to = "Storgata 5, 0155 Oslo".to_owned();
    let changes = [
        crate::orders::Change::Cancel,
        crate::orders::Change::Address { to },
    ];
    let wish = |change| Wish {
        number: &number,
        change,
        rules: crate::orders::ChangeRules::default(),
    };
    for change in changes.iter().chain(&changes) {
        let changed = table.change(wish(change), &asker("ana"), noon()).await;
        assert_eq!(changed.unwrap(), Changed::Asked);
    }
    let asked = requests::requests_of(&shop.store, "ana").await.unwrap();
    let mut told: Vec<_> = asked.iter().map(|one| (&*one.kind, &*one.detail)).collect();
    told.sort_unstable();
    assert_eq!(told, [("address", "Storgata 5, 0155 Oslo"), ("cancel", "")]);

    ana.order.status = OrderStatus::Packed;
    import(&shop, &[ana]).await;
    let late = table.change(wish(&changes[0]), &asker("ben"), noon()).await;
    assert!(matches!(late.unwrap(), Changed::TooLate { .. }));
    let none = requests::requests_of(&shop.store, "ben").await.unwrap();
    assert!(none.is_empty());
    let gone = Wish {
        number: &OrderNumber::new("SH-99999"),
        ..wish(&changes[0])
    };
    assert!(table.change(gone, &asker("ana"), noon()).await.is_err());

    let mut write = shop.store.begin().await.unwrap();
    requests::erase_requests_of(&mut write, "ana")
        .await
        .unwrap();
    write.commit().await.unwrap();
    let left = requests::requests_of(&shop.store, "ana").await.unwrap();
    assert!(left.is_empty());
}

#[tokio::test]
async fn what_the_shops_server_told_is_forgotten_when_nobody_asks_and_what_was_imported_is_not() {
    let shop = scratch().await;
    let table = OrderTable::open(shop.store.clone(), LockOut::default())
        .await
        .unwrap();
    import(&shop, &[order("SH-1", &[])]).await;
    let day = |n: i64| noon() + SignedDuration::from_hours(24 * n);
    for (number, source, at) in [
        ("SH-2", crate::orders::SERVER, day(0)),
        ("SH-3", crate::orders::SERVER, day(9)),
        ("SH-4", "shopify", day(0)),
    ] {
        let told = [order(number, &[])];
        table.take_over(&told, None, source, at).await.unwrap();
    }
    let seen = table.seen_at(&OrderNumber::new("SH-3")).await.unwrap();
    assert_eq!(seen, Some(day(9)));
    let gone = crate::orders::forget_taken_over(&shop.store, day(5)).await;
    assert_eq!(gone.unwrap(), 1);
    for (number, there) in [
        ("SH-1", true),
        ("SH-2", false),
        ("SH-3", true),
        ("SH-4", true),
    ] {
        let known = table.again(&OrderNumber::new(number)).await.unwrap();
        assert_eq!(known.is_some(), there, "{number}");
    }
}

#[tokio::test]
async fn a_wish_that_is_sent_stands_there_first_and_goes_out_under_one_key() {
    use crate::orders::{Change, ChangeRules};
    let shop = scratch().await;
    let mut ana = order("SH-10023", &[]);
    ana.order.status = OrderStatus::Paid;
    import(&shop, std::slice::from_ref(&ana)).await;
    let table = OrderTable::open(shop.store.clone(), LockOut::default())
        .await
        .unwrap();
    let number = OrderNumber::new("SH-10023");
    let at = |n: i64| noon() + SignedDuration::from_secs(n);
    let to = |to: &str| Change::Address { to: to.to_owned() };
    let (oslo, bergen, cancel) = (to("Oslo"), to("Bergen"), Change::Cancel);
    let begin = async |change: &Change, refunds: bool, n: i64| {
        let wish = Wish {
            number: &number,
            change,
            rules: ChangeRules::default(),
        };
        let begun = table
            .begin_change(wish, &asker("ana"), refunds, at(n))
            .await;
        begun.unwrap()
    };
    let end = async |id: &str, changed: &Changed, n: i64| {
        table.end_change(id, changed, at(n)).await.unwrap();
    };
    let done = Changed::Done { refund: false };
    let Begun::Send { id, key } = begin(&oslo, true, 1).await else {
        panic!("a new wish is sent");
    };
    // After a crash it comes again, as the same one.
    let again = begin(&oslo, true, 2).await;
    assert_eq!(
        again,
        Begun::Send {
            id: id.clone(),
            key: key.clone()
        }
    );
    end(&id, &done, 3).await;
    assert_eq!(begin(&oslo, true, 4).await, Begun::Settled(done.clone()));
    // There and back again is a wish of its own.
    let Begun::Send { id: other, .. } = begin(&bergen, true, 5).await else {
        panic!("another address is sent");
    };
    end(&other, &done, 6).await;
    let Begun::Send { id: back, key: new } = begin(&oslo, true, 7).await else {
        panic!("the first address is sent again");
    };
    assert_eq!(back, id);
    assert_ne!(new, key);
    let reason = "address".to_owned();
    let refused = Changed::Refused { reason };
    end(&back, &refused, 8).await;
    assert_eq!(begin(&oslo, true, 9).await, Begun::Settled(refused));

    // Cancelled, and nobody heard: seen in the order itself; the money is somebody's to send.
    let Begun::Send { .. } = begin(&cancel, false, 10).await else {
        panic!("a cancellation is sent");
    };
    ana.order.status = OrderStatus::Cancelled;
    ana.order.timeline = vec![crate::orders::Event {
        status: OrderStatus::Paid,
        at: noon(),
    }];
    import(&shop, &[ana]).await;
    let owed = Changed::Done { refund: true };
    assert_eq!(begin(&cancel, false, 11).await, Begun::Settled(owed));
    let open = requests::list_requests(&shop.store, false).await.unwrap();
    let open: Vec<_> = open.iter().map(|(_, one)| one.kind.as_str()).collect();
    assert_eq!(open, ["refund"]);
}
