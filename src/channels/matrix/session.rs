//! Who we are on the homeserver: by a token, or by a password for which it gives one.

use super::{MOST, Matrix, Me};
use crate::channels::bridge::{CheckUp, Line, id, text};
use crate::config::ChannelSettings;
use crate::remote::{Answer, Ask};
use serde_json::{Value, json};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Seconds that a short question may take.
pub(super) const SHORT: u64 = 20;
/// Longer than this a homeserver is not obeyed before it is asked again.
const LONGEST_OBEYED: Duration = Duration::from_secs(60);

#[derive(Clone)]
pub(super) struct Session {
    pub(super) me: Me,
    pub(super) token: String,
}

/// What opens the account.
pub(super) enum Key {
    Token(String),
    Password {
        user: String,
        password: String,
        /// Ours, the same at each start: what was sent before is known by it.
        device: String,
    },
}

impl Key {
    pub(super) fn new(settings: &ChannelSettings) -> Self {
        match settings.secret("TOKEN") {
            Some(token) => Self::Token(token.reveal().to_owned()),
            None => Self::Password {
                user: settings.option("user").to_owned(),
                password: settings.revealed("PASSWORD"),
                device: format!("shoptalk-{}", settings.name),
            },
        }
    }

    /// A token that is lost can be had again.
    pub(super) fn renews(&self) -> bool {
        matches!(self, Self::Password { .. })
    }
}

/// Why the homeserver gave no answer to a question of ours.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// It may the next time.
    #[error("{0}")]
    Later(String),
    /// It does not know the token.
    #[error("{0}")]
    Stranger(String),
    #[error("{why}")]
    Refused { status: u16, why: String },
}

impl From<Trouble> for String {
    fn from(trouble: Trouble) -> Self {
        trouble.to_string()
    }
}

/// The homeserver's own words.
pub(super) fn reason(status: u16, said: &Value) -> String {
    let code = text(said, &["errcode"]).unwrap_or("no errcode");
    let words = text(said, &["error"]).unwrap_or("no words");
    format!("Matrix answers {status} {code} ({words})")
}

/// How long it wants to be left alone: newer ones say it in a header.
pub(super) fn wait(answer: &Answer, said: &Value) -> Option<Duration> {
    let millis = said.get("retry_after_ms").and_then(Value::as_u64);
    answer
        .retry_after()
        .or_else(|| millis.map(Duration::from_millis))
}

impl Matrix {
    /// Asks something whose answer is needed.
    pub(super) async fn question(
        &self,
        line: &Line,
        ask: Ask,
        within: u64,
    ) -> Result<Value, Trouble> {
        let path = ask.url.path().to_owned();
        let name = path.rsplit('/').next().unwrap_or_default();
        let asking = tokio::time::timeout(Duration::from_secs(within), line.remote.ask(ask)).await;
        let answer =
            asking.map_err(|_| Trouble::Later(format!("{name}: no answer within {within} s")))?;
        let answer = answer.map_err(|error| Trouble::Later(format!("{name}: {error}")))?;
        let status = answer.status.as_u16();
        let said: Option<Value> = serde_json::from_slice(&answer.body).ok();
        match (status, said) {
            (200..=299, Some(said)) => Ok(said),
            (200..=299, None) => Err(Trouble::Later(format!(
                "{name}: Matrix answers {status} and no JSON"
            ))),
            (_, said) => {
                let said = said.unwrap_or_default();
                let why = format!("{name}: {}", reason(status, &said));
                match (status, text(&said, &["errcode"])) {
                    (_, Some("M_UNKNOWN_TOKEN" | "M_MISSING_TOKEN")) => Err(Trouble::Stranger(why)),
                    (429, _) => {
                        let wait = wait(&answer, &said).unwrap_or_default();
                        tokio::time::sleep(wait.min(LONGEST_OBEYED)).await;
                        Err(Trouble::Later(why))
                    }
                    (408 | 500..=599, _) => Err(Trouble::Later(why)),
                    _ => Err(Trouble::Refused { status, why }),
                }
            }
        }
    }

    /// Has the homeserver know us: by the token that we have, or by a new one.
    pub(super) async fn sign_in(&self, line: &Line) -> Result<Me, String> {
        let found = self.signed_in(line).await;
        let session = match found {
            Ok(session) => session,
            Err(trouble) => {
                if !matches!(trouble, Trouble::Later(_)) {
                    (line.known)(Err(&trouble.to_string()));
                }
                return Err(trouble.into());
            }
        };
        let me = session.me.clone();
        let mut kept = self.session.write().unwrap_or_else(PoisonError::into_inner);
        *kept = Some(session);
        drop(kept);
        self.signed_in.store(true, Ordering::Release);
        (line.known)(Ok(()));
        Ok(me)
    }

