//! A platform that is not one: it takes what the real one takes, refuses what the real one refuses, and fails on demand.

use super::matrix::Home;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri};
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

/// A request to the platform.
pub struct Asked {
    pub method: Method,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    /// JSON, or a form as an object.
    pub body: Value,
    pub raw: Bytes,
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }
}

/// What the platform makes of it.
pub enum Verdict {
    /// A message for this conversation that the shopper sees, and the platform's answer.
    Message(String, Value),
    /// Anything else that is right.
    Fine(Value),
    /// A question that is held open for a while.
    Held(Value),
    /// A file that somebody keeps here, if there is one of this path.
    File,
    /// What the real one refuses as well, and a test expects.
    Expected(u16, Value),
    /// What the real one refuses: a test fails on it.
    Wrong(StatusCode, String),
    /// The same in the platform's own words.
    Refused(StatusCode, Value),
}

/// What goes wrong with the next message.
#[derive(Debug, Clone)]
pub enum Fault {
    /// It is not taken.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// It is taken, and nobody says so.
    Hang,
    /// It is taken, and that is said a second later.
    Late,
    /// It is taken, and the connection breaks in the answer.
    Reset,
}

/// A file that a shopper has sent to the platform.
#[derive(Debug, Clone)]
pub enum File {
    Bytes(&'static str, Vec<u8>),
    /// It is said to be elsewhere.
    Moved(String),
    /// So often nothing comes; then this.
    Hanging(usize, Vec<u8>),
    /// It never ends.
    Endless,
}

/// A message that was taken.
#[derive(Debug, Clone)]
pub struct Taken {
    pub talk: String,
    pub body: Value,
    /// Of the request, where the platform knows a second time by it.
    pub key: String,
    pub headers: HeaderMap,
    pub raw: Bytes,
}

type Judge = Box<dyn Fn(&Asked) -> Verdict + Send + Sync>;

struct Inside {
    judge: Judge,
    taken: Mutex<Vec<Taken>>,
    done: Mutex<Vec<(String, Value)>>,
    wrong: Mutex<Vec<String>>,
    faults: Mutex<VecDeque<Fault>>,
    files: Mutex<HashMap<String, File>>,
    /// Paths of files that were asked for.
    fetched: Mutex<Vec<String>>,
}

#[derive(Clone)]
pub struct Fake {
    pub address: SocketAddr,
    /// Where messages of shoppers wait, on a platform that is asked for them.
    pub home: Option<Arc<Home>>,
    inside: Arc<Inside>,
}

impl Fake {
    pub async fn start(judge: impl Fn(&Asked) -> Verdict + Send + Sync + 'static) -> Self {
        let inside = Arc::new(Inside {
            judge: Box::new(judge),
            taken: Mutex::default(),
            done: Mutex::default(),
            wrong: Mutex::default(),
            faults: Mutex::default(),
            files: Mutex::default(),
            fetched: Mutex::default(),
        });
        let of = Arc::clone(&inside);
        let router = Router::new().fallback(
            move |method: Method, uri: Uri, headers: HeaderMap, raw: Bytes| {
                let inside = Arc::clone(&of);
                async move { inside.answer(method, uri, headers, raw).await }
            },
        );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            address,
            home: None,
            inside,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Messages that were taken, in their order.
    pub fn taken(&self) -> Vec<Taken> {
        self.inside.taken.lock().unwrap().clone()
    }

    /// Those of one conversation.
    pub fn taken_in(&self, talk: &str) -> Vec<Taken> {
        let mut taken = self.taken();
        taken.retain(|one| one.talk == talk);
        taken
    }

    /// What else was done: paths and bodies.
    pub fn done(&self) -> Vec<(String, Value)> {
        self.inside.done.lock().unwrap().clone()
    }

    /// What the real platform would have refused.
    pub fn wrong(&self) -> Vec<String> {
        self.inside.wrong.lock().unwrap().clone()
    }

    /// A message that came another way than by a request.
    pub fn put(&self, taken: Taken) {
        self.inside.taken.lock().unwrap().push(taken);
    }

    /// What is wrong with one that did.
    pub fn complain(&self, why: String) {
        self.inside.wrong.lock().unwrap().push(why);
    }

    /// The next messages fail like this, one after another.
    pub fn fail(&self, faults: impl IntoIterator<Item = Fault>) {
        self.inside.faults.lock().unwrap().extend(faults);
    }

    /// Keeps a file at a path.
    pub fn keep(&self, path: &str, file: File) {
        let mut files = self.inside.files.lock().unwrap();
        files.insert(path.to_owned(), file);
    }

    /// Paths of files that were asked for.
    pub fn fetched(&self) -> Vec<String> {
        self.inside.fetched.lock().unwrap().clone()
    }

    pub fn faults_left(&self) -> usize {
        self.inside.faults.lock().unwrap().len()
    }
}

impl Inside {
    async fn answer(
        &self,
        method: Method,
        uri: Uri,
        headers: HeaderMap,
        raw: Bytes,
    ) -> Response<Body> {
        let kind = headers
            .get("content-type")
            .and_then(|kind| kind.to_str().ok());
        let body = match kind {
            Some(kind) if kind.starts_with("application/x-www-form-urlencoded") => {
                let pairs = url::form_urlencoded::parse(&raw);
                let pairs = pairs.map(|(key, value)| (key.into_owned(), json!(value)));
                Value::Object(pairs.collect())
            }
            _ => serde_json::from_slice(&raw).unwrap_or_default(),
        };
        let asked = Asked {
            method,
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            headers,
            body,
            raw,
        };
        match (self.judge)(&asked) {
            Verdict::Message(talk, answer) => self.take(asked, talk, answer).await,
            Verdict::Fine(answer) => {
                self.done.lock().unwrap().push((asked.path, asked.body));
                respond(200, &[], answer.to_string())
            }
            Verdict::Held(answer) => {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                respond(200, &[], answer.to_string())
            }
            Verdict::File => self.file(&asked.path).await,
            Verdict::Expected(status, answer) => respond(status, &[], answer.to_string()),
            Verdict::Wrong(status, why) => self.refuse(&asked, status, json!({ "error": why })),
            Verdict::Refused(status, why) => self.refuse(&asked, status, why),
        }
    }

