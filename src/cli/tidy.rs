//! House-keeping of what is past its time, beside the conversations themselves.

use crate::channels::widget::Door;
use crate::config::Config;
use crate::conversation::{Journal, Retention};
use crate::events;
use crate::relay;
use crate::shoppers::{self, ShopperId};
use crate::store::StoreError;
use crate::uploads;
use crate::watches;
use jiff::Timestamp;

/// Forgets what messengers brought and were sent, and who was there, when it is past its time.
pub(super) async fn tidy_messengers(door: &Door, config: &Config) -> Result<(), StoreError> {
    let now = Timestamp::now();
    relay::forget_old(&door.store, now).await?;
    let days = config
        .privacy
        .retention_days
        .max(config.privacy.retention_days_anonymous);
    relay::forget_silent(&door.store, days, now).await
}

/// Forgets photos that nobody sent, with their files.
pub(super) async fn tidy_uploads(door: &Door, journal: &Journal) -> anyhow::Result<()> {
    let mut write = door.store.begin().await?;
    let left = uploads::forget_unsent(&mut write, Timestamp::now()).await?;
    write.commit().await?;
    forget_silent(door, journal, left).await?;
    uploads::sweep(&door.store).await?;
    Ok(())
}

/// Forgets alerts that are past their time.
pub(super) async fn tidy_alerts(door: &Door, journal: &Journal) -> anyhow::Result<()> {
    let left = watches::forget_old(&door.store, Timestamp::now()).await?;
    forget_silent(door, journal, left).await
}

/// Forgets those of whom nothing else is kept.
async fn forget_silent(
    door: &Door,
    journal: &Journal,
    shoppers: impl IntoIterator<Item = String>,
) -> anyhow::Result<()> {
    let mut write = door.store.begin().await?;
    for id in shoppers {
        let kept =
            events::any_of(&mut write, &id).await? || watches::any_of(&mut write, &id).await?;
        let id = ShopperId::from(id);
        if !kept && journal.latest_of(&id).await?.is_none() {
            shoppers::delete(&mut write, &[id]).await?;
        }
    }
    write.commit().await?;
    Ok(())
}

/// Deletes events that are past their time, and visitors of whom nothing else is kept.
pub(super) async fn tidy_events(
    door: &Door,
    journal: &Journal,
    retention: Retention,
) -> anyhow::Result<()> {
    let Retention {
        known_days,
        anonymous_days,
    } = retention;
    let now = Timestamp::now();
    let (events, left) =
        events::delete_older_than(&door.store, known_days, anonymous_days, now).await?;
    let mut silent = Vec::new();
    for id in left.into_iter().map(ShopperId::from) {
        if journal.latest_of(&id).await?.is_none() {
            silent.push(id);
        }
    }
    let mut write = door.store.begin().await?;
    let mut waiting = Vec::new();
    for id in &silent {
        if watches::any_of(&mut write, id.as_str()).await? {
            waiting.push(id.clone());
        }
    }
    silent.retain(|id| !waiting.contains(id));
    let shoppers = shoppers::delete(&mut write, &silent).await?;
    write.commit().await?;
    tracing::info!(
        events,
        shoppers,
        "retention: events past their time are deleted"
    );
    Ok(())
}
