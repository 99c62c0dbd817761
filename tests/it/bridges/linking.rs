//! A shopper begins on the web page and goes on in a messenger: with a code, and until they end it.

use super::{Rig, knock, matrix, meta, said, serve, shop_with, standing, telegram, told, until};
use crate::promises::server::{TestShop, Visitor};
use serde_json::Value;
use std::time::Duration;

/// All words of an entry.
fn words(frame: &Value) -> String {
    let blocks = frame["entry"]["blocks"].as_array().cloned();
    let lines = blocks.into_iter().flatten().flat_map(|block| {
        let lines = block["lines"].as_array().cloned();
        lines.unwrap_or_default()
    });
    let texts = lines.map(|line| line["text"].as_str().unwrap_or_default().to_owned());
    texts.collect::<Vec<_>>().join(" ")
}

/// The code in what was said.
fn code_in(said: &str) -> String {
    let (_, after) = said.split_once("code is ").expect(said);
    after.chars().take(6).collect()
}

/// A code that staff give for customer 17, as it is brought.
fn code(shop: &TestShop, rigs: &[Rig], more: &[&str]) -> String {
    let told = told(shop, rigs, &[&["link", "code", "17"], more].concat());
    told.lines().next().unwrap().to_owned()
}

/// The messengers of a shop, each written to as one person.
struct Talks<'a> {
    shop: &'a TestShop,
    sent: u64,
}

