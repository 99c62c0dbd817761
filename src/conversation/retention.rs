//! Nothing is kept without need.

use super::{Journal, JournalError};
use crate::events;
use crate::shoppers::{self, ShopperId};
use crate::store::{Connection, StoreError, millis};
use crate::uploads;
use crate::watches;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// Conversations deleted in one write, so that nobody's turn waits long for it.
const AT_ONCE: i64 = 200;

/// How long a conversation is kept after its last message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Of shoppers the shop knows by name: `privacy.retention_days`.
    pub known_days: u32,
    /// Of visitors: `privacy.retention_days_anonymous`.
    pub anonymous_days: u32,
}

/// What a clean-up removed; for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deleted {
    pub conversations: u64,
    /// Shoppers of whom no conversation is left.
    pub shoppers: u64,
}

impl Journal {
    /// Deletes whole conversations that have been silent for too long, and shoppers who have none left.
    pub async fn delete_older_than(
        &self,
        retention: Retention,
        now: Timestamp,
    ) -> Result<Deleted, JournalError> {
        let before = |days: u32| millis(now - SignedDuration::from_hours(24 * i64::from(days)));
        let limits = (
            before(retention.known_days),
            before(retention.anonymous_days),
        );
        let mut deleted = Deleted::default();
        let mut after = 0;
        loop {
            let page = self.silent(limits, after).await?;
            let Some(&(last, _)) = page.last() else {
                // Their photos' rows went with them.
                uploads::sweep(&self.store).await?;
                return Ok(deleted);
            };
            after = last;
            let mut write = self.store.begin().await?;
            let done = delete(&mut write, &page).await?;
            write.commit().await?;
            deleted.conversations += done.conversations;
            deleted.shoppers += done.shoppers;
        }
    }

    /// The next conversations, by key, whose last turn is older than their shopper's limit; each with that limit.
    async fn silent(
        &self,
        limits: (i64, i64),
        after: i64,
    ) -> Result<Vec<(i64, i64)>, JournalError> {
        const SILENT: &str = "SELECT key, before FROM (
                SELECT key, (SELECT at FROM turn WHERE conversation = key ORDER BY seq DESC LIMIT 1) AS last,
                    CASE WHEN known_as IS NULL THEN ?2 ELSE ?1 END AS before
                FROM conversation JOIN shopper ON shopper.id = conversation.shopper
                WHERE key > ?3 AND started_at < max(?1, ?2))
            WHERE last < before ORDER BY key LIMIT ?4";
        let mut connection = self.store.read().await?;
        let page = sqlx::query_as(SILENT)
            .bind(limits.0)
            .bind(limits.1)
            .bind(after)
            .bind(AT_ONCE)
            .fetch_all(&mut *connection)
            .await?;
        Ok(page)
    }
}

/// Deletes those that are still silent: someone may have spoken since they were found.
async fn delete(connection: &mut Connection, page: &[(i64, i64)]) -> Result<Deleted, StoreError> {
    const ONE: &str = "DELETE FROM conversation WHERE key = ?1
        AND (SELECT at FROM turn WHERE conversation = ?1 ORDER BY seq DESC LIMIT 1) < ?2 RETURNING shopper";
    let mut deleted = Deleted::default();
    let mut touched = BTreeSet::new();
    for (key, before) in page {
        let shopper: Option<String> = sqlx::query_scalar(ONE)
            .bind(key)
            .bind(before)
            .fetch_optional(&mut *connection)
            .await?;
        deleted.conversations += u64::from(shopper.is_some());
        touched.extend(shopper);
    }
    let mut gone: Vec<ShopperId> = Vec::new();
    for shopper in touched {
        let stays: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM conversation WHERE shopper = ?)")
                .bind(&shopper)
                .fetch_one(&mut *connection)
                .await?;
        let kept = events::any_of(connection, &shopper).await?
            || watches::any_of(connection, &shopper).await?;
        if !stays && !kept {
            gone.push(shopper.into());
        }
    }
    deleted.shoppers = shoppers::delete(connection, &gone).await?;
    Ok(deleted)
}

