//! Secrets: from the environment, or from a file that the environment names. Never from `config.toml`.

use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};
use crate::text::nearest;
use std::collections::BTreeMap;
use std::fmt;

/// What each is called there.
pub(super) const NAMES: [&str; 12] = [
    "SHOPTALK_EVENTS_SECRET",
    "SHOPTALK_IDENTITY_SECRET",
    "SHOPTALK_ORDERS_SECRET",
    "SHOPTALK_FEED_AUTHORIZATION",
    "SHOPTALK_SHOPIFY_TOKEN",
    "SHOPTALK_SHOPIFY_CLIENT_SECRET",
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
pub(super) struct Secrets {
    all: BTreeMap<&'static str, Secret>,
    /// Whose file cannot be read.
    unreadable: Vec<&'static str>,
    /// Variables that look like ours and are none.
    unknown: Vec<String>,
}

impl Secrets {
    pub(super) fn of(env: &[(String, String)], problems: &mut Diagnostics) -> Self {
        let mut secrets = Self {
            unknown: unknown(env),
            ..Self::default()
        };
        let of = |name: &str| {
            env.iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value)
        };
        for name in NAMES {
            let in_file = format!("{name}_FILE");
            let text = match (of(name), of(&in_file)) {
                (Some(text), _) => text.clone(),
                (None, Some(path)) => match read(&in_file, path, problems) {
                    Some(text) => text,
                    None => {
                        secrets.unreadable.push(name);
                        continue;
                    }
                },
                (None, None) => continue,
            };
            let text = text.trim();
            if !text.is_empty() {
                secrets.all.insert(name, Secret::new(text));
            }
        }
        secrets
    }

    /// One whose name the settings give: an account's.
    pub(super) fn named(
        env: &[(String, String)],
        name: &str,
        problems: &mut Diagnostics,
    ) -> Option<Secret> {
        let of = |name: &str| env.iter().find(|(known, _)| known == name);
        let in_file = format!("{name}_FILE");
        let text = match (of(name), of(&in_file)) {
            (Some((_, text)), _) => text.clone(),
            (None, Some((_, path))) => read(&in_file, path, problems)?,
            (None, None) => return None,
        };
        let text = text.trim();
        (!text.is_empty()).then(|| Secret::new(text))
    }

    pub(super) fn get(&self, name: &str) -> Option<Secret> {
        self.all.get(name).cloned()
    }

    /// Whether a file was named for it that cannot be read.
    pub(super) fn is_unreadable(&self, name: &str) -> bool {
        self.unreadable.contains(&name)
    }

    /// A variable that was probably meant to be this one.
    pub(super) fn misspelt(&self, name: &str) -> Option<&str> {
        let near = |one: &&String| {
            let bare = one.strip_suffix("_FILE").unwrap_or(one);
            nearest(bare, NAMES) == Some(name)
        };
        self.unknown.iter().find(near).map(String::as_str)
    }
}

/// What is in the file that a variable names; that it cannot be read is told.
fn read(variable: &str, path: &str, problems: &mut Diagnostics) -> Option<String> {
    match std::fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(error) => {
            let source = SourceText::new(format!("${variable}"), path.to_owned());
            let message = format!("{path} cannot be read: {error}");
            let help = "name a file that this program may read, with nothing but the secret in it";
            let at = 0..path.len();
            problems.push(Diagnostic::error("secret-file", &source, at, message, help));
            None
        }
    }
}

/// Variables that begin as ours do, and are neither a secret nor a setting.
fn unknown(env: &[(String, String)]) -> Vec<String> {
    let ours = |name: &str| name.starts_with("SHOPTALK_") && !name.contains("__");
    let known = |name: &str| NAMES.contains(&name.strip_suffix("_FILE").unwrap_or(name));
    let names = env.iter().map(|(name, _)| name);
    names
        .filter(|name| ours(name) && !known(name))
        .cloned()
        .collect()
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
