//! The shopper owns their data: all of it can be handed over, and all of it can go.

use super::server::TestShop;
use std::io::Write;
use std::process::Stdio;

fn say(shop: &TestShop, shopper: &str, words: &str) {
    let mut chat = shop
        .command()
        .args(["chat", "--json", "--shopper", shopper])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    chat.stdin
        .take()
        .unwrap()
        .write_all(words.as_bytes())
        .unwrap();
    assert!(chat.wait().unwrap().success());
}

#[test]
fn what_is_stored_of_a_shopper_is_exported_whole_and_erased_for_good() {
    let shop = TestShop::new();
    say(
        &shop,
        "ana",
        "do you ship to norway?\ntell me when the trail vest in xl is back\nhere in the chat\n",
    );
    say(&shop, "ben", "hello\n");
    let privacy = |args: &[&str]| shop.command().arg("privacy").args(args).output().unwrap();

    let export = privacy(&["export", "--shopper", "ana"]);
    let document: serde_json::Value = serde_json::from_slice(&export.stdout).unwrap();
    assert_eq!(document["shopper"]["known_as"], "ana");
    let entries = document["conversations"][0]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 7, "greeting, messages and replies");
    assert_eq!(document["alerts"][0]["variant"], "TRAIL-VEST-XL");

    assert_eq!(
        privacy(&["erase", "--shopper", "ana"]).status.code(),
        Some(3),
        "not without --yes"
    );
    assert!(
        privacy(&["erase", "--shopper", "ana", "--yes"])
            .status
            .success()
    );
    assert_eq!(
        privacy(&["export", "--shopper", "ana"]).status.code(),
        Some(3)
    );
    assert!(privacy(&["export", "--shopper", "ben"]).status.success());
    let file = std::fs::read(shop.path("data/shoptalk.db")).unwrap();
    let words = b"do you ship to norway?";
    assert!(
        !file.windows(words.len()).any(|window| window == words),
        "no word of it is left in the file"
    );
}
