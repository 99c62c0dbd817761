//! A server in a process of its own, so that its CPU and memory are its own.

use super::content::Shop;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

pub struct Server {
    child: Child,
    /// `127.0.0.1:40123`
    pub address: String,
    /// From starting the process to the first yes of `/readyz`.
    pub ready_ms: f64,
}

impl Server {
    pub fn echo() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("--echo-server");
        Self::start(command, None)
    }

    /// The real program on the bench's shop, with a database of its own.
    pub fn shoptalk(shop: &Shop) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shoptalk"));
        command.arg("--config").arg(shop.config()).arg("serve");
        Self::start(command, Some(shop.address()))
    }

    fn start(mut command: Command, address: Option<String>) -> Self {
        let began = Instant::now();
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = address.unwrap_or_else(|| {
            let line = lines.next().unwrap().unwrap();
            line.trim_start_matches("http://")
                .trim_end_matches('/')
                .to_owned()
        });
        // Whatever else it prints must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        while !is_ready(&address) {
            assert!(
                child.try_wait().unwrap().is_none(),
                "the server ended before it was ready"
            );
            assert!(
                began.elapsed().as_secs() < 60,
                "the server is not ready after a minute"
            );
            std::thread::yield_now();
        }
        Self {
            child,
            address,
            ready_ms: began.elapsed().as_secs_f64() * 1000.0,
        }
    }

    /// CPU time of all its threads so far, in nanoseconds.
    pub fn cpu_ns(&self) -> u64 {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let of = |task: std::fs::DirEntry| {
            let stat = std::fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            stat.split(' ')
                .next()
                .and_then(|ns| ns.parse::<u64>().ok())
                .unwrap_or(0)
        };
        tasks.flatten().map(of).sum()
    }

    /// Resident memory in bytes.
    pub fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        line.split_whitespace()
            .nth(1)
            .unwrap()
            .parse::<u64>()
            .unwrap()
            * 1024
    }
}

fn is_ready(address: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else {
        return false;
    };
    let asked = write!(
        stream,
        "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    );
    let mut answer = String::new();
    asked.is_ok()
        && stream.read_to_string(&mut answer).is_ok()
        && answer.starts_with("HTTP/1.1 200")
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