    async fn signed_in(&self, line: &Line) -> Result<Session, Trouble> {
        let held = self.session().map(|session| session.token);
        let token = match (&self.key, held) {
            (Key::Token(token), _) => token.clone(),
            (Key::Password { .. }, Some(token)) => token,
            (key, None) => self.log_in(line, key).await?,
        };
        let (token, user) = match self.user(line, &token).await {
            Err(Trouble::Stranger(_)) if self.key.renews() => {
                let token = self.log_in(line, &self.key).await?;
                let user = self.user(line, &token).await?;
                (token, user)
            }
            user => (token, user?),
        };
        let url = self.address(&["v3", "profile", &user, "displayname"])?;
        let name = match self.question(line, bearing(url, &token), SHORT).await {
            Ok(said) => id(&said, &["displayname"]),
            // Nobody has to have one.
            Err(Trouble::Refused { .. }) => None,
            Err(trouble) => return Err(trouble),
        };
        Ok(Session {
            me: Me { user, name },
            token,
        })
    }

    /// Whose token it is.
    async fn user(&self, line: &Line, token: &str) -> Result<String, Trouble> {
        let url = self.address(&["v3", "account", "whoami"])?;
        let said = self.question(line, bearing(url, token), SHORT).await?;
        id(&said, &["user_id"])
            .ok_or_else(|| Trouble::Later("whoami: Matrix does not say who we are".to_owned()))
    }

    async fn log_in(&self, line: &Line, key: &Key) -> Result<String, Trouble> {
        let ask = self.log_in_ask(key, None).map_err(Trouble::Later)?;
        let said = self.question(line, ask, SHORT).await?;
        id(&said, &["access_token"])
            .ok_or_else(|| Trouble::Later("login: Matrix gives no token".to_owned()))
    }

    /// `device` is another than ours.
    fn log_in_ask(&self, key: &Key, device: Option<&str>) -> Result<Ask, String> {
        let Key::Password {
            user,
            password,
            device: ours,
        } = key
        else {
            return Err("there is no password".to_owned());
        };
        let body = json!({
            "type": "m.login.password", "identifier": { "type": "m.id.user", "user": user }, "password": password,
            "device_id": device.unwrap_or(ours), "initial_device_display_name": "Shoptalk",
        });
        let ask = Ask::post(
            self.url(&["v3", "login"])?,
            body.to_string().into_bytes(),
            MOST,
        );
        Ok(ask.with("content-type", "application/json"))
    }

    pub(super) fn address(&self, path: &[&str]) -> Result<url::Url, Trouble> {
        self.url(path).map_err(Trouble::Later)
    }

    /// What `doctor` asks.
    pub(super) fn questions(&self) -> Vec<CheckUp> {
        let mut all = Vec::new();
        if let Ok(url) = self.url(&["versions"]) {
            all.push(CheckUp {
                ask: Ask::get(url, MOST),
                what: "the homeserver",
                read: |settings, said| {
                    let versions = said.get("versions").and_then(Value::as_array);
                    let newest = versions
                        .and_then(|all| all.last())
                        .and_then(Value::as_str);
                    newest
                        .map(|newest| format!("the homeserver speaks Matrix {newest}"))
                        .ok_or_else(|| format!(
                            "there is no homeserver at {}; https://YOUR-DOMAIN/.well-known/matrix/client says where it is",
                            settings.option("homeserver")
                        ))
                },
            });
        }
        let (ask, what) = match &self.key {
            Key::Token(token) => {
                let url = self.url(&["v3", "account", "whoami"]);
                (url.map(|url| bearing(url, token)), "the token")
            }
            // On a device of its own: a server that runs keeps its token.
            key => (
                self.log_in_ask(key, Some("shoptalk-doctor")),
                "the password",
            ),
        };
        if let Ok(ask) = ask {
            all.push(CheckUp {
                ask,
                what,
                read: |_, said| match text(said, &["user_id"]) {
                    Some(user) => Ok(format!("Matrix knows {user}")),
                    None => Err(format!(
                        "Matrix does not know us ({}); see the token, or `user` and its password",
                        text(said, &["errcode"]).unwrap_or("it answers nothing")
                    )),
                },
            });
        }
        all
    }
}

pub(super) fn bearing(url: url::Url, token: &str) -> Ask {
    Ask::get(url, MOST).with_secret("authorization", &format!("Bearer {token}"))
}
