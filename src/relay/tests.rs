use super::*;
use crate::store::millis;
use crate::store::scratch::{Scratch, scratch};
use jiff::{SignedDuration, Timestamp};

fn noon() -> Timestamp {
    Timestamp::from_second(1_795_000_000).unwrap()
}

fn arrived(event: &str, talk: &str, seconds: i64) -> Arrived {
    Arrived {
        account: "telegram".into(),
        event: event.into(),
        talk: talk.into(),
        sent_at: noon() + SignedDuration::from_secs(seconds),
        arrived_at: noon(),
        body: event.into(),
        dead: false,
    }
}

fn contact(person: &str, shopper: &str) -> Contact {
    Contact {
        account: "telegram".into(),
        person: person.into(),
        talk: person.into(),
        shopper: shopper.into(),
        conversation: format!("c-{shopper}"),
        seen_at: millis(noon()),
        unreachable: false,
        stopped: false,
    }
}

async fn events(shop: &Scratch, busy: &[(&str, &str)]) -> Vec<String> {
    let busy: Vec<_> = busy
        .iter()
        .map(|(a, t)| ((*a).to_owned(), (*t).to_owned()))
        .collect();
    let waiting = waiting(&shop.store, &busy, noon(), 10).await.unwrap();
    waiting.into_iter().map(|one| one.body).collect()
}

#[tokio::test]
async fn events_come_once_in_the_platforms_order_and_one_of_a_conversation() {
    let shop = scratch().await;
    let relay = Relay::start(shop.store.clone());
    let batch = vec![
        arrived("late", "a", 9),
        arrived("early", "a", 1),
        arrived("other", "b", 5),
    ];
    assert_eq!(relay.take(batch.clone(), None).await.unwrap(), 3);
    assert_eq!(relay.take(batch, None).await.unwrap(), 0);
    assert_eq!(events(&shop, &[]).await, ["early", "other"]);
    assert_eq!(events(&shop, &[("telegram", "a")]).await, ["other"]);
    let first = waiting(&shop.store, &[], noon(), 10)
        .await
        .unwrap()
        .remove(0);
    // What failed holds back what comes behind it.
    let later = noon() + SignedDuration::from_secs(60);
    relay
        .note(Job::Again(first.key, Some(later)))
        .await
        .unwrap();
    assert_eq!(events(&shop, &[]).await, ["other"]);
    relay.note(Job::Done(first.key)).await.unwrap();
    assert_eq!(events(&shop, &[]).await, ["other", "late"]);
}

#[tokio::test]
async fn who_floods_hides_nobody_else_and_waits_without_failing() {
    let shop = scratch().await;
    let relay = Relay::start(shop.store.clone());
    let flood = (0..300).map(|n| arrived(&format!("f{n}"), "flood", n));
    let mut batch: Vec<Arrived> = flood.collect();
    batch.push(arrived("hello", "quiet", 1000));
    relay.take(batch, None).await.unwrap();
    let first = waiting(&shop.store, &[], noon(), 10).await.unwrap();
    assert_eq!(events(&shop, &[]).await, ["f0", "hello"]);
    let later = noon() + SignedDuration::from_secs(30);
    relay.note(Job::Rest(first[0].key, later)).await.unwrap();
    assert_eq!(events(&shop, &[]).await, ["hello"]);
    let after = waiting(&shop.store, &[], later, 10).await.unwrap();
    assert_eq!((after[0].body.as_str(), after[0].tries), ("f0", 0));
}

#[tokio::test]
async fn stop_takes_back_what_waits_for_them() {
    let shop = scratch().await;
    let relay = Relay::start(shop.store.clone());
    relay.meet(contact("5", "s1"), None).await.unwrap();
    let mut write = shop.store.begin().await.unwrap();
    let queued = [outgoing("5", &["1", "2"]), outgoing("6", &["3"])];
    enqueue(&mut write, &queued, noon()).await.unwrap();
    write.commit().await.unwrap();
    relay
        .note(Job::Stopped("telegram".into(), "5".into(), true))
        .await
        .unwrap();
    let due = due(&shop.store, "telegram", noon(), 10).await.unwrap();
    let left: Vec<&str> = due.iter().map(|one| one.body.as_str()).collect();
    assert_eq!(left, ["3"]);
}

fn outgoing(talk: &str, calls: &[&str]) -> Outgoing {
    Outgoing {
        account: "telegram".into(),
        talk: talk.into(),
        calls: calls
            .iter()
            .map(|call| ((*call).to_owned(), false))
            .collect(),
    }
}

#[tokio::test]
async fn calls_leave_in_their_order_and_none_overtakes_another() {
    let shop = scratch().await;
    let relay = Relay::start(shop.store.clone());
    let mut write = shop.store.begin().await.unwrap();
    enqueue(
        &mut write,
        &[outgoing("a", &["1", "2"]), outgoing("b", &["3"])],
        noon(),
    )
    .await
    .unwrap();
    write.commit().await.unwrap();
    let due_now = || async {
        let due = due(&shop.store, "telegram", noon(), 10).await.unwrap();
        due.into_iter()
            .map(|one| (one.key, one.body))
            .collect::<Vec<_>>()
    };
    let due = due_now().await;
    let bodies: Vec<&str> = due.iter().map(|(_, body)| body.as_str()).collect();
    assert_eq!(bodies, ["1", "3"]);
    let first = due[0].0;
    assert!(relay.sends(first).await.unwrap());
    assert!(!relay.sends(first).await.unwrap(), "it is on its way");
    assert_eq!(due_now().await.len(), 1);
    // The program ends here: whether it arrived is not known, unless it may be sent again.
    assert_eq!(recover(&shop.store, "telegram", true).await.unwrap(), 0);
    assert_eq!(due_now().await[0].1, "1");
    assert!(relay.sends(first).await.unwrap());
    assert_eq!(recover(&shop.store, "telegram", false).await.unwrap(), 1);
    let standing = standing(&shop.store, "telegram").await.unwrap();
    assert_eq!((standing.waiting, standing.unknown), (2, 1));
    assert_eq!(due_now().await[0].1, "2");
}

