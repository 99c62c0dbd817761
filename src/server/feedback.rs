//! What shoppers say about an answer, and about the conversation.

use super::Service;
use super::problem::Problem;
use super::within::{WithinLimit, conversation_of, from_allowed_page};
use crate::conversation::Voice;
use crate::dialogue::block::{Block, Source};
use crate::dialogue::lines;
use crate::feedback::{self, Rated};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use axum::{Json, Router};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Whether what an article said was of help.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Helped {
    /// Number of the reply.
    seq: u64,
    helpful: bool,
}

/// How a conversation was.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Rating {
    /// 1 to 5; null for who would rather not say.
    #[serde(default)]
    #[schemars(range(min = 1, max = 5))]
    score: Option<u8>,
    /// At most 1,000 characters count.
    #[serde(default)]
    words: String,
}

/// Whether it counts.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Noted {
    /// False for a conversation that was rated before.
    noted: bool,
}

pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/v1/feedback", post(helped))
        .route("/v1/rating", post(rate))
}

/// What an allowed page says, where the shop wants to hear it. A body is JSON whatever the page calls it: as plain text, a
/// page of another origin need not ask before.
fn heard<T: DeserializeOwned>(
    service: &Service,
    headers: &HeaderMap,
    is_wanted: bool,
    body: &[u8],
) -> Result<T, Problem> {
    from_allowed_page(service, headers)?;
    if !is_wanted {
        return Err(Problem::NotFound);
    }
    serde_json::from_slice(body).map_err(|error| Problem::Query {
        field: "body",
        help: error.to_string(),
    })
}

async fn helped(
    _: WithinLimit,
    State(service): State<Service>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Noted>, Problem> {
    let is_wanted = service.door.feedback.helpful;
    let Helped { seq, helpful } = heard(&service, &headers, is_wanted, &body)?;
    let (_, conversation) = conversation_of(&service, &headers).await?;
    let journal = service.door.conversations.journal();
    let entries = journal
        .entries_after(&conversation, seq.saturating_sub(1), 1)
        .await;
    let entry = entries?.into_iter().find(|entry| entry.seq == seq);
    let articles = match entry.map(|entry| entry.voice) {
        Some(Voice::Assistant { blocks }) => articles_in(&blocks),
        _ => Vec::new(),
    };
    if articles.is_empty() {
        return Err(Problem::Query {
            field: "seq",
            help: "it is the number of a reply that tells what stands in an article".to_owned(),
        });
    }
    let mut write = service.door.store.begin().await?;
    let now = Timestamp::now();
    feedback::helped(
        &mut write,
        conversation.as_str(),
        seq,
        &articles,
        helpful,
        now,
    )
    .await?;
    write.commit().await?;
    Ok(Json(Noted { noted: true }))
}

fn articles_in(blocks: &[Block]) -> Vec<String> {
    let mut articles = Vec::new();
    for line in lines(blocks) {
        if let Source::Article { id, .. } = &line.source
            && !articles.contains(id)
        {
            articles.push(id.clone());
        }
    }
    articles
}

async fn rate(
    _: WithinLimit,
    State(service): State<Service>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Noted>, Problem> {
    let is_wanted = service.door.feedback.rating;
    let Rating { score, words } = heard(&service, &headers, is_wanted, &body)?;
    if score.is_some_and(|score| !(1..=5).contains(&score)) {
        return Err(Problem::Query {
            field: "score",
            help: "it is 1 to 5, or null".to_owned(),
        });
    }
    let (_, conversation) = conversation_of(&service, &headers).await?;
    let rated = Rated { score, words };
    let mut write = service.door.store.begin().await?;
    let now = Timestamp::now();
    let noted = feedback::rate(&mut write, conversation.as_str(), &rated, now).await?;
    write.commit().await?;
    Ok(Json(Noted { noted }))
}
