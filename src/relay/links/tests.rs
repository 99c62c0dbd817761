use super::*;
use crate::relay::{Contact, Relay, of_person};
use crate::store::millis;
use crate::store::scratch::{Scratch, scratch};

fn noon() -> Timestamp {
    Timestamp::from_second(1_795_000_000).unwrap()
}

fn minutes(later: i64) -> Timestamp {
    noon() + SignedDuration::from_mins(later)
}

/// Someone who has just written for the first time.
async fn met(shop: &Scratch, person: &str) -> Contact {
    let relay = Relay::start(shop.store.clone());
    let fresh = Contact {
        account: "telegram".into(),
        person: person.into(),
        talk: person.into(),
        shopper: format!("own-{person}"),
        conversation: format!("talk-{person}"),
        seen_at: millis(noon()),
        unreachable: false,
        stopped: false,
    };
    relay.meet(fresh, None).await.unwrap()
}

async fn now_as(shop: &Scratch, contact: &Contact) -> (String, String) {
    let found = of_person(&shop.store, "telegram", &contact.person, &contact.talk).await;
    let found = found.unwrap().unwrap();
    (found.shopper, found.conversation)
}

fn links(shop: &Scratch) -> Links {
    Links::new(shop.store.clone(), Vec::new())
}

#[test]
fn a_code_is_read_in_any_hand_and_told_by_no_log() {
    for _ in 0..200 {
        let code = Code::fresh();
        assert_eq!(code.reveal().len(), 6);
        assert!(code.reveal().bytes().any(|byte| byte.is_ascii_digit()));
        let (front, back) = code.reveal().split_at(3);
        let written = format!("{}-{}", front.to_lowercase(), back);
        assert_eq!(Code::read(&written), Some(code.clone()));
        assert!(!format!("{code:?}").contains(code.reveal()));
    }
    for none in ["", "K4P9T", "K4P9TXX", "K4P9T0", "CHANGE", "K4P9Tä", "link"] {
        assert_eq!(Code::read(none), None, "{none}");
    }
}

#[tokio::test]
async fn a_code_joins_once_within_its_time_and_a_link_ends_where_it_began() {
    let shop = scratch().await;
    let (ana, eve) = (met(&shop, "ana").await, met(&shop, "eve").await);
    let customer = Customer {
        id: "17".into(),
        email: Some("ana@example.org".into()),
    };
    let old = links(&shop).code("web", None, noon()).await.unwrap();
    let code = links(&shop)
        .code("web", Some(&customer), noon())
        .await
        .unwrap();
    let redeem = async |by: &Contact, code: &Code, at| {
        redeem(&shop.store, by, code, false, at).await.unwrap()
    };
    assert_eq!(
        redeem(&eve, &old, minutes(1)).await,
        Redeemed::Wrong,
        "a newer one was given"
    );
    assert_eq!(
        redeem(&eve, &code, minutes(15)).await,
        Redeemed::Wrong,
        "its time is over"
    );
    assert_eq!(redeem(&ana, &code, minutes(14)).await, Redeemed::Linked);
    assert_eq!(
        redeem(&ana, &code, minutes(14)).await,
        Redeemed::Linked,
        "the same event again"
    );
    assert_eq!(
        redeem(&eve, &code, minutes(14)).await,
        Redeemed::Wrong,
        "it was used"
    );
    assert_eq!(now_as(&shop, &ana).await.0, "web");
    let link = link_of(&shop.store, &ana).await.unwrap().unwrap();
    assert_eq!(
        (link.customer.as_deref(), link.is_linked()),
        (Some("17"), true)
    );
    assert_eq!(super::links(&shop.store).await.unwrap(), [link]);
    assert_eq!(unlink(&shop.store, "telegram", "ana").await.unwrap(), 1);
    assert_eq!(unlink(&shop.store, "telegram", "ana").await.unwrap(), 0);
    assert_eq!(
        now_as(&shop, &ana).await,
        ("own-ana".into(), "talk-ana".into())
    );
    assert_eq!(link_of(&shop.store, &ana).await.unwrap(), None);
}

#[tokio::test]
async fn where_a_yes_is_needed_nothing_is_joined_before_it() {
    let shop = scratch().await;
    let ana = met(&shop, "ana").await;
    let code = links(&shop).code("web", None, noon()).await.unwrap();
    let asked = redeem(&shop.store, &ana, &code, true, noon())
        .await
        .unwrap();
    assert_eq!(asked, Redeemed::Asked);
    assert_eq!(now_as(&shop, &ana).await.0, "own-ana");
    let link = link_of(&shop.store, &ana).await.unwrap().unwrap();
    assert!(!link.is_linked() && link.is_asked(minutes(14)) && !link.is_asked(minutes(15)));
    accept(&shop.store, &ana, noon()).await.unwrap();
    assert_eq!(now_as(&shop, &ana).await.0, "web");
}

#[tokio::test]
async fn who_guesses_is_stopped_for_an_hour() {
    let shop = scratch().await;
    let eve = met(&shop, "eve").await;
    let right = links(&shop).code("web", None, minutes(5)).await.unwrap();
    for guess in ["AAAAA3", "AAAAA4", "AAAAA6", "AAAAA7", "AAAAA9"] {
        let guess = Code::read(guess).unwrap();
        let answer = redeem(&shop.store, &eve, &guess, false, noon())
            .await
            .unwrap();
        assert_eq!(answer, Redeemed::Wrong);
    }
    let answer = redeem(&shop.store, &eve, &right, false, minutes(10))
        .await
        .unwrap();
    assert_eq!(answer, Redeemed::TooMany, "even with the right one");
    let later = links(&shop).code("web", None, minutes(61)).await.unwrap();
    let answer = redeem(&shop.store, &eve, &later, false, minutes(61))
        .await
        .unwrap();
    assert_eq!(answer, Redeemed::Linked);
}

#[tokio::test]
async fn a_link_is_exported_and_leaves_with_its_shopper() {
    let shop = scratch().await;
    let ana = met(&shop, "ana").await;
    let code = links(&shop).code("web", None, noon()).await.unwrap();
    redeem(&shop.store, &ana, &code, false, noon())
        .await
        .unwrap();
    let exported = crate::relay::export_of(&shop.store, "web").await.unwrap();
    assert_eq!(exported.len(), 1);
    assert_eq!(exported[0].link.as_ref().unwrap().linked_at, noon());
    links(&shop).code("web", None, noon()).await.unwrap();
    let mut write = shop.store.begin().await.unwrap();
    let behind = shoppers_behind(&mut write, "web").await.unwrap();
    assert_eq!(behind, ["own-ana"]);
    crate::relay::erase_of(&mut write, "web").await.unwrap();
    write.commit().await.unwrap();
    assert!(super::links(&shop.store).await.unwrap().is_empty());
    let mut connection = shop.store.read().await.unwrap();
    let codes: i64 = sqlx::query_scalar("SELECT count(*) FROM link_code")
        .fetch_one(&mut *connection)
        .await
        .unwrap();
    assert_eq!(codes, 0);
}
