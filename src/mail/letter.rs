//! What is sent, and to whom.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use url::Url;

/// The longest address a mail server takes (RFC 5321, 4.5.3.1.3, less the brackets).
const LONGEST: usize = 254;

/// A bare e-mail address that a header can hold: nothing in it can begin another header or another recipient.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

impl Address {
    /// In lower case; `None` when it is no address, or one that needs quotes or letters beyond ASCII.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let plain = |c: char| c.is_ascii_graphic() && !"<>()[],;:\\\"".contains(c);
        let (_, host) = text.rsplit_once('@')?;
        let whole = text.len() <= LONGEST && text.chars().all(plain) && host.contains('.');
        let sound = whole && text.parse::<lettre::Address>().is_ok();
        sound.then(|| Self(text.to_ascii_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An address is not for logs.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

impl TryFrom<String> for Address {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("no e-mail address")
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0
    }
}

/// One letter in plain text.
#[derive(Debug, Clone)]
pub struct Letter {
    pub to: Address,
    pub subject: String,
    pub body: String,
    /// Where one tap ends such letters: becomes List-Unsubscribe and List-Unsubscribe-Post (RFC 8058).
    pub unsubscribe: Option<Url>,
    /// For metrics and logs: `code`, `back_in_stock`.
    pub kind: &'static str,
    /// The id of the shopper it is about: when they are erased, it goes too.
    pub owner: Option<String>,
    /// Not sent after this.
    pub expires_at: Timestamp,
    /// What makes it an answer.
    pub reply: Option<Reply>,
}

/// A letter that goes on with a conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reply {
    /// Its own, unique: queued a second time it is the same letter. What stands before the `@` of its Message-ID.
    pub id: String,
    /// The same words with their emphasis and links.
    pub html: String,
    /// Where an answer to it goes.
    pub to_us: Option<Address>,
    /// The Message-ID it answers, without brackets; none for news.
    pub answers: Option<String>,
    /// Of all before it, each in brackets.
    pub references: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_bare_addresses_are_addresses() {
        for good in ["Ada@Shop.example", " a.b+c@x.co ", "o'neil@x.ie"] {
            assert!(Address::parse(good).is_some(), "{good}");
        }
        assert_eq!(Address::parse("Ada@X.co").unwrap().as_str(), "ada@x.co");
        for bad in [
            "",
            "ada",
            "ada@",
            "@x.co",
            "ada@x",
            "a@b@x.co",
            "ada@x.co\r\nBcc: eve@x.co",
            "ada@x.co, eve@x.co",
            "Ada <ada@x.co>",
            "\"a b\"@x.co",
            "ada @x.co",
            "ada@x..co",
        ] {
            assert!(Address::parse(bad).is_none(), "{bad:?}");
        }
        assert!(!format!("{:?}", Address::parse("ada@x.co")).contains("ada"));
    }

    proptest! {
        #[test]
        fn no_address_can_begin_a_header(text in "\\PC{0,20}@\\PC{0,12}[\r\n\u{0}]?\\PC{0,8}") {
            if let Some(address) = Address::parse(&text) {
                prop_assert!(address.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
            }
        }
    }
}
