//! `shoptalk serve`: build everything, listen, drain.

use super::generation::{self, LoadError};
use super::tidy::{tidy_alerts, tidy_events, tidy_messengers, tidy_uploads};
use super::{FOUND_PROBLEMS, Place, logging, sources};
use crate::catalog;
use crate::channels::widget::{Door, Guests, Limits};
use crate::channels::{self, Bridges, Tally};
use crate::config::Config;
use crate::conversation::{Conversations, Journal, Retention, Told};
use crate::dialogue::Shop;
use crate::mail::{self, Postman};
use crate::orders;
use crate::recommend;
use crate::relay::Links;
use crate::remote::Remote;
use crate::server::{Service, Stopped, serve, watch};
use crate::shoppers::Shoppers;
use crate::store::Store;
use crate::sync::{self, Hooks};
use crate::uploads::Uploads;
use anyhow::Context;
use arc_swap::ArcSwap;
use jiff::{SignedDuration, Timestamp};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Between two rounds of house-keeping: retention, and forgetting quiet rate limits.
const TIDY_EVERY: Duration = Duration::from_secs(60 * 60);
/// Until alerts that could not be told are tried again.
const ALERT_AGAIN: Duration = Duration::from_secs(60);
/// How late a sale may begin, or an import be seen.
const RENEW_EVERY: Duration = Duration::from_secs(2);

