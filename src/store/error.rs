use std::path::PathBuf;

/// What can go wrong below the tables.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot create the folder {path}: {source}; check `data.dir` and its permissions")]
    Folder {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("cannot open {path}: {reason}; check `data.dir` and its permissions")]
    Open { path: PathBuf, reason: String },
    #[error("{path} is damaged ({reason}); put a backup in its place, the file was not changed")]
    Corrupt { path: PathBuf, reason: String },
    #[error(
        "{path} was written by a newer shoptalk (schema {found}, this one knows {known}); start the newer one"
    )]
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    #[error("{path} is in use by another program; stop it or choose another `data.dir`")]
    Locked { path: PathBuf },
    #[error("{path} exists; a backup never overwrites a file")]
    Exists { path: PathBuf },
    /// Disk full, file locked, storage gone. Nothing was written; the next attempt starts afresh.
    #[error("the database is temporarily unavailable ({reason}); nothing was written, try again")]
    Unavailable { reason: String },
    /// A row that is there already or names one that is not.
    #[error("a row does not fit the others: {0}")]
    Clash(#[source] sqlx::Error),
    #[error("the database refused a statement: {0}")]
    Sql(#[source] sqlx::Error),
}

impl StoreError {
    /// Whether trying the same again later can succeed.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Locked { .. })
    }

    /// Whether only the row at hand is to blame, so that its neighbours in a batch may still be written.
    pub fn is_the_rows_fault(&self) -> bool {
        matches!(self, Self::Clash(_) | Self::Sql(_))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let unavailable = |reason: &str| Self::Unavailable {
            reason: reason.to_owned(),
        };
        match &error {
            sqlx::Error::PoolTimedOut => unavailable("all connections are busy"),
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                unavailable("the connection was closed")
            }
            sqlx::Error::Io(io) => unavailable(&io.to_string()),
            sqlx::Error::Database(database) => match primary_code(database.as_ref()) {
                Some(BUSY | LOCKED) => unavailable("locked by another program"),
                Some(FULL) => unavailable("the disk is full"),
                Some(READONLY) => unavailable("the disk or the file is read-only"),
                Some(IOERR) => unavailable("the disk reports an error"),
                Some(CANTOPEN) => unavailable("the file cannot be opened"),
                Some(CORRUPT | NOTADB) => unavailable("the file is damaged"),
                Some(CONSTRAINT) => Self::Clash(error),
                _ => Self::Sql(error),
            },
            _ => Self::Sql(error),
        }
    }
}

// SQLite's primary result codes: https://www.sqlite.org/rescode.html
pub(super) const BUSY: u32 = 5;
pub(super) const LOCKED: u32 = 6;
const READONLY: u32 = 8;
const IOERR: u32 = 10;
pub(super) const CORRUPT: u32 = 11;
const FULL: u32 = 13;
const CANTOPEN: u32 = 14;
const CONSTRAINT: u32 = 19;
pub(super) const NOTADB: u32 = 26;

/// The low byte of SQLite's extended result code.
pub(super) fn primary_code(error: &dyn sqlx::error::DatabaseError) -> Option<u32> {
    let extended: u32 = error.code()?.parse().ok()?;
    Some(extended & 0xff)
}
