//! Secrets: from the environment, or from a file that the environment names. Never from `config.toml`.

use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};
use std::collections::BTreeMap;
use std::fmt;

/// What each is called there.
pub(super) const NAMES: [&str; 11] = [
    "SHOPTALK_EVENTS_SECRET",
    "SHOPTALK_IDENTITY_SECRET",
    "SHOPTALK_ORDERS_SECRET",
    "SHOPTALK_FEED_AUTHORIZATION",
    "SHOPTALK_SHOPIFY_TOKEN",
    "SHOPTALK_SHOPIFY_SECRET",
    "SHOPTALK_WOOCOMMERCE_KEY",
    "SHOPTALK_WOOCOMMERCE_SECRET",
    "SHOPTALK_WOOCOMMERCE_WEBHOOK_SECRET",
    "SHOPTALK_MAIL_USER",
    "SHOPTALK_MAIL_PASSWORD",
];

/// A value that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The value itself, for the one place that sends or checks it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The secrets of a start, by name.
#[derive(Debug, Default)]
pub(super) struct Secrets(BTreeMap<&'static str, Secret>);

impl Secrets {
    pub(super) fn of(env: &[(String, String)], problems: &mut Diagnostics) -> Self {
        let mut secrets = BTreeMap::new();
        let of = |name: &str| {
            env.iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value)
        };
        for name in NAMES {
            let in_file = format!("{name}_FILE");
            let text = match (of(name), of(&in_file)) {
                (Some(text), _) => text.clone(),
                (None, Some(path)) => match std::fs::read_to_string(path) {
                    Ok(text) => text,
                    Err(error) => {
                        let source = SourceText::new(format!("${in_file}"), path.clone());
                        let message = format!("{path} cannot be read: {error}");
                        let help = "name a file that this program may read, with nothing but the secret in it";
                        problems.push(Diagnostic::error(
                            "secret-file",
                            &source,
                            0..path.len(),
                            message,
                            help,
                        ));
                        continue;
                    }
                },
                (None, None) => continue,
            };
            let text = text.trim();
            if !text.is_empty() {
                secrets.insert(name, Secret::new(text));
            }
        }
        Self(secrets)
    }

    pub(super) fn get(&self, name: &str) -> Option<Secret> {
        self.0.get(name).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_from_a_file_and_never_printed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        std::fs::write(&file, "shpat_very_secret\n").unwrap();
        let env = [(
            "SHOPTALK_SHOPIFY_TOKEN_FILE".to_owned(),
            file.display().to_string(),
        )];
        let mut problems = Diagnostics::default();
        let secrets = Secrets::of(&env, &mut problems);
        let token = secrets.get("SHOPTALK_SHOPIFY_TOKEN").unwrap();
        assert_eq!(token.reveal(), "shpat_very_secret");
        assert!(!format!("{secrets:?}").contains("very_secret"));
        let env = [(
            "SHOPTALK_SHOPIFY_TOKEN_FILE".to_owned(),
            "/nowhere".to_owned(),
        )];
        Secrets::of(&env, &mut problems);
        assert!(problems.has_errors());
    }
}
