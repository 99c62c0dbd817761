//! `shoptalk chat`: the same engine in a terminal. With `--json` one utterance a line comes in and
//! one object a turn goes out, for scripts.

use super::{Place, generation};
use crate::channels::abilities::{self, Abilities};
use crate::channels::plain;
use crate::channels::render::{self, Screen};
use crate::conversation::{
    Assistant, ConversationId, Conversations, Engine, Journal, Message, Talk, Voice,
};
use crate::dialogue::block::Block;
use crate::dialogue::{self, Shop, Trace};
use crate::relay::Links;
use crate::shoppers::{Identity, Shopper, ShopperId, Shoppers, TokenDigest};
use crate::store::Store;
use anyhow::Context;
use jiff::Timestamp;
use rustyline::error::ReadlineError;
use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

#[derive(Debug, clap::Args)]
pub(super) struct ChatArgs {
    /// One utterance a line from stdin, one JSON object a turn to stdout
    #[arg(long)]
    json: bool,
    /// Show replies as a messenger shows them: whatsapp, telegram, sms and others
    #[arg(long = "as", value_name = "PLATFORM", conflicts_with = "json")]
    shown_as: Option<String>,
    /// Go on as a shopper the shop knows
    #[arg(long, value_name = "ID")]
    shopper: Option<String>,
}

pub(super) async fn run(place: &Place, args: ChatArgs) -> anyhow::Result<ExitCode> {
    let loaded = generation::load(place, Timestamp::now()).await?;
    let screen = screen(args.shown_as.as_deref(), &loaded.config.shop.url)?;
    let shop = Arc::clone(&loaded.shop);
    let messengers = crate::channels::messengers(&loaded.config.channels);
    let links = Links::new(loaded.store.clone(), messengers);
    let mut chat = Chat::begin(shop, &loaded.store, links, args.shopper.as_deref()).await?;
    chat.screen = screen;
    if args.json || !std::io::stdin().is_terminal() {
        from_pipe(&mut chat, args.json).await?;
    } else {
        from_person(&mut chat, &loaded.config.data.dir.join("chat-history")).await?;
    }
    chat.conversations.finish().await;
    loaded.store.close().await?;
    Ok(ExitCode::SUCCESS)
}

struct Chat {
    shop: Arc<Shop>,
    conversations: Conversations,
    journal: Journal,
    talk: Talk,
    links: Links,
    screen: As,
}

/// What replies are shown as.
enum As {
    Terminal,
    /// And where addresses begin.
    Messenger(&'static Abilities, String),
}

fn screen(platform: Option<&str>, base: &str) -> anyhow::Result<As> {
    let Some(name) = platform else {
        return Ok(As::Terminal);
    };
    let known: Vec<&str> = abilities::ALL.iter().map(|one| one.platform).collect();
    let abilities = Abilities::of(name).with_context(|| {
        format!(
            "there is no messenger `{name}`; known are {}",
            known.join(", ")
        )
    })?;
    Ok(As::Messenger(abilities, base.to_owned()))
}

/// A turn as `--json` prints it.
struct Turn {
    say: String,
    reply: Vec<Block>,
    /// None when the turn erased itself with everything else.
    trace: Option<Trace>,
    took_us: u128,
}

impl Chat {
    async fn begin(
        shop: Arc<Shop>,
        store: &Store,
        links: Links,
        known_as: Option<&str>,
    ) -> anyhow::Result<Self> {
        let journal = Journal::start(store.clone());
        let conversations = Conversations::new(journal.clone());
        let (shopper, conversation) = match known_as {
            Some(name) => {
                let shoppers = Shoppers::new(store.clone());
                let known = shoppers
                    .by_name(name)
                    .await
                    .context("looking the shopper up")?;
                let shopper = known.unwrap_or_else(|| Shopper {
                    id: ShopperId::from(fresh()),
                    identity: Identity::Known(name.to_owned()),
                });
                let latest = journal
                    .latest_of(&shopper.id)
                    .await
                    .context("looking the conversation up")?;
                (shopper, latest)
            }
            None => {
                return Ok(Self {
                    shop,
                    conversations,
                    journal,
                    talk: visitor(),
                    links,
                    screen: As::Terminal,
                });
            }
        };
        let conversation = conversation.unwrap_or_else(|| ConversationId::from(fresh()));
        Ok(Self {
            shop,
            conversations,
            journal,
            talk: Talk {
                conversation,
                shopper,
            },
            links,
            screen: As::Terminal,
        })
    }

    /// A reply in words, or as a messenger shows it.
    fn shown(&self, reply: &[Block]) -> String {
        match &self.screen {
            As::Terminal => plain::render(reply),
            As::Messenger(abilities, base) => {
                let phrase = |id: &str, variables: &[(&str, &str)]| {
                    dialogue::phrase(&self.shop, id, variables, None, Timestamp::now())
                };
                let screen = Screen {
                    abilities,
                    phrase: &phrase,
                    base,
                };
                render::shown(&render::render(reply, &screen))
            }
        }
    }

    fn assistant(&self) -> Assistant {
        Assistant {
            shop: Arc::clone(&self.shop),
            shopper: self.talk.shopper.id.as_str().to_owned(),
            signed_in: None,
            cart: None,
            spent: Vec::new(),
            profile: None,
            links: Some(self.links.clone()),
        }
    }

