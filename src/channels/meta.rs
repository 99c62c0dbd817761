//! What WhatsApp, Messenger and Instagram have in common: Meta's signature, its challenge, its errors.

use super::bridge::{Heard, Incoming, Outcome, Refusal, Reply, text};
use crate::config::ChannelSettings;
use crate::remote::{Answer, Ask, Hosts, Mac};
use serde_json::Value;
use subtle::ConstantTimeEq;

const API: &str = "https://graph.facebook.com";
/// The version of the Graph API where the settings name none.
const VERSION: &str = "v23.0";
const MOST: usize = 1024 * 1024;
/// Subcodes of "too late to write to them": Messenger's, and Instagram's.
const OUTSIDE_WINDOW: [i64; 2] = [2_018_278, 2_534_022];
/// They blocked the page, or it may not write to them.
const BLOCKED: i64 = 1_545_041;

/// An account's way to Meta.
pub(super) struct Meta {
    api: String,
    version: String,
    token: String,
    mac: Option<Mac>,
    verify_token: String,
}

impl Meta {
    pub(super) fn new(settings: &ChannelSettings) -> Self {
        let version = match settings.option("version") {
            "" => VERSION,
            own => own,
        };
        Self {
            api: settings.api.clone().unwrap_or_else(|| API.to_owned()),
            version: version.to_owned(),
            token: settings.revealed("TOKEN"),
            mac: settings
                .secret("SECRET")
                .and_then(|secret| Mac::new(secret.reveal())),
            verify_token: settings.revealed("VERIFY_TOKEN"),
        }
    }

    /// The question that Meta asks once, when a webhook is set up.
    pub(super) fn challenge(&self, request: &Incoming<'_>) -> Result<Reply, Refusal> {
        let asked = |name| request.asked(name).ok_or(Refusal::Malformed);
        let (mode, token, challenge) = (
            asked("hub.mode")?,
            asked("hub.verify_token")?,
            asked("hub.challenge")?,
        );
        let right = bool::from(token.as_bytes().ct_eq(self.verify_token.as_bytes()));
        if mode != "subscribe" || !right || token.is_empty() {
            return Err(Refusal::Forbidden);
        }
        Ok(Reply {
            body: challenge,
            ..Reply::default()
        })
    }

    /// Meta signs the bytes as it sends them.
    pub(super) fn verify(&self, request: &Incoming<'_>) -> Result<(), Refusal> {
        let signature = (request.header)("x-hub-signature-256").unwrap_or_default();
        let signature = signature.strip_prefix("sha256=").ok_or(Refusal::Forged)?;
        let mac = self.mac.as_ref().ok_or(Refusal::Forged)?;
        match mac.verifies_hex(&[request.body], signature) {
            true => Ok(()),
            false => Err(Refusal::Forged),
        }
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Ask, String> {
        let ask = Ask::post(self.url(path)?, body.to_string().into_bytes(), MOST);
        Ok(self.known(ask.with("content-type", "application/json")))
    }

    pub(super) fn get(&self, path: &str) -> Result<Ask, String> {
        Ok(self.known(Ask::get(self.url(path)?, MOST)))
    }

    /// Where Meta keeps pictures, and the place of its interface where that is another.
    pub(super) fn photo_hosts(&self) -> Hosts {
        let hosts = Hosts::new(["lookaside.fbsbx.com", "*.fbcdn.net", "*.cdninstagram.com"]);
        match self.api == API {
            true => hosts,
            false => hosts.and(&Hosts::of(&self.api)),
        }
    }

    pub(super) fn known(&self, ask: Ask) -> Ask {
        ask.with_secret("authorization", &format!("Bearer {}", self.token))
    }

    fn url(&self, path: &str) -> Result<url::Url, String> {
        let url = format!("{}/{}/{path}", self.api, self.version);
        url.parse()
            .map_err(|_| "its address cannot be one".to_owned())
    }
}

/// Puts a part aside that is signed and not understood.
pub(super) fn strange(heard: &mut Heard, part: String) {
    let name = format!("strange-{:x}", crate::text::hash_of(&part));
    heard.strange.push((name, part));
}

/// What an answer of Meta's means; `message` is where the id of what was sent stands.
pub(super) fn answered(answer: &Answer, message: &[&str]) -> Outcome {
    let status = answer.status.as_u16();
    let Ok(said) = serde_json::from_slice::<Value>(&answer.body) else {
        return Outcome::of_status(answer, format!("Meta answers {status} and no JSON"));
    };
    let Some(error) = said.get("error") else {
        let id = message
            .iter()
            .try_fold(&said, |value, name| match name.parse::<usize>() {
                Ok(place) => value.get(place),
                Err(_) => value.get(*name),
            });
        let id = id.and_then(Value::as_str).map(str::to_owned);
        return match (status, id) {
            (200..=299, id) => Outcome::Sent(id),
            _ => Outcome::of_status(answer, format!("Meta answers {status}")),
        };
    };
    let Some(code) = error.get("code").and_then(Value::as_i64) else {
        return Outcome::of_status(answer, format!("Meta answers {status}"));
    };
    let sub = error
        .get("error_subcode")
        .and_then(Value::as_i64)
        .unwrap_or(0);
    let words = text(error, &["message"]).unwrap_or_default();
    let why = format!("Meta answers {code} ({words})");
    let later = |all| Outcome::Later {
        wait: answer.retry_after(),
        all,
        why: why.clone(),
    };
    match code {
        0 | 190 => Outcome::Revoked(why),
        // Of one person, not of the account: too late to write to them, or they blocked the page.
        10 if OUTSIDE_WINDOW.contains(&sub) => Outcome::Refused(why),
        200 if sub == BLOCKED => Outcome::Unreachable(why),
        3 | 10 | 200..=299 | 368 | 131_031 | 133_016 => Outcome::Revoked(why),
        4 | 613 | 32 | 80_006 | 80_007 | 130_429 | 131_048 => later(true),
        131_056 | 1 | 2 | 131_000 | 131_016 | 131_057 => later(false),
        131_026 | 551 => Outcome::Unreachable(why),
        _ if error.get("is_transient") == Some(&Value::Bool(true)) => later(false),
        _ => match Outcome::of_status(answer, why.clone()) {
            // What has an error was not sent.
            Outcome::Unknown(why) => Outcome::Refused(why),
            outcome => outcome,
        },
    }
}
