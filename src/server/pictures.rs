//! The demo shop's pictures: one drawing a shape, filled with the product's colour.

use super::Service;
use super::problem::Problem;
use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "demo/pictures"]
struct Pictures;

/// What stands in a drawing for main colour, shade, light and ground.
const PLACEHOLDERS: [&str; 4] = ["#c0ffee", "#c0ffe1", "#c0ffe2", "#c0ffe3"];

/// Name, main colour, shade, light, ground.
const PALETTE: [(&str, [&str; 4]); 20] = [
    ("navy", ["#2f4468", "#22324f", "#5b729b", "#e4e9f1"]),
    ("blue", ["#4a7fb5", "#376393", "#86b0da", "#e3eef7"]),
    ("teal", ["#2e8488", "#20656a", "#6db5b5", "#def0ee"]),
    ("green", ["#4d7a55", "#395d41", "#86ab87", "#e5efe4"]),
    ("olive", ["#7d7b43", "#5e5d31", "#aeac74", "#eeedde"]),
    ("sand", ["#d3b78d", "#b3956a", "#e8d5b5", "#f6f0e5"]),
    ("cream", ["#efe4cc", "#d3c4a4", "#faf4e6", "#f3ecdf"]),
    ("white", ["#f4f4f1", "#cfd2d2", "#ffffff", "#e6ebee"]),
    ("grey", ["#9aa1a8", "#767e87", "#c3c8cd", "#eceef0"]),
    ("charcoal", ["#4a4f57", "#343840", "#7b818b", "#e6e8ea"]),
    ("black", ["#2e3034", "#1c1d20", "#62666d", "#e5e5e6"]),
    ("red", ["#c0443f", "#96312f", "#de827a", "#f8e6e3"]),
    ("burgundy", ["#7c2f40", "#5c202f", "#ad6673", "#f2e4e6"]),
    ("rust", ["#b55b33", "#8e4324", "#d89268", "#f7e8de"]),
    ("orange", ["#e07f35", "#b96122", "#f2ae77", "#fbecdd"]),
    ("mustard", ["#d0a037", "#a77d24", "#e6c475", "#f8f0db"]),
    ("yellow", ["#eec94b", "#c8a22e", "#f7e08e", "#fcf5dc"]),
    ("pink", ["#dd94a4", "#b96f82", "#f0bfc9", "#fbebee"]),
    ("lilac", ["#a08cc0", "#7d6a9f", "#c8badd", "#f0ecf6"]),
    ("brown", ["#7a5540", "#5b3d2c", "#a98570", "#f0e8e2"]),
];

pub(super) fn routes() -> Router<Service> {
    Router::new().route("/pictures/{shape}/{file}", get(picture))
}

async fn picture(Path((shape, file)): Path<(String, String)>) -> Result<Response, Problem> {
    let colour = file.strip_suffix(".svg").ok_or(Problem::NotFound)?;
    let (_, colours) = PALETTE
        .iter()
        .find(|(name, _)| *name == colour)
        .ok_or(Problem::NotFound)?;
    let drawing = Pictures::get(&format!("{shape}.svg")).ok_or(Problem::NotFound)?;
    let mut svg = String::from_utf8(drawing.data.into_owned()).map_err(|_| Problem::NotFound)?;
    for (placeholder, colour) in PLACEHOLDERS.iter().zip(colours) {
        svg = svg.replace(placeholder, colour);
    }
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        // Opened on its own, a picture stays a picture.
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
    ];
    Ok((headers, svg).into_response())
}
