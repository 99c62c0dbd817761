//! What holds for every messenger.

use super::fake::Fault;
use super::{
    Rig, deliver, email, knock, matrix, said, serve, shop_with, standing, until, with_doors,
};
use crate::promises::server::{PATIENCE, TestShop};
use std::collections::BTreeSet;
use std::time::Instant;

const QUESTION: &str = "do you ship to norway?";

async fn everyone() -> Vec<Rig> {
    let mut rigs = with_doors().await;
    rigs.push(matrix::rig().await);
    rigs
}

/// And those whose answers the mail room carries, which has its own patience with a server that fails.
async fn everyone_and_mail() -> Vec<Rig> {
    let mut rigs = everyone().await;
    rigs.push(email::rig(Vec::new()).await);
    rigs
}

/// Delivers a message; it is taken.
async fn say(shop: &TestShop, rig: &Rig, id: u64, talk: u64, text: &str) {
    let status = knock(shop, rig, &said(id, talk, text)).await;
    assert_eq!(status, 200, "{}", rig.account);
}

/// Waits for so many messages in a conversation.
async fn hears(rig: &Rig, talk: u64, count: usize) -> Vec<String> {
    let (talk, fake) = (talk.to_string(), &rig.fake);
    let what = format!(
        "{count} messages on {}, wrong: {:?}",
        rig.account,
        fake.wrong()
    );
    until(&what, || fake.taken_in(&talk).len() >= count).await;
    let taken = fake.taken_in(&talk);
    taken.iter().map(|one| (rig.words)(&one.body)).collect()
}

