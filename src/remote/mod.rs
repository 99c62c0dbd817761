//! Asking other machines: one client that everything outside uses, which reaches public addresses only, follows few
//! redirects, reads no more than it was told to and never waits for long.

mod guard;
mod hosts;
mod signature;

pub use hosts::Hosts;
pub use signature::{Mac, hmac_base64, verifies_sha1};

use guard::{Guard, is_public};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Client, Method, StatusCode, redirect::Policy};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// From the question to the end of the answer.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(120);
const MOST_REDIRECTS: usize = 3;

/// Where requests may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Addresses on the Internet, by https.
    Public,
    /// This machine and its network as well, by http too: an owner's own decision.
    Private,
}

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    #[error("`{0}` is no address to ask; write it like https://shop.example/feed.xml")]
    Address(String),
    #[error(
        "{0} is not asked: only https is; http and addresses inside your network need `private_addresses = true`"
    )]
    NotPublic(String),
    #[error("{host} is not among the places that may be asked for this")]
    Elsewhere { host: String },
    #[error("{host} sends on to another place more than {MOST_REDIRECTS} times")]
    Redirects { host: String },
    #[error("{host} cannot be reached: {reason}")]
    Unreachable { host: String, reason: String },
    /// It was connected: what was asked may have been done.
    #[error("{host} did not finish its answer: {reason}")]
    Broken { host: String, reason: String },
    #[error("{host} answered with more than {} MB", .most / 1_000_000)]
    TooLarge { host: String, most: usize },
}

/// A client for one reach. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Remote {
    client: Client,
    reach: Reach,
}

/// What to ask.
#[derive(Debug, Clone)]
pub struct Ask {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Option<Vec<u8>>,
    /// Bytes of an answer, at most.
    pub most: usize,
    /// Nowhere else, not by a redirect either; anywhere that this client reaches without.
    pub only: Option<Hosts>,
}

/// What came back, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Ask {
    pub fn get(url: Url, most: usize) -> Self {
        Self {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: None,
            most,
            only: None,
        }
    }

    pub fn post(url: Url, body: Vec<u8>, most: usize) -> Self {
        Self {
            method: Method::POST,
            body: Some(body),
            ..Self::get(url, most)
        }
    }

    pub fn put(url: Url, body: Vec<u8>, most: usize) -> Self {
        Self {
            method: Method::PUT,
            ..Self::post(url, body, most)
        }
    }

    /// Adds a header; one that cannot be sent is left out.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// Asks these places alone, wherever an answer sends on to.
    #[must_use]
    pub fn only_at(mut self, hosts: Hosts) -> Self {
        self.only = Some(hosts);
        self
    }

    /// The same for a value that no log may show.
    #[must_use]
    pub fn with_secret(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(mut value) = HeaderValue::from_str(value) {
            value.set_sensitive(true);
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How long to wait before asking again, when the answer says: in seconds, whole or not, or as a time.
    pub fn retry_after(&self) -> Option<Duration> {
        let said = self.header("retry-after")?.trim();
        if let Ok(seconds) = said.parse::<f64>() {
            return Duration::try_from_secs_f64(seconds).ok();
        }
        let at = rfc2822::parse(said).ok()?.timestamp();
        Some(Duration::try_from(at.duration_since(Timestamp::now())).unwrap_or_default())
    }
}

impl Remote {
    /// # Errors
    /// When the machine has no way to make secure connections.
    pub fn new(reach: Reach) -> Result<Self, RemoteError> {
        let builder = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            .user_agent(concat!("shoptalk/", env!("CARGO_PKG_VERSION")));
        let builder = match reach {
            Reach::Public => builder.dns_resolver(Arc::new(Guard)),
            Reach::Private => builder,
        };
        let client = builder.build().map_err(|error| RemoteError::Unreachable {
            host: "the network".to_owned(),
            reason: error.to_string(),
        })?;
        Ok(Self { client, reach })
    }

    /// Asks and reads the answer whole. Redirects are followed for GET only, to the same kind of places, and take
    /// secrets along only within one origin.
    pub async fn ask(&self, ask: Ask) -> Result<Answer, RemoteError> {
        let Ask {
            method,
            mut url,
            mut headers,
            body,
            most,
            only,
        } = ask;
        for _ in 0..=MOST_REDIRECTS {
            self.admit(&url)?;
            let host = url.host_str().unwrap_or_default().to_owned();
            if only.as_ref().is_some_and(|only| !only.admit(&url)) {
                return Err(RemoteError::Elsewhere { host });
            }
            let unreachable = |error: reqwest::Error| {
                let (host, reason) = (host.clone(), reason(&error));
                match error.is_connect() || error.is_builder() {
                    true => RemoteError::Unreachable { host, reason },
                    false => RemoteError::Broken { host, reason },
                }
            };
            let mut request = self
                .client
                .request(method.clone(), url.clone())
                .headers(headers.clone());
            if let Some(body) = &body {
                request = request.body(body.clone());
            }
            let mut response = request.send().await.map_err(unreachable)?;
            if response.status().is_redirection() && method == Method::GET {
                let to = response
                    .headers()
                    .get(LOCATION)
                    .and_then(|to| to.to_str().ok());
                if let Some(next) = to.and_then(|to| url.join(to).ok()) {
                    if next.origin() != url.origin() {
                        headers = headers
                            .iter()
                            .filter(|(_, value)| !value.is_sensitive())
                            .map(|(name, value)| (name.clone(), value.clone()))
                            .collect();
                    }
                    url = next;
                    continue;
                }
            }
            let mut bytes = Vec::new();
            while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
                if bytes.len() + chunk.len() > most {
                    return Err(RemoteError::TooLarge { host, most });
                }
                bytes.extend_from_slice(&chunk);
            }
            return Ok(Answer {
                status: response.status(),
                headers: response.headers().clone(),
                body: bytes,
            });
        }
        Err(RemoteError::Redirects {
            host: url.host_str().unwrap_or_default().to_owned(),
        })
    }

    /// Names are held against the rule when they are looked up; numbers never are, so here.
    fn admit(&self, url: &Url) -> Result<(), RemoteError> {
        let place = || url.origin().ascii_serialization();
        let fits = match url.scheme() {
            "https" => true,
            "http" => self.reach == Reach::Private,
            _ => false,
        };
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
            None => return Err(RemoteError::Address(place())),
        };
        let inside =
            self.reach == Reach::Public && literal.is_some_and(|address| !is_public(address));
        if !fits || inside || !url.username().is_empty() || url.password().is_some() {
            return Err(RemoteError::NotPublic(place()));
        }
        Ok(())
    }
}

