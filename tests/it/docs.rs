//! What the documents show is what the program does.

use shoptalk::channels::widget::frames;
use std::path::Path;

fn examples(language: &str) -> Vec<String> {
    examples_of("docs/protocol.md", language)
}

fn examples_of(document: &str, language: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
    let text = std::fs::read_to_string(path).unwrap();
    let fence = format!("```json {language}\n");
    text.split(&fence)
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().trim().to_owned())
        .collect()
}

#[test]
fn every_frame_a_client_may_send_is_understood() {
    let all = examples("client");
    assert!(all.len() >= 5);
    for example in all {
        assert!(
            frames::parse(&example).is_ok(),
            "{example}: {:?}",
            frames::parse(&example)
        );
    }
}

#[test]
fn every_frame_of_the_server_has_a_known_type_and_readable_blocks() {
    let all = examples("server");
    assert!(all.len() >= 6);
    for example in all {
        let frame: serde_json::Value = serde_json::from_str(&example).unwrap();
        let kind = frame["type"].as_str().unwrap();
        assert!(
            ["welcome", "ack", "entry", "history", "error", "pong"].contains(&kind),
            "{kind}"
        );
        if let Some(blocks) = frame["entry"].get("blocks") {
            let blocks: Vec<shoptalk::dialogue::block::Block> =
                serde_json::from_value(blocks.clone()).unwrap();
            assert!(!blocks.is_empty());
        }
    }
}

#[test]
fn every_batch_and_row_of_the_interface_can_be_read() {
    let batches = examples_of("docs/api.md", "request events");
    assert_eq!(batches.len(), 2);
    for batch in batches {
        let read = shoptalk::events::read(batch.as_bytes(), jiff::Timestamp::now());
        assert!(read.is_ok(), "{batch}: {read:?}");
    }
    for answer in examples_of("docs/api.md", "response recommendations") {
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        let rows: Vec<shoptalk::dialogue::Row> =
            serde_json::from_value(answer["rows"].clone()).unwrap();
        assert!(!rows[0].items[0].why.is_empty());
    }
}

#[test]
fn no_link_of_a_document_leads_nowhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for document in [
        "README.md",
        "CONTRIBUTING.md",
        "docs/architecture.md",
        "docs/protocol.md",
        "docs/api.md",
        "docs/deploy.md",
    ] {
        let text = std::fs::read_to_string(root.join(document)).unwrap();
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let local = !target.contains("://") && !target.starts_with('#');
            let base = root.join(document).parent().unwrap().to_owned();
            assert!(
                !local || base.join(target).exists(),
                "{document} links to {target}"
            );
        }
    }
}
