//! Going on in a messenger with what was begun on the web page: a code is brought, a yes is asked for, a link is ended.

use super::Bridges;
use super::account::Account;
use super::answering::AnswerError;
use super::bridge::Event;
use super::bridged::shopper;
use crate::config::ChannelSettings;
use crate::dialogue::phrase;
use crate::relay::{self, Code, Contact, Link, Messenger, Redeemed};
use crate::shoppers::{Shopper, ShopperId, SignedIn};
use crate::text::fold;
use jiff::Timestamp;

/// What is written before a code.
const BRINGS: [&str; 5] = ["/link", "link", "/start", "verbinden", "/verbinden"];
/// What ends a link.
const ENDS: [&str; 5] = [
    "unlink",
    "/unlink",
    "trennen",
    "/trennen",
    "verbindung trennen",
];
const YES: [&str; 8] = [
    "yes",
    "y",
    "yes please",
    "ok",
    "okay",
    "ja",
    "ja bitte",
    "gerne",
];
const NO: [&str; 6] = ["no", "n", "no thanks", "nein", "nein danke", "lieber nicht"];

/// The messengers a shop offers to go on in.
pub fn messengers(accounts: &[ChannelSettings]) -> Vec<Messenger> {
    let messenger = |account: &ChannelSettings| {
        let invite = Some(account.option("invite")).filter(|invite| invite.starts_with("https://"));
        let name = match account.platform {
            "telegram" => "Telegram",
            "whatsapp" => "WhatsApp",
            "messenger" => "Messenger",
            "instagram" => "Instagram",
            "slack" => "Slack",
            "matrix" => "Matrix",
            "twilio" if account.option("from").starts_with("whatsapp:") => "WhatsApp",
            "twilio" => "SMS",
            // What shoppers call these, nobody but the shop knows: with an address they go there.
            _ if invite.is_some() => account.name.as_str(),
            _ => return None,
        };
        Some(Messenger {
            name: name.to_owned(),
            invite: invite.map(str::to_owned),
        })
    };
    accounts.iter().filter_map(messenger).collect()
}

/// What a message is to a link.
#[derive(Debug, PartialEq)]
enum Brings {
    Code(Code),
    /// Something in a code's place that cannot be one.
    NoCode,
    End,
    Nothing,
}

fn brings(said: &str) -> Brings {
    let folded = fold(said);
    let bare = folded.trim_matches(['.', '!', ' ']);
    if ENDS.contains(&bare) {
        return Brings::End;
    }
    let Some((word, rest)) = said.trim().split_once(char::is_whitespace) else {
        return match &*fold(said.trim()) {
            "/link" | "/verbinden" => Brings::NoCode,
            _ => Brings::Nothing,
        };
    };
    let word = fold(word);
    if !BRINGS.contains(&&*word) {
        return Brings::Nothing;
    }
    match Code::read(rest.trim().trim_matches(['"', '\'', '!'])) {
        Some(code) => Brings::Code(code),
        // "Link please" is a sentence, "/link" is nothing else.
        None if matches!(&*word, "/link" | "/verbinden") => Brings::NoCode,
        None => Brings::Nothing,
    }
}

/// What there is to say, or who they are.
pub(super) enum Linked {
    Say(String),
    As(Option<Link>),
}

