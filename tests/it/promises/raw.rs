//! A visitor who writes their own bytes: what no well-behaved client library would send.

use super::server::{PATIENCE, TestShop};
use std::io::{Read, Write};
use std::net::TcpStream;

pub struct Raw {
    pub stream: TcpStream,
}

pub const TEXT: u8 = 0x1;
pub const BINARY: u8 = 0x2;
pub const PING: u8 = 0x9;
/// The last frame of its message.
pub const WHOLE: u8 = 0x80;

impl Raw {
    /// Upgraded, nothing said yet.
    pub fn open(shop: &TestShop) -> Self {
        Self::over(TcpStream::connect(shop.address()).unwrap(), shop)
    }

    pub fn over(mut stream: TcpStream, shop: &TestShop) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(
            stream,
            "GET /v1/chat HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Protocol: shoptalk.v1\r\n\r\n",
            shop.address()
        )
        .unwrap();
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        assert!(
            head.starts_with(b"HTTP/1.1 101"),
            "{}",
            String::from_utf8_lossy(&head)
        );
        Self { stream }
    }

    /// Upgraded and welcomed.
    pub fn greeted(shop: &TestShop) -> Self {
        let mut raw = Self::open(shop);
        raw.hello();
        raw
    }

    pub fn hello(&mut self) {
        self.frame(WHOLE | TEXT, br#"{"type":"hello"}"#);
        let (_, welcome) = self.next().unwrap();
        assert!(welcome.starts_with(br#"{"type":"welcome""#));
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        // A server that has closed already is what some tests wait for.
        let _ = self.stream.write_all(bytes);
    }

    /// A masked frame of up to 64 KiB.
    pub fn frame(&mut self, first: u8, payload: &[u8]) {
        const MASK: [u8; 4] = [7, 11, 13, 17];
        let mut frame = vec![first];
        match u8::try_from(payload.len()) {
            Ok(short @ 0..=125) => frame.push(0x80 | short),
            _ => {
                frame.push(0x80 | 126);
                frame.extend(u16::try_from(payload.len()).unwrap().to_be_bytes());
            }
        }
        frame.extend(MASK);
        frame.extend(
            payload
                .iter()
                .zip(MASK.iter().cycle())
                .map(|(byte, mask)| byte ^ mask),
        );
        self.bytes(&frame);
    }

    /// The next frame that is no ping, as opcode and payload; none at the end of the connection.
    pub fn next(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            let mut head = [0; 2];
            self.stream.read_exact(&mut head).ok()?;
            let length = match head[1] {
                126 => {
                    let mut long = [0; 2];
                    self.stream.read_exact(&mut long).ok()?;
                    usize::from(u16::from_be_bytes(long))
                }
                127 => {
                    let mut long = [0; 8];
                    self.stream.read_exact(&mut long).ok()?;
                    usize::try_from(u64::from_be_bytes(long)).unwrap()
                }
                short => usize::from(short),
            };
            let mut payload = vec![0; length];
            self.stream.read_exact(&mut payload).ok()?;
            let opcode = head[0] & 0xf;
            if opcode != PING {
                return Some((opcode, payload));
            }
        }
    }

    /// What the server closes with; `None` when it hangs up without a word.
    pub fn close(&mut self) -> Option<(u16, String)> {
        const CLOSE: u8 = 0x8;
        while let Some((opcode, payload)) = self.next() {
            if opcode == CLOSE {
                let (code, reason) = payload.split_first_chunk::<2>()?;
                let reason = String::from_utf8_lossy(reason).into_owned();
                return Some((u16::from_be_bytes(*code), reason));
            }
        }
        None
    }

    pub fn close_code(&mut self) -> Option<u16> {
        self.close().map(|(code, _)| code)
    }
}
