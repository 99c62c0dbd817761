//! The turns of messengers: what waits in the inbox is answered, one conversation at a time.

use super::Bridges;
use super::abilities::Unit;
use super::account::{Account, Saying};
use super::bridge::{Event, Place, What};
use super::bridged::Bridged;
use super::choice;
use super::linking::{Linked, signed_in};
use super::photos::Photos;
use super::render::{ABBREVIATED, shortened};
use super::widget::{assistant_of, frames};
use crate::conversation::{ConversationId, Message, SayError, Talk, Voice};
use crate::dialogue::State;
use crate::dialogue::block::{Block, Choice};
use crate::relay::{self, Contact, Job, Waiting};
use crate::store::time;
use crate::text::fold;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{self, JoinSet};
use tokio_util::sync::CancellationToken;

/// Conversations that are answered at once.
const AT_ONCE: usize = 64;
/// Between two looks for what is tried again.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// An event that could not be answered so often is put aside.
const MOST_TRIES: i64 = 5;
/// Between two looks at a message whose account is not set any more.
const WITHOUT_ACCOUNT: SignedDuration = SignedDuration::from_hours(1);
/// After such a silence it is said again who answers.
const LONG_SILENCE: SignedDuration = SignedDuration::from_hours(24);
/// Earlier entries in which a tapped button is looked for.
const LOOKED_BACK: usize = 40;

/// "Send me nothing", in the languages of those who write it.
const STOP: [&str; 9] = [
    "stop",
    "stopp",
    "stopall",
    "stop all",
    "unsubscribe",
    "abmelden",
    "arret",
    "arrêt",
    "baja",
];
const START: [&str; 4] = ["start", "/start", "unstop", "anmelden"];

