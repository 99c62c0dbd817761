//! Messengers: `[channels.telegram]`, an account a section, with its secrets from the environment.

use super::Secret;
use super::platforms::{ALL, PLATFORMS, Takes};
use super::secrets::Secrets;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};
use crate::text::nearest;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use toml::de::DeValue;

/// One account on a messenger.
#[derive(Debug, Clone)]
pub struct ChannelSettings {
    /// As the owner calls it; its door is `/bridges/{name}`.
    pub name: String,
    /// `telegram`
    pub platform: &'static str,
    /// Another address of the platform's API.
    pub api: Option<String>,
    /// Older messages are not answered any more; 0 for all.
    pub answer_within_hours: u64,
    /// What may have arrived, on a platform that cannot tell, is sent again.
    pub resend_unknown: bool,
    /// Messages that are sent in a second at most; 0 for the platform's usual.
    pub per_second: u32,
    /// How long a platform may take to answer a call.
    pub send_seconds: u64,
    /// Said before the first reply, and after a long silence; empty for nothing.
    pub disclosure: String,
    /// The platform's own settings.
    options: BTreeMap<&'static str, String>,
    secrets: BTreeMap<&'static str, Secret>,
}

impl ChannelSettings {
    /// A setting of this platform's own; empty when it is not set.
    pub fn option(&self, name: &str) -> &str {
        self.options.get(name).map_or("", String::as_str)
    }

    pub fn is_on(&self, name: &str) -> bool {
        self.option(name) == "true"
    }

    /// A secret of this account, by the end of its name: `TOKEN`.
    pub fn secret(&self, name: &str) -> Option<&Secret> {
        self.secrets.get(name)
    }

    /// Its value, for the channel that sends or checks it; empty when it is not set.
    pub fn revealed(&self, name: &str) -> String {
        self.secret(name)
            .map_or(String::new(), |secret| secret.reveal().to_owned())
    }
}

/// The variable in which an account's secret is: `SHOPTALK_WHATSAPP_DE_TOKEN`.
pub fn variable(account: &str, secret: &str) -> String {
    let account = account.replace('-', "_").to_ascii_uppercase();
    format!("SHOPTALK_{account}_{secret}")
}

/// Reads `[channels]`. `inside` is its table.
pub(super) fn channels(
    source: &Arc<SourceText>,
    inside: &toml::de::DeTable<'_>,
    env: &[(String, String)],
    problems: &mut Diagnostics,
) -> Vec<ChannelSettings> {
    let mut all: Vec<ChannelSettings> = Vec::new();
    for (name, value) in inside {
        let mut wrong = Wrong {
            source,
            problems: &mut *problems,
        };
        let Some(table) = value.get_ref().as_table() else {
            wrong.say(
                name.span(),
                format!("`{}` of [channels] is no account", name.get_ref()),
                "write each account as a section: [channels.telegram]".to_owned(),
            );
            continue;
        };
        all.extend(account(name.get_ref(), name.span(), table, env, &mut wrong));
    }
    all
}

struct Wrong<'a> {
    source: &'a Arc<SourceText>,
    problems: &'a mut Diagnostics,
}

impl Wrong<'_> {
    fn say(&mut self, at: Range<usize>, message: String, help: String) {
        self.problems
            .push(Diagnostic::error("channel", self.source, at, message, help));
    }
}