pub(super) async fn run(place: &Place) -> anyhow::Result<ExitCode> {
    let loaded = match generation::load(place, Timestamp::now()).await {
        Ok(loaded) => loaded,
        Err(LoadError::Content(problems)) => {
            eprintln!("{}", problems.render(false));
            eprintln!("nothing was started: mend this, `shoptalk check` says whether it is right");
            return Ok(ExitCode::from(FOUND_PROBLEMS));
        }
        Err(LoadError::Machine(error)) => return Err(error),
    };
    let config = loaded.config;
    logging::of_server(&config.log);
    for warning in loaded.warnings.sorted() {
        tracing::warn!("{warning}");
    }
    let listener = TcpListener::bind(config.server.listen).await.with_context(|| {
        format!("listening on {}; is another server there? `listen` under [server] names another port", config.server.listen)
    })?;
    let address = listener.local_addr().context("the address listened on")?;
    let journal = Journal::start(loaded.store.clone());
    let shop = Arc::new(ArcSwap::new(loaded.shop));
    let door = Arc::new(Door {
        shop: Arc::clone(&shop),
        store: loaded.store.clone(),
        conversations: Conversations::new(journal.clone()),
        shoppers: Shoppers::new(loaded.store.clone()),
        watches: generation::watchlist(&config, &loaded.store)?,
        uploads: Uploads::new(loaded.store.clone(), config.uploads.clone()),
        links: Links::new(loaded.store.clone(), channels::messengers(&config.channels)),
        feedback: config.feedback,
        guests: Guests::default(),
        limits: Limits::new(config.limits),
        identity_secret: config.shops.identity_secret.clone(),
        origins: origins(&config, address.port()),
        news: Notify::new(),
        tally: Tally::default(),
        closing: CancellationToken::new(),
        sockets: TaskTracker::new(),
    });
    let synced = sync::Tally::default();
    let hooks = Hooks::new(loaded.store.clone(), &config.shops, synced.clone());
    let source = sources::of(&config, &loaded.store, hooks.clone(), synced.clone())?;
    let mailed = mail::Tally::default();
    let transport =
        mail::Transport::new(&config.mail, &config.shop.name).context("how mail leaves")?;
    let postman = Postman::new(loaded.store.clone(), transport, mailed.clone());
    let reach = Remote::new(generation::reach(&config)).context("how messengers are reached")?;
    let bridges = Arc::new(Bridges::new(
        Arc::clone(&door),
        &config.channels,
        reach,
        &config.server.url,
        &config.shop.url,
    ));
    let events_secret = config.server.events_secret.as_ref();
    let service = Service::new(
        Arc::clone(&door),
        hooks,
        Arc::clone(&bridges),
        events_secret,
        config.widget.clone(),
        &synced,
        &mailed,
    );
    announce(&config, &shop.load(), address.port());
    let folders = [
        config.content.intents.clone(),
        config.content.knowledge.clone(),
    ];
    let publisher = Publisher {
        config: config.clone(),
        store: loaded.store.clone(),
        shop,
        service: service.clone(),
    };
    let publisher = Arc::new(publisher);
    let at_save = Arc::clone(&publisher);
    let watching = watch(&folders, move || Arc::clone(&at_save).publish());
    if let Err(error) = &watching {
        tracing::warn!(%error, "saved files are not noticed; restart to publish them");
    }
    tokio::task::spawn_blocking({
        let publisher = Arc::clone(&publisher);
        move || publisher.fit()
    });
    let renewing = tokio::spawn(renew(publisher));
    let stop_syncing = CancellationToken::new();
    let syncing = source.map(|source| {
        let stop = stop_syncing.clone();
        tokio::spawn(async move { source.run(stop).await })
    });
    let stop_mailing = CancellationToken::new();
    let mailing = {
        let stop = stop_mailing.clone();
        tokio::spawn(async move { postman.run(stop).await })
    };
    door.conversations
        .heralded_by(Arc::<Bridges>::clone(&bridges));
    let bridging = tokio::spawn(bridges.run(door.closing.clone()));
    let alerting = tokio::spawn(alert(Arc::clone(&door)));
    let tidying = tokio::spawn(tidy(Arc::clone(&door), journal, config.clone()));
    let drain = Duration::from_secs(config.server.drain_seconds);
    let stopped = serve(service, listener, stop_signal()?, drain).await;
    if tokio::time::timeout(drain, bridging).await.is_err() {
        tracing::warn!("some messages to messengers were cut; what became of them is not known");
    }
    alerting.abort();
    tidying.abort();
    renewing.abort();
    stop_syncing.cancel();
    stop_mailing.cancel();
    if let Some(syncing) = syncing {
        syncing.await.context("stopping the sync")?;
    }
    mailing.await.context("stopping the mail")?;
    loaded.store.close().await.context("closing the store")?;
    if stopped == Stopped::Overdue {
        tracing::warn!(
            seconds = config.server.drain_seconds,
            "some connections were cut: they took longer than drain_seconds"
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// SIGTERM or Ctrl-C. A second one ends the process at once.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let mut term = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for Ctrl-C")?;
    Ok(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: no new connections, sockets are told, turns are finished");
        tokio::spawn(async move {
            tokio::select! {
                _ = term.recv() => {}
                _ = interrupt.recv() => {}
            }
            std::process::exit(130);
        });
    })
}

/// One short block on stdout: where, what, and how to stop.
fn announce(config: &Config, shop: &Shop, port: u16) {
    let host = if config.server.listen.ip().is_unspecified() {
        "127.0.0.1".to_owned()
    } else {
        config.server.listen.ip().to_string()
    };
    println!("Shoptalk for {}", shop.facts.name);
    println!("  http://{host}:{port}/");
    println!(
        "  {} products, {} articles, {} intents; data in {}",
        shop.catalog.len(),
        shop.articles_count(),
        shop.script.intents().len(),
        config.data.dir.display()
    );
    println!("  Ctrl-C stops it");
}

/// Pages that may open the chat: the shop's, this server's own, and those the owner names.
fn origins(config: &Config, port: u16) -> Vec<String> {
    let mut all = vec![
        config.shop.url.clone(),
        format!("http://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
    ];
    all.extend(config.server.allowed_origins.iter().cloned());
    if !config.server.listen.ip().is_unspecified() {
        all.push(format!(
            "http://{}",
            std::net::SocketAddr::new(config.server.listen.ip(), port)
        ));
    }
    all.sort();
    all.dedup();
    all
}

/// Makes a new generation of what is on the disk and swaps it in, or says what is wrong with it.
struct Publisher {
    config: Config,
    store: Store,
    shop: Arc<ArcSwap<Shop>>,
    service: Service,
}

impl Publisher {
    /// Fits the recommender to the shop's own orders where there are enough, while it already answers; later
    /// generations take the weights over.
    fn fit(&self) {
        let baskets = Handle::current().block_on(recommend::table::load(&self.store));
        let shop = self.shop.load_full();
        match baskets {
            Ok(baskets) => {
                if let Some(weights) = shop.recommender.fitted(&baskets) {
                    tracing::info!(?weights, "recommending is fitted to your orders");
                    // Whichever generation is running by now.
                    self.shop.load().recommender.weigh(weights);
                }
            }
            Err(error) => tracing::warn!(%error, "recommending goes by the usual weights"),
        }
    }

    async fn publish(self: Arc<Self>) {
        // Off the threads that answer shoppers: a large catalog takes seconds to index.
        let this = Arc::clone(&self);
        let making = tokio::task::spawn_blocking(move || {
            let running = this.shop.load_full();
            let Publisher { config, store, .. } = &*this;
            let (now, hearings) = (Timestamp::now(), &running.hearings);
            Handle::current().block_on(generation::generation(config, store, now, hearings))
        });
        let made = match making.await {
            Ok(made) => made,
            Err(error) => Err(LoadError::Machine(error.into())),
        };
        self.service.reloaded(made.is_ok());
        match made {
            Ok((shop, warnings)) => {
                for warning in warnings.sorted() {
                    tracing::warn!("{warning}");
                }
                tracing::info!(
                    intents = shop.script.intents().len(),
                    articles = shop.articles_count(),
                    "content published"
                );
                let weights = self.shop.load().recommender.weights();
                shop.recommender.weigh(weights);
                self.shop.store(Arc::new(shop));
                self.service.door.news.notify_one();
            }
            Err(LoadError::Content(problems)) => {
                for problem in problems.sorted() {
                    tracing::error!("{problem}");
                }
                tracing::error!("nothing was published: the last good version keeps serving");
            }
            Err(LoadError::Machine(error)) => tracing::error!("nothing was published: {error:#}"),
        }
    }
}

/// Publishes anew when a sale has begun or ended, or products were imported.
async fn renew(publisher: Arc<Publisher>) {
    let mut round = tokio::time::interval(RENEW_EVERY);
    loop {
        round.tick().await;
        let shop = publisher.shop.load_full();
        let overdue = shop.changes_at.is_some_and(|at| at <= Timestamp::now());
        let imported = match catalog::table::version(&publisher.store).await {
            Ok(version) => version != shop.catalog_version,
            Err(error) => {
                tracing::warn!(%error, "whether products were imported is not known");
                false
            }
        };
        if overdue || imported {
            Arc::clone(&publisher).publish().await;
        }
    }
}

/// Tells shoppers what they wait for: at start, and whenever something may have happened.
async fn alert(door: Arc<Door>) {
    loop {
        let shop = door.shop.load_full();
        let again = match door.conversations.tell_all(&shop, Timestamp::now()).await {
            Ok(told) if told != Told::default() => {
                tracing::info!(told.by_letter, told.in_chat, "alerts were told");
                false
            }
            Ok(_) => false,
            Err(error) => {
                tracing::warn!(%error, "alerts wait; they are tried again in a minute");
                true
            }
        };
        let later = tokio::time::sleep(ALERT_AGAIN);
        tokio::select! {
            () = door.news.notified() => {}
            () = later, if again => {}
        }
    }
}

/// Deletes what is past its time, at start and every hour, and counts it in the log.
async fn tidy(door: Arc<Door>, journal: Journal, config: Config) {
    let mut round = tokio::time::interval(TIDY_EVERY);
    loop {
        round.tick().await;
        door.limits.tidy();
        let retention = Retention {
            known_days: config.privacy.retention_days,
            anonymous_days: config.privacy.retention_days_anonymous,
        };
        if let Err(error) = tidy_events(&door, &journal, retention).await {
            tracing::warn!(
                "events past their time could not be deleted; it is tried again in an hour: {error:#}"
            );
        }
        match journal.delete_older_than(retention, Timestamp::now()).await {
            Ok(deleted) => tracing::info!(
                conversations = deleted.conversations,
                shoppers = deleted.shoppers,
                "retention: what was past its time is deleted"
            ),
            Err(error) => {
                tracing::warn!(%error, "retention could not be done; it is tried again in an hour")
            }
        }
        let days = i64::from(config.privacy.retention_days);
        let limit = Timestamp::now() - SignedDuration::from_hours(24 * days);
        if let Err(error) = orders::forget_requests(&door.store, limit).await {
            tracing::warn!(%error, "what was asked for orders could not be tidied; it is tried again in an hour");
        }
        if let Err(error) = orders::forget_taken_over(&door.store, limit).await {
            tracing::warn!(%error, "orders of the shop's own server could not be forgotten; it is tried again in an hour");
        }
        if let Err(error) = orders::forget_codes(&door.store, Timestamp::now()).await {
            tracing::warn!(%error, "old codes could not be forgotten; it is tried again in an hour");
        }
        if let Err(error) = mail::forget_old(&door.store, Timestamp::now()).await {
            tracing::warn!(%error, "old letters could not be forgotten; it is tried again in an hour");
        }
        if let Err(error) = tidy_messengers(&door, &config).await {
            tracing::warn!(%error, "what messengers brought could not be forgotten; it is tried again in an hour");
        }
        if let Err(error) = tidy_uploads(&door, &journal).await {
            tracing::warn!(
                "photos that were not sent could not be forgotten; it is tried again in an hour: {error:#}"
            );
        }
        if let Err(error) = tidy_alerts(&door, &journal).await {
            tracing::warn!(
                "old alerts could not be forgotten; it is tried again in an hour: {error:#}"
            );
        }
    }
}
