//! The log of conversations: one row a turn, written together with others', read by index.

mod read;
mod write;

pub(super) use read::Resumed;
pub use read::StoredTurn;
pub(super) use write::{Opening, Place, TurnRow};

use crate::store::{Batch as _, Connection, GroupCommit, Store, StoreError};
use write::Turns;

/// The stored conversations. Clones share it.
#[derive(Clone)]
pub struct Journal {
    pub(super) store: Store,
    writer: GroupCommit<Turns>,
}

/// Whether a message has been here before.
#[derive(Debug, Clone, PartialEq)]
pub enum Admission {
    New,
    /// The same message again: its answer stands.
    Repeated(Box<StoredTurn>),
    /// Another text under an id that was used.
    Conflict,
}

/// Why the journal could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("the journal cannot be reached: {0}")]
    Store(#[from] StoreError),
    #[error("the turn is stored in a form that cannot be read: {0}")]
    Broken(#[from] serde_json::Error),
}

impl From<sqlx::Error> for JournalError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Journal {
    /// Starts the writing task; needs a tokio runtime.
    pub fn start(store: Store) -> Self {
        let writer = GroupCommit::start(store.clone(), Turns);
        Self { store, writer }
    }

    /// Stores a turn, and what it begins. Returns the conversation's key after the commit.
    pub(super) async fn commit(&self, turn: TurnRow) -> Result<i64, StoreError> {
        self.writer.commit(turn).await
    }

    /// Stores a row, and what it begins, in a transaction that does more. Returns the conversation's key.
    pub(super) async fn write(
        &self,
        connection: &mut Connection,
        row: TurnRow,
    ) -> Result<i64, StoreError> {
        let written = Turns.write(connection, &[row]).await?;
        let key = written.first().copied();
        key.ok_or_else(|| StoreError::Sql(sqlx::Error::RowNotFound))
    }
}