fn account(
    name: &str,
    at: Range<usize>,
    table: &toml::de::DeTable<'_>,
    env: &[(String, String)],
    wrong: &mut Wrong<'_>,
) -> Option<ChannelSettings> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(plain) {
        let help = "name an account with small letters, digits and dashes: [channels.whatsapp-de]";
        wrong.say(
            at,
            format!("an account cannot be called `{name}`"),
            help.to_owned(),
        );
        return None;
    }
    let said = table
        .iter()
        .find(|(key, _)| key.get_ref().as_ref() == "platform")
        .and_then(|(_, value)| value.get_ref().as_str());
    let named = said.unwrap_or(name);
    let known = PLATFORMS.iter().map(|one| one.name);
    let Some(platform) = PLATFORMS.iter().find(|one| one.name == named) else {
        let all: Vec<&str> = known.clone().collect();
        let help = match nearest(named, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add platform = \"…\", one of {}", all.join(", ")),
        };
        wrong.say(at, format!("there is no platform `{named}`"), help);
        return None;
    };
    let mut options = BTreeMap::new();
    for (key, value) in table {
        let written = key.get_ref().as_ref();
        let all = ALL.iter().chain(platform.options);
        let Some(option) = all.clone().find(|one| one.name == written) else {
            let names = all.map(|one| one.name);
            let looks_secret = platform.secrets.iter().find(|one| {
                written.eq_ignore_ascii_case(one.name)
                    || written.ends_with("token")
                    || written.ends_with("secret")
            });
            let help = match (looks_secret, nearest(written, names.clone())) {
                (Some(secret), _) => format!(
                    "secrets do not belong in this file: put {} into {}",
                    secret.what,
                    variable(name, secret.name)
                ),
                (None, Some(near)) => format!("did you mean `{near}`?"),
                (None, None) => format!("known are {}", names.collect::<Vec<_>>().join(", ")),
            };
            wrong.say(
                key.span(),
                format!("[channels.{name}] has no key `{written}`"),
                help,
            );
            continue;
        };
        match fit(option.takes, value.get_ref()) {
            Ok(fits) => {
                options.insert(option.name, fits);
            }
            Err(help) => {
                let message = format!("`{written}` of [channels.{name}] cannot be this");
                wrong.say(value.span(), message, help);
            }
        }
    }
    for option in platform.options.iter().filter(|one| one.required) {
        if !options.contains_key(option.name) {
            let help = format!("docs/bridges/{}.md says where it is found", platform.name);
            wrong.say(
                at.clone(),
                format!("[channels.{name}] needs `{}`", option.name),
                help,
            );
        }
    }
    let mut secrets = BTreeMap::new();
    for needed in platform.secrets {
        let variable = variable(name, needed.name);
        match Secrets::named(env, &variable, wrong.problems) {
            Some(secret) => {
                secrets.insert(needed.name, secret);
            }
            None if needed.required => {
                let help = format!(
                    "put {} into {variable}, or the path of a file that holds it into {variable}_FILE",
                    needed.what
                );
                wrong.say(
                    at.clone(),
                    format!("[channels.{name}] is set, and {variable} is not"),
                    help,
                );
            }
            None => {}
        }
    }
    let by_password = secrets.contains_key("PASSWORD") && options.contains_key("user");
    if platform.name == "matrix" && !by_password && !secrets.contains_key("TOKEN") {
        let (token, password) = (variable(name, "TOKEN"), variable(name, "PASSWORD"));
        wrong.say(
            at.clone(),
            format!("[channels.{name}] has no key to its account"),
            format!("put its access token into {token}, or write `user` here and put its password into {password}"),
        );
    }
    if platform.name == "email" && secrets.is_empty() {
        let (secret, key) = (variable(name, "SECRET"), variable(name, "SIGNING_KEY"));
        wrong.say(
            at.clone(),
            format!("[channels.{name}] lets everybody in"),
            format!(
                "put long words of your own into {secret}, or Mailgun's signing key into {key}"
            ),
        );
    }
    let mut take = |name: &str| options.remove(name).unwrap_or_default();
    let number = |text: String, usual: u64| text.parse().unwrap_or(usual);
    take("platform");
    Some(ChannelSettings {
        name: name.to_owned(),
        platform: platform.name,
        api: Some(take("api")).filter(|api| !api.is_empty()),
        answer_within_hours: number(take("answer_within_hours"), 24),
        resend_unknown: take("unknown") == "resend",
        per_second: u32::try_from(number(take("per_second"), 0)).unwrap_or(0),
        send_seconds: number(take("send_seconds"), 20).clamp(1, 100),
        disclosure: take("disclosure"),
        options,
        secrets,
    })
}

