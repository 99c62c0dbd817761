//! Photos of messengers: fetched by the one who answers, never at the door, from the platform's own places alone; then
//! taken in as those of the widget are.

use super::Bridges;
use super::account::{Account, Saying};
use super::answering::AnswerError;
use super::widget::frames::MOST_PHOTOS;
use crate::dialogue::block::{Line, Source};
use crate::remote::{Answer, Ask, Hosts, RemoteError};
use crate::shoppers::Shopper;
use crate::uploads::UploadError;
use jiff::Timestamp;
use serde_json::Value;
use std::time::Duration;

/// After so many failures the shopper is told.
const MOST_TRIES: i64 = 3;
/// Photos being fetched together.
pub(super) const AT_ONCE: usize = 4;
/// Bytes of an answer that only says where a photo is.
const MOST_FOUND: usize = 64 * 1024;

/// What became of the photos of a message.
#[derive(Default)]
pub(super) struct Photos {
    /// Of those that were taken.
    pub(super) ids: Vec<String>,
    /// Why others were not: each reason once.
    pub(super) refused: Vec<Refused>,
}

/// Why a photo was not taken: a text, and the number in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused {
    text: &'static str,
    most: u64,
}

impl Refused {
    fn new(text: &'static str) -> Self {
        Self { text, most: 0 }
    }

    pub(super) fn words(self, saying: &Saying<'_>) -> String {
        saying.words(self.text, &[("most", &self.most.to_string())])
    }

    pub(super) fn line(self, saying: &Saying<'_>) -> Line {
        Line {
            text: self.words(saying),
            source: Source::Text {
                id: self.text.into(),
            },
        }
    }
}

/// Why one could not be taken.
enum Trouble {
    /// It may be another time.
    Later(String),
    Never(Refused, String),
}

impl Bridges {
    /// Fetches the photos of a message and keeps them as its shopper's, not yet sent. `tries` are those that failed before.
    ///
    /// # Errors
    /// When it is worth another try; what was kept is let go.
    pub(super) async fn photos(
        &self,
        account: &Account,
        shown: &[String],
        shopper: &Shopper,
        tries: i64,
        now: Timestamp,
    ) -> Result<Photos, AnswerError> {
        let mut photos = Photos::default();
        let refuse = |photos: &mut Photos, why: Refused| {
            if !photos.refused.contains(&why) {
                photos.refused.push(why);
            }
        };
        for (place, photo) in shown.iter().enumerate() {
            if place >= MOST_PHOTOS {
                let most = MOST_PHOTOS as u64;
                let text = "messenger.photo_too_many";
                refuse(&mut photos, Refused { text, most });
                break;
            }
            let trouble = match self.photo(account, photo, shopper, now).await {
                Ok(id) => {
                    photos.ids.push(id);
                    continue;
                }
                Err(trouble) => trouble,
            };
            let (refused, why) = match trouble {
                Trouble::Never(refused, why) => (refused, why),
                Trouble::Later(why) if tries + 1 >= MOST_TRIES => {
                    (Refused::new("messenger.photo_lost"), why)
                }
                Trouble::Later(why) => {
                    for id in &photos.ids {
                        self.door.uploads.take_back(id, shopper).await?;
                    }
                    return Err(AnswerError::Photo(why));
                }
            };
            tracing::warn!(account = account.name(), why, "a photo was not taken");
            refuse(&mut photos, refused);
        }
        Ok(photos)
    }

    async fn photo(
        &self,
        account: &Account,
        photo: &str,
        shopper: &Shopper,
        now: Timestamp,
    ) -> Result<String, Trouble> {
        let uploads = &self.door.uploads;
        if !uploads.settings().on {
            return Err(untaken(&UploadError::Off));
        }
        if let Err(wait) = self.door.limits.upload(&shopper.id) {
            return Err(Trouble::Later(format!("too many photos for {wait:?}")));
        }
        let bytes = {
            let _place = self.fetching.acquire().await;
            self.fetch_photo(account, photo).await?
        };
        let place = uploads.place(shopper).await;
        let _place = place.map_err(|error| untaken(&error))?;
        let kept = uploads.take(shopper, bytes, now).await;
        Ok(kept.map_err(|error| untaken(&error))?.photo.id)
    }

    async fn fetch_photo(&self, account: &Account, photo: &str) -> Result<Vec<u8>, Trouble> {
        let channel = &account.channel;
        let own = account.settings.option("photo_hosts");
        let hosts = channel.photo_hosts().and(&Hosts::new(own.split(',')));
        let most = self.door.uploads.settings().most_bytes();
        let found = match channel.find_photo(photo) {
            None => Value::Null,
            Some(ask) => {
                let mut ask = ask.map_err(lost)?;
                ask.most = MOST_FOUND;
                let answer = self.fetched(account, ask).await?;
                serde_json::from_slice(&answer.body)
                    .map_err(|_| Trouble::Later("where it is was not said".to_owned()))?
            }
        };
        let ask = channel.photo(photo, &found, most).map_err(lost)?;
        Ok(self.fetched(account, ask.only_at(hosts)).await?.body)
    }

    async fn fetched(&self, account: &Account, ask: Ask) -> Result<Answer, Trouble> {
        let seconds = account.settings.send_seconds;
        let asking = self.remote.ask(ask);
        let answer = tokio::time::timeout(Duration::from_secs(seconds), asking).await;
        let answer = match answer {
            Err(_) => {
                return Err(Trouble::Later(format!(
                    "it did not come within {seconds} s"
                )));
            }
            Ok(Err(error)) => {
                return Err(unreached(
                    &error,
                    self.door.uploads.settings().most_megabytes,
                ));
            }
            Ok(Ok(answer)) => answer,
        };
        let status = answer.status.as_u16();
        let why = format!("{status} was answered");
        match status {
            200..=299 => Ok(answer),
            401 | 403 | 408 | 425 | 429 | 500..=599 => Err(Trouble::Later(why)),
            _ => Err(lost(why)),
        }
    }
}

fn lost(why: String) -> Trouble {
    Trouble::Never(Refused::new("messenger.photo_lost"), why)
}

fn unreached(error: &RemoteError, most: u64) -> Trouble {
    let why = error.to_string();
    match error {
        RemoteError::TooLarge { .. } => {
            let text = "messenger.photo_too_large";
            Trouble::Never(Refused { text, most }, why)
        }
        RemoteError::Unreachable { .. } | RemoteError::Broken { .. } => Trouble::Later(why),
        _ => lost(why),
    }
}

fn untaken(error: &UploadError) -> Trouble {
    let why = error.to_string();
    let never = |text| Trouble::Never(Refused::new(text), why.clone());
    match error {
        UploadError::Off => never("messenger.photo_off"),
        UploadError::NotAPhoto => never("messenger.photo_not_one"),
        UploadError::TooManyPixels => never("messenger.photo_too_big"),
        UploadError::Damaged => never("messenger.photo_damaged"),
        UploadError::Infected => never("messenger.photo_infected"),
        UploadError::TooLarge { most } => {
            let text = "messenger.photo_too_large";
            Trouble::Never(Refused { text, most: *most }, why)
        }
        UploadError::TooMany { most } => {
            let (text, most) = ("messenger.photo_too_many", u64::from(*most));
            Trouble::Never(Refused { text, most }, why)
        }
        UploadError::Unchecked
        | UploadError::Busy
        | UploadError::Disk(_)
        | UploadError::Store(_) => Trouble::Later(why),
    }
}
