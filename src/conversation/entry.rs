use crate::dialogue::block::Block;
use crate::uploads::Photo;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One bubble of a conversation, as stored, sent and read aloud.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// From 1, strictly increasing within its conversation.
    pub seq: u64,
    /// To the millisecond.
    pub at: Timestamp,
    #[serde(flatten)]
    pub voice: Voice,
}

/// Who speaks, and what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Voice {
    Shopper {
        /// As the client made it.
        id: String,
        text: String,
        /// What was sent along.
        #[serde(default, rename = "attachments", skip_serializing_if = "Vec::is_empty")]
        photos: Vec<Photo>,
    },
    Assistant {
        blocks: Vec<Block>,
    },
    /// A person of the shop, by name and with a picture's address where they gave them.
    Agent {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        picture: Option<String>,
        blocks: Vec<Block>,
    },
    /// The house itself: "Ana has joined".
    System {
        blocks: Vec<Block>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_written_as_the_protocol_says() {
        let at: Timestamp = "2026-11-20T11:00:00Z".parse().unwrap();
        let said = Voice::Shopper {
            id: "a1".into(),
            text: "hi".into(),
            photos: Vec::new(),
        };
        let entry = Entry {
            seq: 15,
            at,
            voice: said,
        };
        let json =
            r#"{"seq":15,"at":"2026-11-20T11:00:00Z","from":"shopper","id":"a1","text":"hi"}"#;
        assert_eq!(serde_json::to_string(&entry).unwrap(), json);
        assert_eq!(serde_json::from_str::<Entry>(json).unwrap(), entry);
        let reply = Entry {
            seq: 16,
            at,
            voice: Voice::Assistant { blocks: Vec::new() },
        };
        let json = r#"{"seq":16,"at":"2026-11-20T11:00:00Z","from":"assistant","blocks":[]}"#;
        assert_eq!(serde_json::to_string(&reply).unwrap(), json);
        let json =
            r#"{"seq":17,"at":"2026-11-20T11:00:00Z","from":"agent","name":"Ana","blocks":[]}"#;
        let person: Entry = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&person).unwrap(), json);
    }
}
