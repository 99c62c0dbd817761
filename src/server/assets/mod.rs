//! The widget's files and the demo shop's pages, inside the binary. In a debug build they are read
//! from the folder, so that an edit shows on reload.

mod encoded;
mod minify;
mod modules;

use super::Service;
use super::problem::Problem;
use crate::config::{Nudge, WidgetSettings};
use arc_swap::ArcSwapOption;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use modules::{Found, Modules, Written};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The loader is asked for again after five minutes, and an old one serves while the new one is fetched.
const LOADER_KEPT: &str = "public, max-age=300, stale-while-revalidate=86400";
/// An address with a version never means anything else.
const KEPT_FOR_GOOD: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

#[derive(RustEmbed)]
#[folder = "web-widget"]
struct Widget;

#[derive(RustEmbed)]
#[folder = "demo/shop"]
struct Demo;

/// The demo shop's pages need nothing from elsewhere, and say so.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self' ws: wss:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; require-trusted-types-for 'script'";

pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/", get(|headers| page("index.html", headers)))
        .route(
            "/products/{slug}",
            get(|headers| page("product.html", headers)),
        )
        .route("/cart", get(|headers| page("cart.html", headers)))
        .route("/theme", get(|headers| page("theme.html", headers)))
        .route("/demo/{*path}", get(demo))
        .route("/widget.js", get(loader))
        .route("/widget/nudges.json", get(nudges))
        .route("/widget/{*path}", get(module))
}

/// The widget's modules, prepared once, when first asked for; in a debug build again when one was edited.
pub(super) struct WidgetFiles {
    settings: WidgetSettings,
    ready: ArcSwapOption<Ready>,
}

/// What was prepared, and from what.
struct Ready {
    hashes: Vec<[u8; 32]>,
    modules: Modules,
}

impl WidgetFiles {
    pub(super) fn new(settings: WidgetSettings) -> Self {
        Self {
            settings,
            ready: ArcSwapOption::empty(),
        }
    }

    fn current(&self) -> Arc<Ready> {
        let hashes = hashes();
        if let Some(ready) = self.ready.load_full()
            && ready.hashes == hashes
        {
            return ready;
        }
        // Who comes at the same time may do the same; nobody waits for another.
        let written = Written {
            nudges: !self.settings.nudges.is_empty(),
            quiet_on: &self.settings.quiet_on,
        };
        let modules = Modules::new(&sources(), &written);
        let ready = Arc::new(Ready { hashes, modules });
        self.ready.store(Some(Arc::clone(&ready)));
        ready
    }

    /// Minifies and compresses everything ahead of the first request; takes a moment.
    pub(super) fn compress(&self) {
        self.current().modules.compress();
    }
}

fn modules() -> impl Iterator<Item = (String, EmbeddedFile)> {
    Widget::iter()
        .filter(|path| path.ends_with(".js") && !path.contains('/'))
        .filter_map(|path| Some((path.to_string(), Widget::get(&path)?)))
}

fn hashes() -> Vec<[u8; 32]> {
    modules()
        .map(|(_, file)| file.metadata.sha256_hash())
        .collect()
}

fn sources() -> BTreeMap<String, String> {
    modules()
        .map(|(name, file)| (name, String::from_utf8_lossy(&file.data).into_owned()))
        .collect()
}

async fn loader(State(service): State<Service>, headers: HeaderMap) -> Result<Response, Problem> {
    let ready = service.widget.current();
    let file = ready.modules.loader().ok_or(Problem::NotFound)?;
    Ok(for_any_page(file.answer(&headers, LOADER_KEPT)))
}

async fn module(
    State(service): State<Service>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let ready = service.widget.current();
    match ready.modules.find(&path).ok_or(Problem::NotFound)? {
        Found::Here(file) => Ok(for_any_page(file.answer(&headers, KEPT_FOR_GOOD))),
        Found::Moved(to) => {
            let to = [
                (header::LOCATION, to),
                (header::CACHE_CONTROL, ASK_AGAIN.to_owned()),
            ];
            Ok(for_any_page(
                (StatusCode::TEMPORARY_REDIRECT, to).into_response(),
            ))
        }
    }
}

