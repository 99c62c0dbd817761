//! Carries what waits in the outbox.

use super::table::{self, Queued};
use super::{MailError, Tally, Transport};
use crate::store::{Store, StoreError, time};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Between two looks into the outbox: how late a letter may leave.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Letters taken at once.
const AT_ONCE: u32 = 50;
/// Minutes until the next try, by how many failed; the last stands for all after it.
const BACK_OFF: [i64; 5] = [1, 5, 15, 30, 60];
/// A letter that could not leave for so long is given up.
const GIVE_UP_HOURS: i64 = 24;

/// The one who sends. One is enough: letters of a small shop are few.
pub struct Postman {
    store: Store,
    transport: Transport,
    tally: Tally,
}

/// What a round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Round {
    pub sent: usize,
    pub later: usize,
    /// Given up or expired.
    pub lost: usize,
}

impl Postman {
    pub fn new(store: Store, transport: Transport, tally: Tally) -> Self {
        Self {
            store,
            transport,
            tally,
        }
    }

    /// Works until it is cancelled; the letter in hand is finished, the others wait for the next start.
    pub async fn run(&self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.round(Timestamp::now(), &stop).await {
                tracing::warn!(%error, "letters wait");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Sends what is due.
    ///
    /// # Errors
    /// When the outbox cannot be read or noted in; what was not noted is sent again.
    pub async fn round(
        &self,
        now: Timestamp,
        stop: &CancellationToken,
    ) -> Result<Round, StoreError> {
        let mut round = Round::default();
        for queued in table::due(&self.store, now, AT_ONCE).await? {
            if stop.is_cancelled() {
                break;
            }
            self.one(&queued, now, &mut round).await?;
        }
        Ok(round)
    }

    async fn one(
        &self,
        queued: &Queued,
        now: Timestamp,
        round: &mut Round,
    ) -> Result<(), StoreError> {
        if queued.is_blank() {
            return table::drop_blank(&self.store, &queued.id).await;
        }
        if time(queued.expires_at) <= now {
            round.lost += 1;
            self.tally.count(&queued.kind, "expired");
            return table::end(&self.store, &queued.id, "expired").await;
        }
        if self.transport.is_off() || !table::waits(&self.store, &queued.id).await? {
            return Ok(());
        }
        match self.transport.send(queued).await {
            Ok(()) => {
                table::end(&self.store, &queued.id, "sent").await?;
                round.sent += 1;
                self.tally.count(&queued.kind, "sent");
                tracing::info!(kind = queued.kind, letter = queued.id, "a letter was sent");
            }
            Err(error) => self.failed(queued, &error, now, round).await?,
        }
        Ok(())
    }

    async fn failed(
        &self,
        queued: &Queued,
        error: &MailError,
        now: Timestamp,
        round: &mut Round,
    ) -> Result<(), StoreError> {
        let (kind, letter) = (&queued.kind, &queued.id);
        let oldest = now - SignedDuration::from_hours(GIVE_UP_HOURS);
        if !error.is_temporary() || time(queued.queued_at) < oldest {
            tracing::error!(kind, letter, %error, "a letter is given up");
            round.lost += 1;
            self.tally.count(kind, "failed");
            return table::end(&self.store, letter, "failed").await;
        }
        tracing::warn!(kind, letter, %error, "a letter is tried again later");
        round.later += 1;
        self.tally.count(kind, "retried");
        let nth = usize::try_from(queued.tries).unwrap_or(usize::MAX);
        let minutes = BACK_OFF[nth.min(BACK_OFF.len() - 1)];
        table::later(
            &self.store,
            letter,
            now + SignedDuration::from_mins(minutes),
        )
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Address, Letter, enqueue, enqueue_blank, erase_of, export_of};
    use super::*;
    use crate::config::{MailSettings, MailTransport};
    use crate::store::scratch::{Scratch, scratch};
    use std::path::Path;

    fn noon() -> Timestamp {
        Timestamp::from_second(1_795_000_000).unwrap()
    }

    fn postman(shop: &Scratch, folder: &Path) -> Postman {
        let settings = MailSettings {
            transport: MailTransport::File(folder.to_owned()),
            from: "hello@alder.test".to_owned(),
        };
        let transport = Transport::new(&settings, "Alder\r\n& Pine").unwrap();
        Postman::new(shop.store.clone(), transport, Tally::default())
    }

    fn letter(subject: &str, owner: Option<&str>) -> Letter {
        Letter {
            to: Address::parse("ada@x.test").unwrap(),
            subject: subject.to_owned(),
            body: "Good news, ä.\n.\nThe end.".to_owned(),
            unsubscribe: Some("https://shop.test/unsubscribe/t".parse().unwrap()),
            kind: "back_in_stock",
            owner: owner.map(str::to_owned),
            expires_at: noon() + SignedDuration::from_hours(48),
            reply: None,
        }
    }

    async fn queue(shop: &Scratch, subject: &str, owner: Option<&str>) {
        let letter = letter(subject, owner);
        let mut write = shop.store.begin().await.unwrap();
        enqueue(&mut write, &letter, noon()).await.unwrap();
        write.commit().await.unwrap();
    }

    fn letters(folder: &Path) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(folder) else {
            return Vec::new();
        };
        files
            .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
            .collect()
    }

    #[tokio::test]
    async fn a_letter_leaves_once_and_its_words_and_address_are_forgotten() {
        let shop = scratch().await;
        let folder = shop.folder.path().join("outbox");
        let (postman, stop) = (postman(&shop, &folder), CancellationToken::new());
        queue(&shop, "Back\r\nBcc: eve@x.test", Some("s")).await;
        assert_eq!(postman.round(noon(), &stop).await.unwrap().sent, 1);
        assert_eq!(
            postman.round(noon(), &stop).await.unwrap(),
            Round::default()
        );
        let letters = letters(&folder);
        assert_eq!(letters.len(), 1);
        let head = letters[0].split("\r\n\r\n").next().unwrap();
        for line in [
            "To: ada@x.test",
            "Subject: Back  Bcc: eve@x.test",
            "List-Unsubscribe: <https://shop.test/unsubscribe/t>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Auto-Submitted: auto-generated",
        ] {
            assert!(head.lines().any(|one| one == line), "{line} in {head}");
        }
        assert!(!head.contains("\nBcc"), "{head}");
        let kept = export_of(&shop.store, "s").await.unwrap();
        assert_eq!((kept[0].state.as_str(), &kept[0].letter), ("sent", &None));
    }

    #[tokio::test]
    async fn a_letter_whose_transaction_failed_or_whose_time_is_over_is_not_sent() {
        let shop = scratch().await;
        let folder = shop.folder.path().join("outbox");
        let (postman, stop) = (postman(&shop, &folder), CancellationToken::new());
        queue(&shop, "late", None).await;
        let later = noon() + SignedDuration::from_hours(49);
        assert_eq!(postman.round(later, &stop).await.unwrap().lost, 1);
        queue(&shop, "erased", Some("s")).await;
        let mut write = shop.store.begin().await.unwrap();
        erase_of(&mut write, "s").await.unwrap();
        write.commit().await.unwrap();
        assert_eq!(
            postman.round(noon(), &stop).await.unwrap(),
            Round::default()
        );
        assert!(letters(&folder).is_empty());
    }

    #[tokio::test]
    async fn a_blank_sheet_is_taken_away_and_nobody_hears_of_it() {
        let shop = scratch().await;
        let folder = shop.folder.path().join("outbox");
        let (postman, stop) = (postman(&shop, &folder), CancellationToken::new());
        let mut write = shop.store.begin().await.unwrap();
        let letter = letter("Your code", Some("s"));
        enqueue_blank(&mut write, &letter, noon()).await.unwrap();
        write.commit().await.unwrap();
        assert!(export_of(&shop.store, "s").await.unwrap().is_empty());
        let round = postman.round(noon(), &stop).await.unwrap();
        assert_eq!(round, Round::default());
        let left = table::due(&shop.store, noon(), 10).await.unwrap();
        assert!(left.is_empty() && letters(&folder).is_empty());
    }

    #[tokio::test]
    async fn what_cannot_leave_is_tried_again_ever_later_and_given_up_after_a_day() {
        let shop = scratch().await;
        let folder = shop.folder.path().join("outbox");
        std::fs::write(&folder, "a file where the folder should be").unwrap();
        let (postman, stop) = (postman(&shop, &folder), CancellationToken::new());
        queue(&shop, "hello", None).await;
        let at = |minutes| noon() + SignedDuration::from_mins(minutes);
        for (minute, tried) in [(0, 1), (0, 0), (1, 1), (5, 0), (6, 1)] {
            let round = postman.round(at(minute), &stop).await.unwrap();
            assert_eq!(round.later, tried, "minute {minute}");
        }
        assert_eq!(postman.round(at(24 * 60 + 1), &stop).await.unwrap().lost, 1);
        std::fs::remove_file(&folder).unwrap();
        let round = postman.round(at(24 * 60 + 1), &stop).await.unwrap();
        assert_eq!(round, Round::default());
    }
}
