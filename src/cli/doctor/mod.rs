//! `shoptalk doctor`: what is wrong with an installation, and the line to change. With a URL it
//! walks in as a shopper does, through whatever proxy stands between.

mod messengers;

use super::{FOUND_PROBLEMS, Place, generation, logging, sources};
use crate::channels::widget::PROTOCOL;
use crate::config::{Config, MailTransport};
use crate::mail::Transport;
use crate::store::Store;
use crate::sync::{Checked, Hooks, OrderServer, Tally};
use anyhow::Context;
use futures_util::{SinkExt, StreamExt};
use jiff::Timestamp;
use std::process::ExitCode;
use std::time::Duration;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};

/// For each step over the network.
const WITHIN: Duration = Duration::from_secs(10);

#[derive(Debug, clap::Args)]
pub(super) struct DoctorArgs {
    /// Where shoppers reach the server: `https://chat.shop.example`
    url: Option<String>,
}

/// What was looked at, as it is printed.
#[derive(Default)]
struct Findings {
    problems: usize,
}

impl Findings {
    fn well(&mut self, what: impl AsRef<str>) {
        println!("ok       {}", what.as_ref());
    }

    fn problem(&mut self, what: impl AsRef<str>, line: impl AsRef<str>) {
        self.problems += 1;
        println!("problem  {}\n         {}", what.as_ref(), line.as_ref());
    }

    fn add(&mut self, finding: Checked) {
        match finding {
            Checked::Well(what) => self.well(what),
            Checked::Note { what, next } => println!("note     {what}\n         {next}"),
            Checked::Problem { what, next } => self.problem(what, next),
        }
    }
}

pub(super) async fn run(place: &Place, args: DoctorArgs) -> anyhow::Result<ExitCode> {
    let mut findings = Findings::default();
    match generation::config(place) {
        Ok(config) => {
            match generation::settings_file(place) {
                Some(path) => findings.well(format!("settings: {}", path.display())),
                None => findings.add(Checked::Note {
                    what: format!("there is no config.toml in {}", generation::here()),
                    next: "the defaults are used; --config names another place".to_owned(),
                }),
            }
            here(&config, &mut findings).await;
            mail(&config, &mut findings).await;
            messengers::check_up(&config, &mut findings).await;
        }
        Err(problems) => {
            for problem in problems.sorted() {
                findings.problem(
                    problem.to_string(),
                    "mend the settings first; the defaults are used below",
                );
            }
        }
    }
    if let Some(url) = args.url {
        match url::Url::parse(&url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
                outside(&url, &mut findings).await
            }
            _ => findings.problem(
                format!("`{url}` is no address of a site"),
                "write it like https://chat.shop.example",
            ),
        }
    }
    Ok(if findings.problems == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FOUND_PROBLEMS)
    })
}

/// Store and content on this machine.
async fn here(config: &Config, findings: &mut Findings) {
    let read = generation::content(config);
    match &read.content {
        Some(content) => {
            findings.well(format!(
                "content: {} intents, {} articles",
                content.script.intents().len(),
                content.articles.len()
            ));
        }
        None => {
            let first = read
                .problems
                .sorted()
                .first()
                .map(ToString::to_string)
                .unwrap_or_default();
            findings.problem(first, "`shoptalk check` shows all of it");
        }
    }
    let store = match generation::open(config).await {
        Ok(store) => store,
        Err(error) => {
            findings.problem(
                format!("{error:#}"),
                "`dir` under [data] names the folder; the program must be able to write there",
            );
            return;
        }
    };
    let wrote = async { store.begin().await?.commit().await };
    match wrote.await {
        Ok(()) => findings.well(format!(
            "store: takes a write, in {}",
            config.data.dir.display()
        )),
        Err(error) => findings.problem(
            error.to_string(),
            "see whether the disk is full or another process holds the file",
        ),
    }
    match generation::generation(config, &store, Timestamp::now(), &[]).await {
        Ok((shop, _)) => findings.well(format!("index: {} products", shop.catalog.len())),
        // The content's own problems were told above.
        Err(generation::LoadError::Content(_)) => {}
        Err(generation::LoadError::Machine(error)) => findings.problem(
            format!("{error:#}"),
            "mend what it names; products and orders can be imported again",
        ),
    }
    if let Err(error) = shops(config, &store, findings).await {
        findings.problem(format!("{error:#}"), "mend what it names in config.toml");
    }
    if let Err(error) = store.close().await {
        findings.problem(error.to_string(), "see whether the disk is full");
    }
}

/// Where goods and orders come from, asked as it will be.
async fn shops(config: &Config, store: &Store, findings: &mut Findings) -> anyhow::Result<()> {
    logging::of_command();
    let tally = Tally::default();
    let hooks = Hooks::new(store.clone(), &config.shops, tally.clone());
    if let Some(sync) = sources::of(config, store, hooks, tally)? {
        for finding in sync.check_up(Timestamp::now()).await {
            findings.add(finding);
        }
    }
    if let Some(server) = &config.shops.orders {
        let reach = generation::reach(config);
        let currency = config.shop.currency.parse().context("shop.currency")?;
        let secret = server.secret.reveal();
        for finding in OrderServer::check_up(&server.url, secret, reach, currency).await {
            findings.add(finding);
        }
    }
    Ok(())
}

