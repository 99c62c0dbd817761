//! All that changes in the room, many changes in one commit.

use super::contacts::{self, Contact};
use super::inbox::{self, Arrived};
use super::outbox::{self, Outgoing, Report, Reported};
use crate::store::{Batch, Connection, GroupCommit, Store, StoreError};
use jiff::Timestamp;

/// One change.
#[derive(Debug, Clone)]
pub enum Job {
    /// Events of one request, and how far their account has been read; all or nothing is kept.
    Take(Vec<Arrived>, Option<(String, String)>),
    /// An event is done with.
    Done(i64),
    /// The event waits until then.
    Rest(i64, Timestamp),
    /// The event is tried again then, or never.
    Again(i64, Option<Timestamp>),
    /// Who speaks: `Contact` has what they would be if they were new, and the text what they were called before.
    Meet(Box<Contact>, Option<String>),
    /// Account and conversation: whether nothing can be sent there.
    Unreachable(String, String, bool),
    /// Account and person: whether they want to hear nothing.
    Stopped(String, String, bool),
    /// Said outside of any turn, in answer to an event.
    Say(Box<Outgoing>, i64, Timestamp),
    /// A call goes out now.
    Sending(i64),
    /// A call has ended.
    Ended(i64, Ended),
    /// What a platform says became of a message.
    Delivered(Box<Report>),
}

/// How a call ended.
#[derive(Debug, Clone)]
pub enum Ended {
    /// With the platform's id of it.
    Sent(Option<String>),
    Failed(String),
    Unknown(String),
    /// To be tried again; whether this counts as a failure, and another call in its place.
    Later(Timestamp, bool, Option<String>),
    /// Another call goes out in place of it and of what waits of the same reply.
    Instead(Timestamp, String),
    /// Account, conversation, why: nothing can be sent there.
    Unreachable(String, String, String),
}

/// What came of a change.
#[derive(Debug, Clone)]
pub enum Changed {
    Nothing,
    /// How many are new.
    Taken(usize),
    Met(Box<Contact>),
    /// Whether it was there to be sent.
    Sending(bool),
    Reported(Reported),
}

struct Changes;

impl Batch for Changes {
    type Job = Job;
    type Done = Changed;

    async fn write(
        &mut self,
        connection: &mut Connection,
        jobs: &[Job],
    ) -> Result<Vec<Changed>, StoreError> {
        let mut all = Vec::with_capacity(jobs.len());
        for job in jobs {
            all.push(change(connection, job).await?);
        }
        Ok(all)
    }
}

async fn change(connection: &mut Connection, job: &Job) -> Result<Changed, StoreError> {
    match job {
        Job::Take(events, read_to) => {
            if let Some((account, at)) = read_to {
                inbox::read_to(connection, account, at).await?;
            }
            let mut new = 0;
            for event in events {
                new += usize::from(inbox::insert(connection, event).await?);
            }
            return Ok(Changed::Taken(new));
        }
        Job::Done(key) => inbox::done(connection, *key).await?,
        Job::Rest(key, due) => inbox::rests(connection, *key, *due).await?,
        Job::Again(key, due) => inbox::again(connection, *key, *due).await?,
        Job::Meet(fresh, alias) => {
            let met = contacts::meet(connection, fresh, alias.as_deref()).await?;
            return Ok(Changed::Met(Box::new(met)));
        }
        Job::Unreachable(account, talk, is) => {
            contacts::unreachable(connection, account, talk, *is).await?;
            if *is {
                outbox::withdraw(connection, account, talk, "they blocked us").await?;
            }
        }
        Job::Stopped(account, person, is) => {
            contacts::stopped(connection, account, person, *is).await?;
            if *is {
                let talks = contacts::talks_of(connection, account, person).await?;
                for talk in talks {
                    outbox::withdraw(connection, account, &talk, "they said stop").await?;
                }
            }
        }
        Job::Say(outgoing, answers, at) => {
            outbox::enqueue(connection, std::slice::from_ref(outgoing), *at).await?;
            inbox::done(connection, *answers).await?;
        }
        Job::Sending(key) => {
            return Ok(Changed::Sending(outbox::sending(connection, *key).await?));
        }
        Job::Ended(key, ended) => end(connection, *key, ended).await?,
        Job::Delivered(report) => {
            let reported = outbox::delivered(connection, report).await?;
            return Ok(Changed::Reported(reported));
        }
    }
    Ok(Changed::Nothing)
}

async fn end(connection: &mut Connection, key: i64, ended: &Ended) -> Result<(), StoreError> {
    match ended {
        Ended::Sent(remote) => outbox::end(connection, key, "sent", remote.as_deref(), None).await,
        Ended::Failed(why) => outbox::end(connection, key, "failed", None, Some(why)).await,
        Ended::Unknown(why) => outbox::end(connection, key, "unknown", None, Some(why)).await,
        Ended::Later(due, failed, body) => {
            outbox::later(connection, key, *due, *failed, body.as_deref()).await
        }
        Ended::Instead(due, body) => {
            outbox::later(connection, key, *due, true, Some(body)).await?;
            outbox::withdraw_rest(
                connection,
                key,
                "another message stands for the whole reply",
            )
            .await
        }
        Ended::Unreachable(account, talk, why) => {
            outbox::end(connection, key, "failed", None, Some(why)).await?;
            outbox::withdraw(connection, account, talk, why).await?;
            contacts::unreachable(connection, account, talk, true).await
        }
    }
}

/// The room's one writer. Clones share it.
#[derive(Clone)]
pub struct Relay {
    pub store: Store,
    writer: GroupCommit<Changes>,
}

impl Relay {
    /// Starts the writing task; needs a tokio runtime.
    pub fn start(store: Store) -> Self {
        let writer = GroupCommit::start(store.clone(), Changes);
        Self { store, writer }
    }

    /// Returns once the change is on the disk.
    ///
    /// # Errors
    /// When it is not.
    pub async fn note(&self, job: Job) -> Result<(), StoreError> {
        self.writer.commit(job).await.map(drop)
    }

    /// Keeps events; how many are new.
    ///
    /// # Errors
    /// When they are not kept, none of them.
    pub async fn take(
        &self,
        events: Vec<Arrived>,
        read_to: Option<(String, String)>,
    ) -> Result<usize, StoreError> {
        match self.writer.commit(Job::Take(events, read_to)).await? {
            Changed::Taken(new) => Ok(new),
            _ => Ok(0),
        }
    }

    /// Notes what a platform says became of a message.
    ///
    /// # Errors
    /// When that cannot be noted.
    pub async fn report(&self, report: Report) -> Result<Reported, StoreError> {
        match self.writer.commit(Job::Delivered(Box::new(report))).await? {
            Changed::Reported(reported) => Ok(reported),
            _ => Ok(Reported::Noted),
        }
    }

    /// Who speaks, as they were before this message; a new one has been seen at no time.
    ///
    /// # Errors
    /// When that cannot be noted.
    pub async fn meet(&self, fresh: Contact, alias: Option<String>) -> Result<Contact, StoreError> {
        let fallback = fresh.clone();
        match self
            .writer
            .commit(Job::Meet(Box::new(fresh), alias))
            .await?
        {
            Changed::Met(contact) => Ok(*contact),
            _ => Ok(fallback),
        }
    }

    /// Notes that a call goes out now; false when it was taken back meanwhile.
    ///
    /// # Errors
    /// When that cannot be noted: then it must not go.
    pub async fn sends(&self, key: i64) -> Result<bool, StoreError> {
        let changed = self.writer.commit(Job::Sending(key)).await?;
        Ok(matches!(changed, Changed::Sending(true)))
    }
}
