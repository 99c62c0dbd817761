use crate::store::{Connection, Store, StoreError, millis, time};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// Characters kept of a rating's words.
pub const LONGEST_WORDS: usize = 1_000;
/// Words shown beside the figures.
const LATEST_WORDS: i64 = 20;

/// What a shopper said about a conversation so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Said {
    /// Rated, or they would rather not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub rated: bool,
    /// By the number of the reply.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub helpful: BTreeMap<u64, bool>,
}

impl Said {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Notes whether the articles under a reply helped; said again, the last word counts.
pub async fn helped(
    connection: &mut Connection,
    conversation: &str,
    seq: u64,
    articles: &[String],
    helpful: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    const NOTE: &str = "INSERT INTO feedback (conversation, seq, article, helpful, at)
        SELECT key, ?2, ?3, ?4, ?5 FROM conversation WHERE id = ?1
        ON CONFLICT (conversation, seq, article) DO UPDATE SET helpful = excluded.helpful, at = excluded.at";
    for article in articles {
        sqlx::query(NOTE)
            .bind(conversation)
            .bind(seq.cast_signed())
            .bind(article)
            .bind(helpful)
            .bind(millis(now))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// A rating on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rated {
    /// 1 to 5; none of who would rather not say.
    pub score: Option<u8>,
    /// May be empty.
    pub words: String,
}

/// Keeps the rating of a conversation; false when it has one.
pub async fn rate(
    connection: &mut Connection,
    conversation: &str,
    rated: &Rated,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const RATE: &str = "INSERT INTO rating (conversation, score, at)
        SELECT key, ?2, ?3 FROM conversation WHERE id = ?1 ON CONFLICT DO NOTHING";
    const WORDS: &str = "INSERT INTO rating_words (conversation, words)
        SELECT key, ?2 FROM conversation WHERE id = ?1 ON CONFLICT DO NOTHING";
    let kept = sqlx::query(RATE)
        .bind(conversation)
        .bind(rated.score)
        .bind(millis(now))
        .execute(&mut *connection)
        .await?;
    if kept.rows_affected() == 0 {
        return Ok(false);
    }
    let words: String = rated.words.trim().chars().take(LONGEST_WORDS).collect();
    if !words.is_empty() {
        sqlx::query(WORDS)
            .bind(conversation)
            .bind(words)
            .execute(&mut *connection)
            .await?;
    }
    Ok(true)
}

/// What was said about a conversation so far.
pub async fn said_of(store: &Store, conversation: &str) -> Result<Said, StoreError> {
    const HELPED: &str = "SELECT seq, max(helpful) FROM feedback
        WHERE conversation = (SELECT key FROM conversation WHERE id = ?) GROUP BY seq";
    const RATED: &str = "SELECT EXISTS (SELECT 1 FROM rating
        WHERE conversation = (SELECT key FROM conversation WHERE id = ?))";
    let mut connection = store.read().await?;
    let rows: Vec<(i64, bool)> = sqlx::query_as(HELPED)
        .bind(conversation)
        .fetch_all(&mut *connection)
        .await?;
    let rated = sqlx::query_scalar(RATED)
        .bind(conversation)
        .fetch_one(&mut *connection)
        .await?;
    let number = |(seq, helpful): (i64, bool)| (seq.unsigned_abs(), helpful);
    Ok(Said {
        rated,
        helpful: rows.into_iter().map(number).collect(),
    })
}

/// How often an article helped.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArticleFigures {
    pub article: String,
    pub yes: u32,
    pub no: u32,
    /// From which share of readers, of a hundred, it certainly did not help: the lower end of a 90 % interval (Wilson).
    pub at_least_no_percent: u32,
}

/// All articles somebody said something about, the worst first.
pub async fn articles(store: &Store) -> Result<Vec<ArticleFigures>, StoreError> {
    const COUNT: &str =
        "SELECT article, sum(helpful), sum(1 - helpful) FROM feedback GROUP BY article";
    let mut connection = store.read().await?;
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(COUNT).fetch_all(&mut *connection).await?;
    let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let figures = |(article, yes, no): (String, i64, i64)| ArticleFigures {
        at_least_no_percent: lower_percent(count(no), count(yes) + count(no)),
        article,
        yes: count(yes),
        no: count(no),
    };
    let mut all: Vec<ArticleFigures> = rows.into_iter().map(figures).collect();
    all.sort_by(|one, other| {
        let badness = |one: &ArticleFigures| (one.at_least_no_percent, one.no);
        badness(other)
            .cmp(&badness(one))
            .then_with(|| one.article.cmp(&other.article))
    });
    Ok(all)
}

/// The lower end of the 90 % interval of a share (Wilson 1927), of a hundred: one voice does not outweigh twenty.
fn lower_percent(of: u32, all: u32) -> u32 {
    const Z: f64 = 1.645;
    if all == 0 {
        return 0;
    }
    let (share, all) = (f64::from(of) / f64::from(all), f64::from(all));
    let middle = share + Z * Z / (2.0 * all);
    let spread = Z * (share * (1.0 - share) / all + Z * Z / (4.0 * all * all)).sqrt();
    (100.0 * (middle - spread).max(0.0) / (1.0 + Z * Z / all)).round() as u32
}

/// How conversations were.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RatingFigures {
    /// How many gave 1, 2, 3, 4 and 5.
    pub scores: [u32; 5],
    pub skipped: u32,
    /// Share of 4 and 5 among the scores, of a hundred; none without a score.
    pub satisfied_percent: Option<u32>,
    /// The latest first; they go with their conversation.
    pub words: Vec<RatingWords>,
}