/// What the chat may say first, as things are now.
#[derive(Serialize)]
struct Nudges<'a> {
    per_visit: u32,
    per_day: u32,
    quiet_on: &'a [String],
    /// Where a nudge has no words in a reader's language, it has them in this one.
    language: &'a str,
    nudges: Vec<&'a Nudge>,
}

async fn nudges(State(service): State<Service>) -> Response {
    let shop = service.door.shop.load();
    let people = shop.facts.hours.is_open(Timestamp::now());
    let settings = &service.widget.settings;
    let nudges = Nudges {
        per_visit: settings.nudges_per_visit,
        per_day: settings.nudges_per_day,
        quiet_on: &settings.quiet_on,
        language: &shop.facts.language,
        nudges: settings
            .nudges
            .iter()
            .filter(|nudge| people || !nudge.people)
            .collect(),
    };
    let mut response = Json(nudges).into_response();
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(ASK_AGAIN));
    out.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    response
}

/// Any shop's page may load the widget: without these headers a module from elsewhere does not run.
fn for_any_page(mut response: Response) -> Response {
    let out = response.headers_mut();
    out.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    out.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("cross-origin"),
    );
    response
}

async fn page(name: &'static str, headers: HeaderMap) -> Result<Response, Problem> {
    let mut response = file(Demo::get(name), name, &headers)?;
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(PAGE_POLICY),
    );
    Ok(response)
}

async fn demo(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    file(Demo::get(&path), &path, &headers)
}

/// A file with its type, and an answer without a body when the browser has it already.
fn file(found: Option<EmbeddedFile>, path: &str, headers: &HeaderMap) -> Result<Response, Problem> {
    let found = found.ok_or(Problem::NotFound)?;
    let hash: String = found.metadata.sha256_hash()[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = format!("\"{hash}\"");
    let value = HeaderValue::from_str(&tag).map_err(|_| Problem::NotFound)?;
    let mut response = if encoded::has(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        (
            [(header::CONTENT_TYPE, kind(path))],
            found.data.into_owned(),
        )
            .into_response()
    };
    let out = response.headers_mut();
    out.insert(header::ETAG, value);
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(ASK_AGAIN));
    Ok(response)
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::encoded::Encoded;
    use super::*;

    #[test]
    fn the_button_weighs_four_kilobytes_and_all_of_it_thirty() {
        let modules = Modules::new(&sources(), &Written::default());
        let weigh = |name: &str| {
            let file = modules.named(name);
            file.map_or(0, Encoded::compressed_len)
        };
        let loader = modules.loader().map_or(0, Encoded::compressed_len);
        assert!(
            (1..=4096).contains(&loader),
            "the loader has {loader} bytes"
        );
        // What opening fetches, and what a talk about products and articles fetches after it.
        let talked = with_imports(&modules, &["panel.js", "products.js", "helpful.js"]);
        let all: usize = loader + talked.iter().map(|name| weigh(name)).sum::<usize>();

        assert!(all <= 30 * 1024, "{all} bytes in all");
    }

    /// Modules and what they import at once, whatever they import.
    fn with_imports(modules: &Modules, names: &[&str]) -> Vec<String> {
        let import = regex::Regex::new(r#"(?:from|import)"\./([\w-]+)\.js""#).unwrap();
        let mut all: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut at = 0;
        while let Some(name) = all.get(at).cloned() {
            let text = modules.named(&name).unwrap().text();
            for found in import.captures_iter(&text) {
                let name = format!("{}.js", &found[1]);
                if !all.contains(&name) {
                    all.push(name);
                }
            }
            at += 1;
        }
        assert!(all.len() > 20, "{all:?}");
        all
    }
}
