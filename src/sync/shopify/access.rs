//! How a shop is entered: by a token that does not end, of an app made in the shop's admin, or as an app of Shopify's Dev
//! Dashboard, which is given a token for a day at a time (OAuth 2.0 client credentials, RFC 6749 section 4.4).

use super::WHO;
use crate::config::{Secret, ShopifyAccess, ShopifySettings};
use crate::remote::{Answer, Ask, Remote, RemoteError};
use crate::sync::SyncError;
use crate::sync::patience::{self, Pauses};
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;
use url::form_urlencoded::Serializer;

/// Bytes of an answer.
const MOST: usize = 1_000_000;
/// Times a token is asked for again when Shopify has no time.
const PATIENCE: u32 = 5;
/// So long before its end a token is renewed, or halfway through a short one.
const EARLY: Duration = Duration::from_secs(10 * 60);
/// How long a token lasts when Shopify does not say; it always says so.
const A_DAY: u64 = 86_399;
/// Characters of Shopify's own words that are repeated.
const MOST_WORDS: usize = 200;

/// What must be allowed, and what happens without.
pub(super) const SCOPES: [(&str, &str); 3] = [
    ("read_products", "no products come"),
    (
        "read_inventory",
        "changes of stock come late: they are not known by what webhooks tell of them",
    ),
    (
        "read_orders",
        "no orders come, and nobody can ask where theirs is",
    ),
];

pub(super) enum Access {
    Token(Secret),
    App(Box<App>),
}

pub(super) struct App {
    url: Url,
    shop: String,
    client_id: String,
    secret: Secret,
    pauses: Pauses,
    /// Held while a token is asked for: one renewal at a time.
    current: Mutex<Option<Current>>,
}

struct Current {
    token: Secret,
    renew_at: Instant,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    scope: String,
    expires_in: Option<u64>,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
    #[serde(default)]
    error_description: String,
}

impl Access {
    /// `api` is where GraphQL is asked: tokens are given beside it.
    ///
    /// # Errors
    /// When there is no place beside it.
    pub(super) fn new(settings: &ShopifySettings, api: &Url) -> Result<Self, SyncError> {
        Ok(match &settings.access {
            ShopifyAccess::Token(token) => Self::Token(token.clone()),
            ShopifyAccess::App { client_id, secret } => Self::App(Box::new(App {
                url: api
                    .join("../../oauth/access_token")
                    .map_err(|_| RemoteError::Address(settings.api.clone()))?,
                shop: settings.shop.clone(),
                client_id: client_id.clone(),
                secret: secret.clone(),
                pauses: Pauses::of(WHO),
                current: Mutex::new(None),
            })),
        })
    }

    pub(super) async fn token(&self, remote: &Remote) -> Result<Secret, SyncError> {
        match self {
            Self::Token(token) => Ok(token.clone()),
            Self::App(app) => app.token(remote, None).await,
        }
    }

    /// Another token than the one that was refused; `None` where there is no other.
    pub(super) async fn renewed(
        &self,
        remote: &Remote,
        refused: &Secret,
    ) -> Result<Option<Secret>, SyncError> {
        match self {
            Self::Token(_) => Ok(None),
            Self::App(app) => app.token(remote, Some(refused)).await.map(Some),
        }
    }

    /// What to do about a token that Shopify does not know.
    pub(super) fn when_unknown(&self) -> String {
        match self {
            Self::Token(_) => "the token is not right; SHOPTALK_SHOPIFY_TOKEN takes the Admin API access token (`shpat_…`) of an app \
                 made in the shop's admin; for an app of the Dev Dashboard set `client_id` under [shopify] and \
                 SHOPTALK_SHOPIFY_CLIENT_SECRET instead"
                .to_owned(),
            Self::App(app) => format!(
                "it does not know the token that it has just given; is the app still installed in {}?",
                app.shop
            ),
        }
    }
}

impl App {
    async fn token(&self, remote: &Remote, refused: Option<&Secret>) -> Result<Secret, SyncError> {
        let mut current = self.current.lock().await;
        if let Some(known) = &*current
            && Instant::now() < known.renew_at
            && Some(&known.token) != refused
        {
            return Ok(known.token.clone());
        }
        let asked_at = Instant::now();
        let granted = self.ask(remote).await?;
        for (scope, without) in missing(granted.scope.split(',')) {
            tracing::warn!(
                "the Shopify app has no scope {scope}: {without}; add it in a new version of the app, and accept it in the shop"
            );
        }
        let lasts = Duration::from_secs(granted.expires_in.unwrap_or(A_DAY));
        let token = Secret::new(granted.access_token);
        *current = Some(Current {
            token: token.clone(),
            renew_at: asked_at + lasts.saturating_sub(EARLY.min(lasts / 2)),
        });
        Ok(token)
    }