/// What a shopper added to a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RatingWords {
    pub at: Timestamp,
    pub conversation: String,
    pub score: Option<u8>,
    pub words: String,
}

pub async fn ratings(store: &Store) -> Result<RatingFigures, StoreError> {
    const COUNT: &str = "SELECT coalesce(score, 0), count(*) FROM rating GROUP BY score";
    const LATEST: &str = "SELECT rating.at, conversation.id, score, words FROM rating_words
        JOIN rating USING (conversation) JOIN conversation ON conversation.key = rating.conversation
        ORDER BY rating.at DESC LIMIT ?";
    let mut connection = store.read().await?;
    let counts: Vec<(i64, i64)> = sqlx::query_as(COUNT).fetch_all(&mut *connection).await?;
    let of = |score: i64| {
        let found = counts.iter().find(|(known, _)| *known == score);
        found.map_or(0, |(_, count)| u32::try_from(*count).unwrap_or(u32::MAX))
    };
    let scores = [1, 2, 3, 4, 5].map(of);
    let all: u32 = scores.iter().sum();
    let rows: Vec<(i64, String, Option<u8>, String)> = sqlx::query_as(LATEST)
        .bind(LATEST_WORDS)
        .fetch_all(&mut *connection)
        .await?;
    let words = |(at, conversation, score, words)| RatingWords {
        at: time(at),
        conversation,
        score,
        words,
    };
    Ok(RatingFigures {
        skipped: of(0),
        satisfied_percent: (all > 0).then(|| 100 * (scores[3] + scores[4]) / all),
        scores,
        words: rows.into_iter().map(words).collect(),
    })
}

/// What one shopper said, by conversation; for handing over what is stored about them.
pub async fn export_of(store: &Store, shopper: &str) -> Result<Vec<RatingWords>, StoreError> {
    const OF: &str = "SELECT rating.at, conversation.id, score, coalesce(words, '') FROM rating
        JOIN conversation ON conversation.key = rating.conversation
        LEFT JOIN rating_words USING (conversation) WHERE shopper = ? ORDER BY rating.at";
    let mut connection = store.read().await?;
    let rows: Vec<(i64, String, Option<u8>, String)> = sqlx::query_as(OF)
        .bind(shopper)
        .fetch_all(&mut *connection)
        .await?;
    let one = |(at, conversation, score, words)| RatingWords {
        at: time(at),
        conversation,
        score,
        words,
    };
    Ok(rows.into_iter().map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::scratch::scratch;

    #[test]
    fn one_voice_does_not_outweigh_twenty() {
        assert!(lower_percent(1, 1) < lower_percent(20, 25));
        assert!(lower_percent(20, 25) < lower_percent(20, 20));
        assert_eq!(lower_percent(0, 40), 0);
        assert_eq!(lower_percent(0, 0), 0);
    }

    #[tokio::test]
    async fn feedback_is_counted_changed_and_outlives_its_conversation_without_a_word() {
        let shop = scratch().await;
        let now = Timestamp::from_second(1_795_000_000).unwrap();
        let mut write = shop.store.begin().await.unwrap();
        for sql in [
            "INSERT INTO shopper (id, created_at) VALUES ('s', 0)",
            "INSERT INTO conversation (id, shopper, started_at, greeting) VALUES ('c', 's', 0, '[]')",
        ] {
            sqlx::query(sql).execute(&mut *write).await.unwrap();
        }
        let both = ["returns".to_owned(), "shipping".to_owned()];
        helped(&mut write, "c", 3, &both, true, now).await.unwrap();
        helped(&mut write, "c", 5, &both[..1], true, now)
            .await
            .unwrap();
        helped(&mut write, "c", 5, &both[..1], false, now)
            .await
            .unwrap();
        helped(&mut write, "nobody's", 5, &both, false, now)
            .await
            .unwrap();
        let rated = Rated {
            score: Some(2),
            words: " it took long ".into(),
        };
        assert!(rate(&mut write, "c", &rated, now).await.unwrap());
        let again = Rated {
            score: Some(5),
            words: String::new(),
        };
        assert!(!rate(&mut write, "c", &again, now).await.unwrap());
        write.commit().await.unwrap();

        let said = said_of(&shop.store, "c").await.unwrap();
        assert!(said.rated);
        assert_eq!(said.helpful, BTreeMap::from([(3, true), (5, false)]));
        let worst = articles(&shop.store).await.unwrap();
        let named: Vec<_> = worst
            .iter()
            .map(|one| (one.article.as_str(), one.yes, one.no))
            .collect();
        assert_eq!(named, [("returns", 1, 1), ("shipping", 1, 0)]);
        let figures = ratings(&shop.store).await.unwrap();
        assert_eq!(
            (figures.scores, figures.satisfied_percent),
            ([0, 1, 0, 0, 0], Some(0))
        );
        assert_eq!(figures.words[0].words, "it took long");
        assert_eq!(export_of(&shop.store, "s").await.unwrap().len(), 1);

        let mut write = shop.store.begin().await.unwrap();
        sqlx::query("DELETE FROM conversation")
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        assert_eq!(articles(&shop.store).await.unwrap().len(), 2);
        let figures = ratings(&shop.store).await.unwrap();
        assert_eq!((figures.scores[1], figures.words.len()), (1, 0));
    }
}
