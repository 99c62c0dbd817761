use super::{Connection, Store, StoreError};
use std::future::Future;
use tokio::sync::{mpsc, oneshot};

/// Jobs committed together at most. Beyond this the disk's share of a job is already negligible.
const MOST_JOBS: usize = 512;

/// What a [`GroupCommit`] writes: the SQL of one room.
pub trait Batch: Send + 'static {
    type Job: Send + Sync + 'static;
    type Done: Send + 'static;

    /// Writes all jobs, in order, and answers each. All or none are committed.
    fn write(
        &mut self,
        connection: &mut Connection,
        jobs: &[Self::Job],
    ) -> impl Future<Output = Result<Vec<Self::Done>, StoreError>> + Send;
}

/// Many small writes in one transaction: while one is on its way to the disk the next gathers.
///
/// A job is answered only after its commit. The task ends when the last clone is dropped, after
/// what was handed in is written.
pub struct GroupCommit<B: Batch> {
    /// Bounded: when writing falls behind, senders wait here rather than in memory.
    queue: mpsc::Sender<Waiting<B>>,
}

struct Waiting<B: Batch> {
    job: B::Job,
    answer: Answer<B>,
}

type Answer<B> = oneshot::Sender<Result<<B as Batch>::Done, StoreError>>;

impl<B: Batch> Clone for GroupCommit<B> {
    fn clone(&self) -> Self {
        Self {
            queue: self.queue.clone(),
        }
    }
}

impl<B: Batch> GroupCommit<B> {
    /// Starts the writing task; needs a tokio runtime.
    pub fn start(store: Store, batch: B) -> Self {
        let (queue, waiting) = mpsc::channel(2 * MOST_JOBS);
        tokio::spawn(run(store, batch, waiting));
        Self { queue }
    }

    /// Returns after the commit, or says why there was none.
    pub async fn commit(&self, job: B::Job) -> Result<B::Done, StoreError> {
        let (answer, answered) = oneshot::channel();
        let stopped = || StoreError::Unavailable {
            reason: "the writer has stopped".to_owned(),
        };
        self.queue
            .send(Waiting { job, answer })
            .await
            .map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

async fn run<B: Batch>(store: Store, mut batch: B, mut queue: mpsc::Receiver<Waiting<B>>) {
    let mut waiting = Vec::new();
    while queue.recv_many(&mut waiting, MOST_JOBS).await > 0 {
        let (jobs, answers): (Vec<_>, Vec<_>) = waiting
            .drain(..)
            .map(|each| (each.job, each.answer))
            .unzip();
        match write(&store, &mut batch, &jobs).await {
            Ok(done) => done
                .into_iter()
                .zip(answers)
                .for_each(|(done, to)| answer::<B>(to, Ok(done))),
            Err(error) if jobs.len() > 1 && error.is_the_rows_fault() => {
                one_by_one(&store, &mut batch, &jobs, answers).await;
            }
            Err(error) => {
                let reason = error.to_string();
                let mut errors = std::iter::once(error).chain(std::iter::repeat_with(|| {
                    StoreError::Unavailable {
                        reason: reason.clone(),
                    }
                }));
                for to in answers {
                    if let Some(error) = errors.next() {
                        answer::<B>(to, Err(error));
                    }
                }
            }
        }
    }
}

/// A bad job fails alone; its neighbours are written.
async fn one_by_one<B: Batch>(
    store: &Store,
    batch: &mut B,
    jobs: &[B::Job],
    answers: Vec<Answer<B>>,
) {
    for (job, to) in jobs.iter().zip(answers) {
        let result = write(store, batch, std::slice::from_ref(job)).await;
        let missing = || StoreError::Unavailable {
            reason: "the writer gave no answer".to_owned(),
        };
        answer::<B>(
            to,
            result.and_then(|done| done.into_iter().next().ok_or_else(missing)),
        );
    }
}

async fn write<B: Batch>(
    store: &Store,
    batch: &mut B,
    jobs: &[B::Job],
) -> Result<Vec<B::Done>, StoreError> {
    let mut write = store.begin().await?;
    let done = batch.write(&mut write, jobs).await?;
    write.commit().await?;
    Ok(done)
}

/// Nobody waits any more when the asker was cancelled; the job is committed all the same.
fn answer<B: Batch>(to: Answer<B>, result: Result<B::Done, StoreError>) {
    drop(to.send(result));
}

#[cfg(test)]
mod tests {
    use super::super::scratch::scratch;
    use super::*;
    use futures_util::future::join_all;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Notes keys; counts how often it was asked.
    struct Notes(Arc<AtomicUsize>);

    impl Batch for Notes {
        type Job = String;
        type Done = String;

        async fn write(
            &mut self,
            connection: &mut Connection,
            jobs: &[String],
        ) -> Result<Vec<String>, StoreError> {
            self.0.fetch_add(1, Ordering::SeqCst);
            for job in jobs {
                sqlx::query("INSERT INTO meta (key, value) VALUES (?, x'00')")
                    .bind(job)
                    .execute(&mut *connection)
                    .await?;
            }
            Ok(jobs.to_vec())
        }
    }

    async fn keys(store: &Store) -> Vec<String> {
        let mut read = store.read().await.unwrap();
        sqlx::query_scalar("SELECT key FROM meta ORDER BY key")
            .fetch_all(&mut *read)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn jobs_that_wait_together_are_written_together() {
        let shop = scratch().await;
        let asked = Arc::new(AtomicUsize::new(0));
        let group = GroupCommit::start(shop.store.clone(), Notes(Arc::clone(&asked)));
        let jobs = (0..100).map(|n| group.commit(format!("{n:03}")));
        let done = join_all(jobs).await;
        for (n, done) in done.into_iter().enumerate() {
            assert_eq!(
                done.unwrap(),
                format!("{n:03}"),
                "each hears of its own job"
            );
        }
        assert_eq!(keys(&shop.store).await.len(), 100);
        assert!(
            asked.load(Ordering::SeqCst) < 10,
            "{asked:?} transactions for 100 jobs"
        );
    }

    #[tokio::test]
    async fn a_bad_job_fails_alone() {
        let shop = scratch().await;
        let group = GroupCommit::start(shop.store.clone(), Notes(Arc::default()));
        let jobs = ["a", "b", "a", "c"].map(|key| group.commit(key.to_owned()));
        let done = join_all(jobs).await;
        assert!(done[0].is_ok() && done[1].is_ok() && done[3].is_ok());
        assert!(
            matches!(done[2], Err(StoreError::Clash(_))),
            "{:?}",
            done[2]
        );
        assert_eq!(keys(&shop.store).await, ["a", "b", "c"]);
    }

    #[tokio::test]
    async fn while_the_file_is_locked_all_hear_it_and_later_ones_are_written() {
        let shop = scratch().await;
        let group = GroupCommit::start(shop.store.clone(), Notes(Arc::default()));
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
        for failed in join_all(["a", "b"].map(|key| group.commit(key.to_owned()))).await {
            assert!(failed.unwrap_err().is_temporary());
        }
        sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
        group.commit("a".to_owned()).await.unwrap();
        assert_eq!(keys(&shop.store).await, ["a"]);
    }
}
