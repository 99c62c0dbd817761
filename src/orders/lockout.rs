use super::secret::{Digest, Seal, hex};
use super::{Asker, OrderNumber};
use crate::store::{Connection, StoreError, insert_rows, millis, time};
use jiff::{SignedDuration, Timestamp};

/// How many look-ups may fail, and for how long they are remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockOut {
    /// `orders.lookup_tries`; at least 1.
    pub tries: u32,
    /// `orders.lookup_minutes`.
    pub minutes: u32,
}

impl Default for LockOut {
    fn default() -> Self {
        Self {
            tries: 5,
            minutes: 15,
        }
    }
}

/// No count looks back further.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);

impl LockOut {
    fn window(self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.minutes))
    }

    /// The end of the lock-out, if there is one: when the oldest of the last `tries` failures of
    /// the shopper, for the number or with the address is forgotten. The latest of them.
    pub(super) async fn until(
        self,
        connection: &mut Connection,
        subjects: &Subjects,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        const NTH_LAST: &str = "SELECT max(at) FROM (
            SELECT * FROM (SELECT at FROM attempt WHERE subject = ?1 AND at > ?4 ORDER BY at DESC LIMIT 1 OFFSET ?5)
            UNION ALL
            SELECT * FROM (SELECT at FROM attempt WHERE subject = ?2 AND at > ?4 ORDER BY at DESC LIMIT 1 OFFSET ?5)
            UNION ALL
            SELECT * FROM (SELECT at FROM attempt WHERE subject = ?3 AND at > ?4 ORDER BY at DESC LIMIT 1 OFFSET ?5))";
        let at: Option<i64> = sqlx::query_scalar(NTH_LAST)
            .bind(&subjects.0[0])
            .bind(&subjects.0[1])
            .bind(&subjects.0[2])
            .bind(millis(now - self.window()))
            .bind(i64::from(self.tries.max(1)) - 1)
            .fetch_one(connection)
            .await?;
        Ok(at.map(|at| time(at) + self.window()))
    }

    /// Removes failures too old to count for anything.
    pub(super) async fn forget(
        self,
        connection: &mut Connection,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM attempt WHERE at <= ?")
            .bind(millis(now - self.window().max(LONGEST)))
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Counts a failure, and forgets those too old to count.
    pub(super) async fn count(
        self,
        connection: &mut Connection,
        subjects: Subjects,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.forget(connection, now).await?;
        let push = |mut row: sqlx::query_builder::Separated<'_, _, _>, subject: String| {
            row.push_bind(subject).push_bind(millis(now));
        };
        insert_rows(
            connection,
            "INSERT INTO attempt (subject, at)",
            "",
            2,
            subjects.0.into(),
            push,
        )
        .await?;
        Ok(())
    }
}

/// What failures are counted against, as digests. Nobody can read from them who asked for what; and what is counted
/// often lies beside what is counted rarely, so that where a page of the table ends tells nothing by the time it takes.
pub(super) struct Subjects([String; 3]);

impl Subjects {
    pub(super) fn new(seal: &Seal, subjects: [String; 3]) -> Self {
        Self(subjects.map(|subject| seal.subject(&subject)))
    }

    /// The shopper, the number, and what was typed as its secret. An e-mail address is one person's, and is known by its
    /// digest; a postcode is many people's, who must not lock each other out: it counts with the number only.
    pub(super) fn of_look_up(
        seal: &Seal,
        asker: &Asker,
        number: &OrderNumber,
        email: Option<Digest>,
    ) -> Self {
        let address = match email {
            Some(digest) => hex(&digest),
            None => format!("of {number}"),
        };
        let subjects = [
            format!("shopper {}", asker.shopper),
            format!("order {number}"),
            format!("address {address}"),
        ];
        Self::new(seal, subjects)
    }
}
