//! The shoppers: closed loop, each waits for its reply before it says the next thing.

use super::process::Server;
use futures_util::{SinkExt, StreamExt};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Talk {
    /// A frame comes back as it is.
    Echo,
    /// A message is answered by an entry from the assistant.
    Shoptalk,
}

pub struct Figures {
    pub per_second: f64,
    /// Milliseconds.
    pub p50: f64,
    pub p99: f64,
    pub cpu_us: f64,
}

impl Figures {
    pub fn row(&self, sockets: usize, name: &str) -> String {
        format!(
            "| {sockets} | {name} | {:.0} | {:.2} | {:.2} | {:.1} | {:.1} |",
            self.per_second,
            self.p50,
            self.p99,
            self.p99 / self.p50,
            self.cpu_us
        )
    }
}

pub async fn run(
    server: &Server,
    sockets: usize,
    utterances: &Arc<Vec<String>>,
    talk: Talk,
    warm_up: Duration,
    window: Duration,
) -> Figures {
    let mut shoppers = Vec::with_capacity(sockets);
    for nth in 0..sockets {
        shoppers.push((nth, connect(server, talk).await));
    }
    let begin = Instant::now() + warm_up;
    let end = begin + window;
    let tasks: Vec<_> = shoppers
        .into_iter()
        .map(|(nth, mut socket)| {
            let utterances = utterances.clone();
            tokio::spawn(async move {
                let mut took = Vec::new();
                let mut turn = 0;
                loop {
                    let text = &utterances[(nth * 7919 + turn) % utterances.len()];
                    let asked = Instant::now();
                    if asked >= end {
                        break;
                    }
                    say(&mut socket, &format!("{nth}-{turn}"), text, talk).await;
                    if asked >= begin {
                        took.push(asked.elapsed().as_secs_f64() * 1000.0);
                    }
                    turn += 1;
                }
                took
            })
        })
        .collect();
    tokio::time::sleep_until(begin.into()).await;
    let cpu_before = server.cpu_ns();
    tokio::time::sleep_until(end.into()).await;
    let cpu = server.cpu_ns() - cpu_before;
    let mut took = Vec::new();
    for task in tasks {
        took.extend(task.await.unwrap());
    }
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
    Figures {
        per_second: took.len() as f64 / window.as_secs_f64(),
        p50: at(0.5),
        p99: at(0.99),
        cpu_us: cpu as f64 / 1000.0 / took.len() as f64,
    }
}

pub struct Idle {
    pub sockets: usize,
    pub bytes_each: f64,
}

/// Memory of conversations that have said one thing and stay open.
pub async fn idle(server: &Server, sockets: usize, utterances: &[String]) -> Idle {
    let mut kept = Vec::with_capacity(sockets);
    // The first hundred warm every lazily made buffer up.
    let mut before = 0;
    for nth in 0..sockets + 100 {
        if nth == 100 {
            before = server.resident();
        }
        let mut socket = connect(server, Talk::Shoptalk).await;
        say(
            &mut socket,
            &format!("idle-{nth}"),
            &utterances[nth % utterances.len()],
            Talk::Shoptalk,
        )
        .await;
        kept.push(socket);
    }
    let grown = server.resident().saturating_sub(before);
    Idle {
        sockets,
        bytes_each: grown as f64 / sockets as f64,
    }
}

/// Median microseconds of a turn early and late in one conversation.
pub async fn by_length(server: &Server, utterances: &[String]) -> [f64; 3] {
    let mut socket = connect(server, Talk::Shoptalk).await;
    let mut took = Vec::new();
    for turn in 0..500 {
        let asked = Instant::now();
        say(
            &mut socket,
            &format!("long-{turn}"),
            &utterances[turn % 10],
            Talk::Shoptalk,
        )
        .await;
        took.push(asked.elapsed().as_secs_f64() * 1e6);
    }
    let median = |part: &[f64]| {
        let mut part = part.to_vec();
        part.sort_by(f64::total_cmp);
        part[part.len() / 2]
    };
    [
        median(&took[..10]),
        median(&took[90..100]),
        median(&took[490..]),
    ]
}

async fn connect(server: &Server, talk: Talk) -> Socket {
    let mut request = format!("ws://{}/v1/chat", server.address)
        .into_client_request()
        .unwrap();
    let headers = request.headers_mut();
    headers.insert(
        "origin",
        format!("http://{}", server.address).parse().unwrap(),
    );
    if talk == Talk::Shoptalk {
        headers.insert("sec-websocket-protocol", "shoptalk.v1".parse().unwrap());
    }
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
        stream.set_nodelay(true).unwrap();
    }
    if talk == Talk::Shoptalk {
        socket
            .send(Message::text(r#"{"type":"hello"}"#))
            .await
            .unwrap();
        socket.next().await.unwrap().unwrap();
    }
    socket
}

async fn say(socket: &mut Socket, id: &str, text: &str, talk: Talk) {
    let frame = format!(r#"{{"type":"message","id":"{id}","text":"{text}"}}"#);
    socket.send(Message::text(frame)).await.unwrap();
    loop {
        let frame = socket.next().await.expect("the server closed").unwrap();
        let Message::Text(frame) = frame else {
            continue;
        };
        if talk == Talk::Echo
            || frame.contains(r#""from":"assistant""#) && frame.contains(r#""type":"entry""#)
        {
            return;
        }
        assert!(!frame.starts_with(r#"{"type":"error""#), "{frame}");
    }
}
