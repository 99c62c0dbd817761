//! Waiting for others, and saying so: who looks at a silent screen does not know that something goes on.

use super::SyncError;
use crate::remote::{self, Answer, Ask, Remote, RemoteError};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Without an answer for so long, waiting is told, and told again.
const TOLD_EVERY: Duration = Duration::from_secs(10);
/// Longer than this no answer of a shop is waited for.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// A longer pause is told at once, shorter ones when they come to [`SHORT_IN_ALL`].
const SHORT: Duration = Duration::from_secs(1);
const SHORT_IN_ALL: Duration = Duration::from_secs(5);
/// A longer pause is not waited for here: the work ends, and begins again after it.
pub(super) const LONGEST: Duration = Duration::from_secs(60);

/// The pauses that one shop asks for.
#[derive(Debug)]
pub(super) struct Pauses {
    who: &'static str,
    /// Milliseconds of short pauses nobody has been told of.
    untold: AtomicU64,
}

impl Pauses {
    pub(super) fn of(who: &'static str) -> Self {
        Self {
            who,
            untold: AtomicU64::new(0),
        }
    }

    /// Waits; `why` goes on after "because".
    ///
    /// # Errors
    /// When the pause is too long to wait for.
    pub(super) async fn pause(&self, wait: Duration, why: &str) -> Result<(), SyncError> {
        self.tell(wait, why)?;
        tokio::time::sleep(wait).await;
        Ok(())
    }

    /// When asking again and again was of no use.
    pub(super) fn too_often(&self) -> SyncError {
        SyncError::Busy {
            who: self.who,
            wait: LONGEST,
            why: format!("{} turned us away too often", self.who),
        }
    }

    fn tell(&self, wait: Duration, why: &str) -> Result<(), SyncError> {
        let who = self.who;
        if wait > LONGEST {
            let why = why.to_owned();
            return Err(SyncError::Busy { who, wait, why });
        }
        if wait >= SHORT {
            tracing::info!("waiting {} s because {why}", whole(wait));
        } else {
            let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            let untold = self.untold.fetch_add(millis, Ordering::Relaxed) + millis;
            let untold = Duration::from_millis(untold);
            if untold >= SHORT_IN_ALL {
                self.untold.store(0, Ordering::Relaxed);
                tracing::info!("waited {} s in short pauses because {why}", whole(untold));
            }
        }
        Ok(())
    }
}

/// Seconds, rounded up.
fn whole(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

/// Asks a shop, says so when the answer is long in coming, and gives it up when it does not come.
pub(super) async fn ask(who: &'static str, remote: &Remote, ask: Ask) -> Result<Answer, SyncError> {
    let host = ask.url.host_str().unwrap_or_default().to_owned();
    patiently(who, &host, remote.ask(ask), TOLD_EVERY, ANSWER_WITHIN).await
}

/// The same for a file that may be long, or made at the moment it is asked for.
pub(super) async fn fetch(
    who: &'static str,
    remote: &Remote,
    ask: Ask,
) -> Result<Answer, SyncError> {
    let host = ask.url.host_str().unwrap_or_default().to_owned();
    let within = remote::ANSWER_WITHIN;
    patiently(who, &host, remote.ask(ask), TOLD_EVERY, within).await
}

async fn patiently<T>(
    who: &'static str,
    host: &str,
    answer: impl Future<Output = Result<T, RemoteError>>,
    told_every: Duration,
    within: Duration,
) -> Result<T, SyncError> {
    let mut answer = pin!(answer);
    let began = Instant::now();
    loop {
        match timeout(told_every, answer.as_mut()).await {
            Ok(answer) => return Ok(answer?),
            Err(_) if began.elapsed() >= within => {
                return Err(SyncError::Silent {
                    who,
                    host: host.to_owned(),
                    within,
                });
            }
            Err(_) => tracing::info!(
                "waiting, because {who} ({host}) has not answered for {} s; given up after {} s",
                began.elapsed().as_secs(),
                within.as_secs()
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// What is told while `work` runs.
    async fn told<T>(work: impl Future<Output = T>) -> (T, String) {
        let log = Log::default();
        let writer = log.clone();
        let logging = tracing_subscriber::fmt()
            .without_time()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        let _guard = tracing::subscriber::set_default(logging);
        let done = work.await;
        let bytes = log.0.lock().unwrap().clone();
        (done, String::from_utf8(bytes).unwrap())
    }

    #[tokio::test]
    async fn a_server_that_hangs_is_told_of_and_given_up() {
        let never = std::future::pending::<Result<(), RemoteError>>();
        let millis = Duration::from_millis;
        let work = patiently(
            "Shopify",
            "fell.myshopify.com",
            never,
            millis(1),
            millis(20),
        );
        let (done, log) = told(work).await;
        let error = done.unwrap_err().to_string();
        assert!(error.contains("did not answer within"), "{error}");
        assert!(error.contains("fell.myshopify.com"), "{error}");
        assert!(
            log.contains("Shopify (fell.myshopify.com) has not answered for"),
            "{log}"
        );
    }

    #[tokio::test]
    async fn a_pause_is_told_with_its_reason_and_many_short_ones_together() {
        let pauses = Pauses::of("Shopify");
        let (_, log) = told(async {
            let tell = |millis| pauses.tell(Duration::from_millis(millis), "it is busy");
            tell(29_100).unwrap();
            for _ in 0..6 {
                tell(900).unwrap();
            }
            let too_long = tell(61_000).unwrap_err();
            assert!(too_long.to_string().contains("61 s"), "{too_long}");
        })
        .await;
        assert!(log.contains("waiting 30 s because it is busy"), "{log}");
        assert!(
            log.contains("waited 6 s in short pauses because it is busy"),
            "{log}"
        );
        assert_eq!(log.lines().count(), 2, "{log}");
    }
}