/// Whether letters can leave; none is sent.
async fn mail(config: &Config, findings: &mut Findings) {
    let tested = match Transport::new(&config.mail, &config.shop.name) {
        Ok(transport) => transport.test().await,
        Err(error) => Err(error),
    };
    match (tested, &config.mail.transport) {
        (Ok(()), MailTransport::Off) => findings.well("mail: off, and nobody is offered any"),
        (Ok(()), MailTransport::File(folder)) => findings.well(format!(
            "mail: letters are written into {}, not sent; `transport = \"smtp\"` under [mail] sends them",
            folder.display()
        )),
        (Ok(()), MailTransport::Smtp(smtp)) => {
            findings.well(format!("mail: {} welcomes us", smtp.host));
        }
        (Err(error), _) => findings.problem(
            error.to_string(),
            "the settings are under [mail] in config.toml",
        ),
    }
}

/// The page, the widget and the socket, as a shopper's browser meets them.
async fn outside(url: &url::Url, findings: &mut Findings) {
    let client = match reqwest::Client::builder().timeout(WITHIN).build() {
        Ok(client) => client,
        Err(error) => {
            return findings.problem(error.to_string(), "this machine's TLS cannot be set up");
        }
    };
    let widget = url
        .join("/widget.js")
        .map_or_else(|_| url.to_string(), String::from);
    match client.get(&widget).send().await {
        Ok(answer) if answer.status().is_success() => {
            let header = |name: &str| {
                answer
                    .headers()
                    .get(name)
                    .and_then(|value| value.to_str().ok())
                    .unwrap_or_default()
                    .to_owned()
            };
            if !header("content-type").contains("javascript") {
                findings.problem(
                    format!("{widget} comes as `{}`", header("content-type")),
                    "the proxy must pass Content-Type as it is",
                );
            } else if header("access-control-allow-origin") != "*" {
                findings.problem(
                    format!("{widget} lost Access-Control-Allow-Origin"),
                    "the proxy must pass it: pages of other origins cannot load the widget without",
                );
            } else {
                findings.well("widget: served, and loadable from any page");
            }
        }
        Ok(answer) => findings.problem(
            format!("{widget} answers {}", answer.status()),
            "the proxy must pass every path to the server (docs/deploy.md)",
        ),
        Err(error) => {
            let cause = innermost(&error);
            let line = if cause.contains("certificate") {
                "browsers will refuse it too: renew the proxy's certificate, for this name (docs/deploy.md)"
            } else {
                "is the server running, and does the name lead to the proxy?"
            };
            return findings.problem(format!("{widget} cannot be reached: {cause}"), line);
        }
    }
    socket(url, findings).await;
}

/// What lies at the bottom of "error sending request".
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

async fn socket(url: &url::Url, findings: &mut Findings) {
    let origin = url.origin().ascii_serialization();
    let mut address = url.clone();
    let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
    if address.set_scheme(scheme).is_err() {
        return findings.problem(
            "the address has no WebSocket form",
            "write it like https://chat.shop.example",
        );
    }
    address.set_path("/v1/chat");
    let request = address.as_str().into_client_request().map(|mut request| {
        let headers = request.headers_mut();
        if let (Ok(origin), Ok(protocol)) = (origin.parse(), PROTOCOL.parse()) {
            headers.insert("origin", origin);
            headers.insert("sec-websocket-protocol", protocol);
        }
        request
    });
    let request = match request {
        Ok(request) => request,
        Err(error) => {
            return findings.problem(
                error.to_string(),
                "write the address like https://chat.shop.example",
            );
        }
    };
    let connected = tokio::time::timeout(WITHIN, tokio_tungstenite::connect_async(request)).await;
    let mut socket = match connected {
        Ok(Ok((socket, _))) => socket,
        Ok(Err(WsError::Http(answer))) => {
            let line = match answer.status().as_u16() {
                403 => format!("add \"{origin}\" to allowed_origins under [server], or set it as url under [shop]"),
                429 => "sockets_per_address under [limits]; behind a proxy, X-Forwarded-For must reach the server".to_owned(),
                _ => "the proxy does not pass the upgrade: nginx needs `proxy_http_version 1.1;`, `proxy_set_header Upgrade $http_upgrade;` \
                      and `proxy_set_header Connection \"upgrade\";`"
                    .to_owned(),
            };
            return findings.problem(format!("{address} answers {}", answer.status()), line);
        }
        Ok(Err(error)) => {
            return findings.problem(
                format!("{address}: {error}"),
                "see docs/deploy.md for the proxy's WebSocket lines",
            );
        }
        Err(_) => {
            return findings.problem(
                format!("{address} does not answer"),
                "see docs/deploy.md for the proxy's WebSocket lines",
            );
        }
    };
    let talk = async {
        socket.send(Message::text(r#"{"type":"hello"}"#)).await?;
        let welcome = socket.next().await.transpose()?;
        socket.send(Message::text(r#"{"type":"ping"}"#)).await?;
        let pong = socket.next().await.transpose()?;
        Ok::<_, WsError>((welcome, pong))
    };
    let spoken = |frame: &Option<Message>, kind: &str| {
        frame
            .as_ref()
            .and_then(|frame| frame.to_text().ok())
            .is_some_and(|text| text.contains(kind))
    };
    match tokio::time::timeout(WITHIN, talk).await {
        Ok(Ok((welcome, pong))) if spoken(&welcome, "\"welcome\"") && spoken(&pong, "\"pong\"") => {
            findings.well(format!("socket: {address} welcomes {origin}"));
        }
        Ok(Ok(_)) => findings.problem(
            "the socket opens but does not speak shoptalk.v1",
            "does the proxy lead to this server?",
        ),
        Ok(Err(error)) => findings.problem(
            format!("the socket broke: {error}"),
            "does the proxy buffer or cut WebSockets?",
        ),
        Err(_) => findings.problem(
            "the socket opens and is silent",
            "the proxy holds frames back: switch its buffering off",
        ),
    }
}
