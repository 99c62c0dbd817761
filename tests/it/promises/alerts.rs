//! What somebody waited for is told once, to one who agreed: in the chat at the next visit, or by letter.

use super::server::{PATIENCE, TestShop, Visitor, until};
use serde_json::{Value, json};
use shoptalk::store::Store;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// A product of the demo's catalog.
fn demo(sku: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/catalog.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.find(|product| product["sku"] == sku).unwrap()
}

/// Imports the trail vest with so many of size XL, at a price.
async fn restock(shop: &TestShop, left: u32, price: &str) {
    restock_by(shop.command(), shop, left, price).await;
}

/// The same by a command with more in its environment.
pub async fn restock_by(mut command: Command, shop: &TestShop, left: u32, price: &str) {
    let mut vest = demo("TRAIL-VEST");
    for variant in vest["variants"].as_array_mut().unwrap() {
        variant["price"] = json!(price);
        if variant["sku"] == "TRAIL-VEST-XL" {
            variant["stock"] = json!(left);
        }
    }
    let file = shop.path("vest.jsonl");
    std::fs::write(&file, vest.to_string()).unwrap();
    command.args(["import", "products"]).arg(file);
    let run = tokio::task::spawn_blocking(move || command.output().unwrap());
    let run = run.await.unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success(), "{said}");
}

/// Says it and returns the words of the reply.
async fn say(visitor: &mut Visitor, id: &str, text: &str) -> String {
    let (_, reply) = visitor.say(id, text).await.unwrap();
    reply["entry"]["blocks"].to_string()
}

async fn waits_in_chat(visitor: &mut Visitor) {
    let asked = say(visitor, "a1", "tell me when the trail vest in xl is back").await;
    assert!(asked.contains("Trail vest (XL)"), "{asked}");
    let done = say(visitor, "a2", "here in the chat").await;
    assert!(done.contains("I watch Trail vest (XL)"), "{done}");
}

/// Asks until the running server serves the new catalog.
async fn until_served(shop: &TestShop, words: &str) {
    let began = Instant::now();
    let mut stranger = Visitor::connect(shop, None).await;
    for nth in 0.. {
        let said = say(
            &mut stranger,
            &nth.to_string(),
            "is the trail vest available in xl",
        )
        .await;
        if said.contains(words) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{said}");
    }
}

/// Everything that comes before the answer to a ping.
async fn before_pong(visitor: &mut Visitor) -> Vec<Value> {
    let mut frames = Vec::new();
    assert!(visitor.send(json!({ "type": "ping" })).await);
    loop {
        let frame = visitor.next().await.unwrap();
        if frame["type"] == "pong" {
            return frames;
        }
        frames.push(frame);
    }
}

