//! A saved file is live within a second if it is valid, and not at all if it is not.

use notify_debouncer_full::notify::{self, EventKind, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, new_debouncer};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::mpsc;

/// Editors save in bursts: rename, write, touch.
const SETTLED_AFTER: Duration = Duration::from_millis(150);

/// Calls `changed` after every burst of changes in `folders`, until the returned task is dropped.
///
/// # Errors
/// When a folder cannot be watched; the caller decides whether to serve without.
pub fn watch<F, W>(
    folders: &[PathBuf],
    mut changed: F,
) -> notify::Result<tokio::task::JoinHandle<()>>
where
    F: FnMut() -> W + Send + 'static,
    W: Future<Output = ()> + Send,
{
    let (sender, mut bursts) = mpsc::channel::<()>(1);
    let on_burst = move |result: DebounceEventResult| {
        let worth_a_look = match result {
            Ok(events) => events
                .iter()
                .any(|event| !matches!(event.kind, EventKind::Access(_))),
            // An overflow or a vanished folder: looking once too often is cheap.
            Err(_) => true,
        };
        if worth_a_look {
            // Full means a look is due already.
            let _ = sender.try_send(());
        }
    };
    let mut watcher = new_debouncer(SETTLED_AFTER, None, on_burst)?;
    for folder in folders {
        watcher.watch(folder, RecursiveMode::Recursive)?;
    }
    Ok(tokio::spawn(async move {
        let _watcher = watcher;
        while bursts.recv().await.is_some() {
            changed().await;
        }
    }))
}