impl Talks<'_> {
    /// Says something; what is answered.
    async fn say(&mut self, rig: &Rig, talk: impl ToString, text: &str) -> String {
        let talk = talk.to_string();
        let before = rig.fake.taken_in(&talk).len();
        self.sent += 1;
        let said = said(self.sent, &talk, text);
        assert_eq!(knock(self.shop, rig, &said).await, 200);
        let what = format!("an answer to `{text}`, wrong: {:?}", rig.fake.wrong());
        let fake = &rig.fake;
        until(&what, || fake.taken_in(&talk).len() > before).await;
        // A reply may be several messages.
        while standing(self.shop, rig.account).await.waiting > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let taken = fake.taken_in(&talk);
        let words = taken[before..].iter().map(|one| (rig.words)(&one.body));
        words.collect::<Vec<_>>().join(" ")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_begun_on_the_web_page_goes_on_in_telegram_until_it_is_ended() {
    let mut rig = telegram::rig().await;
    rig.settings
        .push_str("invite = \"https://t.me/alder_bot?start={code}\"\n");
    let rigs = [rig];
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let [rig] = &rigs;
    let mut talks = Talks {
        shop: &shop,
        sent: 0,
    };
    // They are known in Telegram already.
    talks.say(rig, 991, "do you ship to norway?").await;
    let mut web = Visitor::connect(&shop, None).await;
    let (_, shown) = web.say("m-1", "show me waterproof jackets").await.unwrap();
    let blocks = shown["entry"]["blocks"].as_array().unwrap();
    let items = blocks.iter().find_map(|block| block["items"].as_array());
    let second = items.unwrap()[1]["title"].as_str().unwrap().to_owned();
    let (_, reply) = web.say("m-2", "can we go on in telegram?").await.unwrap();
    let code = code_in(&words(&reply));
    let url = format!("https://t.me/alder_bot?start={code}");
    assert!(reply.to_string().contains(&url), "{reply}");

    let reply = talks.say(rig, 991, "/start ACDEF3").await;
    assert!(reply.contains("don't know this code"), "{reply}");
    let reply = talks.say(rig, 991, &format!("/start {code}")).await;
    assert!(
        reply.contains("we go on where you were on the web page"),
        "{reply}"
    );
    let reply = talks.say(rig, 992, &format!("/link {code}")).await;
    assert!(
        reply.contains("don't know this code"),
        "it works once: {reply}"
    );
    let reply = talks.say(rig, 991, "how much is the second one?").await;
    assert!(reply.contains(&second), "{second}: {reply}");
    // The web page hears it, too: it is one conversation.
    loop {
        let frame = web.next().await.unwrap();
        if frame["entry"]["from"] == "assistant" {
            assert!(frame.to_string().contains(&second), "{frame}");
            break;
        }
    }
    let listed = told(&shop, &rigs, &["link", "list"]);
    let link: Value = serde_json::from_str(listed.trim()).unwrap();
    assert_eq!(link["account"], "telegram");
    assert_eq!(link["person"], "991");
    let shopper = link["shopper"].as_str().unwrap().to_owned();
    let all = told(&shop, &rigs, &["privacy", "export", "--shopper", &shopper]);
    let all: Value = serde_json::from_str(&all).unwrap();
    assert_eq!(all["messengers"][0]["link"]["person"], "991");
    assert_eq!(
        all["conversations"].as_array().unwrap().len(),
        2,
        "that of before as well"
    );

    let reply = talks.say(rig, 991, "unlink").await;
    assert!(reply.contains("connection has ended"), "{reply}");
    assert_eq!(told(&shop, &rigs, &["link", "list"]), "");
    let reply = talks.say(rig, 991, "how much is the second one?").await;
    assert!(!reply.contains(&second), "{reply}");
    assert_eq!(rig.fake.wrong(), Vec::<String>::new());
    assert!(!shop.log().contains(&code), "no code is logged");
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatsapp_asks_first_and_tells_the_orders_of_the_customer_and_of_nobody_else() {
    let rigs = [meta::whatsapp().await];
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let [rig] = &rigs;
    let mut talks = Talks {
        shop: &shop,
        sent: 0,
    };
    let email = "florian.haas@example.org";
    let code = || code(&shop, &rigs, &["--email", email]);
    let reply = talks.say(rig, 4_915_112, &code()).await;
    assert!(reply.contains("Do you want that?"), "{reply}");
    let reply = talks.say(rig, 4_915_112, "no").await;
    assert!(reply.contains("nothing is connected"), "{reply}");
    let reply = talks
        .say(rig, 4_915_112, "where is my order SH-10003?")
        .await;
    assert!(reply.contains("e-mail"), "a proof is asked for: {reply}");
    talks.say(rig, 4_915_112, "never mind").await;

    talks.say(rig, 4_915_112, &code()).await;
    let reply = talks.say(rig, 4_915_112, "Yes!").await;
    assert!(reply.contains("we go on where you were"), "{reply}");
    let mine = talks
        .say(rig, 4_915_112, "where is my order SH-10003?")
        .await;
    assert!(
        mine.contains("SH-10003") && !mine.contains("e-mail address"),
        "{mine}"
    );
    let other = talks
        .say(rig, 4_915_112, "where is my order SH-10001?")
        .await;
    assert!(other.contains("e-mail"), "another's needs a proof: {other}");

    let parted = told(&shop, &rigs, &["link", "remove", "whatsapp", "DE.4915112"]);
    assert!(parted.contains("parted"), "{parted}");
    talks.say(rig, 4_915_112, "never mind").await;
    let reply = talks
        .say(rig, 4_915_112, "where is my order SH-10003?")
        .await;
    assert!(reply.contains("e-mail"), "{reply}");

    talks.say(rig, 4_915_112, &code()).await;
    talks.say(rig, 4_915_112, "ja").await;
    told(
        &shop,
        &rigs,
        &["privacy", "erase", "--shopper", "17", "--yes"],
    );
    assert_eq!(told(&shop, &rigs, &["link", "list"]), "");
    let reply = talks
        .say(rig, 4_915_112, "where is my order SH-10003?")
        .await;
    assert!(reply.contains("e-mail"), "{reply}");
    assert_eq!(rig.fake.wrong(), Vec::<String>::new());
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_room_of_matrix_a_connection_lasts_while_two_are_there() {
    let rigs = [matrix::rig().await];
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let [rig] = &rigs;
    let mut talks = Talks {
        shop: &shop,
        sent: 0,
    };
    let code = || code(&shop, &rigs, &[]);
    let reply = talks.say(rig, "g1", &format!("Alder: {}", code())).await;
    assert!(reply.contains("Others read along"), "{reply}");
    let reply = talks.say(rig, "2", &code()).await;
    assert!(reply.contains("we go on where you were"), "{reply}");
    let listed = told(&shop, &rigs, &["link", "list"]);
    assert!(listed.contains("@u2:home.test"), "{listed}");
    rig.fake.home.as_ref().unwrap().joins("2");
    let reply = talks.say(rig, "2", "Alder: do you ship to norway?").await;
    assert!(reply.contains("connection has ended"), "{reply}");
    assert_eq!(told(&shop, &rigs, &["link", "list"]), "");
    assert_eq!(rig.fake.wrong(), Vec::<String>::new());
    assert_eq!(server.stop(), Some(0));
}
