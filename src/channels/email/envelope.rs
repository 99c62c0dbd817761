//! How mail services hand a letter on: as it came, alone or in a form, or taken apart into fields.

use super::parts;
use crate::channels::bridge::{Incoming, Refusal, text};
use crate::channels::webhook::is_fresh;
use crate::config::ChannelSettings;
use crate::remote::Mac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use mail_parser::MimeHeaders;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use subtle::ConstantTimeEq;

/// A letter as a service hands it on.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Handed {
    pub letter: Vec<u8>,
    /// Who sent it on the way, where that is told: nobody, for what mail systems say themselves.
    pub sender: Option<String>,
    /// Files came beside the letter.
    pub attached: bool,
}

/// Who may hand letters in.
pub(super) struct Door {
    /// Words in the address that is called, as a password or behind `?secret=`.
    secret: String,
    /// Mailgun's.
    mac: Option<Mac>,
}

impl Door {
    pub(super) fn new(settings: &ChannelSettings) -> Self {
        Self {
            secret: settings.revealed("SECRET"),
            mac: settings
                .secret("SIGNING_KEY")
                .and_then(|key| Mac::new(key.reveal())),
        }
    }

    /// The letter; none where there is none in what they sent.
    ///
    /// # Errors
    /// When whoever sends it does not know what is set, or in a form that nobody sends.
    pub(super) fn letter(
        &self,
        request: &Incoming<'_>,
        now: Timestamp,
    ) -> Result<Option<Handed>, Refusal> {
        let known = !self.secret.is_empty() && self.knows_secret(request);
        if !known && (self.mac.is_none() || !self.secret.is_empty()) {
            return Err(Refusal::Forged);
        }
        let kind = (request.header)("content-type").unwrap_or_default();
        let bare = kind.split(';').next().unwrap_or_default().trim();
        let form = match bare.to_ascii_lowercase().as_str() {
            "application/x-www-form-urlencoded" => {
                let pairs = url::form_urlencoded::parse(request.body);
                let pairs = pairs.map(|(name, value)| (name.into_owned(), bytes_of(value)));
                Form(pairs.collect())
            }
            "multipart/form-data" => Form::of_parts(kind, request.body),
            // Only forms are signed.
            _ if self.mac.is_some() => return Err(Refusal::Forged),
            "message/rfc822" => {
                return Ok(Some(Handed {
                    letter: request.body.to_vec(),
                    sender: (request.header)("x-envelope-from").map(str::to_owned),
                    attached: false,
                }));
            }
            "application/json" => {
                let said = serde_json::from_slice(request.body).unwrap_or_default();
                return Ok(postmark(&said));
            }
            _ => return Err(Refusal::Form),
        };
        if let Some(mac) = &self.mac
            && !form.is_signed(mac, now)
        {
            return Err(Refusal::Forged);
        }
        Ok(form.handed())
    }

    fn knows_secret(&self, request: &Incoming<'_>) -> bool {
        let right = |said: &[u8]| bool::from(said.ct_eq(self.secret.as_bytes()));
        let basic = (request.header)("authorization").and_then(|said| said.strip_prefix("Basic "));
        let basic = basic.and_then(|coded| STANDARD.decode(coded.trim()).ok());
        let password = basic.as_deref().and_then(|pair| {
            let colon = pair.iter().position(|byte| *byte == b':')?;
            pair.get(colon + 1..)
        });
        let asked = request.asked("secret");
        password.is_some_and(right) || asked.is_some_and(|said| right(said.as_bytes()))
    }
}

/// Postmark's: the letter as it came where that is switched on, else its headers and texts.
fn postmark(said: &Value) -> Option<Handed> {
    let field = |name: &str| text(said, &[name]).unwrap_or_default();
    let named = |header: &Value| {
        let (name, value) = (text(header, &["Name"])?, text(header, &["Value"])?);
        Some((name.to_owned(), value.to_owned()))
    };
    let headers = said.get("Headers").and_then(Value::as_array);
    let mut headers: Vec<(String, String)> =
        headers.into_iter().flatten().filter_map(named).collect();
    let returned = headers.iter().find(|(name, _)| name == "Return-Path");
    let sender = returned.map(|(_, value)| value.clone());
    if let Some(raw) = text(said, &["RawEmail"]) {
        return Some(Handed {
            letter: raw.as_bytes().to_vec(),
            sender,
            attached: false,
        });
    }
    // It keeps these out of the others.
    for (name, key) in [
        ("From", "From"),
        ("Reply-To", "ReplyTo"),
        ("Subject", "Subject"),
        ("Date", "Date"),
    ] {
        if !field(key).is_empty() {
            headers.push((name.to_owned(), field(key).to_owned()));
        }
    }
    if field("From").is_empty() {
        return None;
    }
    let attachments = said.get("Attachments").and_then(Value::as_array);
    let body = Body::of(field("TextBody").as_bytes(), field("HtmlBody").as_bytes());
    Some(Handed {
        letter: body.under(&headers, "utf-8"),
        sender,
        attached: attachments.is_some_and(|all| !all.is_empty()),
    })
}

