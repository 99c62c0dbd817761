//! Twilio: SMS, and WhatsApp by Twilio.

use super::abilities::{self, Abilities};
use super::bridge::{
    Call, Channel, CheckUp, Event, Heard, Incoming, Outcome, Place, Refusal, Reply, What, id,
    id_at, text,
};
use super::render::Piece;
use crate::config::{ChannelSettings, Secret};
use crate::remote::{Answer, Ask, Hosts, Mac, verifies_sha1};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

const API: &str = "https://api.twilio.com";
/// Files of one message.
const MOST_MEDIA: u32 = 10;
const MOST: usize = 1024 * 1024;

pub struct Twilio {
    api: String,
    account: String,
    /// A number, `whatsapp:` and a number, or a messaging service (`MG…`).
    from: String,
    token: Secret,
    shared_key: Option<Mac>,
    /// The address that Twilio calls.
    door: String,
}

impl Twilio {
    pub fn new(settings: &ChannelSettings, door: String) -> Self {
        let shared = settings.secret("SHARED_KEY");
        Self {
            api: settings.api.clone().unwrap_or_else(|| API.to_owned()),
            account: settings.option("account_sid").to_owned(),
            from: settings.option("from").to_owned(),
            token: settings
                .secret("TOKEN")
                .cloned()
                .unwrap_or_else(|| Secret::new("")),
            shared_key: shared.and_then(|key| Mac::new(key.reveal())),
            door: match settings.option("public_url") {
                "" => door,
                own => own.to_owned(),
            },
        }
    }

    fn known(&self, ask: Ask) -> Ask {
        let login = format!("{}:{}", self.account, self.token.reveal());
        let login = BASE64_STANDARD.encode(login);
        ask.with_secret("authorization", &format!("Basic {login}"))
    }

    fn url(&self, rest: &str) -> Result<url::Url, String> {
        let url = format!("{}/2010-04-01/Accounts/{}{rest}", self.api, self.account);
        url.parse()
            .map_err(|_| "`account_sid` cannot be part of an address".to_owned())
    }

    /// Twilio signs the address it called, with or without its port, and the form's fields in their order.
    fn verify(&self, request: &Incoming<'_>, fields: Option<&Fields>) -> bool {
        let header = |name: &str| (request.header)(name).unwrap_or_default();
        let signature = header("x-twilio-signature");
        let asked = match request.query {
            "" => self.door.clone(),
            query => format!("{}?{query}", self.door),
        };
        let tail = match fields {
            Some(fields) => signed(fields),
            None => {
                let digest = Sha256::digest(request.body);
                let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                if request.asked("bodySHA256").as_deref() != Some(hex.as_str()) {
                    return false;
                }
                String::new()
            }
        };
        let algorithm = algorithm(header("x-twilio-webhooks-signature-settings"));
        let right = |url: &String| {
            let said = format!("{url}{tail}");
            match algorithm.as_str() {
                "HMAC_SHA1" => verifies_sha1(self.token.reveal(), said.as_bytes(), signature),
                "HMAC_SHA256" => {
                    let mac = self.shared_key.as_ref();
                    mac.is_some_and(|mac| mac.verifies_base64(said.as_bytes(), signature))
                }
                // An algorithm that we do not know proves nothing.
                _ => false,
            }
        };
        !signature.is_empty() && ports(&asked).iter().any(right)
    }
}

/// What the header of settings names; without one it is what it always was.
fn algorithm(settings: &str) -> String {
    let mut pairs = settings.split(',').filter_map(|one| one.split_once('='));
    let named = pairs.find(|(name, value)| name.trim() == "algorithm" && !value.trim().is_empty());
    named.map_or("HMAC_SHA1".to_owned(), |(_, value)| {
        value.trim().to_ascii_uppercase()
    })
}

type Fields = BTreeMap<String, BTreeSet<String>>;

/// Names and values, sorted; of a name that comes twice each value once.
fn signed(fields: &Fields) -> String {
    let mut said = String::new();
    for (name, values) in fields {
        for value in values {
            said.push_str(name);
            said.push_str(value);
        }
    }
    said
}

/// The address as it is, and with its port named or left out.
fn ports(asked: &str) -> Vec<String> {
    let mut all = vec![asked.to_owned()];
    let Some((scheme, rest)) = asked.split_once("://") else {
        return all;
    };
    let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let usual = if scheme == "https" { ":443" } else { ":80" };
    match host.rsplit_once(':') {
        Some((bare, _)) => all.push(format!("{scheme}://{bare}{path}")),
        None => all.push(format!("{scheme}://{host}{usual}{path}")),
    }
    all
}

/// Where the pictures of a message are.
fn shown(field: &impl Fn(&str) -> Option<String>) -> Vec<String> {
    let count = field("NumMedia").and_then(|count| count.parse().ok());
    let all = (0..count.unwrap_or(0).min(MOST_MEDIA)).filter_map(|place| {
        let kind = field(&format!("MediaContentType{place}"))?;
        let url = field(&format!("MediaUrl{place}"))?;
        kind.starts_with("image/").then_some(url)
    });
    all.collect()
}

