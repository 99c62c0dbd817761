//! Places that may be asked for something, by the names of their hosts.

use std::sync::Arc;
use url::Url;

/// Hosts: `files.example`, `*.files.example` for every name below it, and `files.example:8080` where the port is not the
/// usual one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hosts(Arc<[String]>);

impl Hosts {
    pub fn new(patterns: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let patterns = patterns.into_iter();
        let lower = patterns.map(|one| one.as_ref().trim().to_ascii_lowercase());
        Self(lower.filter(|one| !one.is_empty()).collect())
    }

    /// The place of an address alone.
    pub fn of(address: &str) -> Self {
        let url: Option<Url> = address.parse().ok();
        Self::new(url.as_ref().and_then(place))
    }

    #[must_use]
    pub fn and(&self, others: &Self) -> Self {
        Self(self.0.iter().chain(others.0.iter()).cloned().collect())
    }

    pub fn admit(&self, url: &Url) -> bool {
        let Some(place) = place(url) else {
            return false;
        };
        let fits = |pattern: &String| match pattern.strip_prefix('*') {
            // Something stands before the point.
            Some(end) => end.starts_with('.') && place.len() > end.len() && place.ends_with(end),
            None => *pattern == place,
        };
        self.0.iter().any(fits)
    }
}

/// Host, and port where it is not the usual one. The parser has made small letters of it already.
fn place(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    let host = host.trim_end_matches('.');
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_hosts_are_admitted() {
        let hosts = Hosts::new(["Files.example", "*.cdn.example", "", "box.example:8080"]);
        for (url, admitted) in [
            ("https://files.example/a.jpg", true),
            ("https://FILES.example./a.jpg", true),
            ("https://files.example:444/a.jpg", false),
            ("https://files.example.evil.test/a.jpg", false),
            ("https://evil.test/files.example", false),
            ("https://files.example@evil.test/", false),
            ("https://a.b.cdn.example/x", true),
            ("https://cdn.example/x", false),
            ("https://evilcdn.example/x", false),
            ("http://box.example:8080/x", true),
            ("http://box.example/x", false),
            ("data:image/png;base64,aaaa", false),
        ] {
            assert_eq!(hosts.admit(&url.parse().unwrap()), admitted, "{url}");
        }
        let own = Hosts::of("http://127.0.0.1:4321/bot");
        assert!(own.admit(&"http://127.0.0.1:4321/file".parse().unwrap()));
        assert!(!own.admit(&"http://127.0.0.1:80/file".parse().unwrap()));
        assert!(!Hosts::of("nowhere").admit(&"https://nowhere/".parse().unwrap()));
        assert!(
            own.and(&hosts)
                .admit(&"https://files.example/".parse().unwrap())
        );
    }
}