/// The innermost cause, without the address that may hold a secret.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    if error.is_timeout() && error.is_connect() {
        format!("no connection within {} s", CONNECT_WITHIN.as_secs())
    } else if error.is_timeout() {
        format!("it did not answer within {} s", ANSWER_WITHIN.as_secs())
    } else {
        cause.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_to_wait_is_read_in_seconds_and_as_a_time() {
        let wait = |said: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", said.parse().unwrap());
            let answer = Answer {
                status: StatusCode::TOO_MANY_REQUESTS,
                headers,
                body: Vec::new(),
            };
            answer.retry_after()
        };
        assert_eq!(wait("2"), Some(Duration::from_secs(2)));
        assert_eq!(wait("2.5"), Some(Duration::from_millis(2500)));
        assert_eq!(
            wait("Wed, 21 Oct 2015 07:28:00 GMT"),
            Some(Duration::ZERO),
            "it is over"
        );
        let later = wait("Fri, 01 Jan 2100 00:00:00 GMT").unwrap();
        assert!(later > Duration::from_secs(60 * 60), "{later:?}");
        for nonsense in ["soon", "-1", "inf", ""] {
            assert_eq!(wait(nonsense), None, "{nonsense}");
        }
    }

    #[tokio::test]
    async fn nothing_inside_the_network_is_asked() {
        let remote = Remote::new(Reach::Public).unwrap();
        for inside in [
            "https://127.0.0.1/feed",
            "https://10.0.0.7/feed",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/feed",
            "https://[::ffff:127.0.0.1]/feed",
            "https://localhost/feed",
            "http://shop.example/feed",
            "https://me:secret@shop.example/feed",
            "file:///etc/passwd",
        ] {
            let ask = Ask::get(inside.parse().unwrap(), 1000);
            let error = remote.ask(ask).await.unwrap_err();
            let expected = matches!(
                error,
                RemoteError::NotPublic(_)
                    | RemoteError::Address(_)
                    | RemoteError::Unreachable { .. }
            );
            assert!(expected, "{inside}: {error}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
