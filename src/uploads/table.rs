use crate::store::{Connection, Store, StoreError, millis};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// The folder beside the database.
pub(super) const FOLDER: &str = "uploads";
/// How long a photo waits to be sent.
const UNSENT_FOR: SignedDuration = SignedDuration::from_hours(24);
/// Files younger than this may be on their way into the table.
const ARRIVING: Duration = Duration::from_secs(60 * 60);

/// A photo as it stands in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// 32 hexadecimal digits, at random.
    pub id: String,
    /// Pixels.
    pub width: u32,
    pub height: u32,
}

type Row = (String, i64, i64);

fn photo((id, width, height): Row) -> Photo {
    let pixels = |side: i64| u32::try_from(side).unwrap_or(0);
    Photo {
        id,
        width: pixels(width),
        height: pixels(height),
    }
}

pub(super) async fn insert(
    connection: &mut Connection,
    photo: &Photo,
    shopper: &str,
    bytes: usize,
    at: Timestamp,
) -> Result<(), StoreError> {
    const INSERT: &str =
        "INSERT INTO upload (id, shopper, at, width, height, bytes) VALUES (?, ?, ?, ?, ?, ?)";
    sqlx::query(INSERT)
        .bind(&photo.id)
        .bind(shopper)
        .bind(millis(at))
        .bind(i64::from(photo.width))
        .bind(i64::from(photo.height))
        .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
        .execute(connection)
        .await?;
    Ok(())
}

/// How many photos of a shopper's latest conversation, and not sent, are kept.
pub(super) async fn count_of(
    connection: &mut Connection,
    shopper: &str,
) -> Result<u32, StoreError> {
    const COUNT: &str = "SELECT count(*) FROM upload WHERE shopper = ?1 AND (conversation IS NULL
        OR conversation = (SELECT key FROM conversation WHERE shopper = ?1 ORDER BY key DESC LIMIT 1))";
    let count: i64 = sqlx::query_scalar(COUNT)
        .bind(shopper)
        .fetch_one(connection)
        .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Whether the photo is this shopper's.
pub(super) async fn is_of(store: &Store, id: &str, shopper: &str) -> Result<bool, StoreError> {
    const OWN: &str = "SELECT EXISTS (SELECT 1 FROM upload WHERE id = ? AND shopper = ?)";
    let mut connection = store.read().await?;
    Ok(sqlx::query_scalar(OWN)
        .bind(id)
        .bind(shopper)
        .fetch_one(&mut *connection)
        .await?)
}

/// Takes a photo away that was not sent; false when there is none.
pub(super) async fn delete_unsent(
    connection: &mut Connection,
    id: &str,
    shopper: &str,
) -> Result<bool, StoreError> {
    const DELETE: &str = "DELETE FROM upload WHERE id = ? AND shopper = ? AND conversation IS NULL";
    let gone = sqlx::query(DELETE)
        .bind(id)
        .bind(shopper)
        .execute(connection)
        .await?;
    Ok(gone.rows_affected() > 0)
}

/// Takes all photos of a shopper away that were not sent.
pub async fn delete_unsent_of(
    connection: &mut Connection,
    shopper: &str,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM upload WHERE shopper = ? AND conversation IS NULL")
        .bind(shopper)
        .execute(connection)
        .await?;
    Ok(())
}

/// Those of `ids` that this shopper brought and has not sent, in that order.
pub async fn unsent(
    store: &Store,
    shopper: &str,
    ids: &[String],
) -> Result<Vec<Photo>, StoreError> {
    const ONE: &str = "SELECT id, width, height FROM upload
        WHERE id = ? AND shopper = ? AND conversation IS NULL";
    let mut connection = store.read().await?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let row: Option<Row> = sqlx::query_as(ONE)
            .bind(id)
            .bind(shopper)
            .fetch_optional(&mut *connection)
            .await?;
        found.extend(row.map(photo));
    }
    Ok(found)
}

