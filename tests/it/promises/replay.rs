//! Any past conversation can be played again, and comes out the same.

use super::server::TestShop;
use crate::sentences;
use std::io::Write;
use std::process::Stdio;

/// Everything shoppers say in the conversation tests.
fn utterances() -> Vec<String> {
    let mut all = sentences::all();
    // Erasing takes what was said before with it.
    all.retain(|said| !said.to_lowercase().contains("delete"));
    all
}

#[test]
fn everything_ever_said_plays_again_alike_and_a_changed_text_shows() {
    let shop = TestShop::new();
    let all = utterances();
    assert!(all.len() > 100);
    let mut chat = shop
        .command()
        .args(["chat", "--json", "--shopper", "replayed"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = chat.stdin.take().unwrap();
    let lines = all.join("\n");
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = chat.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    let turns = String::from_utf8(output.stdout).unwrap();
    assert_eq!(turns.lines().count(), all.len());
    for turn in turns.lines() {
        let turn: serde_json::Value = serde_json::from_str(turn).unwrap();
        every_sentence_has_a_source(&turn["reply"], &turn["say"]);
    }

    let replayed = shop
        .command()
        .args(["replay", "--fail-on-change"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&replayed.stdout).into_owned();
    assert!(replayed.status.success(), "{said}");
    assert!(said.contains("0 changed"), "{said}");

    let file = shop.path("intents/assistant.yml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace(
            "clarify.which: \"Do you mean:\"",
            "clarify.which: \"Is it one of these:\"",
        ),
    )
    .unwrap();
    let replayed = shop
        .command()
        .args(["replay", "--fail-on-change"])
        .output()
        .unwrap();
    assert_eq!(replayed.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&replayed.stdout).contains("Is it one of these:"));
}

/// Every `text` and `label` in a reply stands beside a source that names something.
fn every_sentence_has_a_source(reply: &serde_json::Value, said: &serde_json::Value) {
    match reply {
        serde_json::Value::Array(items) => items
            .iter()
            .for_each(|item| every_sentence_has_a_source(item, said)),
        serde_json::Value::Object(fields) => {
            let speaks = fields
                .get("text")
                .or_else(|| fields.get("label"))
                .is_some_and(serde_json::Value::is_string);
            if speaks {
                let source = fields
                    .get("source")
                    .unwrap_or_else(|| panic!("{said}: {reply} has no source"));
                let named = source
                    .as_object()
                    .unwrap()
                    .values()
                    .all(|value| value.as_str().is_some_and(|v| !v.is_empty()));
                assert!(named, "{said}: {reply} names no source");
            }
            fields
                .values()
                .for_each(|field| every_sentence_has_a_source(field, said));
        }
        _ => {}
    }
}