    async fn ask(&self, remote: &Remote) -> Result<Granted, SyncError> {
        let form = Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &self.client_id)
            .append_pair("client_secret", self.secret.reveal())
            .finish();
        for _ in 0..PATIENCE {
            let ask = Ask {
                method: Method::POST,
                body: Some(form.clone().into_bytes()),
                ..Ask::get(self.url.clone(), MOST)
            };
            let ask = ask
                .with("content-type", "application/x-www-form-urlencoded")
                .with("accept", "application/json");
            let answer = patience::ask(WHO, remote, ask).await?;
            match answer.status {
                StatusCode::OK => {
                    // The words of an error are not told: the body may hold a token.
                    return serde_json::from_slice(&answer.body).map_err(|_| SyncError::Strange {
                        who: WHO,
                        reason: "no access token where one is given".to_owned(),
                    });
                }
                StatusCode::TOO_MANY_REQUESTS => {
                    let wait = answer.retry_after().unwrap_or(Duration::from_secs(2));
                    self.pauses
                        .pause(wait, "Shopify gives no more tokens for now (429)")
                        .await?;
                }
                _ => return Err(self.refused(&answer)),
            }
        }
        Err(self.pauses.too_often())
    }

    /// Shopify's reason stands in JSON, or in the title of a page: `400 - Oauth error app_not_installed`.
    fn refused(&self, answer: &Answer) -> SyncError {
        let shop = &self.shop;
        let (code, words) = match serde_json::from_slice::<Refused>(&answer.body) {
            Ok(refused) => (refused.error, refused.error_description),
            Err(_) => from_page(&String::from_utf8_lossy(&answer.body)),
        };
        let help = match code.as_str() {
            "app_not_installed" => format!(
                "the app is not installed in {shop} (app_not_installed): open it in the Dev Dashboard and install it there, then try again"
            ),
            "shop_not_permitted" => format!(
                "the app and {shop} belong to different organizations (shop_not_permitted): make the app in the Dev Dashboard that the \
                 shop's own admin leads to, under Settings, Apps, Develop apps"
            ),
            "application_cannot_be_found" => format!(
                "it knows no app with this client ID in {shop} (application_cannot_be_found): copy `client_id` under [shopify] again from \
                 the app's Settings in the Dev Dashboard, and see that `shop` is the right one"
            ),
            "invalid_client" => "the client secret is not right (invalid_client): copy it again from the app's Settings in the Dev \
                 Dashboard into SHOPTALK_SHOPIFY_CLIENT_SECRET; a secret that was rotated there ends"
                .to_owned(),
            "" => match answer.status {
                StatusCode::NOT_FOUND => format!("there is no shop {shop}; `shop` under [shopify] is the one that ends in .myshopify.com"),
                StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST => format!(
                    "the app is given no token ({}): are `client_id` under [shopify] and SHOPTALK_SHOPIFY_CLIENT_SECRET those of one app, \
                     and is it installed in {shop}?",
                    answer.status
                ),
                status => return super::graphql::unwell(status),
            },
            code => {
                // Whatever stands there, it is not our secret.
                let words = words.replace(self.secret.reveal(), "…");
                let words: String = words.chars().filter(|c| !c.is_control()).take(MOST_WORDS).collect();
                let code: String = code.chars().filter(|c| c.is_ascii_lowercase() || *c == '_').take(MOST_WORDS).collect();
                format!("the app is given no token ({code}): {words}")
            }
        };
        SyncError::Refused { who: WHO, help }
    }
}

/// Code and words of `Oauth error code: words` in a page.
fn from_page(page: &str) -> (String, String) {
    let Some((_, said)) = page.split_once("Oauth error ") else {
        return Default::default();
    };
    let said = said.split(['<', '\n']).next().unwrap_or_default();
    let (code, words) = said.split_once(':').unwrap_or((said, ""));
    (code.trim().to_owned(), words.trim().to_owned())
}

/// The scopes that are not among those granted, and what happens without. Who may write may read.
pub(super) fn missing<'a>(
    granted: impl IntoIterator<Item = &'a str>,
) -> Vec<(&'static str, &'static str)> {
    let granted: Vec<&str> = granted.into_iter().map(str::trim).collect();
    let has = |scope: &str| {
        let write = scope.replacen("read_", "write_", 1);
        granted.iter().any(|one| *one == scope || *one == write)
    };
    SCOPES
        .into_iter()
        .filter(|(scope, _)| !has(scope))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_write_may_read_and_what_is_missing_is_named() {
        let scopes = |granted: &str| -> Vec<&str> {
            let all = missing(granted.split(',')).into_iter();
            all.map(|(scope, _)| scope).collect()
        };
        assert!(scopes("write_products, read_inventory,read_orders").is_empty());
        assert_eq!(scopes("read_products,read_inventory"), ["read_orders"]);
        assert_eq!(scopes("").len(), 3);
    }

    #[test]
    fn the_reason_is_found_in_a_page_too() {
        let page = "<html><title>400 - Oauth error app_not_installed</title></html>";
        assert_eq!(from_page(page).0, "app_not_installed");
        let page = "<h1>Oauth error shop_not_permitted: Client credentials cannot be performed on this shop.</h1>";
        let (code, words) = from_page(page);
        assert_eq!(code, "shop_not_permitted");
        assert_eq!(
            words,
            "Client credentials cannot be performed on this shop."
        );
        assert_eq!(from_page("<title>Sorry</title>").0, "");
    }
}
