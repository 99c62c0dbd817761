//! Letters, against a mail server that refuses what a real one refuses.

use super::server::{PATIENCE, TestShop};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use shoptalk::config::Config;
use shoptalk::mail::{Address, Letter, Postman, Tally, Transport, enqueue, export_of};
use shoptalk::store::Store;
use std::net::SocketAddr;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// What the server does with one connection.
#[derive(Clone, Copy)]
pub enum Answers {
    Accepts,
    /// To the login.
    Login(&'static str),
    /// To the recipient.
    Recipient(&'static str),
    /// Takes the letter and never says so.
    Silence,
}

/// A letter as it arrived.
#[derive(Debug)]
pub struct Arrived {
    pub from: String,
    pub to: String,
    /// Dots at line beginnings taken away again.
    pub text: String,
}

impl Arrived {
    fn header(&self, name: &str) -> &str {
        let begins = format!("{name}: ");
        let found = self
            .text
            .lines()
            .find_map(|line| line.strip_prefix(&begins));
        found.unwrap_or_else(|| panic!("no {name} in {}", self.text))
    }
}

pub struct MailServer {
    address: SocketAddr,
    pub arrived: mpsc::UnboundedReceiver<Result<Arrived, String>>,
}

impl MailServer {
    /// One answer a connection; those after the last are accepted.
    pub async fn start(answers: Vec<Answers>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, arrived) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut answers = answers.into_iter();
            while let Ok((stream, _)) = listener.accept().await {
                let answer = answers.next().unwrap_or(Answers::Accepts);
                let sender = sender.clone();
                tokio::spawn(async move { serve(stream, answer, &sender).await });
            }
        });
        Self { address, arrived }
    }

    async fn next(&mut self) -> Arrived {
        let next = tokio::time::timeout(PATIENCE, self.arrived.recv());
        next.await.expect("a letter in time").unwrap().unwrap()
    }

    pub fn settings(&self) -> String {
        format!(
            "[mail]\ntransport = \"smtp\"\nfrom = \"hello@alder.test\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n",
            self.address.port()
        )
    }
}

/// The dialogue of RFC 5321, in its order and its form; the first thing out of it ends the connection.
async fn serve(
    stream: TcpStream,
    answers: Answers,
    arrived: &mpsc::UnboundedSender<Result<Arrived, String>>,
) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read);
    let (mut known, mut from, mut to) = (false, None, None);
    write.write_all(b"220 mail.test ESMTP\r\n").await.unwrap();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let Some(line) = line.strip_suffix("\r\n") else {
            drop(arrived.send(Err(format!("a line without CR LF: {line:?}"))));
            return;
        };
        let answer = match line.split_once([' ', ':']).unwrap_or((line, "")) {
            ("EHLO", "alder.test") => "250-mail.test\r\n250-8BITMIME\r\n250 AUTH PLAIN",
            ("AUTH", login) => match answers {
                Answers::Login(refusal) => refusal,
                _ if login == format!("PLAIN {}", STANDARD.encode("\0shop\0very-secret")) => {
                    known = true;
                    "235 welcome"
                }
                _ => "535 wrong",
            },
            ("MAIL", sender) if known && from.is_none() => {
                from = Some(sender.to_owned());
                "250 ok"
            }
            ("RCPT", recipient) if from.is_some() => match answers {
                Answers::Recipient(refusal) => refusal,
                _ => {
                    to = Some(recipient.to_owned());
                    "250 ok"
                }
            },
            ("DATA", "") if to.is_some() => {
                write.write_all(b"354 go on\r\n").await.unwrap();
                let mut text = String::new();
                loop {
                    let mut line = String::new();
                    if lines.read_line(&mut line).await.unwrap_or(0) == 0 {
                        return;
                    }
                    if line == ".\r\n" {
                        break;
                    }
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                }
                let (from, to) = (from.take().unwrap(), to.take().unwrap());
                drop(arrived.send(Ok(Arrived { from, to, text })));
                if matches!(answers, Answers::Silence) {
                    std::future::pending::<()>().await;
                }
                "250 taken"
            }
            ("RSET" | "NOOP", _) => "250 ok",
            ("QUIT", _) => {
                drop(write.write_all(b"221 bye\r\n").await);
                return;
            }
            _ => {
                drop(arrived.send(Err(format!("out of order: {line}"))));
                return;
            }
        };
        if write
            .write_all(format!("{answer}\r\n").as_bytes())
            .await
            .is_err()
        {
            return;
        }
    }
}

pub const LOGIN: [(&str, &str); 2] = [
    ("SHOPTALK_MAIL_USER", "shop"),
    ("SHOPTALK_MAIL_PASSWORD", "very-secret"),
];

