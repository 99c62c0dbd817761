//! A file in every form a browser may want: compressed once, answered from memory.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::sync::OnceLock;

/// Bytes of a hash in an address or a tag: it tells the versions of one file apart, and the loader pays for each.
const HASH_BYTES: usize = 4;

/// Of what all `parts` contain, in hexadecimal digits.
pub(super) fn digest<T: AsRef<[u8]>>(parts: impl IntoIterator<Item = T>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    let all = hasher.finalize();
    all.iter()
        .take(HASH_BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

/// A file that does not change, with what it becomes on the wire.
pub(super) struct Encoded {
    kind: &'static str,
    /// Of its content.
    hash: String,
    plain: Vec<u8>,
    brotli: OnceLock<Vec<u8>>,
    gzip: OnceLock<Vec<u8>>,
}

impl Encoded {
    pub(super) fn new(kind: &'static str, plain: Vec<u8>) -> Self {
        Self {
            kind,
            hash: digest([&plain]),
            plain,
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
        }
    }

    /// Compresses now, so that no request has to wait for it.
    pub(super) fn compress(&self) {
        self.bytes(Encoding::Brotli);
        self.bytes(Encoding::Gzip);
    }

    fn bytes(&self, encoding: Encoding) -> &[u8] {
        match encoding {
            Encoding::Plain => &self.plain,
            Encoding::Brotli => self.brotli.get_or_init(|| brotli(&self.plain)),
            Encoding::Gzip => self.gzip.get_or_init(|| gzip(&self.plain)),
        }
    }

    /// Bytes on the wire for a browser of today.
    #[cfg(test)]
    pub(super) fn compressed_len(&self) -> usize {
        self.bytes(Encoding::Brotli).len()
    }

    #[cfg(test)]
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.plain).into_owned()
    }

    /// The file in the best form the browser takes, or nothing when it has it already.
    pub(super) fn answer(&self, asked: &HeaderMap, cache: &'static str) -> Response {
        let encoding = best_of(asked);
        let (name, mark) = match encoding {
            Encoding::Brotli => (Some("br"), "-br"),
            Encoding::Gzip => (Some("gzip"), "-gz"),
            Encoding::Plain => (None, ""),
        };
        let tag = format!("\"{}{mark}\"", self.hash);
        let mut response = if has(asked, &tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let body = self.bytes(encoding).to_vec();
            let mut response = ([(header::CONTENT_TYPE, self.kind)], body).into_response();
            if let Some(name) = name {
                let value = HeaderValue::from_static(name);
                response
                    .headers_mut()
                    .insert(header::CONTENT_ENCODING, value);
            }
            response
        };
        let out = response.headers_mut();
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            out.insert(header::ETAG, tag);
        }
        out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        response
    }
}

/// Does the browser say that it has this one? A proxy may have marked the tag as weak.
pub(super) fn has(asked: &HeaderMap, tag: &str) -> bool {
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|one| one.trim().trim_start_matches("W/") == tag)
}

/// The smallest form among those accepted (RFC 9110, 12.5.3).
fn best_of(asked: &HeaderMap) -> Encoding {
    let mut weights = [None, None, None];
    let names = ["br", "gzip", "*"];
    for value in asked.get_all(header::ACCEPT_ENCODING) {
        for one in value.to_str().unwrap_or_default().split(',') {
            let mut parts = one.split(';');
            let name = parts.next().unwrap_or_default().trim();
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0_f32));
            let known = names
                .iter()
                .position(|known| known.eq_ignore_ascii_case(name));
            if let Some(slot) = known.and_then(|at| weights.get_mut(at)) {
                *slot = Some(weight);
            }
        }
    }
    let [br, gzip, any] = weights;
    let takes = |own: Option<f32>| own.or(any).is_some_and(|weight| weight > 0.0);
    if takes(br) {
        Encoding::Brotli
    } else if takes(gzip) {
        Encoding::Gzip
    } else {
        Encoding::Plain
    }
}

fn brotli(plain: &[u8]) -> Vec<u8> {
    let mut small = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut small, 4096, 11, 22);
    // Writing to memory does not fail.
    let _ = writer.write_all(plain);
    drop(writer);
    small
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let _ = writer.write_all(plain);
    writer.finish().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn asking(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn the_smallest_form_that_is_accepted_is_taken() {
        for (accepted, encoding) in [
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip, deflate", Encoding::Gzip),
            ("br;q=0, gzip;q=0.5", Encoding::Gzip),
            ("BR", Encoding::Brotli),
            ("*", Encoding::Brotli),
            ("*;q=0", Encoding::Plain),
            ("br;q=x", Encoding::Plain),
            ("identity", Encoding::Plain),
            ("", Encoding::Plain),
        ] {
            assert_eq!(
                best_of(&asking(header::ACCEPT_ENCODING, accepted)),
                encoding,
                "{accepted}"
            );
        }
        assert_eq!(best_of(&HeaderMap::new()), Encoding::Plain);
    }

    #[test]
    fn every_form_holds_the_same() {
        let plain = b"export const a = 1;\n".repeat(100);
        let file = Encoded::new("text/javascript", plain.clone());
        let mut read = Vec::new();
        brotli::Decompressor::new(file.bytes(Encoding::Brotli), 4096)
            .read_to_end(&mut read)
            .unwrap();
        assert_eq!(read, plain);
        let mut read = Vec::new();
        flate2::read::GzDecoder::new(file.bytes(Encoding::Gzip))
            .read_to_end(&mut read)
            .unwrap();
        assert_eq!(read, plain);
    }

    #[test]
    fn who_has_a_form_is_not_sent_it_again() {
        let file = Encoded::new("text/javascript", b"a".to_vec());
        let mut asked = asking(header::ACCEPT_ENCODING, "br");
        let first = file.answer(&asked, "no-cache");
        assert_eq!(first.headers()[header::CONTENT_ENCODING], "br");
        assert_eq!(first.headers()[header::VARY], "accept-encoding");
        let tag = first.headers()[header::ETAG].clone();
        let weak = format!("\"other\", W/{}", tag.to_str().unwrap());
        asked.insert(header::IF_NONE_MATCH, HeaderValue::from_str(&weak).unwrap());
        assert_eq!(
            file.answer(&asked, "no-cache").status(),
            StatusCode::NOT_MODIFIED
        );
        asked.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        assert_eq!(
            file.answer(&asked, "no-cache").status(),
            StatusCode::OK,
            "another form is another file"
        );
    }
}
