//! How letters leave: `[mail]`, with user and password from the environment.

use super::Secret;
use super::read::{Value, Values};
use super::secrets::Secrets;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Default)]
pub struct MailSettings {
    pub transport: MailTransport,
    /// The address letters come from.
    pub from: String,
}

#[derive(Debug, Clone, Default)]
pub enum MailTransport {
    /// Nothing is sent, and e-mail is not offered.
    #[default]
    Off,
    /// Each letter becomes an `.eml` file in this folder.
    File(PathBuf),
    Smtp(Smtp),
}

#[derive(Debug, Clone)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// User and password.
    pub login: Option<(Secret, Secret)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Plain at first, encrypted before anything is said; a server without it is refused.
    StartTls,
    /// Encrypted from the first byte.
    Tls,
    /// Never encrypted: for a server on this machine.
    Bare,
}

impl MailSettings {
    /// Whether letters go anywhere.
    pub fn is_on(&self) -> bool {
        !matches!(self.transport, MailTransport::Off)
    }
}

/// `path` is the settings file, where relative folders begin.
pub(super) fn mail(
    values: &Values,
    secrets: &Secrets,
    path: Option<&Path>,
    problems: &mut Diagnostics,
) -> MailSettings {
    let text = |name| match values.get(&("mail", name)) {
        Some(Value::Text(text)) => text.trim().to_owned(),
        _ => String::new(),
    };
    let from = text("from");
    let transport = match text("transport").as_str() {
        "file" => {
            let beside = path.and_then(Path::parent).unwrap_or(Path::new(""));
            MailTransport::File(beside.join(text("folder")))
        }
        "smtp" => {
            let smtp = Smtp {
                host: text("host"),
                port: match values.get(&("mail", "port")) {
                    Some(Value::Whole(port)) => u16::try_from(*port).unwrap_or(587),
                    _ => 587,
                },
                security: match text("security").as_str() {
                    "tls" => Security::Tls,
                    "none" => Security::Bare,
                    _ => Security::StartTls,
                },
                login: secrets
                    .get("SHOPTALK_MAIL_USER")
                    .zip(secrets.get("SHOPTALK_MAIL_PASSWORD")),
            };
            for (message, help) in wrong(&smtp, &from, secrets) {
                let source = SourceText::new("[mail]", "");
                problems.push(Diagnostic::error("mail", &source, 0..0, message, help));
            }
            MailTransport::Smtp(smtp)
        }
        _ => MailTransport::Off,
    };
    MailSettings { transport, from }
}

/// What keeps these settings from working.
fn wrong(smtp: &Smtp, from: &str, secrets: &Secrets) -> Vec<(&'static str, &'static str)> {
    let mut wrong = Vec::new();
    if smtp.host.is_empty() || smtp.host.contains(|c: char| c.is_whitespace() || c == '/') {
        wrong.push((
            "`transport` is \"smtp\", and `host` names no mail server",
            "write its name, like host = \"smtp.shop.example\"",
        ));
    }
    if from.ends_with(".example") {
        wrong.push((
            "`transport` is \"smtp\", and `from` is an example",
            "write the address your shop writes from",
        ));
    }
    let (user, password) = (
        secrets.get("SHOPTALK_MAIL_USER"),
        secrets.get("SHOPTALK_MAIL_PASSWORD"),
    );
    if user.is_some() != password.is_some() {
        wrong.push((
            "of SHOPTALK_MAIL_USER and SHOPTALK_MAIL_PASSWORD only one is set",
            "set both, or neither for a server that asks for none; _FILE behind a name reads it from a file",
        ));
    }
    let here = ["localhost", "127.0.0.1", "::1"].contains(&smtp.host.as_str());
    if smtp.security == Security::Bare && password.is_some() && !here {
        wrong.push((
            "with security = \"none\" the password would cross the network unencrypted",
            "write security = \"starttls\" or \"tls\"",
        ));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;

    fn with(keys: &str, env: &[(&str, &str)]) -> Result<MailSettings, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, format!("[mail]\n{keys}")).unwrap();
        let env = env
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let config = Config::load(Some(&path), env);
        config
            .map(|config| config.mail)
            .map_err(|problems| problems.render(false))
    }

    #[test]
    fn letters_go_to_a_folder_until_a_server_is_named() {
        let mail = with("", &[]).unwrap();
        assert!(matches!(&mail.transport, MailTransport::File(to) if to.ends_with("data/outbox")));
        assert!(!with("transport = \"off\"", &[]).unwrap().is_on());
        let login = [
            ("SHOPTALK_MAIL_USER", "shop"),
            ("SHOPTALK_MAIL_PASSWORD", "very-secret"),
        ];
        let keys = "transport = \"smtp\"\nhost = \"smtp.alder.test\"\nfrom = \"hi@alder.test\"";
        let mail = with(keys, &login).unwrap();
        assert!(!format!("{mail:?}").contains("very-secret"));
        let MailTransport::Smtp(smtp) = mail.transport else {
            panic!("not smtp")
        };
        assert_eq!((smtp.port, smtp.security), (587, Security::StartTls));
        assert_eq!(smtp.login.unwrap().0.reveal(), "shop");
    }

    #[test]
    fn settings_that_cannot_work_are_refused_with_what_to_do() {
        let refused = with("transport = \"smtp\"", &[]).unwrap_err();
        assert!(refused.contains("names no mail server"), "{refused}");
        assert!(refused.contains("`from` is an example"), "{refused}");
        let keys = "transport = \"smtp\"\nhost = \"mail.alder.test\"\nfrom = \"hi@alder.test\"\nsecurity = \"none\"";
        let half = with(keys, &[("SHOPTALK_MAIL_PASSWORD", "x")]).unwrap_err();
        assert!(half.contains("only one is set"), "{half}");
        assert!(half.contains("unencrypted"), "{half}");
        assert!(with("from = \"Shop <hi@alder.test>\"", &[]).is_err());
        assert!(with("from = \"hi@alder.test\\r\\nBcc: x\"", &[]).is_err());
    }
}
