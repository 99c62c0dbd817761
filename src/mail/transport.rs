//! How a letter leaves: by SMTP, or as a file to look at.

use super::letter::Address;
use super::table::{Body, Queued};
use crate::config::{MailSettings, MailTransport, Security, Smtp};
use crate::store::time;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// For each step of the talk with the server.
const WITHIN: Duration = Duration::from_secs(15);
/// Refusals of our login, which say nothing against the letter (RFC 4954).
const LOGIN: [u16; 4] = [530, 534, 535, 538];

/// Why a letter did not leave. No variant names an address: a server's own words might, so they are left out.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("`{0}` cannot be the sender; write `from` under [mail] like \"hello@shop.example\"")]
    From(String),
    #[error("{host} cannot be a mail server ({reason}); see `host` under [mail]")]
    Host { host: String, reason: String },
    #[error(
        "the mail server cannot be reached ({0}); see `host`, `port` and `security` under [mail]"
    )]
    Unreachable(&'static str),
    #[error(
        "the mail server does not accept our login ({0}); see SHOPTALK_MAIL_USER and SHOPTALK_MAIL_PASSWORD"
    )]
    Login(u16),
    #[error("the mail server asks to try again later ({0})")]
    Later(u16),
    #[error("the mail server refuses this letter ({0})")]
    Refused(u16),
    #[error("the letter cannot be written as mail")]
    Unwritable,
    #[error("{folder} takes no file: {source}; see `folder` under [mail]")]
    Folder {
        folder: PathBuf,
        source: std::io::Error,
    },
}

impl MailError {
    /// Whether trying the same letter again can succeed.
    pub fn is_temporary(&self) -> bool {
        !matches!(self, Self::Refused(_) | Self::Unwritable)
    }
}

/// Where letters go, as the settings say.
pub struct Transport {
    way: Way,
    from: Mailbox,
}

enum Way {
    Off,
    File(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

impl Transport {
    /// `shop` is the sender's name.
    ///
    /// # Errors
    /// When the settings cannot work; nothing is asked of the server yet.
    pub fn new(settings: &MailSettings, shop: &str) -> Result<Self, MailError> {
        let from = Address::parse(&settings.from)
            .and_then(|address| address.as_str().parse::<lettre::Address>().ok())
            .ok_or_else(|| MailError::From(settings.from.clone()))?;
        let way = match &settings.transport {
            MailTransport::Off => Way::Off,
            MailTransport::File(folder) => Way::File(folder.clone()),
            MailTransport::Smtp(smtp) => Way::Smtp(client(smtp, from.domain())?),
        };
        let from = Mailbox::new(Some(one_line(shop)), from);
        Ok(Self { way, from })
    }

    pub(super) fn is_off(&self) -> bool {
        matches!(self.way, Way::Off)
    }

    /// Says hello to the server, and logs in.
    ///
    /// # Errors
    /// When that does not work, or the folder takes no file.
    pub async fn test(&self) -> Result<(), MailError> {
        match &self.way {
            Way::Off => Ok(()),
            Way::File(folder) => created(folder).await,
            Way::Smtp(client) => match client.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err(MailError::Unreachable("it does not answer")),
                Err(error) => Err(named(&error)),
            },
        }
    }

    /// Returns once the letter is with the server, or in its file.
    pub(super) async fn send(&self, queued: &Queued) -> Result<(), MailError> {
        let message = self.message(queued)?;
        match &self.way {
            Way::Off => Ok(()),
            Way::File(folder) => {
                created(folder).await?;
                let name = format!("{}-{}", queued.kind, queued.id);
                written(folder, &name, &message.formatted()).await
            }
            Way::Smtp(client) => match client.send(message).await {
                Ok(_) => Ok(()),
                Err(error) => Err(named(&error)),
            },
        }
    }

    fn message(&self, queued: &Queued) -> Result<Message, MailError> {
        let body: Body = serde_json::from_str(&queued.body).map_err(|_| MailError::Unwritable)?;
        let to = body.to.as_str().parse::<lettre::Address>();
        let to = to.map_err(|_| MailError::Unwritable)?;
        let written_at = SystemTime::from(time(queued.queued_at));
        let id = format!("<{}@{}>", queued.id, self.from.email.domain());
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(one_line(&body.subject))
            .date(written_at)
            .message_id(Some(id))
            .raw_header(raw("Auto-Submitted", automatic(&body))?);
        if let Some(url) = &body.unsubscribe {
            builder = builder
                .raw_header(raw("List-Unsubscribe", &format!("<{url}>"))?)
                .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?);
        }
        let written = match body.reply {
            None => builder.header(ContentType::TEXT_PLAIN).body(body.text),
            Some(reply) => {
                // Nor does it want to hear that somebody is away.
                builder = builder.raw_header(raw("X-Auto-Response-Suppress", "All")?);
                if let Some(to_us) = reply.to_us {
                    let to_us = to_us.as_str().parse::<lettre::Address>();
                    let to_us = to_us.map_err(|_| MailError::Unwritable)?;
                    builder = builder.reply_to(Mailbox::new(None, to_us));
                }
                if let Some(answers) = &reply.answers {
                    builder = builder.raw_header(raw("In-Reply-To", &format!("<{answers}>"))?);
                }
                if !reply.references.is_empty() {
                    builder = builder.raw_header(raw("References", &reply.references)?);
                }
                let both = MultiPart::alternative_plain_html(body.text, reply.html);
                builder.multipart(both)
            }
        };
        written.map_err(|_| MailError::Unwritable)
    }
}

