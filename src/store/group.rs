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
