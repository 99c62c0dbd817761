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

/// Bytes. Of rows of 2 to 4 kB, as turns are, the usual 4 kB page would hold one and be half empty.
const PAGE: u32 = 8 * 1024;
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
    folder: Arc<Path>,
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
            .page_size(PAGE)
            .busy_timeout(PATIENCE)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .disable_statement_logging();
        let writing = options
            .clone()
            .pragma("cache_size", format!("-{WRITER_CACHE}"))
            .pragma("temp_store", "MEMORY")
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
            folder: path.parent().unwrap_or(Path::new("")).into(),
            writer: Arc::new(Writer {
                options: writing,
                connection,
            }),
        })
    }

    /// Where the file is: what belongs to it and is too large for it stands beside it.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A connection for reading; it sees what was committed before its statement began.
    pub async fn read(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    /// Begins a write, after those that asked earlier. Nothing is written unless [`Write::commit`] returns.
    pub async fn begin(&self) -> Result<Write, StoreError> {
        Write::begin(&self.writer).await
    }

    /// Writes a consistent, compact copy to `path` while others read and write. The name appears once the copy is whole.
    pub async fn backup(&self, path: &Path) -> Result<(), StoreError> {
        if path.exists() {
            return Err(StoreError::Exists {
                path: path.to_owned(),
            });
        }
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let unwritten = |error: std::io::Error| StoreError::Open {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        match std::fs::remove_file(&part) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(unwritten(error));
            }
            _ => {}
        }
        let mut connection = self.writer.connect().await?;
        sqlx::query("VACUUM INTO ?")
            .bind(part.to_string_lossy().into_owned())
            .execute(&mut connection)
            .await?;
        connection.close().await?;
        std::fs::rename(&part, path).map_err(unwritten)
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
        // SQLite heads its finding with the name of the database.
        reasons => Err(StoreError::Corrupt {
            path: path.to_owned(),
            reason: reasons.lines().last().unwrap_or_default().to_owned(),
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

#[cfg(test)]
mod tests {
    use super::super::scratch::scratch;
    use super::*;

    async fn note(store: &Store, key: &str) -> Result<(), StoreError> {
        let mut write = store.begin().await?;
        sqlx::query("INSERT INTO meta (key, value) VALUES (?, zeroblob(10))")
            .bind(key)
            .execute(&mut *write)
            .await?;
        write.commit().await
    }

    async fn notes(store: &Store) -> i64 {
        let mut read = store.read().await.unwrap();
        sqlx::query_scalar("SELECT count(*) FROM meta")
            .fetch_one(&mut *read)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_store_makes_its_folder_and_keeps_what_was_committed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/shop.db");
        let store = Store::open(&path).await.unwrap();
        note(&store, "a").await.unwrap();
        store.close().await.unwrap();
        let again = Store::open(&path).await.unwrap();
        assert_eq!(notes(&again).await, 1);
    }

    #[tokio::test]
    async fn the_file_is_written_as_promised() {
        let shop = scratch().await;
        let mut write = shop.store.begin().await.unwrap();
        for (pragma, wanted) in [
            ("PRAGMA journal_mode", "wal"),
            ("PRAGMA synchronous", "2"),
            ("PRAGMA foreign_keys", "1"),
            ("PRAGMA secure_delete", "1"),
            ("PRAGMA busy_timeout", "5000"),
        ] {
            let row = sqlx::query(pragma).fetch_one(&mut *write).await.unwrap();
            let found = sqlx::Row::try_get::<String, _>(&row, 0)
                .or_else(|_| sqlx::Row::try_get::<i64, _>(&row, 0).map(|n| n.to_string()));
            assert_eq!(found.unwrap(), wanted, "{pragma}");
        }
    }

    #[tokio::test]
    async fn a_write_that_is_dropped_leaves_nothing_and_blocks_nobody() {
        let shop = scratch().await;
        let mut write = shop.store.begin().await.unwrap();
        sqlx::query("INSERT INTO meta (key, value) VALUES ('x', x'00')")
            .execute(&mut *write)
            .await
            .unwrap();
        drop(write);
        assert_eq!(notes(&shop.store).await, 0);
        note(&shop.store, "x").await.unwrap();
        assert_eq!(notes(&shop.store).await, 1);
    }

    #[tokio::test]
    async fn a_full_disk_is_said_plainly_and_got_over_without_a_restart() {
        let shop = scratch().await;
        let mut write = shop.store.begin().await.unwrap();
        // The page count now is the most this connection may use.
        sqlx::query("PRAGMA max_page_count = 1")
            .execute(&mut *write)
            .await
            .unwrap();
        let error: StoreError =
            sqlx::query("INSERT INTO meta (key, value) VALUES ('big', zeroblob(1000000))")
                .execute(&mut *write)
                .await
                .unwrap_err()
                .into();
        assert!(error.is_temporary(), "{error}");
        assert!(error.to_string().contains("disk is full"), "{error}");
        drop(write);
        assert_eq!(notes(&shop.store).await, 0);
        note(&shop.store, "small").await.unwrap();
    }

    #[tokio::test]
    async fn a_lock_of_another_program_is_temporary() {
        let shop = scratch().await;
        let mut write = shop.store.begin().await.unwrap();
        sqlx::query("PRAGMA busy_timeout = 1")
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        let mut other = shop.store.writer.connect().await.unwrap();
        sqlx::query("BEGIN IMMEDIATE")
            .execute(&mut other)
            .await
            .unwrap();
        let error = note(&shop.store, "a").await.unwrap_err();
        assert!(error.is_temporary(), "{error}");
        assert_eq!(notes(&shop.store).await, 0, "reading goes on");
        sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
        note(&shop.store, "a").await.unwrap();
    }

    #[tokio::test]
    async fn a_file_of_a_newer_program_is_refused() {
        let shop = scratch().await;
        let mut write = shop.store.begin().await.unwrap();
        sqlx::query("INSERT INTO _sqlx_migrations SELECT 9000, 'later', installed_on, success, checksum, execution_time FROM _sqlx_migrations LIMIT 1")
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        let error = Store::open(&shop.folder.path().join("shop.db"))
            .await
            .err()
            .unwrap();
        assert!(
            matches!(error, StoreError::Newer { found: 9000, .. }),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_damaged_file_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.db");
        let store = Store::open(&path).await.unwrap();
        store.close().await.unwrap();
        let whole = std::fs::read(&path).unwrap();
        let mut torn = whole.clone();
        for byte in torn.iter_mut().skip(4096).take(4096 * 8) {
            *byte = 0x5a;
        }
        for damaged in [vec![0x41; 5000], torn] {
            std::fs::write(&path, &damaged).unwrap();
            let error = Store::open(&path).await.err().unwrap();
            assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
            assert_eq!(std::fs::read(&path).unwrap(), damaged);
        }
    }

    #[tokio::test]
    async fn a_backup_is_whole_and_never_overwrites() {
        let shop = scratch().await;
        note(&shop.store, "a").await.unwrap();
        let copy = shop.folder.path().join("copy.db");
        shop.store.backup(&copy).await.unwrap();
        note(&shop.store, "b").await.unwrap();
        let error = shop.store.backup(&copy).await.unwrap_err();
        assert!(matches!(error, StoreError::Exists { .. }), "{error}");
        let restored = Store::open(&copy).await.unwrap();
        assert_eq!(notes(&restored).await, 1);
    }

    #[tokio::test]
    async fn what_cannot_be_a_file_is_said_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let error = Store::open(folder.path()).await.err().unwrap();
        assert!(
            error
                .to_string()
                .contains(&*folder.path().to_string_lossy()),
            "{error}"
        );
        std::fs::write(folder.path().join("file"), "").unwrap();
        let error = Store::open(&folder.path().join("file/shop.db"))
            .await
            .err()
            .unwrap();
        assert!(matches!(error, StoreError::Folder { .. }), "{error}");
    }
}