const NEWS: &str = "Trail vest (XL) is back in stock, for 45.00 EUR";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_waited_for_is_told_once_at_the_next_visit_and_at_once_to_who_is_there() {
    let shop = TestShop::new();
    let running = shop.serve();
    let mut away = Visitor::connect(&shop, None).await;
    waits_in_chat(&mut away).await;
    let token = away.token();
    drop(away);
    let mut there = Visitor::connect(&shop, None).await;
    waits_in_chat(&mut there).await;

    restock(&shop, 3, "45.00").await;
    let news = there.next().await.unwrap();
    assert_eq!(news["type"], "entry", "{news}");
    assert_eq!(
        (&news["entry"]["seq"], &news["entry"]["from"]),
        (&json!(6), &json!("assistant"))
    );
    assert!(news.to_string().contains(NEWS), "{news}");
    let cart = say(&mut there, "a3", "Put it in my cart in XL").await;
    assert!(cart.contains("Trail vest (XL)"), "{cart}");
    let (ack, reply) = there.say("a4", "hello").await.unwrap();
    assert_eq!(
        (&ack["seq"], &reply["entry"]["seq"]),
        (&json!(9), &json!(10))
    );

    let hello = json!({ "type": "hello", "token": token, "last_seq": 5 });
    let mut back = Visitor::greet(&shop, hello).await;
    let news = back.next().await.unwrap();
    assert_eq!(news["entry"]["seq"], 6, "{news}");
    assert!(news.to_string().contains(NEWS), "{news}");
    assert!(before_pong(&mut back).await.is_empty(), "once");
    let open = say(&mut back, "b1", "what am i waiting for").await;
    assert!(open.contains("I watch nothing"), "{open}");
    drop(back);

    assert_eq!(running.stop(), Some(0));
    let _running = shop.serve();
    let mut again = Visitor::connect(&shop, Some(&token)).await;
    let told = again.welcome["entries"].to_string();
    assert_eq!(told.matches(NEWS).count(), 1, "{told}");
    let history = again.history().await;
    let numbers: Vec<u64> = history
        .iter()
        .map(|entry| entry["seq"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=8).collect::<Vec<_>>());
    assert!(before_pong(&mut again).await.is_empty(), "not twice");

    // Its notices are no turns: what was said plays again alike around them.
    let mut replay = shop.command();
    replay.args(["replay", "--fail-on-change"]);
    let replayed = tokio::task::spawn_blocking(move || replay.output().unwrap());
    let replayed = replayed.await.unwrap();
    let said = String::from_utf8_lossy(&replayed.stdout).into_owned();
    assert!(said.contains(" 0 changed"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_while_the_server_rests_is_told_and_what_is_over_again_is_not() {
    let shop = TestShop::new();
    let running = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    waits_in_chat(&mut visitor).await;
    let token = visitor.token();
    drop(visitor);
    restock(&shop, 3, "45.00").await;
    until_served(&shop, "3 left").await;
    restock(&shop, 0, "45.00").await;
    until_served(&shop, "sold out").await;
    let mut early = Visitor::connect(&shop, Some(&token)).await;
    assert!(before_pong(&mut early).await.is_empty(), "sold out again");
    drop(early);
    assert_eq!(running.stop(), Some(0));
    restock(&shop, 2, "45.00").await;
    let _running = shop.serve();
    let mut back = Visitor::connect(&shop, Some(&token)).await;
    let news = back.next().await.unwrap();
    assert!(news.to_string().contains(NEWS), "{news}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_is_told_though_their_conversations_are_forgotten() {
    let shop = TestShop::new();
    let _running = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    waits_in_chat(&mut visitor).await;
    let token = visitor.token();
    drop(visitor);
    let store = Store::open(&shop.path("data/shoptalk.db")).await.unwrap();
    let mut write = store.begin().await.unwrap();
    sqlx::query("DELETE FROM conversation")
        .execute(&mut *write)
        .await
        .unwrap();
    write.commit().await.unwrap();
    restock(&shop, 3, "45.00").await;
    until_served(&shop, "3 left").await;
    let mut back = Visitor::connect(&shop, Some(&token)).await;
    let news = back.next().await.unwrap();
    assert_eq!(news["entry"]["seq"], 2, "behind the greeting: {news}");
    assert!(news.to_string().contains(NEWS), "{news}");
    let (ack, _) = back.say("m", "hello").await.unwrap();
    assert_eq!(ack["seq"], 3);
    let history = Visitor::connect(&shop, Some(&token)).await.history().await;
    let voices: Vec<&str> = history
        .iter()
        .map(|entry| entry["from"].as_str().unwrap())
        .collect();
    assert_eq!(voices, ["assistant", "assistant", "shopper", "assistant"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_letters_are_sent_the_chat_alone_is_offered() {
    let shop = TestShop::new();
    let path = shop.path("config.toml");
    let known = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{known}[mail]\ntransport = \"off\"\n")).unwrap();
    let _running = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    let asked = say(
        &mut visitor,
        "1",
        "email me when the trail vest in xl is back",
    )
    .await;
    assert!(
        asked.contains("Here in the chat") && !asked.contains("By e-mail"),
        "{asked}"
    );
    let refused = say(&mut visitor, "2", "by e-mail").await;
    assert!(!refused.contains("I watch"), "{refused}");
    let done = say(&mut visitor, "3", "yes please").await;
    assert!(done.contains("I watch Trail vest (XL)"), "{done}");
}

/// The letters in the outbox of a kind, soft line breaks undone.
fn letters(shop: &TestShop, kind: &str) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(shop.path("data/outbox")) else {
        return Vec::new();
    };
    let files = files.map(|file| file.unwrap().path()).filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with(kind) && name.ends_with(".eml")
    });
    let read = |path| std::fs::read_to_string(path).unwrap().replace("=\r\n", "");
    files.map(read).collect()
}

/// The path of a link in a letter.
fn link(letter: &str, does: &str) -> String {
    let at = letter
        .find(&format!("/alerts/{does}/"))
        .unwrap_or_else(|| panic!("{letter}"));
    let rest = &letter[at..];
    let end = rest.find(|c: char| c.is_whitespace() || c == '>').unwrap();
    rest[..end].to_owned()
}

fn post(shop: &TestShop, path: &str, body: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(shop.address()).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn by_letter_only_who_confirmed_is_told_once_and_one_tap_ends_it() {
    let shop = TestShop::new();
    let _running = shop.serve();
    let mut ada = Visitor::connect(&shop, None).await;
    say(&mut ada, "1", "email me when the trail vest in xl is back").await;
    let sent = say(&mut ada, "2", "ada@alerts.test").await;
    assert!(
        sent.contains("a***@alerts.test") && !sent.contains("ada@"),
        "{sent}"
    );
    let mut eve = Visitor::connect(&shop, None).await;
    let german = "benachrichtigen sie mich per mail, wenn die trail vest in xl wieder da ist";
    say(&mut eve, "1", german).await;
    say(&mut eve, "2", "nobody@alerts.test").await;
    until("two letters ask", || {
        letters(&shop, "alert_confirm").len() == 2
    });

    let asked = letters(&shop, "alert_confirm");
    let other = asked
        .iter()
        .find(|letter| letter.contains("To: nobody@"))
        .unwrap();
    assert!(other.contains("Jemand, hoffentlich Sie"), "{other}");
    let page = shop.get(&link(other, "confirm"));
    assert!(page.contains("<html lang=\"de\">"), "{page}");
    assert!(page.contains("Ja, schreiben Sie mir"), "{page}");
    let asked = asked
        .iter()
        .find(|letter| letter.contains("To: ada@alerts.test"))
        .unwrap();
    let confirm = link(asked, "confirm");
    let page = shop.get(&confirm);
    assert!(
        page.starts_with("HTTP/1.1 200") && page.contains("<html lang=\"en\">"),
        "{page}"
    );
    assert!(page.contains("<form method=\"post\">"), "{page}");
    assert!(
        page.to_lowercase().contains("referrer-policy: no-referrer"),
        "{page}"
    );
    let waits = say(&mut ada, "3", "what am i waiting for").await;
    assert!(
        waits.contains("once you tap"),
        "looking at the page confirms nothing: {waits}"
    );
    let unknown = format!("/alerts/confirm/{}", "0".repeat(64));
    assert!(shop.get(&unknown).contains("<form method=\"post\">"));
    assert!(post(&shop, &unknown, "").contains("no longer good"));
    assert!(post(&shop, &confirm, "").contains("Thank you"));
    // A second wish to the address that is known by now asks nothing more.
    let known = say(
        &mut ada,
        "4",
        "email me when the trail vest drops below 40 euro",
    )
    .await;
    assert!(known.contains("write to a***@alerts.test"), "{known}");

    restock(&shop, 3, "45.00").await;
    until("the news", || letters(&shop, "back_in_stock").len() == 1);
    let news = letters(&shop, "back_in_stock").remove(0);
    assert!(news.contains("To: ada@alerts.test"), "{news}");
    assert!(
        news.contains("Subject: Trail vest (XL) is back in stock"),
        "{news}"
    );
    assert!(news.contains("/products/trail-vest"), "{news}");
    assert!(
        news.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"),
        "{news}"
    );
    assert!(
        !news.contains("{stop}") && !news.contains("{link}"),
        "{news}"
    );
    let stop = link(&news, "stop");
    assert!(shop.get(&stop).contains("End all alerts?"));
    let open = say(&mut ada, "5", "what am i waiting for").await;
    assert!(
        open.contains("less than 40.00 EUR"),
        "a look ends nothing: {open}"
    );
    for _ in 0..2 {
        let ended = post(&shop, &stop, "List-Unsubscribe=One-Click");
        assert!(
            ended.starts_with("HTTP/1.1 200") && ended.contains("no more alerts"),
            "{ended}"
        );
    }
    let open = say(&mut ada, "6", "what am i waiting for").await;
    assert!(open.contains("I watch nothing"), "{open}");

    // The price falls, and somebody else is told so: all that is waited for was held against it.
    say(
        &mut eve,
        "3",
        "tell me when the trail vest drops below 40 euro",
    )
    .await;
    say(&mut eve, "4", "here").await;
    restock(&shop, 3, "39.00").await;
    let told = eve.next().await.unwrap();
    assert!(told.to_string().contains("now costs 39.00 EUR"), "{told}");
    assert!(letters(&shop, "price_drop").is_empty());
    assert_eq!(
        letters(&shop, "back_in_stock").len(),
        1,
        "nobody else confirmed"
    );
    assert!(!shop.log().contains("alerts.test"), "no address in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_alerts_are_off_nobody_is_offered_one() {
    let shop = TestShop::new();
    let path = shop.path("config.toml");
    let known = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{known}[alerts]\non = false\n")).unwrap();
    let _running = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    let out = say(&mut visitor, "1", "is the trail vest available in xl").await;
    assert!(
        out.contains("sold out") && !out.contains("Tell me when"),
        "{out}"
    );
    let off = say(
        &mut visitor,
        "2",
        "tell me when the trail vest in xl is back",
    )
    .await;
    assert!(off.contains("can't watch"), "{off}");
}
