use super::StoreError;
use super::open::Writer;
use sqlx::SqliteConnection;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;

/// A write under way: the only one. Dropped without [`Write::commit`], nothing of it remains.
///
/// A write that is not committed takes its connection with it, and the next one opens another. So
/// whatever ended it (an error, a full disk after which SQLite has already rolled back, a caller
/// that went away) no half-open transaction is left for the next to trip over.
pub struct Write {
    connection: SqliteConnection,
    /// The turn to write, and where the connection goes back to.
    place: OwnedMutexGuard<Option<SqliteConnection>>,
}

impl Write {
    pub(super) async fn begin(writer: &Writer) -> Result<Self, StoreError> {
        let mut place = Arc::clone(&writer.connection).lock_owned().await;
        let mut connection = match place.take() {
            Some(connection) => connection,
            None => writer.connect().await?,
        };
        // Asks for the write lock at once: a transaction that reads first cannot wait for it later.
        sqlx::query("BEGIN IMMEDIATE")
            .execute(&mut connection)
            .await?;
        Ok(Self { connection, place })
    }

    /// Returns once everything is on the disk. After an error nothing is.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        sqlx::query("COMMIT").execute(&mut self.connection).await?;
        *self.place = Some(self.connection);
        Ok(())
    }
}

impl Deref for Write {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}
