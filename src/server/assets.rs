//! The widget's files and the demo shop's pages, inside the binary. In a debug build they are read
//! from the folder, so that an edit shows on reload.

use super::Service;
use super::problem::Problem;
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

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
        .route(
            "/widget.js",
            get(|headers| widget_file("widget.js".to_owned(), headers)),
        )
        .route(
            "/widget/{*path}",
            get(|Path(path): Path<String>, headers| widget_file(path, headers)),
        )
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

/// Any shop's page may load the widget: without these headers a module from elsewhere does not run.
async fn widget_file(path: String, headers: HeaderMap) -> Result<Response, Problem> {
    let mut response = file(Widget::get(&path), &path, &headers)?;
    let out = response.headers_mut();
    out.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    out.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("cross-origin"),
    );
    Ok(response)
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
    let known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|sent| sent.as_bytes() == tag.as_bytes());
    let mut response = if known {
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
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
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
