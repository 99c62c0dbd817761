use super::*;
use crate::store::scratch::scratch;
use jiff::{SignedDuration, Timestamp};

fn now() -> Timestamp {
    "2026-11-20T12:34:56Z".parse().unwrap()
}

fn batch(json: &str) -> Batch {
    read(json.as_bytes(), now()).unwrap()
}

#[test]
fn what_is_wrong_with_a_batch_is_named_with_its_place() {
    let event =
        |event: &str| format!(r#"{{"events":[{{"id":"a","type":"view","sku":"X"}},{event}]}}"#);
    for (text, said) in [
        ("[]".to_owned(), "not a batch"),
        (r#"{"events":[],"colour":1}"#.to_owned(), "colour"),
        (
            event(r#"{"id":"","type":"view","sku":"X"}"#),
            "events[1].id",
        ),
        (event(r#"{"id":"b","type":"view"}"#), "events[1].sku"),
        (event(r#"{"id":"b","type":"wish","sku":"X"}"#), "wish"),
        (
            event(r#"{"id":"b","type":"view","sku":"X","at":"2026-11-10T00:00:00Z"}"#),
            "events[1].at",
        ),
        (
            event(r#"{"id":"b","type":"view","sku":"X","at":"2026-11-20T13:00:00Z"}"#),
            "events[1].at",
        ),
        (event(r#"{"id":"b","type":"search"}"#), "events[1].query"),
        (event(r#"{"id":"b","type":"purchase"}"#), "events[1].items"),
        (
            event(r#"{"id":"b","type":"view","sku":"X","items":[{"sku":"X"}]}"#),
            "events[1].items",
        ),
        (
            event(r#"{"id":"b","type":"purchase","items":[{"sku":"X","quantity":0}]}"#),
            "events[1].items.quantity",
        ),
        (
            event(r#"{"id":"b","type":"click","sku":"X","placement":"Home!"}"#),
            "events[1].placement",
        ),
        (
            r#"{"session":"über uns","events":[]}"#.to_owned(),
            "session",
        ),
    ] {
        let error = read(text.as_bytes(), now()).unwrap_err().to_string();
        assert!(error.contains(said), "{text}: {error}");
    }
    let many = vec![r#"{"id":"a","type":"view","sku":"X"}"#; 101].join(",");
    let many = format!(r#"{{"events":[{many}]}}"#);
    assert_eq!(read(many.as_bytes(), now()), Err(ReadError::TooMany));
}

const SEARCH: &str = r#"{"consent":true,"session":"visit","events":[
    {"id":"1","type":"search","query":"socks for my bad feet","results":3},
    {"id":"2","type":"view","sku":"ALDER-WOOL-SOCKS","at":"2026-11-20T12:30:11Z"}]}"#;

#[tokio::test]
async fn the_same_event_is_kept_once_and_nothing_personal_without_a_shopper() {
    let shop = scratch().await;
    let mut write = shop.store.begin().await.unwrap();
    let kept = insert(&mut write, Origin::Page, None, batch(SEARCH), now())
        .await
        .unwrap();
    assert_eq!(kept.len(), 2);
    let again = insert(&mut write, Origin::Page, None, batch(SEARCH), now())
        .await
        .unwrap();
    assert!(again.is_empty());
    let signed = insert(&mut write, Origin::Signed, None, batch(SEARCH), now())
        .await
        .unwrap();
    assert_eq!(signed.len(), 2, "another sender's ids are other ids");
    write.commit().await.unwrap();
    for one in newest(&shop.store, 10).await.unwrap() {
        assert_eq!((one.session, one.event.query), (None, None));
        assert_eq!(one.event.at.unwrap().to_string(), "2026-11-20T12:00:00Z");
    }
}

#[tokio::test]
async fn what_a_shopper_did_is_theirs_and_goes_with_time_or_with_them() {
    let shop = scratch().await;
    let mut write = shop.store.begin().await.unwrap();
    for id in ["ana", "ben"] {
        let row = "INSERT INTO shopper (id, known_as, created_at) VALUES (?1, ?1, 0)";
        sqlx::query(row)
            .bind(id)
            .execute(&mut *write)
            .await
            .unwrap();
        let batch = batch(&SEARCH.replace(r#""id":""#, &format!(r#""id":"{id}"#)));
        insert(&mut write, Origin::Page, Some(id), batch, now())
            .await
            .unwrap();
    }
    write.commit().await.unwrap();
    let theirs = export_of(&shop.store, "ana").await.unwrap();
    assert_eq!(theirs[0].event.query, None, "oldest first");
    assert_eq!(
        theirs[1].event.query.as_deref(),
        Some("socks for my bad feet")
    );
    assert_eq!(theirs[1].session.as_deref(), Some("visit"));

    let mut write = shop.store.begin().await.unwrap();
    sqlx::query("DELETE FROM shopper WHERE id = 'ana'")
        .execute(&mut *write)
        .await
        .unwrap();
    write.commit().await.unwrap();
    assert!(export_of(&shop.store, "ana").await.unwrap().is_empty());

    let later = now() + SignedDuration::from_hours(24 * 31);
    let gone = delete_older_than(&shop.store, 90, 30, later).await.unwrap();
    assert_eq!(gone, (2, vec!["ben".to_owned()]));
}