    async fn file(&self, path: &str) -> Response<Body> {
        self.fetched.lock().unwrap().push(path.to_owned());
        let found = self.files.lock().unwrap().get(path).cloned();
        let response = Response::builder();
        match found {
            None => respond(404, &[], "{}".to_owned()),
            Some(File::Bytes(kind, bytes)) => {
                let response = response.header("content-type", kind);
                response.body(Body::from(bytes)).unwrap()
            }
            Some(File::Moved(to)) => respond(302, &[("location", to)], String::new()),
            Some(File::Hanging(0, bytes)) => response.body(Body::from(bytes)).unwrap(),
            Some(File::Hanging(times, bytes)) => {
                self.files
                    .lock()
                    .unwrap()
                    .insert(path.to_owned(), File::Hanging(times - 1, bytes));
                std::future::pending().await
            }
            Some(File::Endless) => {
                let zeros = std::iter::repeat_with(|| {
                    Ok::<_, std::io::Error>(Bytes::from_static(&[0; 65_536]))
                });
                let body = Body::from_stream(futures_util::stream::iter(zeros));
                response.body(body).unwrap()
            }
        }
    }

    fn refuse(&self, asked: &Asked, status: StatusCode, why: Value) -> Response<Body> {
        let told = format!(
            "{} {}: {status} {why}: {}",
            asked.method, asked.path, asked.body
        );
        self.wrong.lock().unwrap().push(told);
        respond(status.as_u16(), &[], why.to_string())
    }

    async fn take(&self, asked: Asked, talk: String, answer: Value) -> Response<Body> {
        let fault = self.faults.lock().unwrap().pop_front();
        if let Some(Fault::Answer(status, headers, body)) = fault {
            return respond(status, &headers, body);
        }
        let key = match asked.header("webhook-id") {
            "" => asked.path.clone(),
            id => id.to_owned(),
        };
        self.taken.lock().unwrap().push(Taken {
            talk,
            body: asked.body,
            key,
            headers: asked.headers,
            raw: asked.raw,
        });
        match fault {
            Some(Fault::Late) => {
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                respond(200, &[], answer.to_string())
            }
            Some(Fault::Hang) => std::future::pending().await,
            Some(Fault::Reset) => {
                let half = futures_util::stream::once(async {
                    Err::<Bytes, _>(std::io::Error::other("gone"))
                });
                Response::builder()
                    .header("content-length", "1000")
                    .body(Body::from_stream(half))
                    .unwrap()
            }
            _ => respond(200, &[], answer.to_string()),
        }
    }
}

fn respond(status: u16, headers: &[(&'static str, String)], body: String) -> Response<Body> {
    let mut response = Response::builder()
        .status(status)
        .header("content-type", "application/json");
    for (name, value) in headers {
        response = response.header(*name, value);
    }
    response.body(Body::from(body)).unwrap()
}
