use super::super::super::stub::{Shop, noon, say, shop, text, text_of};
use super::super::{Place, TurnRow};
use super::*;
use proptest::prelude::*;

/// The assistant says something by itself in a conversation that has begun.
async fn notice(shop: &Shop, conversation: &str) -> u64 {
    let journal = shop.conversations.journal();
    let resumed = journal.resume(&conversation.into()).await.unwrap().unwrap();
    let row = TurnRow {
        place: Place::Known(resumed.key),
        seq: resumed.last_seq + 1,
        at: noon(),
        client_id: "".into(),
        said: "".into(),
        reply: serde_json::to_string(&text("news")).unwrap().into(),
        state: resumed.state.into(),
        trace: "{}".into(),
        unanswered: false,
        handoff: None,
        spent: Vec::new(),
        returns: Vec::new(),
        photos: Vec::new(),
        shown: Vec::new(),
        outbox: Vec::new(),
    };
    let mut write = shop.store.begin().await.unwrap();
    journal.write(&mut write, row).await.unwrap();
    write.commit().await.unwrap();
    resumed.last_seq + 1
}

#[tokio::test]
async fn a_notice_is_one_entry_and_the_numbers_go_on_behind_it() {
    let shop = shop().await;
    say(&shop.conversations, "c", "m1", "hello").await.unwrap();
    assert_eq!(notice(&shop, "c").await, 4);
    assert_eq!(notice(&shop, "c").await, 5);
    let next = say(&shop.conversations, "c", "m2", "again").await.unwrap();
    assert_eq!((next.seq, next.reply.seq), (6, 7));
    assert_eq!(text_of(&next.reply), "2 again", "the state goes on");
    let again = say(&shop.conversations, "c", "m1", "hello").await.unwrap();
    assert!(again.repeated);
    let journal = shop.conversations.journal();
    let all = journal.entries_after(&"c".into(), 0, 100).await.unwrap();
    let voices = all
        .iter()
        .map(|entry| matches!(entry.voice, Voice::Assistant { .. }));
    let voices: Vec<bool> = voices.collect();
    assert_eq!(voices, [true, false, true, true, true, false, true]);
    let turns = journal.turns(&"c".into()).await.unwrap();
    let notices = turns.iter().map(StoredTurn::is_notice).collect::<Vec<_>>();
    assert_eq!(notices, [false, true, true, false]);
    let resumed = journal.resume(&"c".into()).await.unwrap().unwrap();
    assert_eq!(resumed.client_ids, ["m1", "m2"]);
}

#[tokio::test]
async fn a_conversation_that_has_not_begun_is_empty() {
    let shop = shop().await;
    let (journal, id) = (shop.conversations.journal(), ConversationId::from("none"));
    assert!(journal.resume(&id).await.unwrap().is_none());
    assert!(journal.entries_after(&id, 0, 10).await.unwrap().is_empty());
    assert!(
        journal
            .entries_before(&id, u64::MAX, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(journal.turns(&id).await.unwrap().is_empty());
    assert_eq!(
        journal.admit(&id, "m", "text").await.unwrap(),
        Admission::New
    );
}

#[tokio::test]
async fn turns_are_read_as_they_were_made() {
    let shop = shop().await;
    say(&shop.conversations, "c", "m1", "hello").await.unwrap();
    let accepted = say(&shop.conversations, "c", "m2", "again").await.unwrap();
    let turns = shop
        .conversations
        .journal()
        .turns(&"c".into())
        .await
        .unwrap();
    assert_eq!(turns.len(), 2);
    assert_eq!(turns[1].message(), *accepted.said);
    assert_eq!(turns[1].answer(), *accepted.reply);
    assert_eq!(
        (turns[1].state.as_str(), turns[1].trace.as_str()),
        ("2", r#"{"said":"again"}"#)
    );
}

#[tokio::test]
async fn the_last_turn_of_a_conversation_is_found_by_index() {
    let shop = shop().await;
    for n in 0..40 {
        say(&shop.conversations, "c", &format!("m{n}"), "hello")
            .await
            .unwrap();
    }
    let resumed = shop
        .conversations
        .journal()
        .resume(&"c".into())
        .await
        .unwrap()
        .unwrap();
    assert_eq!((resumed.last_seq, resumed.state.as_str()), (81, "40"));
    assert_eq!(
        (resumed.client_ids.len(), resumed.client_ids[39].as_str()),
        (40, "m39")
    );
    let mut read = shop.store.read().await.unwrap();
    let plan: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {LAST}")))
            .bind("c")
            .fetch_all(&mut *read)
            .await
            .unwrap();
    for (_, _, _, step) in plan {
        assert!(step.contains("SEARCH"), "neither a scan nor a sort: {step}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn pages_of_any_size_join_to_the_whole(turns in 0..12_u64, every in 1..6_u64, limit in 1..9_usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let shop = shop().await;
            let (journal, id) = (shop.conversations.journal(), ConversationId::from("c"));
            for n in 0..turns {
                say(&shop.conversations, "c", &format!("m{n}"), &format!("text {n}")).await.unwrap();
                if n % every == 0 {
                    notice(&shop, "c").await;
                }
            }
            let all = journal.entries_after(&id, 0, 1000).await.unwrap();
            let count = if turns == 0 { 0 } else { 2 * turns + turns.div_ceil(every) + 1 };
            assert_eq!(all.iter().map(|entry| entry.seq).collect::<Vec<_>>(), (1..=count).collect::<Vec<_>>());
            let said = all.iter().filter(|entry| matches!(entry.voice, Voice::Shopper { .. }));
            assert!(said.enumerate().all(|(n, entry)| text_of(entry) == format!("text {n}")));

            let (mut forward, mut last) = (Vec::new(), 0);
            loop {
                let page = journal.entries_after(&id, last, limit).await.unwrap();
                assert!(page.len() <= limit);
                let Some(entry) = page.last() else { break };
                last = entry.seq;
                forward.extend(page);
            }
            assert_eq!(forward, all);

            let (mut backward, mut first) = (Vec::new(), u64::MAX);
            loop {
                let mut page = journal.entries_before(&id, first, limit).await.unwrap();
                assert!(page.len() <= limit);
                let Some(entry) = page.first() else { break };
                first = entry.seq;
                page.extend(backward);
                backward = page;
            }
            assert_eq!(backward, all);
        });
    }
}