fn bytes_of(text: Cow<'_, str>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// The fields of a form.
struct Form<'b>(BTreeMap<String, Cow<'b, [u8]>>);

impl<'b> Form<'b> {
    /// Of a form that is written like a letter with parts.
    fn of_parts(kind: &str, body: &'b [u8]) -> Self {
        let whole = format!("Content-Type: {kind}\r\n\r\n");
        let boundary = parts::head(whole.as_bytes()).and_then(|(head, _)| {
            let kind = head.parts.first()?.content_type()?;
            Some(kind.attribute("boundary")?.to_owned())
        });
        let parts = parts::split(body, boundary.as_deref().unwrap_or_default());
        let fields = parts.into_iter().filter_map(|part| {
            let (head, begin) = parts::head(part)?;
            let said = head.parts.first()?.content_disposition()?;
            let name = said.attribute("name")?.to_owned();
            Some((name, Cow::Borrowed(part.get(begin..)?)))
        });
        Self(fields.collect())
    }

    fn bytes(&self, name: &str) -> &[u8] {
        self.0.get(name).map_or(&[], AsRef::as_ref)
    }

    fn words(&self, name: &str) -> String {
        String::from_utf8_lossy(self.bytes(name)).into_owned()
    }

    /// Mailgun signs a time and a token, not what it sends.
    fn is_signed(&self, mac: &Mac, now: Timestamp) -> bool {
        let (at, signature) = (self.words("timestamp"), self.words("signature"));
        is_fresh(&at, now)
            && mac.verifies_hex(&[self.bytes("timestamp"), self.bytes("token")], &signature)
    }

    fn handed(&self) -> Option<Handed> {
        let envelope: Value = serde_json::from_slice(self.bytes("envelope")).unwrap_or_default();
        let sender = match self.0.get("sender") {
            Some(sender) => Some(String::from_utf8_lossy(sender).into_owned()),
            None => text(&envelope, &["from"]).map(str::to_owned),
        };
        let whole = ["body-mime", "email"]
            .iter()
            .find_map(|name| self.0.get(*name));
        let letter = match whole {
            Some(letter) => letter.to_vec(),
            None => self.rebuilt()?,
        };
        let files = ["attachments", "attachment-count"];
        let attached = |name: &&str| !["", "0"].contains(&self.words(name).trim());
        Some(Handed {
            letter,
            sender,
            attached: whole.is_none() && files.iter().any(attached),
        })
    }

    /// The letter of what Mailgun or SendGrid made of it.
    fn rebuilt(&self) -> Option<Vec<u8>> {
        if let Some(headers) = self.0.get("message-headers") {
            let headers: Vec<(String, String)> = serde_json::from_slice(headers).ok()?;
            let body = Body::of(self.bytes("body-plain"), self.bytes("body-html"));
            return Some(body.under(&headers, "utf-8"));
        }
        let block = self.0.get("headers")?;
        let (head, _) = parts::head(block)?;
        if head.parts.is_empty() {
            return None;
        }
        let headers = head.headers_raw();
        let headers: Vec<(String, String)> = headers
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect();
        let body = Body::of(self.bytes("text"), self.bytes("html"));
        let charsets: Value = serde_json::from_slice(self.bytes("charsets")).unwrap_or_default();
        let charset = text(&charsets, &[body.field]).unwrap_or("utf-8");
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
        let charset = Some(charset).filter(|charset| charset.chars().all(plain));
        Some(body.under(&headers, charset.unwrap_or("utf-8")))
    }
}

/// What a letter says, apart from its headers.
struct Body<'b> {
    /// `text` or `html`.
    field: &'static str,
    bytes: &'b [u8],
}

impl<'b> Body<'b> {
    fn of(plain: &'b [u8], html: &'b [u8]) -> Self {
        match plain.trim_ascii().is_empty() && !html.is_empty() {
            true => Self {
                field: "html",
                bytes: html,
            },
            false => Self {
                field: "text",
                bytes: plain,
            },
        }
    }

    /// A letter of one part under these headers, but for those that told of its parts.
    fn under(&self, headers: &[(String, String)], charset: &str) -> Vec<u8> {
        let mut letter = String::new();
        for (name, value) in headers {
            let lower = name.to_ascii_lowercase();
            let plain = !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && byte != b':');
            // A report stays one.
            let report = value
                .trim_start()
                .to_ascii_lowercase()
                .starts_with("multipart/report");
            if report {
                letter.push_str("Auto-Submitted: auto-generated\r\n");
            }
            if plain && !lower.starts_with("content-") {
                let value = value.replace(['\r', '\n'], " ");
                letter.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        let kind = match self.field {
            "html" => "html",
            _ => "plain",
        };
        letter.push_str(&format!(
            "Content-Type: text/{kind}; charset={charset}\r\n\r\n"
        ));
        let mut letter = letter.into_bytes();
        letter.extend_from_slice(self.bytes);
        letter
    }
}