    async fn say(&mut self, text: &str) -> anyhow::Result<Turn> {
        let message = Message {
            client_id: uuid::Uuid::now_v7().to_string(),
            text: text.to_owned(),
            photos: Vec::new(),
        };
        let id = message.client_id.clone();
        let began = Instant::now();
        let said = self
            .conversations
            .say(
                self.talk.clone(),
                message,
                Timestamp::now(),
                self.assistant(),
            )
            .await;
        let accepted = said.context("the message was not answered")?;
        let took_us = began.elapsed().as_micros();
        if accepted.erased {
            let reply = match &accepted.reply.voice {
                Voice::Assistant { blocks } => blocks.clone(),
                _ => Vec::new(),
            };
            // Whoever speaks next is someone new.
            self.talk = visitor();
            return Ok(Turn {
                say: text.to_owned(),
                reply,
                trace: None,
                took_us,
            });
        }
        let stored = self
            .journal
            .admit(&self.talk.conversation, &id, text)
            .await?;
        let crate::conversation::Admission::Repeated(turn) = stored else {
            anyhow::bail!("the turn was answered but is not in the journal");
        };
        let trace = serde_json::from_str(&turn.trace).context("the turn's trace")?;
        Ok(Turn {
            say: text.to_owned(),
            reply: turn.reply,
            trace: Some(trace),
            took_us,
        })
    }
}

/// A visitor nobody has met: the token is forgotten at once, so nobody comes back to the conversation.
fn visitor() -> Talk {
    let token = TokenDigest::of(&format!("{:032x}", rand::random::<u128>()));
    let shopper = Shopper {
        id: ShopperId::from(fresh()),
        identity: Identity::Visitor(token),
    };
    Talk {
        conversation: ConversationId::from(fresh()),
        shopper,
    }
}

fn fresh() -> String {
    uuid::Uuid::now_v7().to_string()
}

async fn from_pipe(chat: &mut Chat, json: bool) -> anyhow::Result<()> {
    for line in std::io::stdin().lock().lines() {
        let line = line.context("reading stdin")?;
        if line.trim().is_empty() {
            continue;
        }
        let turn = chat.say(&line).await?;
        let mut out = std::io::stdout().lock();
        if json {
            writeln!(out, "{}", as_json(&turn))?;
        } else {
            writeln!(out, "> {line}\n{}\n", chat.shown(&turn.reply))?;
        }
        out.flush()?;
    }
    Ok(())
}

/// `took_us` is the whole turn: reading, understanding, the reply, and its commit to the disk.
fn as_json(turn: &Turn) -> serde_json::Value {
    let decision = turn.trace.as_ref().and_then(Trace::decision);
    let intent = decision.and_then(|decision| {
        let name = decision.intent.as_ref()?;
        Some(serde_json::json!({ "name": name, "confidence": decision.confidence }))
    });
    serde_json::json!({
        "say": turn.say,
        "reply": turn.reply,
        "intent": intent,
        "skill": decision.map(|decision| &decision.skill),
        "trace": turn.trace,
        "took_us": turn.took_us,
    })
}

async fn from_person(chat: &mut Chat, history: &std::path::Path) -> anyhow::Result<()> {
    let mut editor = rustyline::DefaultEditor::new().context("opening the terminal")?;
    // The first time there is no history to load.
    let _ = editor.load_history(history);
    println!(
        "{}\n",
        chat.shown(&chat.assistant().greeting(Timestamp::now()))
    );
    println!("(a number picks a choice; :why explains the last reply; Ctrl-D leaves)\n");
    let mut last: Option<Turn> = None;
    loop {
        let line = match editor.readline("> ") {
            Ok(line) => line,
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => break,
            Err(error) => return Err(error).context("reading the terminal"),
        };
        if line.trim().is_empty() {
            continue;
        }
        editor
            .add_history_entry(&line)
            .context("remembering the line")?;
        if line.trim() == ":why" {
            match &last {
                Some(Turn {
                    trace: Some(trace), ..
                }) => println!(
                    "{}
",
                    why(trace)
                ),
                Some(_) => println!(
                    "That turn is erased.
"
                ),
                None => println!("Nothing has been said yet.\n"),
            }
            continue;
        }
        let turn = chat.say(&line).await?;
        println!("\n{}\n", chat.shown(&turn.reply));
        last = Some(turn);
    }
    editor
        .save_history(history)
        .context("keeping the history")?;
    Ok(())
}

/// A trace in sentences.
fn why(trace: &Trace) -> String {
    let mut said = Vec::new();
    if let Some(taken) = &trace.taken_as {
        said.push(format!("Taken as `{taken}`."));
    }
    for (typed, read) in &trace.repaired {
        said.push(format!("`{typed}` was read as `{read}`."));
    }
    for noticed in &trace.entities {
        said.push(format!("`{}` is a {}.", noticed.text, noticed.kind));
    }
    for candidate in &trace.candidates {
        let because = candidate
            .because
            .as_ref()
            .map(|words| format!(", nearest `{words}`"))
            .unwrap_or_default();
        said.push(format!(
            "Perhaps {} ({:.2}{because}).",
            candidate.id, candidate.probability
        ));
    }
    for words in &trace.resolved {
        said.push(format!("Resolved: {words}."));
    }
    for decision in &trace.decisions {
        said.push(format!(
            "Decided by {:?}: skill {} ({:.2}).",
            decision.by, decision.skill, decision.confidence
        ));
    }
    said.join("\n")
}