#[cfg(test)]
mod tests {
    use super::super::stub::{Stub, message, noon, say, shop, talk};
    use super::*;
    use crate::shoppers::{Identity, TokenDigest};

    #[tokio::test]
    async fn conversations_go_whole_when_they_have_been_silent_too_long() {
        let shop = shop().await;
        let days = |days: i64| noon() + SignedDuration::from_hours(24 * days);
        // (conversation, shopper is known, day of its turns)
        for (id, known, spoken) in [
            ("old visitor", false, vec![0]),
            ("old but spoke again", false, vec![0, 20]),
            ("old and known", true, vec![0]),
            ("new visitor", false, vec![35]),
        ] {
            for (n, day) in spoken.iter().enumerate() {
                let mut talk = talk(id);
                if !known {
                    talk.shopper.identity = Identity::Visitor(TokenDigest::of(id));
                }
                shop.conversations
                    .say(talk, message(&format!("m{n}"), "?"), days(*day), Stub)
                    .await
                    .unwrap();
            }
        }
        let journal = shop.conversations.journal();
        let retention = Retention {
            known_days: 90,
            anonymous_days: 30,
        };
        let left = async || {
            let ids = journal.conversations().await.unwrap();
            ids.iter().map(ToString::to_string).collect::<Vec<_>>()
        };

        let deleted = journal
            .delete_older_than(retention, days(29))
            .await
            .unwrap();
        assert_eq!(deleted, Deleted::default());
        let deleted = journal
            .delete_older_than(retention, days(40))
            .await
            .unwrap();
        assert_eq!(
            deleted,
            Deleted {
                conversations: 1,
                shoppers: 1
            }
        );
        assert_eq!(
            left().await,
            ["old but spoke again", "old and known", "new visitor"]
        );
        let deleted = journal
            .delete_older_than(retention, days(1000))
            .await
            .unwrap();
        assert_eq!(
            deleted,
            Deleted {
                conversations: 3,
                shoppers: 3
            }
        );
        assert_eq!(left().await, [""; 0]);
        for table in ["turn", "unanswered", "shopper"] {
            let mut read = shop.store.read().await.unwrap();
            let count = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
            let rows: i64 = sqlx::query_scalar(count)
                .fetch_one(&mut *read)
                .await
                .unwrap();
            assert_eq!(rows, 0, "{table}");
        }
    }

    #[tokio::test]
    async fn a_shopper_stays_while_one_of_their_conversations_does() {
        let shop = shop().await;
        let journal = shop.conversations.journal();
        say(&shop.conversations, "first", "m", "hello")
            .await
            .unwrap();
        let later = noon() + SignedDuration::from_hours(24 * 80);
        let second = super::super::Talk {
            conversation: "second".into(),
            ..talk("first")
        };
        shop.conversations
            .say(second, message("m", "hello"), later, Stub)
            .await
            .unwrap();
        let retention = Retention {
            known_days: 90,
            anonymous_days: 30,
        };
        let deleted = journal
            .delete_older_than(retention, later + SignedDuration::from_hours(24 * 20))
            .await
            .unwrap();
        assert_eq!(
            deleted,
            Deleted {
                conversations: 1,
                shoppers: 0
            }
        );
        let latest = journal.latest_of(&talk("first").shopper.id).await.unwrap();
        assert_eq!(latest, Some("second".into()));
    }

    #[tokio::test]
    async fn many_are_deleted_page_by_page() {
        let shop = shop().await;
        let many = 2 * AT_ONCE + 1;
        let all = (0..many).map(|n| {
            let conversations = shop.conversations.clone();
            async move {
                say(&conversations, &n.to_string(), "m", "hello")
                    .await
                    .unwrap()
            }
        });
        futures_util::future::join_all(all).await;
        let later = noon() + SignedDuration::from_hours(24 * 91);
        let retention = Retention {
            known_days: 90,
            anonymous_days: 30,
        };
        let deleted = shop
            .conversations
            .journal()
            .delete_older_than(retention, later)
            .await
            .unwrap();
        assert_eq!(
            deleted,
            Deleted {
                conversations: many.unsigned_abs(),
                shoppers: many.unsigned_abs()
            }
        );
    }
}