fn fit(takes: Takes, value: &DeValue<'_>) -> Result<String, String> {
    let text = value.as_str().map(str::trim);
    match takes {
        Takes::Text => match text {
            Some(text) if !text.is_empty() => Ok(text.to_owned()),
            _ => Err("write words in quotes".to_owned()),
        },
        Takes::Switch => {
            let on = value.as_bool().map(|on| on.to_string());
            on.ok_or_else(|| "write true or false".to_owned())
        }
        Takes::Whole => {
            let number = match value {
                DeValue::Integer(number) => number.as_str().parse::<u64>().ok(),
                _ => None,
            };
            let number = number.filter(|number| *number <= 100_000);
            number
                .map(|number| number.to_string())
                .ok_or_else(|| "write a whole number".to_owned())
        }
        Takes::Url => text
            .and_then(super::read::address)
            .map(|url| url.trim_end_matches('/').to_owned())
            .ok_or_else(|| "write a whole address, like \"https://shop.example/hook\"".to_owned()),
        Takes::Mailbox => text
            .filter(|text| super::read::is_mailbox(text))
            .map(str::to_owned)
            .ok_or_else(|| "write a bare address, like \"hello@shop.example\"".to_owned()),
        Takes::OneOf(words) => text
            .filter(|text| words.contains(text))
            .map(str::to_owned)
            .ok_or_else(|| format!("write one of {}", words.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    fn read(text: &str, env: &[(&str, &str)]) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        let env = env
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::load(Some(&path), env).map_err(|problems| problems.render(false))
    }

    #[test]
    fn an_account_is_read_with_its_secrets_and_keeps_them_to_itself() {
        let config = read(
            "[channels.telegram]\npoll = true\n[channels.whatsapp-de]\nplatform = \"whatsapp\"\nphone_number_id = \"77\"\nanswer_within_hours = 2\n",
            &[
                ("SHOPTALK_TELEGRAM_TOKEN", "1:very-secret"),
                ("SHOPTALK_WHATSAPP_DE_TOKEN", "t"),
                ("SHOPTALK_WHATSAPP_DE_SECRET", "s"),
                ("SHOPTALK_WHATSAPP_DE_VERIFY_TOKEN", "v"),
            ],
        )
        .unwrap();
        let [telegram, whatsapp] = config.channels.as_slice() else {
            panic!("{:?}", config.channels)
        };
        assert!(telegram.is_on("poll"));
        assert_eq!(telegram.answer_within_hours, 24);
        assert_eq!(telegram.secret("TOKEN").unwrap().reveal(), "1:very-secret");
        assert!(!format!("{config:?}").contains("very-secret"));
        assert_eq!(
            (whatsapp.platform, whatsapp.option("phone_number_id")),
            ("whatsapp", "77")
        );
        assert_eq!(whatsapp.answer_within_hours, 2);
    }

    #[test]
    fn what_is_wrong_with_an_account_is_said_with_what_to_do() {
        for (text, said) in [
            ("[channels]\ntelegram = true\n", "[channels.telegram]"),
            ("[channels.telegrm]\n", "did you mean `telegram`?"),
            ("[channels.Shop]\n", "small letters"),
            (
                "[channels.shop]\nplatform = \"icq\"\n",
                "one of webhook, telegram",
            ),
            ("[channels.telegram]\n", "SHOPTALK_TELEGRAM_TOKEN"),
            (
                "[channels.telegram]\ntoken = \"x\"\n",
                "secrets do not belong",
            ),
            ("[channels.telegram]\npool = true\n", "did you mean `poll`?"),
            ("[channels.telegram]\npoll = 1\n", "true or false"),
            (
                "[channels.telegram]\nunknown = \"guess\"\n",
                "leave, resend",
            ),
            ("[channels.telegram]\napi = \"here\"\n", "a whole address"),
            ("[channels.whatsapp]\n", "needs `phone_number_id`"),
            (
                "[channels.matrix]\nhomeserver = \"https://home.test\"\n",
                "SHOPTALK_MATRIX_TOKEN",
            ),
            (
                "[channels.email]\naddress = \"hello@shop.test\"\n",
                "SHOPTALK_EMAIL_SECRET",
            ),
            (
                "[channels.email]\naddress = \"Shop <hello@shop.test>\"\n",
                "write a bare address",
            ),
            (
                "[mail]\ntransport = \"off\"\n[channels.email]\naddress = \"hello@shop.test\"\n",
                "[channels.email] answers by letter, and [mail] sends none",
            ),
        ] {
            let problems = read(text, &[]).unwrap_err();
            assert!(problems.contains(said), "{text}: {problems}");
        }
    }
}
