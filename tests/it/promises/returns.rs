//! A return is opened once, told about truly, and belongs to whoever sent it.

use super::server::{TestShop, Visitor};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shoptalk::cli::{Place, load};
use shoptalk::conversation::{Assistant, Engine, Turned};
use shoptalk::dialogue::lines;
use std::io::Write;
use std::process::Stdio;

/// A delivered order of the demo shop, its thing and its secret.
const WISH: &str = "i want to return the cap from SH-10045, hugo.sjodahl@example.com";

fn run(shop: &TestShop, args: &[&str]) -> String {
    let output = shop.command().args(args).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{args:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

fn listed(shop: &TestShop) -> Vec<Value> {
    let all = run(shop, &["returns", "list", "--all"]);
    all.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// All words of a reply.
fn words(entry: &Value) -> String {
    let blocks = entry["entry"]["blocks"].as_array().unwrap();
    let lines = blocks.iter().flat_map(|block| block["lines"].as_array());
    let texts = lines.flatten().map(|line| line["text"].as_str().unwrap());
    texts.collect::<Vec<_>>().join(" ")
}

fn card(entry: &Value) -> Value {
    let blocks = entry["entry"]["blocks"].as_array().unwrap();
    let mut blocks = blocks.iter();
    blocks
        .find(|block| block["type"] == "return")
        .cloned()
        .unwrap_or_default()
}

/// Says these lines as a shopper of the shop's own, and answers with the turns.
fn chat(shop: &TestShop, shopper: &str, said: &[&str]) -> Vec<Value> {
    let mut chat = shop
        .command()
        .args(["chat", "--json", "--shopper", shopper])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = chat.stdin.take().unwrap();
    stdin.write_all(said.join("\n").as_bytes()).unwrap();
    drop(stdin);
    let output = chat.wait_with_output().unwrap();
    assert!(output.status.success());
    let turns = String::from_utf8(output.stdout).unwrap();
    turns
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yes_that_is_killed_sent_again_and_sent_from_two_windows_opens_one_return() {
    let shop = TestShop::new();
    let server = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    let token = visitor.token();
    visitor.say("m-1", WISH).await.unwrap();
    visitor.say("m-2", "changed my mind").await.unwrap();
    let mut beside = Visitor::connect(&shop, Some(&token)).await;
    // Under way when the process dies: stored or not, it is sent again.
    let yes = json!({ "type": "message", "id": "m-3", "text": "yes" });
    visitor.send(yes.clone()).await;
    beside.send(yes).await;
    server.kill();

    let server = shop.serve();
    let mut visitor = Visitor::connect(&shop, Some(&token)).await;
    let (_, first) = visitor.say("m-3", "yes").await.unwrap();
    let rma = card(&first)["rma"].as_str().unwrap().to_owned();
    assert!(words(&first).contains(&rma), "{first}");
    let mut beside = Visitor::connect(&shop, Some(&token)).await;
    let (_, again) = beside.say("m-3", "yes").await.unwrap();
    assert_eq!(first["entry"], again["entry"]);
    let returns = listed(&shop);
    assert_eq!(returns.len(), 1, "{returns:?}");
    assert_eq!(returns[0]["rma"], rma.as_str());

    // The cap is on its way: neither here nor elsewhere is it sent back again.
    let mut other = Visitor::connect(&shop, None).await;
    let (_, refused) = other.say("m-1", WISH).await.unwrap();
    assert!(
        words(&refused).contains("on its way back already"),
        "{refused}"
    );
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_staff_set_is_what_the_shopper_hears() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    visitor.say("m-1", WISH).await.unwrap();
    visitor.say("m-2", "not as described").await.unwrap();
    let (_, opened) = visitor.say("m-3", "yes").await.unwrap();
    let rma = card(&opened)["rma"].as_str().unwrap().to_owned();
    for (id, state, says) in [
        ("m-4", None, "not reached us yet"),
        ("m-5", Some("received"), "It reached us on"),
        ("m-6", Some("refunded"), "It was refunded on"),
        ("m-7", Some("rejected"), "could not accept it"),
    ] {
        if let Some(state) = state {
            run(&shop, &["returns", "set", &rma.to_lowercase(), state]);
        }
        let (_, told) = visitor.say(id, "where is my return").await.unwrap();
        assert!(words(&told).contains(says), "{told}");
        assert_eq!(card(&told)["state"], state.unwrap_or("open"));
    }
    // Refused and with the shopper again, it may be sent once more.
    let (_, again) = visitor
        .say("m-8", "i want to return the cap")
        .await
        .unwrap();
    assert!(words(&again).contains("reason"), "{again}");
    let open = run(&shop, &["returns", "list"]);
    assert!(open.is_empty(), "what is done is listed on request: {open}");
    for (args, hint) in [
        (
            ["returns", "set", "RT-00000", "received"],
            "shoptalk returns list",
        ),
        (["returns", "set", &rma, "lost"], "open, received"),
    ] {
        let refused = shop.command().args(args).output().unwrap();
        assert!(!refused.status.success());
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains(hint), "{said}");
    }
}

#[test]
fn a_return_is_exported_with_its_shopper_and_forgets_them_when_they_are_erased() {
    let shop = TestShop::new();
    chat(&shop, "hugo", &[WISH, "too big", "yes"]);
    chat(&shop, "ben", &["hello"]);
    let export = |who: &str| -> Value {
        serde_json::from_str(&run(&shop, &["privacy", "export", "--shopper", who])).unwrap()
    };
    let returns = export("hugo")["returns"].clone();
    assert_eq!(returns[0]["order"], "SH-10045");
    assert_eq!(returns.as_array().unwrap().len(), 1);
    assert_eq!(export("ben")["returns"], json!([]));

    run(&shop, &["privacy", "erase", "--shopper", "hugo", "--yes"]);
    chat(&shop, "hugo", &["hello"]);
    assert_eq!(export("hugo")["returns"], json!([]));
    // The shop still owes the money.
    let kept = listed(&shop);
    assert_eq!(kept[0]["order"], "SH-10045");
    let told = kept[0].to_string();
    assert!(!told.contains("hugo") && !told.contains('@'), "{told}");
}

#[test]
fn playing_a_return_again_opens_none() {
    let shop = TestShop::new();
    let said = [
        WISH,
        "changed my mind",
        "yes",
        "my socks arrived damaged",
        "there is a hole in the heel",
        "1",
        "a new one",
        "where is my return",
    ];
    chat(&shop, "hugo", &said);
    let before = listed(&shop);
    assert_eq!(before.len(), 2);
    let played = run(&shop, &["replay", "--fail-on-change"]);
    assert!(played.contains("0 changed"), "{played}");
    assert_eq!(listed(&shop), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_left_open_is_not_gone_on_with_by_whoever_comes_later() {
    let shop = TestShop::new();
    let place = Place {
        config: Some(shop.path("config.toml")),
        data: Some(shop.path("data")),
    };
    let start: Timestamp = "2026-11-20T11:00:00Z".parse().unwrap();
    let loaded = load(&place, start).await.unwrap();
    let assistant = Assistant {
        shop: loaded.shop,
        shopper: "anyone".to_owned(),
        signed_in: None,
        cart: None,
        spent: Vec::new(),
        profile: None,
        links: None,
    };
    let first = assistant.turn(None, &WISH.into(), start).await.unwrap();
    let hour_later = start + SignedDuration::from_hours(1);
    let said = |turned: &Turned| {
        let lines = lines(&turned.reply).into_iter();
        lines
            .map(|line| line.text.clone())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut state = first.state;
    for words in ["changed my mind", "yes", "do you ship to norway?"] {
        let turned = assistant
            .turn(Some(&state), &words.into(), hour_later)
            .await
            .unwrap();
        let told = said(&turned);
        assert!(!told.contains("cap") && turned.returns.is_empty(), "{told}");
        state = turned.state;
    }
    let secret = "hugo.sjodahl@example.com";
    let proven = assistant
        .turn(Some(&state), &secret.into(), hour_later)
        .await
        .unwrap();
    assert!(said(&proven).contains("reason"), "{}", said(&proven));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gets_the_thing_the_order_and_the_shoppers_words() {
    use sqlx::Connection;
    let shop = TestShop::new();
    let said = [
        "my mug arrived broken",
        "SH-10003, florian.haas@example.org",
        "the handle came off",
        "1",
        "refund",
        "the thermos leaks as well",
        "it drips at the lid",
        "a new one",
    ];
    chat(&shop, "florian", &said);
    let url = format!("sqlite://{}", shop.path("data/shoptalk.db").display());
    let mut store = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let cases: Vec<String> = sqlx::query_scalar("SELECT reason FROM handoff ORDER BY seq")
        .fetch_all(&mut store)
        .await
        .unwrap();
    let all = cases.join("\n");
    for part in [
        "order SH-10003",
        "reason damaged",
        "1 × Camp enamel mug (red)",
        "wish refund",
        "the handle came off",
        "Varde thermos",
        "it drips at the lid",
        "wish replacement",
    ] {
        assert!(all.contains(part), "{part} is missing from:\n{all}");
    }
}
