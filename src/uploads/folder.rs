use super::UploadError;
use super::picture::read;
use super::scan::scan;
use super::table::{FOLDER, Photo, count_of, delete_unsent, insert, is_of};
use crate::config::UploadSettings;
use crate::shoppers::{self, Shopper};
use crate::store::{Store, StoreError};
use jiff::Timestamp;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Photos being taken in together: each takes the memory of a picture.
const AT_ONCE: usize = 3;
/// How long one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// The shop's photos: rows in the store, files in a folder beside it. Clones share them.
#[derive(Clone)]
pub struct Uploads {
    store: Store,
    folder: PathBuf,
    settings: Arc<UploadSettings>,
    places: Arc<Semaphore>,
}

/// A photo that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub photo: Photo,
    /// Of the file.
    pub bytes: usize,
}

impl Uploads {
    pub fn new(store: Store, settings: UploadSettings) -> Self {
        Self {
            folder: store.folder().join(FOLDER),
            store,
            settings: Arc::new(settings),
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    pub fn settings(&self) -> &UploadSettings {
        &self.settings
    }

    /// A place among those whose photos are taken in, before its bytes are.
    ///
    /// # Errors
    /// [`UploadError::Off`], [`UploadError::TooMany`] and [`UploadError::Busy`].
    pub async fn place(&self, shopper: &Shopper) -> Result<SemaphorePermit<'_>, UploadError> {
        if !self.settings.on {
            return Err(UploadError::Off);
        }
        let most = self.settings.per_conversation;
        let mut connection = self.store.read().await?;
        if count_of(&mut connection, shopper.id.as_str()).await? >= most {
            return Err(UploadError::TooMany { most });
        }
        drop(connection);
        match tokio::time::timeout(PATIENCE, self.places.acquire()).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(UploadError::Busy),
        }
    }

    /// Takes a photo in: has it checked, reads it, and keeps the picture alone, as its shopper's and not yet sent.
    ///
    /// # Errors
    /// See [`UploadError`]; nothing of it is kept then.
    pub async fn take(
        &self,
        shopper: &Shopper,
        bytes: Vec<u8>,
        now: Timestamp,
    ) -> Result<Kept, UploadError> {
        let id = format!("{:032x}", rand::random::<u128>());
        let arriving = self.folder.join(format!("{id}.new"));
        let kept = self.keep(shopper, &id, &arriving, bytes, now).await;
        if kept.is_err() {
            // Where it was never written, there is nothing to remove.
            let _ = std::fs::remove_file(&arriving);
        }
        kept
    }

    async fn keep(
        &self,
        shopper: &Shopper,
        id: &str,
        arriving: &Path,
        bytes: Vec<u8>,
        now: Timestamp,
    ) -> Result<Kept, UploadError> {
        make_private(&self.folder)?;
        if !self.settings.scan.is_empty() {
            write_private(arriving, &bytes)?;
            let within = Duration::from_secs(self.settings.scan_seconds);
            scan(&self.settings.scan, arriving, within).await?;
        }
        let reading = tokio::task::spawn_blocking(move || read(&bytes)).await;
        // A panic in a decoder is a file that cannot be read.
        let picture = reading.unwrap_or(Err(UploadError::Damaged))?;
        write_private(arriving, &picture.jpeg)?;
        let photo = Photo {
            id: id.to_owned(),
            width: picture.width,
            height: picture.height,
        };
        let mut write = self.store.begin().await?;
        let settled = shoppers::settle(&mut write, &[(shopper, now)]).await?;
        let owner = settled.first().unwrap_or(&shopper.id).as_str().to_owned();
        // Others may have come in meanwhile.
        let most = self.settings.per_conversation;
        if count_of(&mut write, &owner).await? >= most {
            return Err(UploadError::TooMany { most });
        }
        insert(&mut write, &photo, &owner, picture.jpeg.len(), now).await?;
        write.commit().await?;
        std::fs::rename(arriving, self.path(id))?;
        Ok(Kept {
            photo,
            bytes: picture.jpeg.len(),
        })
    }

    /// The file of a photo, whether there is one or not.
    pub fn path(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.jpg"))
    }

    /// A JPEG of this shopper's; nothing when it is nobody's or somebody else's.
    pub async fn open(&self, id: &str, shopper: &Shopper) -> Result<Option<Vec<u8>>, UploadError> {
        if !is_id(id) || !is_of(&self.store, id, shopper.id.as_str()).await? {
            return Ok(None);
        }
        match tokio::fs::read(self.path(id)).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes back a photo that was not sent. Again changes nothing.
    pub async fn take_back(&self, id: &str, shopper: &Shopper) -> Result<(), StoreError> {
        if !is_id(id) {
            return Ok(());
        }
        let mut write = self.store.begin().await?;
        let gone = delete_unsent(&mut write, id, shopper.id.as_str()).await?;
        write.commit().await?;
        if gone {
            // The next sweep finds what could not be removed now.
            let _ = std::fs::remove_file(self.path(id));
        }
        Ok(())
    }
}

/// As ids are made here: nothing that could lead out of the folder.
pub(super) fn is_id(id: &str) -> bool {
    id.len() == 32
        && id
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// What is on a photo is nobody else's on a shared machine.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