/// As RFC 3834 calls it.
fn automatic(body: &Body) -> &'static str {
    let answers = body
        .reply
        .as_ref()
        .is_some_and(|reply| reply.answers.is_some());
    if answers {
        "auto-replied"
    } else {
        "auto-generated"
    }
}

fn client(smtp: &Smtp, domain: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailError> {
    type Client = AsyncSmtpTransport<Tokio1Executor>;
    let builder = match smtp.security {
        Security::StartTls => Client::starttls_relay(&smtp.host),
        Security::Tls => Client::relay(&smtp.host),
        Security::Bare => Ok(Client::builder_dangerous(&smtp.host)),
    };
    let builder = builder.map_err(|error| MailError::Host {
        host: smtp.host.clone(),
        reason: error.to_string(),
    })?;
    let mut builder = builder
        .port(smtp.port)
        .timeout(Some(WITHIN))
        .hello_name(ClientId::Domain(domain.to_owned()));
    if let Some((user, password)) = &smtp.login {
        builder = builder.credentials(Credentials::new(
            user.reveal().to_owned(),
            password.reveal().to_owned(),
        ));
    }
    Ok(builder.build())
}

/// What went wrong, in our words.
fn named(error: &lettre::transport::smtp::Error) -> MailError {
    match error.status().map(u16::from) {
        Some(code) if LOGIN.contains(&code) => MailError::Login(code),
        Some(code) if code >= 500 => MailError::Refused(code),
        Some(code) => MailError::Later(code),
        None if error.is_timeout() => MailError::Unreachable("it takes too long"),
        None if error.is_tls() => MailError::Unreachable("encryption was not agreed on"),
        None if error.is_response() => MailError::Unreachable("it does not speak SMTP"),
        None => MailError::Unreachable("no connection"),
    }
}

/// No line break can end a header early.
fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}

fn raw(name: &'static str, value: &str) -> Result<HeaderValue, MailError> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| MailError::Unwritable)?;
    Ok(HeaderValue::new(name, one_line(value)))
}

async fn created(folder: &Path) -> Result<(), MailError> {
    let made = tokio::fs::create_dir_all(folder).await;
    made.map_err(|source| MailError::Folder {
        folder: folder.to_owned(),
        source,
    })
}

/// Under another name at first: whoever looks into the folder sees whole letters only.
async fn written(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), MailError> {
    let half = folder.join(format!(".{name}"));
    let whole = folder.join(format!("{name}.eml"));
    let done = async {
        tokio::fs::write(&half, bytes).await?;
        tokio::fs::rename(&half, &whole).await
    };
    done.await.map_err(|source| MailError::Folder {
        folder: folder.to_owned(),
        source,
    })
}
