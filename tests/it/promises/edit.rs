//! A saved file is live if it is valid, and not at all if it is not.

use super::server::{PATIENCE, TestShop, Visitor};
use std::time::Instant;

/// Asks until the answer has the words; every turn is new.
async fn until_said(visitor: &mut Visitor, question: &str, words: &str) {
    let began = Instant::now();
    for nth in 0.. {
        let (_, reply) = visitor
            .say(&format!("{words}-{nth}"), question)
            .await
            .unwrap();
        if reply.to_string().contains(words) {
            return;
        }
        assert!(
            began.elapsed() < PATIENCE,
            "`{words}` is never said: {reply}"
        );
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_live_and_a_broken_one_leaves_the_old_version_serving() {
    let shop = TestShop::new();
    let server = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    let file = shop.path("intents/smalltalk.yml");
    let good = std::fs::read_to_string(&file).unwrap();
    let at = good.find("  thanks.welcome:").unwrap();
    let end = at + good[at..].find('\n').unwrap();
    let changed = format!(
        "{}  thanks.welcome: \"Gladly, any day.\"{}",
        &good[..at],
        &good[end..]
    );
    std::fs::write(&file, &changed).unwrap();
    until_said(&mut visitor, "thank you so much", "Gladly, any day.").await;

    std::fs::write(&file, changed.replace("skill: thanks", "skill: thankz")).unwrap();
    let began = Instant::now();
    while !shop.log().contains("unknown-skill") {
        assert!(began.elapsed() < PATIENCE, "{}", shop.log());
        std::thread::yield_now();
    }
    let log = shop.log();
    let line = log
        .lines()
        .find(|line| line.contains("unknown-skill"))
        .unwrap();
    assert!(
        line.contains("smalltalk.yml:") && line.contains("did you mean `thanks`?"),
        "{line}"
    );
    let (_, reply) = visitor.say("after", "thank you so much").await.unwrap();
    assert!(reply.to_string().contains("Gladly, any day."), "{reply}");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_shop_with_broken_settings_says_why_in_one_place_and_does_not_start() {
    let shop = TestShop::new();
    std::fs::write(
        shop.path("config.toml"),
        "[server]\nlistn = \"127.0.0.1:1\"\n",
    )
    .unwrap();
    let output = shop.command().arg("serve").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("config.toml:2") && said.contains("did you mean `listen`?"),
        "{said}"
    );
}