fn letter(owner: &str) -> Letter {
    Letter {
        to: Address::parse("ada@x.test").unwrap(),
        subject: "Your code".to_owned(),
        body: "Good day.\n.\n.. and more: ä\n".to_owned(),
        unsubscribe: None,
        kind: "code",
        owner: Some(owner.to_owned()),
        expires_at: Timestamp::now() + SignedDuration::from_hours(48),
        reply: None,
    }
}

async fn queue(store: &Store, owner: &str) {
    let mut write = store.begin().await.unwrap();
    enqueue(&mut write, &letter(owner), Timestamp::now())
        .await
        .unwrap();
    write.commit().await.unwrap();
}

/// A store and a postman for a mail server.
async fn office(server: &MailServer) -> (tempfile::TempDir, Store, Postman) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, server.settings()).unwrap();
    let env = LOGIN.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::load(Some(&path), env).unwrap();
    let store = Store::open(&folder.path().join("shop.db")).await.unwrap();
    let transport = Transport::new(&config.mail, "Alder & Pine").unwrap();
    let postman = Postman::new(store.clone(), transport, Tally::default());
    (folder, store, postman)
}

async fn state(store: &Store, owner: &str) -> String {
    export_of(store, owner).await.unwrap()[0].state.clone()
}

#[tokio::test]
async fn a_letter_reaches_a_mail_server_whole() {
    let mut server = MailServer::start(Vec::new()).await;
    let (_folder, store, postman) = office(&server).await;
    queue(&store, "ada").await;
    let stop = CancellationToken::new();
    let round = postman.round(Timestamp::now(), &stop).await;
    assert_eq!(round.unwrap().sent, 1);
    let arrived = server.next().await;
    assert!(
        arrived.from.starts_with("FROM:<hello@alder.test>"),
        "{arrived:?}"
    );
    assert!(arrived.to.starts_with("TO:<ada@x.test>"), "{arrived:?}");
    assert_eq!(arrived.header("Subject"), "Your code");
    assert!(arrived.header("From").ends_with("<hello@alder.test>"));
    assert!(arrived.header("Message-ID").ends_with("@alder.test>"));
    let body = arrived.text.split_once("\r\n\r\n").unwrap().1;
    assert!(
        body.starts_with("Good day.\r\n.\r\n.. and more: "),
        "{body:?}"
    );
}

#[tokio::test]
async fn a_refused_letter_is_given_up_and_one_put_off_waits() {
    let answers = vec![
        Answers::Recipient("550 5.1.1 <ada@x.test> is unknown"),
        Answers::Recipient("451 4.7.1 try later"),
        Answers::Login("535 5.7.8 no"),
    ];
    let mut server = MailServer::start(answers).await;
    let (_folder, store, postman) = office(&server).await;
    let (stop, now) = (CancellationToken::new(), Timestamp::now());
    for (owner, ends) in [
        ("unknown", "failed"),
        ("later", "queued"),
        ("login", "queued"),
    ] {
        queue(&store, owner).await;
        let at = now.max(Timestamp::now());
        postman.round(at, &stop).await.unwrap();
        assert_eq!(state(&store, owner).await, ends, "{owner}");
    }
    let in_two = Timestamp::now() + SignedDuration::from_mins(2);
    assert_eq!(postman.round(in_two, &stop).await.unwrap().sent, 2);
    server.next().await;
    server.next().await;
    for owner in ["later", "login"] {
        let kept = export_of(&store, owner).await.unwrap();
        assert_eq!((kept[0].state.as_str(), &kept[0].letter), ("sent", &None));
    }
}

/// The moment between the server's "taken" and our note of it: the letter comes twice rather than never, and can be
/// told to be the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_of_a_letter_loses_nothing() {
    let mut server = MailServer::start(vec![Answers::Silence]).await;
    let shop = TestShop::new();
    let path = shop.path("config.toml");
    let known = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{known}{}", server.settings())).unwrap();
    let serve = || {
        let mut command = shop.command();
        command.envs(LOGIN);
        shop.serve_by(command)
    };
    let running = serve();
    let store = Store::open(&shop.path("data/shoptalk.db")).await.unwrap();
    queue(&store, "ada").await;
    let first = server.next().await;
    running.kill();
    let running = serve();
    let second = server.next().await;
    assert_eq!(first.header("Message-ID"), second.header("Message-ID"));
    let sent = "shoptalk_mail_letters_total{kind=\"code\",outcome=\"sent\"}";
    super::server::until("it is noted as sent", || shop.metric(sent) == Some(1));
    assert!(!shop.log().contains("ada@x.test"));
    assert_eq!(running.stop(), Some(0));
}
