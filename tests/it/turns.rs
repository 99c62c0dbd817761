//! Any conversation, however long and strange: no panic, a bounded state, a source for every sentence.

use super::promises::server::TestShop;
use super::sentences;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use shoptalk::cli::{Place, load};
use shoptalk::conversation::{Assistant, Engine};
use shoptalk::dialogue::block::Block;
use shoptalk::dialogue::lines;
use std::sync::Arc;

/// Bytes that a conversation's state may take, whatever was said.
const MOST_STATE: usize = 8 * 1024;

/// What a shopper does next.
#[derive(Debug, Clone)]
enum Act {
    /// One of the sentences of the conversation tests.
    Say(usize),
    /// Anything at all.
    Type(String),
    /// One of the choices offered, if there are any.
    Tap(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => any::<usize>().prop_map(Act::Say),
        1 => "\\PC{0,40}".prop_map(Act::Type),
        1 => "(SH-[0-9]{5}|[a-z]{3}@[a-z]{4}\\.no|[0-9]{1,6}|not (wool|red)|(and|in|under) [a-z0-9]{2,9}| ){1,6}".prop_map(Act::Type),
        1 => "(navy|wool|socks|not red|under 20|cheaper|warm|SH-10023|the second one|a@b.no) ".prop_map(|words| {
            // As long as a message may be.
            Act::Type(words.repeat(4000 / words.len()))
        }),
        3 => any::<usize>().prop_map(Act::Tap),
    ]
}

#[test]
fn five_hundred_turns_of_anything_leave_a_small_state_and_no_sentence_without_source() {
    let shop = TestShop::new();
    let place = Place {
        config: Some(shop.path("config.toml")),
        data: Some(shop.path("data")),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let start = "2026-11-20T11:00:00Z".parse::<jiff::Timestamp>().unwrap();
    let loaded = runtime.block_on(load(&place, start)).unwrap();
    let sentences = sentences::all();
    let mut runner = TestRunner::new(Config::with_cases(8));
    let acts = proptest::collection::vec(act(), 500);
    let run = runner.run(&acts, |acts| {
        let assistant = Assistant {
            shop: Arc::clone(&loaded.shop),
            shopper: "anyone".to_owned(),
            signed_in: None,
            cart: None,
            spent: Vec::new(),
            profile: None,
            links: None,
        };
        let mut state: Option<String> = None;
        let mut offered: Vec<String> = Vec::new();
        let mut now = start;
        for act in acts {
            let text = match act {
                Act::Say(n) => sentences[n % sentences.len()].clone(),
                Act::Type(text) => text,
                Act::Tap(n) if !offered.is_empty() => offered[n % offered.len()].clone(),
                Act::Tap(n) => n.to_string(),
            };
            now += jiff::SignedDuration::from_secs(20);
            let message = text.as_str().into();
            let turn = assistant.turn(state.as_deref(), &message, now);
            let turned = runtime.block_on(turn).unwrap();
            prop_assert!(
                turned.state.len() < MOST_STATE,
                "{} bytes after {text}",
                turned.state.len()
            );
            for line in lines(&turned.reply) {
                prop_assert!(line.source.is_named(), "{text}: {line:?}");
                prop_assert!(!line.text.is_empty(), "{text}: {line:?}");
            }
            offered = turned
                .reply
                .iter()
                .filter_map(|block| match block {
                    Block::Choices { choices, .. } => Some(choices),
                    _ => None,
                })
                .flatten()
                .map(|choice| choice.say.clone().unwrap_or_else(|| choice.label.clone()))
                .collect();
            state = Some(turned.state);
        }
        Ok(())
    });
    if let Err(error) = run {
        panic!("{error}");
    }
}