/// Why an event waits, or is put aside.
#[derive(Debug, thiserror::Error)]
pub(super) enum AnswerError {
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    #[error(transparent)]
    Shoppers(#[from] crate::shoppers::ShoppersError),
    #[error(transparent)]
    Say(#[from] crate::conversation::SayError),
    #[error(transparent)]
    Journal(#[from] crate::conversation::JournalError),
    #[error("it cannot be read: {0}")]
    Broken(#[from] serde_json::Error),
    #[error("no account `{0}` is set")]
    NoAccount(String),
    #[error("they write too fast")]
    TooFast(Duration),
    #[error("a photo cannot be taken just now: {0}")]
    Photo(String),
}

impl Bridges {
    /// Answers what comes in, until it is told to stop; turns under way are finished.
    pub(super) async fn answer_all(self: Arc<Self>, stop: CancellationToken) {
        let mut under_way = JoinSet::new();
        let mut busy: HashMap<task::Id, (String, String)> = HashMap::new();
        loop {
            if busy.len() <= AT_ONCE / 2 {
                let talks: Vec<_> = busy.values().cloned().collect();
                let now = Timestamp::now();
                let free = AT_ONCE - busy.len();
                let waiting = relay::waiting(&self.relay.store, &talks, now, free as u32).await;
                let waiting = waiting.unwrap_or_else(|error| {
                    tracing::warn!(%error, "messages of messengers wait");
                    Vec::new()
                });
                for one in waiting {
                    let of_talk = (one.account.clone(), one.talk.clone());
                    let this = Arc::clone(&self);
                    let handle = under_way.spawn(async move { this.one(one).await });
                    busy.insert(handle.id(), of_talk);
                }
            }
            let mut ended = tokio::select! {
                () = stop.cancelled() => break,
                Some(ended) = under_way.join_next_with_id() => Some(ended),
                () = self.arrived.notified() => None,
                () = tokio::time::sleep(LOOK_EVERY) => None,
            };
            while let Some(one) = ended {
                let id = match one {
                    Ok((id, ())) => id,
                    Err(error) => {
                        tracing::error!(%error, "answering a messenger ended badly");
                        error.id()
                    }
                };
                busy.remove(&id);
                ended = under_way.try_join_next_with_id();
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    async fn one(&self, waiting: Waiting) {
        let (key, tries) = (waiting.key, waiting.tries);
        let account = waiting.account.clone();
        let job = match self.answer(waiting).await {
            Ok(job) => job,
            Err(AnswerError::TooFast(wait)) => {
                let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_secs(60));
                Some(Job::Rest(key, Timestamp::now() + wait))
            }
            // It was answered before the program ended, and reads otherwise beside that answer.
            Err(AnswerError::Say(SayError::Conflict)) => Some(Job::Done(key)),
            // Its settings may come back.
            Err(error @ AnswerError::NoAccount(_)) => {
                tracing::warn!(account, %error, "a message waits");
                Some(Job::Rest(key, Timestamp::now() + WITHOUT_ACCOUNT))
            }
            Err(error) => {
                let hopeless = matches!(error, AnswerError::Broken(_)) || tries + 1 >= MOST_TRIES;
                tracing::warn!(account, tries, %error, hopeless, "a message could not be answered");
                let seconds = 1_i64 << tries.clamp(0, 8);
                let again = Timestamp::now() + SignedDuration::from_secs(seconds);
                if hopeless {
                    self.tally.event(&account, "dead");
                }
                Some(Job::Again(key, (!hopeless).then_some(again)))
            }
        };
        if let Some(job) = job
            && let Err(error) = self.relay.note(job).await
        {
            // It is looked at again; what was answered is not answered twice.
            tracing::warn!(account, %error, "that a message was answered could not be noted");
        }
        if let Some(account) = self.account(&account) {
            account.wake.notify_one();
        }
    }

    /// Does what an event asks for; returns what is noted of it then.
    async fn answer(&self, waiting: Waiting) -> Result<Option<Job>, AnswerError> {
        let done = Some(Job::Done(waiting.key));
        let event: Event = serde_json::from_str(&waiting.body)?;
        let account = self.account(&waiting.account);
        let account = account.ok_or_else(|| AnswerError::NoAccount(waiting.account.clone()))?;
        let name = account.name();
        let mut shown: &[String] = &[];
        let (said, tapped) = match &event.what {
            What::Delivery { .. } => {
                return Ok(Some(self.delivered(account, &event, &waiting).await?));
            }
            What::Gone | What::Back => {
                let gone = event.what == What::Gone;
                self.relay
                    .note(Job::Unreachable(name.to_owned(), event.talk.clone(), gone))
                    .await?;
                return Ok(done);
            }
            What::Said { text } => (text.trim().to_owned(), false),
            What::Tapped { payload, .. } => (payload.trim().to_owned(), true),
            What::Shown { text, photos } => {
                shown = photos;
                (text.trim().to_owned(), false)
            }
            What::Invited => {
                let place = Place {
                    talk: event.talk.clone(),
                    context: event.context.clone(),
                };
                let entering = Box::new(account.entering(&place));
                return Ok(Some(Job::Say(entering, waiting.key, Timestamp::now())));
            }
            What::Wordless | What::Encrypted => (String::new(), false),
        };
        let now = Timestamp::now();
        let bare = said.trim_matches(['.', '!', ' ']);
        let bare = fold(bare);
        let stops = STOP.contains(&&*bare);
        // Who wants to hear nothing is heard however late.
        if !stops && is_too_old(account, &event, now) {
            self.tally.event(name, "late");
            return Ok(done);
        }
        let fresh = Contact {
            account: name.to_owned(),
            person: event.person.clone(),
            talk: event.talk.clone(),
            shopper: uuid::Uuid::now_v7().to_string(),
            conversation: uuid::Uuid::now_v7().to_string(),
            seen_at: crate::store::millis(event.at),
            unreachable: false,
            stopped: false,
        };
        let contact = self.relay.meet(fresh, event.alias.clone()).await?;
        let place = Place {
            talk: event.talk.clone(),
            context: event.context.clone(),
        };
        let shop = self.door.shop.load_full();
        let language = match stops || contact.stopped || said.is_empty() {
            true => self.language_of(&contact).await,
            false => None,
        };
        let saying = Saying {
            shop: &shop,
            base: &self.base,
            language: language.as_deref(),
            now,
            first: now.duration_since(time(contact.seen_at)) > LONG_SILENCE,
            courtesy: account.courtesy(&event),
        };
        let say = |id: &str| {
            let words = saying.words(id, &[]);
            let outgoing = account.words(&place, &words, saying.courtesy.clone());
            Some(Job::Say(Box::new(outgoing), waiting.key, now))
        };
        if stops {
            self.stop(name, &contact, true).await?;
            return Ok(match contact.stopped {
                true => done,
                false => say("messenger.stopped"),
            });
        }
        if contact.stopped {
            if !START.contains(&&*bare) && !bare.starts_with("/start ") {
                self.tally.event(name, "stopped");
                return Ok(done);
            }
            self.stop(name, &contact, false).await?;
            return Ok(say("messenger.started"));
        }
        if let Some(most) = account.answers_per_hour() {
            let since = now - SignedDuration::from_hours(1);
            let store = &self.relay.store;
            if relay::answers_to(store, name, &event.person, since).await? >= most {
                self.tally.event(name, "too_many");
                tracing::warn!(
                    account = name,
                    most,
                    "somebody has had all the answers of an hour: this message is not answered"
                );
                return Ok(done);
            }
        }
        let link = match self.linked(account, &event, &contact, &said, now).await? {
            Linked::As(link) => link,
            Linked::Say(words) => {
                let outgoing = account.words(&place, &words, saying.courtesy.clone());
                return Ok(Some(Job::Say(Box::new(outgoing), waiting.key, now)));
            }
        };
        if said.is_empty() && shown.is_empty() {
            return Ok(match event.what {
                What::Encrypted => say("messenger.encrypted"),
                _ => say("messenger.words_only"),
            });
        }
        let conversation = ConversationId::from(contact.conversation.as_str());
        let limit = self.door.limits.message(&conversation);
        limit.map_err(AnswerError::TooFast)?;
        let speaker = self.speaker(&contact, link.as_ref()).await?;
        let Photos { ids, refused } = self
            .photos(account, shown, &speaker, waiting.tries, now)
            .await?;
        if said.is_empty() && ids.is_empty() {
            let why: Vec<String> = refused.iter().map(|one| one.words(&saying)).collect();
            let outgoing = account.words(&place, &why.join(" "), saying.courtesy.clone());
            return Ok(Some(Job::Say(Box::new(outgoing), waiting.key, now)));
        }
        let text = match &*bare {
            // Whoever opens a bot says this, and means hello.
            "/start" => "hi".to_owned(),
            _ => self.meaning(&conversation, said, tapped, &event).await?,
        };
        let mut assistant = assistant_of(&self.door, contact.shopper.clone()).await;
        assistant.signed_in = link.and_then(signed_in);
        // A code that others read is theirs as well.
        assistant.links = assistant
            .links
            .filter(|_| account.channel.is_private(&event));
        let engine = Bridged {
            assistant,
            account: Arc::clone(account),
            place: place.clone(),
            base: self.base.clone(),
            first: saying.first,
            courtesy: saying.courtesy.clone(),
            before: refused,
        };
        let message = Message {
            client_id: format!("r{}", waiting.key),
            text: shortened(&text, frames::LONGEST, Unit::Characters),
            photos: ids.clone(),
        };
        let talk = Talk {
            conversation,
            shopper: speaker.clone(),
        };
        let accepted = self
            .door
            .conversations
            .say(talk, message, now, engine)
            .await?;
        self.door.tally.turns.inc();
        if accepted.repeated {
            // It was answered with the photos that were fetched then.
            for photo in &ids {
                self.door.uploads.take_back(photo, &speaker).await?;
            }
        }
        if accepted.erased
            && let Voice::Assistant { blocks } = &accepted.reply.voice
        {
            let outgoing = account.outgoing(&place, blocks, &saying);
            return Ok(Some(Job::Say(Box::new(outgoing), waiting.key, now)));
        }
        Ok(done)
    }

    async fn stop(&self, account: &str, contact: &Contact, is: bool) -> Result<(), AnswerError> {
        let job = Job::Stopped(account.to_owned(), contact.person.clone(), is);
        Ok(self.relay.note(job).await?)
    }

    /// The language that a conversation is in; none for the shop's own.
    pub(super) async fn language_of(&self, contact: &Contact) -> Option<String> {
        if contact.seen_at == 0 {
            return None;
        }
        let conversation = ConversationId::from(contact.conversation.as_str());
        let state = self
            .door
            .conversations
            .journal()
            .state_of(&conversation)
            .await;
        let state = state.ok().flatten()?;
        State::read(&state).ok()?.language
    }

    /// What was written or tapped, in words that the assistant knows.
    async fn meaning(
        &self,
        conversation: &ConversationId,
        said: String,
        tapped: bool,
        event: &Event,
    ) -> Result<String, AnswerError> {
        let journal = self.door.conversations.journal();
        if tapped && said.starts_with(ABBREVIATED) {
            let earlier = journal
                .entries_before(conversation, u64::MAX >> 1, LOOKED_BACK)
                .await?;
            let blocks = earlier.iter().rev().flat_map(|entry| match &entry.voice {
                Voice::Assistant { blocks } => blocks.as_slice(),
                _ => &[],
            });
            let label = match &event.what {
                What::Tapped { label, .. } => label.clone(),
                _ => String::new(),
            };
            return Ok(choice::opened(&said, blocks).unwrap_or(label));
        }
        if tapped || said.chars().count() > choice::LONGEST {
            return Ok(said);
        }
        let last = journal
            .entries_before(conversation, u64::MAX >> 1, 1)
            .await?;
        let offered: Vec<Choice> = last
            .iter()
            .flat_map(|entry| offered(&entry.voice))
            .collect();
        Ok(choice::meant(&said, &offered).unwrap_or(said))
    }
}

fn offered(voice: &Voice) -> Vec<Choice> {
    let Voice::Assistant { blocks } = voice else {
        return Vec::new();
    };
    let choices = blocks.iter().filter_map(|block| match block {
        Block::Choices { choices, .. } => Some(choices.clone()),
        _ => None,
    });
    choices.flatten().collect()
}

fn is_too_old(account: &Account, event: &Event, now: Timestamp) -> bool {
    let hours = account.settings.answer_within_hours;
    let hours = i64::try_from(hours).unwrap_or(0);
    hours > 0 && now.duration_since(event.at) > SignedDuration::from_hours(hours)
}