#[tokio::test]
async fn someone_is_known_again_by_their_id_and_by_what_they_were_called_before() {
    let shop = scratch().await;
    let relay = Relay::start(shop.store.clone());
    let met = relay.meet(contact("49151", "s1"), None).await.unwrap();
    assert_eq!((met.seen_at, met.shopper.as_str()), (0, "s1"));
    let met = relay.meet(contact("49151", "s2"), None).await.unwrap();
    assert_eq!((met.seen_at, met.shopper.as_str()), (millis(noon()), "s1"));
    // The platform has another word for them now.
    let met = relay
        .meet(contact("DE.1", "s3"), Some("49151".into()))
        .await
        .unwrap();
    assert_eq!(met.shopper, "s1");
    let met = relay
        .meet(contact("DE.1", "s4"), Some("49151".into()))
        .await
        .unwrap();
    assert_eq!(met.shopper, "s1");
    relay
        .note(Job::Stopped("telegram".into(), "DE.1".into(), true))
        .await
        .unwrap();
    assert!(
        relay
            .meet(contact("DE.1", "s4"), None)
            .await
            .unwrap()
            .stopped
    );
}

#[tokio::test]
async fn of_an_erased_shopper_nothing_stays_not_even_where_they_were() {
    let shop = scratch().await;
    let relay = Relay::start(shop.store.clone());
    relay.meet(contact("49151", "s1"), None).await.unwrap();
    relay
        .take(vec![arrived("words of theirs", "49151", 0)], None)
        .await
        .unwrap();
    let key = waiting(&shop.store, &[], noon(), 1).await.unwrap()[0].key;
    let goodbye = Outgoing {
        account: "telegram".into(),
        talk: "49151".into(),
        calls: vec![("goodbye".into(), false)],
    };
    let mut write = shop.store.begin().await.unwrap();
    erase_of(&mut write, "s1").await.unwrap();
    write.commit().await.unwrap();
    relay
        .note(Job::Say(Box::new(goodbye), key, noon()))
        .await
        .unwrap();
    let due = due(&shop.store, "telegram", noon(), 1).await.unwrap();
    relay
        .note(Job::Ended(due[0].key, Ended::Sent(Some("7".into()))))
        .await
        .unwrap();
    let mut connection = shop.store.read().await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT (SELECT count(*) FROM outbound) + (SELECT count(*) FROM contact) + (SELECT count(*) FROM inbound WHERE talk <> '' OR body <> '')")
        .fetch_one(&mut *connection)
        .await
        .unwrap();
    assert_eq!(left, 0);
    assert_eq!(export_of(&shop.store, "s1").await.unwrap(), []);
}

#[tokio::test]
async fn a_reply_that_was_too_late_brings_one_call_in_its_place_and_none_to_who_said_stop() {
    let shop = scratch().await;
    let relay = Relay::start(shop.store.clone());
    relay.meet(contact("5", "s1"), None).await.unwrap();
    relay.meet(contact("6", "s2"), None).await.unwrap();
    let mut write = shop.store.begin().await.unwrap();
    let queued = [outgoing("5", &["1", "2"]), outgoing("6", &["3"])];
    enqueue(&mut write, &queued, noon()).await.unwrap();
    write.commit().await.unwrap();
    let report = |remote: &str, delivery| Report {
        account: "telegram".into(),
        remote: remote.into(),
        delivery,
        reason: Some("131047 (late)".into()),
        instead: Some("template".into()),
        at: noon(),
    };
    let failed = |remote: &str| relay.report(report(remote, "failed"));
    assert_eq!(failed("r1").await.unwrap(), Reported::Noted, "nobody's");
    for key in 1..=3 {
        assert!(relay.sends(key).await.unwrap());
        if key == 1 {
            assert_eq!(failed("r1").await.unwrap(), Reported::Early);
        }
        let sent = Ended::Sent(Some(format!("r{key}")));
        relay.note(Job::Ended(key, sent)).await.unwrap();
    }
    relay
        .note(Job::Stopped("telegram".into(), "6".into(), true))
        .await
        .unwrap();
    assert_eq!(failed("r2").await.unwrap(), Reported::Instead);
    for again in ["r2", "r1", "r3"] {
        assert_eq!(failed(again).await.unwrap(), Reported::Noted, "{again}");
    }
    let due = due(&shop.store, "telegram", noon(), 10).await.unwrap();
    let left: Vec<(&str, &str)> = due
        .iter()
        .map(|one| (one.talk.as_str(), one.body.as_str()))
        .collect();
    assert_eq!(left, [("5", "template")]);
}