/// Binds photos to the message they came with, in the transaction that stores it.
pub async fn bind(
    connection: &mut Connection,
    photos: &[Photo],
    conversation: i64,
    seq: u64,
) -> Result<(), StoreError> {
    const BIND: &str =
        "UPDATE upload SET conversation = ?, seq = ? WHERE id = ? AND conversation IS NULL";
    for photo in photos {
        sqlx::query(BIND)
            .bind(conversation)
            .bind(seq.cast_signed())
            .bind(&photo.id)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Notes that photos of this conversation show what a return is about.
pub async fn give_to_return(
    connection: &mut Connection,
    ids: &[String],
    rma: &str,
    conversation: i64,
) -> Result<(), StoreError> {
    for id in ids {
        sqlx::query("UPDATE upload SET rma = ? WHERE id = ? AND conversation = ?")
            .bind(rma)
            .bind(id)
            .bind(conversation)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Photos of the messages numbered `from` to `to`, with those numbers, in the order they were sent.
pub async fn of_conversation(
    connection: &mut Connection,
    conversation: &str,
    from: u64,
    to: u64,
) -> Result<Vec<(u64, Photo)>, StoreError> {
    const OF: &str = "SELECT seq, id, width, height FROM upload
        WHERE conversation = (SELECT key FROM conversation WHERE id = ?) AND seq BETWEEN ? AND ?
        ORDER BY seq, at, id";
    let number = |seq: u64| i64::try_from(seq).unwrap_or(i64::MAX);
    let rows: Vec<(i64, String, i64, i64)> = sqlx::query_as(OF)
        .bind(conversation)
        .bind(number(from))
        .bind(number(to))
        .fetch_all(connection)
        .await?;
    let with_seq = |(seq, id, width, height): (i64, String, i64, i64)| {
        (seq.unsigned_abs(), photo((id, width, height)))
    };
    Ok(rows.into_iter().map(with_seq).collect())
}

/// Photos of a return, oldest first.
pub async fn of_return(store: &Store, rma: &str) -> Result<Vec<Photo>, StoreError> {
    const OF: &str = "SELECT id, width, height FROM upload WHERE rma = ? ORDER BY at, id";
    let mut connection = store.read().await?;
    let rows: Vec<Row> = sqlx::query_as(OF)
        .bind(rma)
        .fetch_all(&mut *connection)
        .await?;
    Ok(rows.into_iter().map(photo).collect())
}

/// All photos kept of a shopper, oldest first.
pub async fn export_of(store: &Store, shopper: &str) -> Result<Vec<Photo>, StoreError> {
    const OF: &str = "SELECT id, width, height FROM upload WHERE shopper = ? ORDER BY at, id";
    let mut connection = store.read().await?;
    let rows: Vec<Row> = sqlx::query_as(OF)
        .bind(shopper)
        .fetch_all(&mut *connection)
        .await?;
    Ok(rows.into_iter().map(photo).collect())
}

/// Forgets photos that nobody sent within a day. Returns whose they were.
pub async fn forget_unsent(
    connection: &mut Connection,
    now: Timestamp,
) -> Result<BTreeSet<String>, StoreError> {
    const OLD: &str = "DELETE FROM upload WHERE conversation IS NULL AND at < ? RETURNING shopper";
    let left: Vec<String> = sqlx::query_scalar(OLD)
        .bind(millis(now - UNSENT_FOR))
        .fetch_all(connection)
        .await?;
    Ok(left.into_iter().collect())
}

/// Deletes the files that no row speaks of any more, and what an interrupted upload left behind; returns how many. Call it
/// when rows may have gone: conversations take their photos' rows with them.
pub async fn sweep(store: &Store) -> Result<u64, StoreError> {
    let folder = store.folder().join(FOLDER);
    let mut found = match std::fs::read_dir(&folder) {
        Ok(files) => files.filter_map(Result::ok).collect::<Vec<_>>(),
        Err(_) => return Ok(0),
    };
    found.retain(|file| file.file_type().is_ok_and(|kind| kind.is_file()));
    let known: Vec<String> = {
        let mut connection = store.read().await?;
        sqlx::query_scalar("SELECT id FROM upload")
            .fetch_all(&mut *connection)
            .await?
    };
    let known: BTreeSet<String> = known.into_iter().collect();
    let mut gone = 0;
    for file in found {
        let path = file.path();
        let id = path.file_stem().unwrap_or_default().to_string_lossy();
        let arriving = path.extension().is_some_and(|ending| ending == "new")
            && file
                .metadata()
                .and_then(|about| about.modified())
                .is_ok_and(|at| at.elapsed().is_ok_and(|age| age < ARRIVING));
        if arriving || (is_kept(&path) && known.contains(id.as_ref())) {
            continue;
        }
        match std::fs::remove_file(&path) {
            Ok(()) => gone += 1,
            Err(error) => {
                tracing::warn!(%error, "a photo that is no longer needed could not be deleted");
            }
        }
    }
    Ok(gone)
}

fn is_kept(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "jpg")
}