fn count(shop: &TestShop, what: &str, rig: &Rig, outcome: &str) -> u64 {
    let labels = format!("{{account=\"{}\",outcome=\"{outcome}\"}}", rig.account);
    shop.metric(&format!("shoptalk_bridge_{what}_total{labels}"))
        .unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shopper_of_any_messenger_is_answered_once_and_goes_on_where_they_were() {
    let rigs = everyone_and_mail().await;
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    for rig in &rigs {
        // The same event five times at once, and again later.
        let first = said(1, 991, QUESTION);
        let five = (0..5).map(|_| knock(&shop, rig, &first));
        let statuses = futures_util::future::join_all(five).await;
        assert_eq!(statuses, [200; 5], "{}", rig.account);
        let heard = hears(rig, 991, 1).await;
        assert!(
            heard.join(" ").contains("Norway"),
            "{}: {heard:?}",
            rig.account
        );
        let before = heard.len();
        assert_eq!(knock(&shop, rig, &first).await, 200);
        // The conversation goes on with what was said: "and to Austria?" is about shipping.
        say(&shop, rig, 2, 991, "and to austria?").await;
        let heard = hears(rig, 991, before + 1).await;
        assert!(
            heard[before..].join(" ").contains("7.90"),
            "{}: {heard:?}",
            rig.account
        );
        assert_eq!(
            count(&shop, "events", rig, "repeated"),
            5,
            "{}",
            rig.account
        );

        // A number picks a choice, and so does its word with a slip.
        say(&shop, rig, 3, 992, "hi").await;
        let hello = hears(rig, 992, 1).await.len();
        say(&shop, rig, 4, 992, "2").await;
        let heard = hears(rig, 992, hello + 1).await;
        let looking = "What are you looking for";
        assert!(
            heard.join(" ").contains(looking),
            "{}: {heard:?}",
            rig.account
        );
        say(&shop, rig, 5, 993, "hi").await;
        hears(rig, 993, hello).await;
        say(&shop, rig, 6, 993, "help me find somthing").await;
        let heard = hears(rig, 993, hello + 1).await;
        assert!(
            heard.join(" ").contains(looking),
            "{}: {heard:?}",
            rig.account
        );

        // What is forged is refused and leaves nothing; what is old is not answered; "stop" is obeyed.
        let forged = (rig.forged)(&said(7, 994, QUESTION));
        assert_eq!(
            deliver(&shop, rig.account, forged).await,
            401,
            "{}",
            rig.account
        );
        if rig.dated {
            let mut old = said(8, 994, QUESTION);
            old.at -= 6 * 24 * 3600;
            assert_eq!(knock(&shop, rig, &old).await, 200);
        }
        say(&shop, rig, 9, 995, "STOP").await;
        hears(rig, 995, 1).await;
        say(&shop, rig, 10, 995, QUESTION).await;
        say(&shop, rig, 11, 995, "start").await;
        hears(rig, 995, 2).await;
        say(&shop, rig, 12, 995, QUESTION).await;
        let heard = hears(rig, 995, 3).await;
        assert!(heard[0].contains("START"), "{}: {heard:?}", rig.account);
        assert!(
            heard[1].contains("Welcome back"),
            "{}: {heard:?}",
            rig.account
        );
        assert!(heard[2].contains("Norway"), "{}: {heard:?}", rig.account);
        assert!(rig.fake.taken_in("994").is_empty(), "{}", rig.account);
        let late = u64::from(rig.dated);
        assert_eq!(count(&shop, "events", rig, "late"), late, "{}", rig.account);
        assert_eq!(count(&shop, "events", rig, "refused"), 1, "{}", rig.account);
        assert_eq!(rig.fake.wrong(), Vec::<String>::new(), "{}", rig.account);
    }
    assert_eq!(server.stop(), Some(0));
    let log = shop.log();
    assert!(!log.contains("canary") && !log.contains("whsec"), "{log}");
    assert!(!log.contains("norway"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_fails_loses_nothing_and_is_told_nothing_twice() {
    let rigs = everyone().await;
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let all = rigs.iter().map(|rig| fails_and_recovers(&shop, rig));
    futures_util::future::join_all(all).await;
    assert_eq!(server.stop(), Some(0));
    for rig in &rigs {
        assert!(
            standing(&shop, rig.account).await.waiting >= 1,
            "{}",
            rig.account
        );
    }
    // Somebody has put the right token in and started again.
    let server = serve(&shop, &rigs);
    for rig in &rigs {
        hears(rig, 7, 1).await;
        hears(rig, 8, 1).await;
    }
    assert_eq!(server.stop(), Some(0));
    assert!(shop.log().contains("does not know us"), "{}", shop.log());
}

/// One platform that fails in every way, and at last does not know us any more.
async fn fails_and_recovers(shop: &TestShop, rig: &Rig) {
    let html = || Fault::Answer(502, Vec::new(), "<html>bad gateway</html>".to_owned());
    // Each is tried again, and comes once.
    rig.fake.fail([
        rig.too_much.clone(),
        html(),
        Fault::Answer(500, Vec::new(), "{}".to_owned()),
    ]);
    for talk in 1..=3 {
        say(shop, rig, talk, talk, QUESTION).await;
        hears(rig, talk, 1).await;
    }
    assert_eq!(rig.fake.faults_left(), 0, "{}", rig.account);
    assert_eq!(
        count(shop, "messages", rig, "retried"),
        3,
        "{}",
        rig.account
    );

    // Nobody knows whether these came: they are sent again only where the platform knows a second time.
    for (talk, fault) in [(4, Fault::Hang), (5, Fault::Reset)] {
        rig.fake.fail([fault]);
        say(shop, rig, talk, talk, QUESTION).await;
        let times = if rig.idempotent { 2 } else { 1 };
        hears(rig, talk, times).await;
        let keys: BTreeSet<String> = rig
            .fake
            .taken_in(&talk.to_string())
            .into_iter()
            .map(|one| one.key)
            .collect();
        assert_eq!(keys.len(), 1, "the same key both times");
        if !rig.idempotent {
            let unknown = talk - 3;
            until("unknown", || {
                count(shop, "messages", rig, "unknown") == unknown
            })
            .await;
        }
    }
    if let Some(blocked) = &rig.blocked {
        rig.fake.fail([blocked.clone()]);
        say(shop, rig, 6, 6, QUESTION).await;
        until("unreachable", || {
            count(shop, "messages", rig, "unreachable") == 1
        })
        .await;
    }

    // A token that is not right any more: the account rests, and keeps what it has to say.
    rig.fake.fail([rig.revoked.clone()]);
    say(shop, rig, 7, 7, QUESTION).await;
    let paused = format!("shoptalk_bridge_paused{{account=\"{}\"}}", rig.account);
    until("paused", || shop.metric(&paused) == Some(1)).await;
    say(shop, rig, 8, 8, QUESTION).await;
    assert!(rig.fake.taken_in("7").is_empty() && rig.fake.taken_in("8").is_empty());
    assert_eq!(rig.fake.wrong(), Vec::<String>::new(), "{}", rig.account);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_survives_kill_minus_nine_and_is_answered_once() {
    const EACH: u64 = 12;
    let rigs = everyone_and_mail().await;
    let shop = shop_with(&rigs);
    // The first dies as soon as it has taken everything, the second in the middle of answering.
    for round in 0..2_u64 {
        let server = serve(&shop, &rigs);
        for nth in 0..EACH {
            let id = 100 * (round + 1) + nth;
            let posts = rigs.iter().map(|rig| say(&shop, rig, id, id, QUESTION));
            futures_util::future::join_all(posts).await;
        }
        if round == 1 {
            let some = || rigs.iter().all(|rig| !rig.fake.taken().is_empty());
            until("some answers", some).await;
        }
        server.kill();
    }
    let server = serve(&shop, &rigs);
    let talks: Vec<u64> = (0..EACH).flat_map(|nth| [100 + nth, 200 + nth]).collect();
    for rig in &rigs {
        let account = rig.account;
        let began = Instant::now();
        loop {
            assert!(
                began.elapsed() < 2 * PATIENCE,
                "{account} never comes to an end"
            );
            let open = standing(&shop, account).await;
            let waits = count(&shop, "events", rig, "accepted");
            let heard = talks
                .iter()
                .filter(|talk| !rig.fake.taken_in(&talk.to_string()).is_empty());
            let heard = heard.count() as u64;
            assert_eq!(waits, 0, "nothing new came");
            if open.waiting == 0 && heard + open.unknown >= 2 * EACH {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        for talk in &talks {
            let taken = rig.fake.taken_in(&talk.to_string());
            let keys: BTreeSet<&String> = taken.iter().map(|one| &one.key).collect();
            match rig.idempotent {
                true => assert_eq!(keys.len(), 1, "{account} {talk}: {taken:?}"),
                false => assert!(taken.len() <= 1, "{account} {talk}: {taken:?}"),
            }
        }
        assert_eq!(rig.fake.wrong(), Vec::<String>::new(), "{account}");
    }
    assert_eq!(server.stop(), Some(0));
}
