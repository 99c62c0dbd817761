//! Whether what is set up works: each source is asked, nothing is changed, and what is wrong is told with the next step.

use super::worker::{FEED, Sync, Work};
use super::{SyncError, table};
use crate::money::Currency;
use jiff::{SignedDuration, Timestamp};

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    Well(String),
    /// Not wrong, and worth knowing.
    Note {
        what: String,
        next: String,
    },
    Problem {
        what: String,
        next: String,
    },
}

impl Checked {
    pub(super) fn note(what: impl Into<String>, next: impl Into<String>) -> Self {
        let (what, next) = (what.into(), next.into());
        Self::Note { what, next }
    }

    pub(super) fn problem(what: impl Into<String>, next: impl Into<String>) -> Self {
        let (what, next) = (what.into(), next.into());
        Self::Problem { what, next }
    }
}

/// What a shop says of itself, and what of it may be read.
pub(super) struct Standing {
    pub(super) currency: Currency,
    pub(super) findings: Vec<Checked>,
}

const GUIDE: &str = "docs/shop-setup.md goes through it step by step";

impl Sync {
    /// Looks at every source, as it is now.
    pub async fn check_up(&self, now: Timestamp) -> Vec<Checked> {
        let mut findings = Vec::new();
        for work in self.sources() {
            let origin = match work {
                Work::Platform(at) => match self.platforms.get(at) {
                    Some(platform) => {
                        let asked = platform.check_up(&self.remote).await;
                        self.standing(platform.origin(), asked, &mut findings);
                        platform.origin()
                    }
                    None => continue,
                },
                _ => FEED,
            };
            findings.push(self.last(origin, now).await);
        }
        findings
    }

    fn standing(
        &self,
        origin: &'static str,
        asked: Result<Standing, SyncError>,
        findings: &mut Vec<Checked>,
    ) {
        match asked {
            Ok(standing) => {
                findings.extend(standing.findings);
                findings.push(self.currency(origin, standing.currency));
            }
            Err(error) => findings.push(Checked::problem(
                format!("{origin}: {error}"),
                next_after(&error),
            )),
        }
        findings.push(if self.hooks.expects(origin) {
            Checked::Well(format!("{origin}: webhooks are taken at /hooks/{origin}"))
        } else {
            let secret = match origin {
                "shopify" => "SHOPTALK_SHOPIFY_SECRET",
                _ => "SHOPTALK_WOOCOMMERCE_WEBHOOK_SECRET",
            };
            Checked::note(
                format!(
                    "{origin}: no webhooks are taken; changes come every {} minutes",
                    self.every.as_secs() / 60
                ),
                format!("set {secret} for changes at once; {GUIDE}"),
            )
        });
    }

    fn currency(&self, origin: &str, theirs: Currency) -> Checked {
        let ours = self.currency;
        if ours == theirs {
            return Checked::Well(format!(
                "{origin}: prices are in {theirs}, as in config.toml"
            ));
        }
        Checked::problem(
            format!("{origin}: prices are in {theirs}, and `currency` under [shop] is {ours}"),
            format!(
                "set `currency = \"{theirs}\"` there: amounts that name no currency are read in it"
            ),
        )
    }

    async fn last(&self, origin: &str, now: Timestamp) -> Checked {
        let last = match table::last(&self.store, origin).await {
            Ok(last) => last,
            Err(error) => {
                return Checked::problem(error.to_string(), "see what it says of the store");
            }
        };
        let Some((last, tried_at)) = last.and_then(|last| Some((last.clone(), last.tried_at?)))
        else {
            return Checked::note(
                format!("{origin}: has not been read yet"),
                "`shoptalk sync` reads it now; a running server does so by itself",
            );
        };
        let at = when(tried_at, now);
        if last.trouble.is_empty() {
            return Checked::Well(format!("{origin}: last compared {at}, and all was well"));
        }
        let whole = match last.synced_at {
            Some(read) => format!("it was last read {}", when(read, now)),
            None => "it has never been read".to_owned(),
        };
        Checked::problem(
            format!("{origin}: compared {at}, and {}", last.trouble),
            format!("mend that, then `shoptalk sync`; {whole}"),
        )
    }
}

/// `2026-11-20 08:00 UTC, 3 h ago`
fn when(at: Timestamp, now: Timestamp) -> String {
    let ago = now.duration_since(at).max(SignedDuration::ZERO);
    let ago = match (ago.as_hours(), ago.as_mins()) {
        (0, minutes) => format!("{minutes} min"),
        (hours @ 1..48, _) => format!("{hours} h"),
        (hours, _) => format!("{} days", hours / 24),
    };
    format!("{}, {ago} ago", at.strftime("%Y-%m-%d %H:%M UTC"))
}

fn next_after(error: &SyncError) -> &'static str {
    match error {
        SyncError::Remote(_) => {
            "see whether the address is right, and whether this machine may reach it (a firewall, a proxy, DNS)"
        }
        SyncError::Silent { .. } | SyncError::Busy { .. } => "try again in some minutes",
        _ => GUIDE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago_is_told_in_words_that_fit() {
        let now: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        let at = |ago| when(now - SignedDuration::from_mins(ago), now);
        assert_eq!(at(5), "2026-11-20 07:55 UTC, 5 min ago");
        assert!(at(60).ends_with("1 h ago"));
        assert!(at(3 * 24 * 60).ends_with("3 days ago"));
        assert!(at(-5).ends_with(", 0 min ago"), "a clock that was set");
    }
}
