use super::super::stub::{Stub, message, say, shop, talk, text_of};
use super::*;
use crate::conversation::stub::noon;
use futures_util::future::join_all;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn drained(receiver: &mut mpsc::Receiver<Arc<Entry>>) -> Vec<Arc<Entry>> {
    std::iter::from_fn(|| receiver.try_recv().ok()).collect()
}

#[tokio::test]
async fn the_first_message_stores_shopper_greeting_message_and_reply() {
    let shop = shop().await;
    let accepted = say(&shop.conversations, "c1", "m1", "hello").await.unwrap();
    assert_eq!(
        (accepted.seq, accepted.reply.seq, accepted.repeated),
        (2, 3, false)
    );
    let journal = shop.conversations.journal();
    let entries = journal.entries_after(&"c1".into(), 0, 50).await.unwrap();
    assert_eq!(
        entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(text_of(&entries[0]), "welcome");
    assert_eq!(entries[1], *accepted.said);
    assert_eq!(entries[2], *accepted.reply);
    let shopper = talk("c1").shopper;
    assert_eq!(
        journal.latest_of(&shopper.id).await.unwrap(),
        Some("c1".into())
    );
    let found = crate::shoppers::Shoppers::new(shop.store.clone())
        .by_name("c1")
        .await
        .unwrap();
    assert_eq!(found, Some(shopper));
}

#[tokio::test]
async fn a_code_that_is_used_is_the_shoppers_and_goes_with_them() {
    let shop = shop().await;
    for id in ["m1", "m2"] {
        say(&shop.conversations, "c", id, "ordered").await.unwrap();
    }
    let shopper = talk("c").shopper;
    let spent = || crate::cart::spent_of(&shop.store, shopper.id.as_str());
    assert_eq!(spent().await.unwrap(), ["ONCE"]);
    let journal = shop.conversations.journal();
    assert_eq!(journal.erase(&shopper, noon()).await.unwrap(), 1);
    assert!(spent().await.unwrap().is_empty());
}

#[tokio::test]
async fn state_goes_from_turn_to_turn_and_survives_a_restart() {
    let shop = shop().await;
    for n in 1..=3 {
        let accepted = say(&shop.conversations, "c", &format!("m{n}"), "next")
            .await
            .unwrap();
        assert_eq!(text_of(&accepted.reply), format!("{n} next"));
    }
    let restarted = Conversations::new(Journal::start(shop.store.clone()));
    let accepted = say(&restarted, "c", "m4", "next").await.unwrap();
    assert_eq!(text_of(&accepted.reply), "4 next");
    assert_eq!(accepted.seq, 8);
}

#[tokio::test]
async fn numbers_go_on_when_the_clock_goes_back() {
    let shop = shop().await;
    let hour = jiff::SignedDuration::from_hours(1);
    for (n, at) in [noon(), noon() - hour, noon() + 24 * hour, noon()]
        .into_iter()
        .enumerate()
    {
        let message = message(&format!("m{n}"), "next");
        let said = shop.conversations.say(talk("c"), message, at, Stub).await;
        assert_eq!(said.unwrap().seq, 2 + 2 * n as u64);
    }
    let journal = shop.conversations.journal();
    let entries = journal.entries_after(&"c".into(), 0, 50).await.unwrap();
    let numbers: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(numbers, (1..=9).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_repeat_gets_the_first_reply_and_another_text_is_a_conflict() {
    let shop = shop().await;
    let first = say(&shop.conversations, "c", "m1", "hello").await.unwrap();
    // Once remembered, once read from the journal.
    for conversations in [
        shop.conversations.clone(),
        Conversations::new(Journal::start(shop.store.clone())),
    ] {
        let again = say(&conversations, "c", "m1", "hello").await.unwrap();
        assert_eq!(
            again,
            Accepted {
                repeated: true,
                ..first.clone()
            }
        );
        let conflict = say(&conversations, "c", "m1", "other").await.unwrap_err();
        assert!(matches!(conflict, SayError::Conflict));
    }
    for n in 2..40 {
        say(&shop.conversations, "c", &format!("m{n}"), "more")
            .await
            .unwrap();
    }
    let again = say(&shop.conversations, "c", "m1", "hello").await.unwrap();
    assert_eq!(
        again,
        Accepted {
            repeated: true,
            ..first
        }
    );
    let next = say(&shop.conversations, "c", "m40", "more").await.unwrap();
    assert_eq!(next.seq, 80, "the repeat took no number");
}

#[tokio::test]
async fn nothing_stays_in_memory_of_a_conversation_that_nobody_holds() {
    let shop = shop().await;
    let (sender, _receiver) = mpsc::channel(8);
    let attached = shop
        .conversations
        .attach(&"c".into(), sender)
        .await
        .unwrap();
    assert_eq!(attached.last_seq, 0);
    say(&shop.conversations, "c", "m1", "hello").await.unwrap();
    say(&shop.conversations, "d", "m1", "hello").await.unwrap();
    shop.conversations.finish().await;
    assert_eq!(shop.conversations.live(), 1);
    drop(attached);
    assert_eq!(shop.conversations.live(), 0);
}

#[tokio::test]
async fn a_live_conversation_costs_less_than_500_bytes_beside_its_state() {
    use crate::conversation::live::{Live, Memory};
    let remembered = 16 * size_of::<u64>();
    let listener = size_of::<(u64, mpsc::Sender<Arc<Entry>>)>();
    let entry = size_of::<(ConversationId, Arc<Live>)>() + 36;
    let all = size_of::<Live>() + remembered + 4 * listener + entry;
    assert!(size_of::<Memory>() < size_of::<Live>());
    assert!(all < 500, "{all}");
}

#[tokio::test]
async fn a_listener_that_does_not_read_is_left_behind_and_the_others_are_not() {
    let shop = shop().await;
    let (slow, mut behind) = mpsc::channel(3);
    let (quick, mut ahead) = mpsc::channel(64);
    let _one = shop.conversations.attach(&"c".into(), slow).await.unwrap();
    let _two = shop.conversations.attach(&"c".into(), quick).await.unwrap();
    for n in 0..3 {
        say(&shop.conversations, "c", &format!("m{n}"), "hello")
            .await
            .unwrap();
    }
    let seen: Vec<u64> = drained(&mut behind).iter().map(|entry| entry.seq).collect();
    assert_eq!(seen, [2, 3, 4]);
    assert!(
        behind.is_closed(),
        "the channel ends: time to resume from the journal"
    );
    assert_eq!(drained(&mut ahead).len(), 6);
}

#[tokio::test]
async fn a_turn_goes_on_when_its_asker_has_gone() {
    let shop = shop().await;
    let (sender, mut receiver) = mpsc::channel(8);
    let _attached = shop
        .conversations
        .attach(&"c".into(), sender)
        .await
        .unwrap();
    let mut asking =
        Box::pin(
            shop.conversations
                .say(talk("c"), message("m1", "hello"), noon(), Stub),
        );
    // Begun, and left at its first wait.
    assert!(futures_util::poll!(&mut asking).is_pending());
    drop(asking);
    shop.conversations.finish().await;
    assert_eq!(drained(&mut receiver).len(), 2);
    let again = say(&shop.conversations, "c", "m1", "hello").await.unwrap();
    assert!(again.repeated);
}

#[tokio::test]
async fn a_turn_that_fails_or_panics_leaves_the_conversation_as_it_was() {
    let shop = shop().await;
    say(&shop.conversations, "c", "m1", "hello").await.unwrap();
    let failed = say(&shop.conversations, "c", "m2", "fail")
        .await
        .unwrap_err();
    assert!(matches!(failed, SayError::Engine(_)));
    let panicked = say(&shop.conversations, "c", "m2", "panic")
        .await
        .unwrap_err();
    assert!(matches!(panicked, SayError::Panic));
    let accepted = say(&shop.conversations, "c", "m2", "hello").await.unwrap();
    assert_eq!(
        (accepted.seq, text_of(&accepted.reply)),
        (4, "2 hello".to_owned())
    );
}

#[tokio::test]
async fn a_conversation_deleted_under_a_listener_begins_anew() {
    let shop = shop().await;
    let (sender, _receiver) = mpsc::channel(64);
    let _attached = shop
        .conversations
        .attach(&"c".into(), sender)
        .await
        .unwrap();
    say(&shop.conversations, "c", "m1", "hello").await.unwrap();
    let mut write = shop.store.begin().await.unwrap();
    sqlx::query("DELETE FROM conversation")
        .execute(&mut *write)
        .await
        .unwrap();
    write.commit().await.unwrap();
    let accepted = say(&shop.conversations, "c", "m2", "hello").await.unwrap();
    assert_eq!(
        (accepted.seq, text_of(&accepted.reply)),
        (2, "1 hello".to_owned())
    );
}

#[tokio::test]
async fn who_held_a_deleted_conversation_never_speaks_in_another() {
    let shop = shop().await;
    let (sender, _receiver) = mpsc::channel(64);
    let _attached = shop
        .conversations
        .attach(&"c".into(), sender)
        .await
        .unwrap();
    for id in ["m1", "m2"] {
        say(&shop.conversations, "c", id, "hello").await.unwrap();
    }
    let mut write = shop.store.begin().await.unwrap();
    sqlx::query("DELETE FROM conversation")
        .execute(&mut *write)
        .await
        .unwrap();
    write.commit().await.unwrap();
    let other = say(&shop.conversations, "other", "m1", "hello")
        .await
        .unwrap();
    say(&shop.conversations, "c", "m3", "private")
        .await
        .unwrap();
    let entries = shop
        .conversations
        .journal()
        .entries_after(&"other".into(), 1, 10)
        .await
        .unwrap();
    assert_eq!(entries, [(*other.said).clone(), (*other.reply).clone()]);
}

#[tokio::test]
async fn two_programs_on_one_store_answer_a_message_once() {
    let shop = shop().await;
    let other = Conversations::new(Journal::start(shop.store.clone()));
    let mut seats = Vec::new();
    for program in [&shop.conversations, &other] {
        let (sender, receiver) = mpsc::channel(64);
        seats.push((program.attach(&"c".into(), sender).await.unwrap(), receiver));
    }
    let first = say(&shop.conversations, "c", "m1", "hello").await.unwrap();
    let again = say(&other, "c", "m1", "hello").await.unwrap();
    assert_eq!(
        again,
        Accepted {
            repeated: true,
            ..first
        }
    );
    let next = say(&other, "c", "m2", "hello").await.unwrap();
    assert_eq!((next.seq, text_of(&next.reply)), (4, "2 hello".to_owned()));
    let third = say(&shop.conversations, "c", "m3", "hello").await.unwrap();
    assert_eq!(
        (third.seq, text_of(&third.reply)),
        (6, "3 hello".to_owned())
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Two windows send the same and different messages at once, some twice; one comes late.
    #[test]
    fn every_listener_hears_every_entry_once_and_in_order(
        sent in proptest::collection::vec((0..2_usize, 0..12_u8), 1..60),
        late in 0..60_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let shop = shop().await;
            let conversations = &shop.conversations;
            let rooms = ["a", "b"];
            let mut seats = Vec::new();
            let mut ears = Vec::new();
            for room in rooms {
                for _ in 0..2 {
                    let (sender, receiver) = mpsc::channel(256);
                    seats.push(conversations.attach(&room.into(), sender).await.unwrap());
                    ears.push((room, 0, receiver));
                }
            }
            let (early, later) = sent.split_at(late.min(sent.len()));
            let mut answers = Vec::new();
            for half in [early, later] {
                let all = half.iter().map(|(room, id)| async move {
                    let accepted = say(conversations, rooms[*room], &format!("m{id}"), "x").await.unwrap();
                    ((*room, *id), accepted)
                });
                let running = join_all(all);
                let (sender, receiver) = mpsc::channel(256);
                let room = "a".into();
                let (said, seat) = tokio::join!(running, conversations.attach(&room, sender));
                let seat = seat.unwrap();
                ears.push(("a", seat.last_seq, receiver));
                seats.push(seat);
                answers.extend(said);
            }
            let mut by_id: BTreeMap<(usize, u8), Vec<Accepted>> = BTreeMap::new();
            for (id, accepted) in answers {
                by_id.entry(id).or_default().push(accepted);
            }
            for same in by_id.values() {
                assert_eq!(same.iter().filter(|accepted| !accepted.repeated).count(), 1, "one turn a message");
                assert!(same.iter().all(|accepted| accepted.seq == same[0].seq && accepted.reply == same[0].reply));
            }
            for (room, from, receiver) in &mut ears {
                let stored = conversations.journal().entries_after(&(*room).into(), (*from).max(1), 500).await.unwrap();
                let heard: Vec<Entry> = drained(receiver).iter().map(|entry| (**entry).clone()).collect();
                assert_eq!(heard, stored);
                assert!(heard.windows(2).all(|pair| pair[0].seq + 1 == pair[1].seq));
            }
        });
    }
}
