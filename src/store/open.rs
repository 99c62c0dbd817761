use super::error::{BUSY, CORRUPT, LOCKED, NOTADB, primary_code};
use super::{StoreError, Write};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection as _, Sqlite, SqliteConnection};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// How long a statement waits for another program's lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a read waits for one of the reading connections.
const QUEUE_PATIENCE: Duration = Duration::from_secs(3);
const READERS: u32 = 4;
/// Kibibytes of pages each connection keeps. Readers look rows up by index and need few; the
/// system's own cache stands behind them.
const READER_CACHE: u32 = 512;
const WRITER_CACHE: u32 = 8 * 1024;
/// Bytes up to which a file is checked whole at opening, about 20 ms; of a larger one only the schema is read.
const CHECKED_WHOLE: u64 = 8 << 20;

/// One SQLite file: any number of readers, one writer. Clones share it.
#[derive(Clone)]
pub struct Store {
    readers: SqlitePool,
    pub(super) writer: Arc<Writer>,
}

pub(super) struct Writer {
    options: SqliteConnectOptions,
    /// Empty at first and after a write that was not committed: see [`Write`].
    pub(super) connection: Arc<Mutex<Option<SqliteConnection>>>,
}

impl Writer {
    pub(super) async fn connect(&self) -> Result<SqliteConnection, sqlx::Error> {
        self.options.connect().await
    }
}

impl Store {
    /// Opens the file, creating it and its folder where they are missing, and brings its tables up to date.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            create_private(folder).map_err(|source| StoreError::Folder {
                path: folder.to_owned(),
                source,
            })?;
        }
        // SQLite hands pragmas to a connection in this order: the time-out first, or the change to
        // WAL fails at once when another program has the file open.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .busy_timeout(PATIENCE)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .disable_statement_logging();
        let writing = options
            .clone()
            .pragma("cache_size", format!("-{WRITER_CACHE}"))
            // Shrinks the log again after an import.
            .pragma("journal_size_limit", "67108864")
            // What is erased is overwritten, not only unlinked.
            .pragma("secure_delete", "ON");
        let mut connection = writing
            .connect()
            .await
            .map_err(|error| unopened(path, error))?;
        prepare(path, &mut connection).await?;
        let reading = options
            .pragma("cache_size", format!("-{READER_CACHE}"))
            .pragma("query_only", "ON");
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(QUEUE_PATIENCE)
            // A local file does not hang up; asking first would double the cost of a small read.
            .test_before_acquire(false)
            .connect_lazy_with(reading);
        let connection = Arc::new(Mutex::new(Some(connection)));
        Ok(Self {
            readers,
            writer: Arc::new(Writer {
                options: writing,
                connection,
            }),
        })
    }

    /// A connection for reading; it sees what was committed before its statement began.
    pub async fn read(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    /// Begins a write, after those that asked earlier. Nothing is written unless [`Write::commit`] returns.
    pub async fn begin(&self) -> Result<Write, StoreError> {
        Write::begin(&self.writer).await
    }

    /// Writes a consistent, compact copy to `path` while others read and write.
    pub async fn backup(&self, path: &Path) -> Result<(), StoreError> {
        if path.exists() {
            return Err(StoreError::Exists {
                path: path.to_owned(),
            });
        }
        let mut connection = self.read().await?;
        sqlx::query("VACUUM INTO ?")
            .bind(path.to_string_lossy().into_owned())
            .execute(&mut *connection)
            .await?;
        Ok(())
    }

    /// Moves everything from the log into the file and empties the log, so that what was erased is gone from both.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        let mut connection = self.writer.connect().await?;
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&mut connection)
            .await?;
        connection.close().await?;
        Ok(())
    }

    /// Closes every connection; for the end of the program.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.readers.close().await;
        if let Some(connection) = self.writer.connection.lock().await.take() {
            connection.close().await?;
        }
        Ok(())
    }
}

/// Order details and conversations are nobody else's on a shared machine.
fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    if folder.as_os_str().is_empty() {
        Ok(())
    } else {
        builder.create(folder)
    }
}

async fn prepare(path: &Path, connection: &mut SqliteConnection) -> Result<(), StoreError> {
    check(path, connection).await?;
    match MIGRATIONS.run_direct(None, connection, false).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(found)) => {
            let known = MIGRATIONS
                .iter()
                .map(|migration| migration.version)
                .max()
                .unwrap_or(0);
            Err(StoreError::Newer {
                path: path.to_owned(),
                found,
                known,
            })
        }
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
            Err(unopened(path, error))
        }
        Err(other) => Err(StoreError::Open {
            path: path.to_owned(),
            reason: other.to_string(),
        }),
    }
}

async fn check(path: &Path, connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let bytes = std::fs::metadata(path).map_or(0, |file| file.len());
    let question = match bytes {
        0..=CHECKED_WHOLE => "PRAGMA quick_check(1)",
        _ => "SELECT 'ok' FROM (SELECT count(*) FROM sqlite_schema)",
    };
    let answer: String = sqlx::query_scalar(question)
        .fetch_one(connection)
        .await
        .map_err(|error| unopened(path, error))?;
    match answer.as_str() {
        "ok" => Ok(()),
        reason => Err(StoreError::Corrupt {
            path: path.to_owned(),
            reason: reason.to_owned(),
        }),
    }
}

/// Errors met while opening name the file and the way out.
fn unopened(path: &Path, error: sqlx::Error) -> StoreError {
    let path: PathBuf = path.to_owned();
    let code = error.as_database_error().and_then(primary_code);
    match code {
        Some(BUSY | LOCKED) => StoreError::Locked { path },
        Some(CORRUPT | NOTADB) => StoreError::Corrupt {
            path,
            reason: error.to_string(),
        },
        _ => StoreError::Open {
            path,
            reason: error.to_string(),
        },
    }
}
