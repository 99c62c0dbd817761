//! An engine that counts, and a shop around it; for this room's tests.

use super::{
    Accepted, ConversationId, Conversations, Engine, EngineError, Entry, Journal, Message,
    SayError, Talk, Turned, Voice,
};
use crate::dialogue::block::{Block, Line, Source};
use crate::shoppers::{Identity, Shopper};
use crate::store::Store;
use crate::store::scratch::{Scratch, scratch};
use jiff::Timestamp;

/// Says the number of the turn and the message. `fail`, `panic`, `?`, `person` and `erase` do as they say.
pub(super) struct Stub;

pub(super) fn text(text: &str) -> Vec<Block> {
    let line = Line {
        text: text.to_owned(),
        source: Source::Text { id: "stub".into() },
    };
    vec![Block::Text { lines: vec![line] }]
}

impl Engine for Stub {
    fn greeting(&self, _now: Timestamp) -> Vec<Block> {
        text("welcome")
    }

    async fn turn(
        &self,
        state: Option<&str>,
        message: &Message,
        _now: Timestamp,
    ) -> Result<Turned, EngineError> {
        tokio::task::yield_now().await;
        let said = message.text.as_str();
        match said {
            "fail" => return Err("as asked".into()),
            "panic" => panic!("as asked"),
            _ => {}
        }
        let count: u64 = state.map_or(Ok(0), str::parse)? + 1;
        Ok(Turned {
            reply: text(&format!("{count} {said}")),
            state: count.to_string(),
            trace: format!("{{\"said\":\"{said}\"}}"),
            unanswered: said == "?",
            erase: said == "erase",
            spent: (said == "ordered")
                .then(|| "ONCE".to_owned())
                .into_iter()
                .collect(),
            returns: Vec::new(),
            shown: Vec::new(),
            outbox: Vec::new(),
            handoff: (said == "person").then(|| "asked".to_owned()),
        })
    }
}

pub(super) struct Shop {
    pub(super) conversations: Conversations,
    pub(super) store: Store,
    scratch: Scratch,
}

impl Shop {
    pub(super) fn folder(&self) -> &std::path::Path {
        self.scratch.folder.path()
    }
}

pub(super) async fn shop() -> Shop {
    let scratch = scratch().await;
    let store = scratch.store.clone();
    let conversations = Conversations::new(Journal::start(store.clone()));
    Shop {
        conversations,
        store,
        scratch,
    }
}

pub(super) fn noon() -> Timestamp {
    Timestamp::from_second(1_795_000_000).unwrap()
}

/// A known shopper of the conversation's own name.
pub(super) fn talk(conversation: &str) -> Talk {
    let shopper = Shopper {
        id: format!("s-{conversation}").into(),
        identity: Identity::Known(conversation.into()),
    };
    Talk {
        conversation: ConversationId::from(conversation),
        shopper,
    }
}

pub(super) fn message(id: &str, text: &str) -> Message {
    Message {
        client_id: id.to_owned(),
        text: text.to_owned(),
        photos: Vec::new(),
    }
}

pub(super) async fn say(
    conversations: &Conversations,
    room: &str,
    id: &str,
    text: &str,
) -> Result<Accepted, SayError> {
    conversations
        .say(talk(room), message(id, text), noon(), Stub)
        .await
}

/// The words of an entry.
pub(super) fn text_of(entry: &Entry) -> String {
    match &entry.voice {
        Voice::Shopper { text, .. } => text.clone(),
        Voice::Assistant { blocks } | Voice::Agent { blocks, .. } | Voice::System { blocks } => {
            let words = |block: &Block| match block {
                Block::Text { lines } => lines.iter().map(|line| line.text.clone()).collect(),
                other => format!("{other:?}"),
            };
            blocks.iter().map(words).collect()
        }
    }
}
