//! Where the links of letters lead: yes, write to me; and no more alerts. A GET only shows a page with a button, for
//! mail scanners follow links; the button, or a mail program's own "unsubscribe" (RFC 8058), does it.

use super::Service;
use super::problem::Problem;
use super::within::WithinLimit;
use crate::dialogue::{AlertPage, PageWords, alert_page};
use crate::store::StoreError;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;

pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/alerts/confirm/{token}", get(ask).post(confirm))
        .route("/alerts/stop/{token}", get(ask_to_stop).post(stop))
}

async fn ask(
    _: WithinLimit,
    State(service): State<Service>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    shown(&service, AlertPage::Confirm, &token).await
}

async fn confirm(
    _: WithinLimit,
    State(service): State<Service>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let watches = &service.door.watches;
    if !watches.confirm(&token, Timestamp::now()).await? {
        return shown(&service, AlertPage::Gone, &token).await;
    }
    // It may have happened while the letter was on its way.
    service.door.news.notify_one();
    shown(&service, AlertPage::Confirmed, &token).await
}

async fn ask_to_stop(
    _: WithinLimit,
    State(service): State<Service>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    shown(&service, AlertPage::Stop, &token).await
}

/// The same answer for a link that nobody has: what it would end has ended.
async fn stop(
    _: WithinLimit,
    State(service): State<Service>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let watches = &service.door.watches;
    let language = watches.language_of(&token).await?;
    watches.stop(&token).await?;
    Ok(page(&service, AlertPage::Stopped, language.as_deref()))
}

async fn shown(service: &Service, which: AlertPage, token: &str) -> Result<Response, Problem> {
    let language = service.door.watches.language_of(token).await?;
    Ok(page(service, which, language.as_deref()))
}

fn page(service: &Service, which: AlertPage, language: Option<&str>) -> Response {
    let shop = service.door.shop.load_full();
    let words = alert_page(&shop, which, language, Timestamp::now());
    let headers: [(HeaderName, &str); 5] = [
        (header::CACHE_CONTROL, "no-store"),
        // The address has the token in it.
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    (headers, Html(html(&shop.facts.name, &words))).into_response()
}

/// A form without an address is sent to the page's own.
fn html(shop: &str, words: &PageWords) -> String {
    let button = words.button.as_deref().map(|label| {
        format!(
            "<form method=\"post\"><button type=\"submit\">{}</button></form>\n",
            escaped(label)
        )
    });
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{head} · {shop}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<main>\n<p>{shop}</p>\n<h1>{head}</h1>\n<p>{text}</p>\n{button}</main>\n</body>\n</html>\n",
        language = escaped(&words.language),
        head = escaped(&words.head),
        shop = escaped(shop),
        text = escaped(&words.text),
        button = button.unwrap_or_default(),
    )
}

const STYLE: &str = ":root{color-scheme:light dark}body{font:1.0625rem/1.5 system-ui,sans-serif;margin:0;padding:2rem 1rem}\
main{max-width:34rem;margin:0 auto}h1{font-size:1.5rem;line-height:1.25}\
button{font:inherit;padding:.75rem 1.25rem;min-height:2.75rem;border:2px solid;border-radius:.5rem;cursor:pointer}\
button:focus-visible{outline:3px solid;outline-offset:3px}";

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!("the store could not be asked: {error}");
        Self::Store
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_language_a_heading_and_no_word_that_is_markup() {
        let words = PageWords {
            language: "de".to_owned(),
            head: "Ja?".to_owned(),
            text: "<script>x</script> & \"co\"".to_owned(),
            button: Some("Ja".to_owned()),
        };
        let page = html("A & P", &words);
        assert!(page.contains("<html lang=\"de\">"), "{page}");
        assert!(page.contains("<h1>Ja?</h1>"), "{page}");
        assert!(page.contains("<title>Ja? · A &amp; P</title>"), "{page}");
        assert!(page.contains("&lt;script&gt;x&lt;/script&gt; &amp; &quot;co&quot;"));
        assert!(page.contains("<form method=\"post\">"), "{page}");
        assert!(!page.contains("<script"), "{page}");
        let done = html(
            "A & P",
            &PageWords {
                button: None,
                ..words
            },
        );
        assert!(!done.contains("<form"), "{done}");
    }
}