impl Bridges {
    /// Takes what a message has to do with a link, before anything else is made of it.
    pub(super) async fn linked(
        &self,
        account: &Account,
        event: &Event,
        contact: &Contact,
        said: &str,
        now: Timestamp,
    ) -> Result<Linked, AnswerError> {
        let store = &self.relay.store;
        let brings = brings(said);
        let link = relay::link_of(store, contact).await?;
        let is_linked = link.as_ref().is_some_and(Link::is_linked);
        let text = match brings {
            Brings::End => match relay::unlink(store, account.name(), &contact.person).await? {
                0 => "link.not_linked",
                _ => "link.unlinked",
            },
            Brings::NoCode => "link.wrong",
            Brings::Code(_) if !account.channel.is_private(event) => "link.private_only",
            Brings::Code(code) => {
                let asks = account.channel.asks_consent();
                match relay::redeem(store, contact, &code, asks, now).await? {
                    Redeemed::Linked if contact.seen_at > 0 => "link.done_known",
                    Redeemed::Linked => "link.done",
                    Redeemed::Asked => "link.consent",
                    Redeemed::Same => "link.same",
                    Redeemed::Wrong => "link.wrong",
                    Redeemed::TooMany => "link.too_many",
                }
            }
            // More read along than when it was joined: what is theirs alone goes on elsewhere.
            Brings::Nothing if is_linked && !account.channel.is_private(event) => {
                relay::unlink(store, account.name(), &contact.person).await?;
                "link.unlinked"
            }
            Brings::Nothing => {
                let asked = link.as_ref().is_some_and(|link| link.is_asked(now));
                match answer(said).filter(|_| asked) {
                    Some(true) => {
                        relay::accept(store, contact, now).await?;
                        "link.done_known"
                    }
                    Some(false) => {
                        relay::unlink(store, account.name(), &contact.person).await?;
                        "link.refused"
                    }
                    None => return Ok(Linked::As(link.filter(Link::is_linked))),
                }
            }
        };
        // In the language of the conversation that goes on.
        let after = relay::of_person(store, account.name(), &contact.person, &contact.talk).await?;
        let after = after.map(|after| Contact {
            seen_at: after.seen_at.max(1),
            ..after
        });
        let language = match &after {
            Some(after) => self.language_of(after).await,
            None => None,
        };
        let shop = self.door.shop.load_full();
        let minutes = relay::CODE_HOLDS.as_mins().to_string();
        let variables = [("minutes", minutes.as_str())];
        Ok(Linked::Say(phrase(
            &shop,
            text,
            &variables,
            language.as_deref(),
            now,
        )))
    }
}

impl Bridges {
    /// Who speaks: someone a code has joined is the shopper of the page, as the page knows them.
    pub(super) async fn speaker(
        &self,
        contact: &Contact,
        link: Option<&Link>,
    ) -> Result<Shopper, AnswerError> {
        if let Some(link) = link {
            let id = ShopperId::from(link.shopper.as_str());
            if let Some(known) = self.door.shoppers.by_id(&id).await? {
                return Ok(known);
            }
        }
        Ok(shopper(contact))
    }
}

fn answer(said: &str) -> Option<bool> {
    let folded = fold(said);
    let bare = folded.trim_matches(['.', '!', ' ']);
    if YES.contains(&bare) {
        return Some(true);
    }
    NO.contains(&bare).then_some(false)
}

/// Whom the shop's page has vouched for when it gave the code: here they are that, and no more.
pub(super) fn signed_in(link: Link) -> Option<SignedIn> {
    Some(SignedIn {
        customer: link.customer?,
        email: link.email,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_brought_and_a_sentence_is_none() {
        let code = |text: &str| Brings::Code(Code::read(text).unwrap());
        for (said, brought) in [
            ("/link K4P9TX", code("K4P9TX")),
            ("link k4p-9tx", code("K4P9TX")),
            ("Link K4P 9TX!", code("K4P9TX")),
            ("/start K4P9TX", code("K4P9TX")),
            ("verbinden k4p9tx", code("K4P9TX")),
            ("/link", Brings::NoCode),
            ("/link ABC", Brings::NoCode),
            ("/link K4P9TXX", Brings::NoCode),
            ("link please", Brings::Nothing),
            ("link change", Brings::Nothing),
            ("/start", Brings::Nothing),
            ("/start ref42", Brings::Nothing),
            ("K4P9TX", Brings::Nothing),
            ("Unlink.", Brings::End),
            ("TRENNEN", Brings::End),
            ("do you ship to norway?", Brings::Nothing),
            ("", Brings::Nothing),
        ] {
            assert_eq!(brings(said), brought, "{said}");
        }
    }
}