impl Channel for Twilio {
    fn abilities(&self) -> &'static Abilities {
        match self.from.starts_with("whatsapp:") {
            true => &abilities::TWILIO_WHATSAPP,
            false => &abilities::SMS,
        }
    }

    fn read(&self, request: &Incoming<'_>, now: Timestamp) -> Result<Heard, Refusal> {
        let kind = (request.header)("content-type").unwrap_or_default();
        let fields: Option<Fields> =
            kind.starts_with("application/x-www-form-urlencoded")
                .then(|| {
                    let mut fields = Fields::new();
                    for (name, value) in url::form_urlencoded::parse(request.body) {
                        fields
                            .entry(name.into_owned())
                            .or_default()
                            .insert(value.into_owned());
                    }
                    fields
                });
        if !self.verify(request, fields.as_ref()) {
            return Err(Refusal::Forged);
        }
        let mut heard = Heard {
            // Nothing to say here: what we say is sent by itself.
            reply: Reply {
                kind: "text/xml; charset=utf-8",
                body: "<Response/>".to_owned(),
            },
            ..Heard::default()
        };
        let Some(fields) = fields else {
            return Ok(heard);
        };
        let field = |name: &str| fields.get(name)?.first().cloned();
        let Some(sid) = field("MessageSid").or_else(|| field("SmsSid")) else {
            let words = json!(fields).to_string();
            let name = format!("strange-{:x}", crate::text::hash_of(&words));
            heard.strange.push((name, words));
            return Ok(heard);
        };
        let said = field("Body").filter(|text| !text.trim().is_empty());
        let from = field("From");
        let event = match (field("MessageStatus"), from) {
            (Some(state), _) => Event {
                id: format!("{sid}/{state}"),
                talk: format!("/{sid}"),
                person: String::new(),
                alias: None,
                at: now,
                what: What::Delivery {
                    message: sid,
                    state,
                    reason: field("ErrorCode"),
                },
                context: Value::Null,
            },
            (None, Some(from)) => Event {
                id: sid,
                talk: from.clone(),
                person: from,
                alias: None,
                at: now,
                what: match (field("ButtonPayload"), said) {
                    (Some(payload), said) => What::Tapped {
                        label: said.unwrap_or_else(|| payload.clone()),
                        payload,
                    },
                    (None, said) => What::of(said.as_deref(), shown(&field)),
                },
                context: Value::Null,
            },
            (None, None) => {
                heard.strange.push((sid, json!(fields).to_string()));
                return Ok(heard);
            }
        };
        heard.events.push(event);
        Ok(heard)
    }

    fn write(&self, to: &Place, piece: &Piece) -> Vec<Call> {
        let message = |fields: &[(&str, &str)]| {
            let sender = match self.from.starts_with("MG") {
                true => "MessagingServiceSid",
                false => "From",
            };
            let mut body = json!({ "To": to.talk, "StatusCallback": self.door });
            body[sender] = json!(self.from);
            for (name, value) in fields {
                body[*name] = json!(value);
            }
            Call::new("/Messages.json", body)
        };
        match piece {
            Piece::Text { text, .. } | Piece::List { text, .. } => vec![message(&[("Body", text)])],
            Piece::Picture { url, caption, .. } => {
                vec![message(&[("Body", caption), ("MediaUrl", url)])]
            }
            // Its abilities have none.
            Piece::Cards(_) | Piece::Carousel { .. } | Piece::Listed { .. } => Vec::new(),
        }
    }

    fn talk_of(&self, part: &str) -> Option<String> {
        id_at(part, &["/From/0"])
    }

    fn is_private(&self, _event: &Event) -> bool {
        true
    }

    fn asks_consent(&self) -> bool {
        self.from.starts_with("whatsapp:")
    }

    fn photo(&self, photo: &str, _found: &Value, most: usize) -> Result<Ask, String> {
        let url = photo.parse().map_err(|_| "this is no address")?;
        Ok(self.known(Ask::get(url, most)))
    }

    fn photo_hosts(&self) -> Hosts {
        let sent_on = Hosts::new([
            "*.twilio.com",
            "*.twiliocdn.com",
            "s3-external-1.amazonaws.com",
        ]);
        Hosts::of(&self.api).and(&sent_on)
    }

    fn ask(&self, call: &Call, _key: i64, _now: Timestamp) -> Result<Ask, String> {
        let empty = Map::new();
        let fields = call.body.as_object().unwrap_or(&empty);
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in fields {
            form.append_pair(name, value.as_str().unwrap_or_default());
        }
        let ask = Ask::post(self.url(&call.to)?, form.finish().into_bytes(), MOST);
        Ok(self.known(ask.with("content-type", "application/x-www-form-urlencoded")))
    }

    fn answered(&self, _call: &Call, answer: &Answer) -> Outcome {
        let status = answer.status.as_u16();
        let Ok(said) = serde_json::from_slice::<Value>(&answer.body) else {
            return Outcome::of_status(answer, format!("Twilio answers {status} and no JSON"));
        };
        if let (200..=299, Some(sid)) = (status, id(&said, &["sid"])) {
            return Outcome::Sent(Some(sid));
        }
        let code = said.get("code").and_then(Value::as_i64).unwrap_or(0);
        // Twilio's own words name the number.
        let why = format!("Twilio answers {status} (code {code})");
        match code {
            20_429 | 63_018 => Outcome::Later {
                wait: answer.retry_after(),
                all: true,
                why,
            },
            20_003 | 20_005 => Outcome::Revoked(why),
            21_211 | 21_610 | 21_614 => Outcome::Unreachable(why),
            _ => Outcome::of_status(answer, why),
        }
    }

    fn check_ups(&self) -> Vec<CheckUp> {
        let Ok(url) = self.url(".json") else {
            return Vec::new();
        };
        vec![CheckUp {
            ask: self.known(Ask::get(url, MOST)),
            what: "the account and its token",
            read: |_, said| {
                match (text(said, &["status"]), text(said, &["friendly_name"])) {
                (Some("active"), Some(name)) => Ok(format!("Twilio knows the account {name}")),
                (Some(status), _) if said.get("code").is_none() => {
                    Err(format!("Twilio calls the account {status}"))
                }
                _ => Err("Twilio does not know the account; its console shows account SID and auth token".to_owned()),
            }
            },
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twilio(door: &str, from: &str) -> Twilio {
        Twilio {
            api: API.to_owned(),
            account: "AC1".to_owned(),
            from: from.to_owned(),
            token: Secret::new("test-secret"),
            shared_key: Mac::new("test-secret"),
            door: door.to_owned(),
        }
    }

    const FORM: &str = "MessageSid=SM123&From=whatsapp%3A%2B4915112345678&To=whatsapp%3A%2B4930123456&Body=Hallo+%26+tsch%C3%BC%C3%9F&NumMedia=0";

    fn read(query: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Heard, Refusal> {
        let header = |name: &str| {
            headers
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| *value)
        };
        let request = Incoming {
            get: false,
            uri: "/",
            query,
            header: &header,
            body,
        };
        let door = "https://bot.example.com/hooks/twilio";
        twilio(door, "whatsapp:+4930123456").read(&request, Timestamp::now())
    }

    #[test]
    fn only_what_twilio_has_signed_is_read_in_each_of_its_ways() {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let sha1 = ("x-twilio-signature", "ER/XAGzyKD/UlnbRldDomdCLm9g=");
        let sha256 = (
            "x-twilio-signature",
            "0W/xQ9w0UTruVqL0MO9D6VpLF4VRgQusuLDwQGvEAq8=",
        );
        let with = |algorithm| ("x-twilio-webhooks-signature-settings", algorithm);
        let body = FORM.as_bytes();
        let heard = read("tenant=1", &[form, sha1], body).unwrap();
        assert_eq!(heard.events[0].talk, "whatsapp:+4915112345678");
        let text = "Hallo & tschüß".to_owned();
        assert_eq!(heard.events[0].what, What::Said { text });
        let new = with("key=1,algorithm=HMAC_SHA256");
        assert!(read("tenant=1", &[form, sha256, new], body).is_ok());
        let json = (
            "tenant=1&bodySHA256=d8734483309175735ae228e9d3f08d647906292ef1fefc81e73d728af6aa6b7e",
            [
                ("content-type", "application/json"),
                ("x-twilio-signature", "03d6VKcD6AXt1rSCJW1cjw0egJY="),
            ],
        );
        let ok = "{\"ok\":true,\"t\":\"Grüße 👋\"}".as_bytes();
        assert!(read(json.0, &json.1, ok).is_ok());
        assert_eq!(read(json.0, &json.1, b"{}"), Err(Refusal::Forged));
        let changed = FORM.replace("Hallo", "Hallp");
        for (query, headers, body) in [
            ("tenant=2", vec![form, sha1], body),
            ("tenant=1", vec![form], body),
            ("tenant=1", vec![form, ("x-twilio-signature", "ER/X")], body),
            ("tenant=1", vec![form, sha1], changed.as_bytes()),
            ("tenant=1", vec![form, sha256], body),
            ("tenant=1", vec![form, sha1, with("algorithm=NONE")], body),
        ] {
            assert_eq!(
                read(query, &headers, body),
                Err(Refusal::Forged),
                "{query} {headers:?}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_says_whose_it_is() {
        let channel = twilio("https://bot.example.com", "+4930123456");
        let fields: Fields = [("From".to_owned(), BTreeSet::from(["+49151".to_owned()]))].into();
        let talk = channel.talk_of(&json!(fields).to_string());
        assert_eq!(talk.as_deref(), Some("+49151"));
    }

    #[test]
    fn an_address_is_known_with_and_without_its_port() {
        assert_eq!(ports("https://a.test/x?y")[1], "https://a.test:443/x?y");
        assert_eq!(ports("https://a.test:443/x")[1], "https://a.test/x");
    }
}
