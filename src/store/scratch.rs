//! A store in a folder of its own that goes when the test ends.

use super::Store;
use tempfile::TempDir;

pub(crate) struct Scratch {
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
}

pub(crate) async fn scratch() -> Scratch {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("shop.db")).await.unwrap();
    Scratch { store, folder }
}
