//! From text to [`Config`], every complaint at once.

mod fit;

pub(super) use fit::{address, fit, is_mailbox};

use super::keys::{KEYS, Takes};
use super::secrets::Secrets;
use super::*;
use crate::diagnostic::{Diagnostic, SourceText};
use crate::text::nearest;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

/// Words in a key's name that make it a secret: those belong in the environment or in a file.
const SECRET: [&str; 5] = ["secret", "token", "password", "api_key", "private"];

/// A value that fits its key.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    List(Vec<String>),
    Nudges(Vec<Nudge>),
    Whole(u64),
    Share(f32),
    Switch(bool),
    Nothing,
}

pub(super) type Values = BTreeMap<(&'static str, &'static str), Value>;

pub(super) fn load(
    path: Option<&Path>,
    env: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, Diagnostics> {
    let source = match path {
        None => None,
        Some(path) => match std::fs::read_to_string(path) {
            Ok(text) => Some(SourceText::new(path.display().to_string(), text)),
            Err(error) => {
                let source = SourceText::new(path.display().to_string(), "");
                let help = "give the path of a settings file with --config, or leave it out for the defaults";
                let mut problems = Diagnostics::default();
                problems.push(Diagnostic::error(
                    "unreadable",
                    &source,
                    0..0,
                    error.to_string(),
                    help,
                ));
                return Err(problems);
            }
        },
    };
    read(source.as_ref(), path, env)
}

/// `path` is where relative folders begin.
pub(super) fn read(
    source: Option<&Arc<SourceText>>,
    path: Option<&Path>,
    env: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, Diagnostics> {
    let mut problems = Diagnostics::default();
    let mut values = Values::new();
    let env: Vec<(String, String)> = env.into_iter().collect();
    for key in &KEYS {
        let source = SourceText::new("the defaults", format!("x = {}", key.default));
        let table = DeTable::parse(&source.text).ok();
        let default = table
            .as_ref()
            .and_then(|table| table.get_ref().get("x"))
            .and_then(|found| fit(key, found.get_ref()));
        values.insert((key.section, key.name), default.unwrap_or(Value::Nothing));
    }
    let mut accounts = Vec::new();
    if let Some(source) = source {
        accounts = file(source, &env, &mut values, &mut problems);
    }
    let secrets = Secrets::of(&env, &mut problems);
    environment::environment(env, &mut values, &mut problems);
    let mut config = build(&values, path);
    config.server.events_secret = secrets.get("SHOPTALK_EVENTS_SECRET");
    let shops = shops::shops(&values, &secrets, &mut problems);
    let mail = mail::mail(&values, &secrets, path, &mut problems);
    let by_mail = accounts.iter().find(|one| one.platform == "email");
    if let Some(account) = by_mail
        && matches!(mail.transport, MailTransport::Off)
    {
        let message = format!(
            "[channels.{}] answers by letter, and [mail] sends none",
            account.name
        );
        let help = "set `transport` under [mail] to \"smtp\", or to \"file\" to try it out";
        let source = SourceText::new("[mail]", "");
        problems.push(Diagnostic::error("mail", &source, 0..0, message, help));
    }
    if problems.has_errors() {
        Err(problems)
    } else {
        Ok(Config {
            shops,
            mail,
            channels: accounts,
            ..config
        })
    }
}

/// Returns the accounts on messengers, which have no fixed keys.
fn file(
    source: &Arc<SourceText>,
    env: &[(String, String)],
    values: &mut Values,
    problems: &mut Diagnostics,
) -> Vec<ChannelSettings> {
    let mut accounts = Vec::new();
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        problems.push(Diagnostic::error(
            "not-toml",
            source,
            span,
            error.message(),
            "settings are written `name = value` under a [section]",
        ));
    }
    for (section, inside) in table.get_ref() {
        let name = section.get_ref().as_ref();
        let known = KEYS.iter().any(|key| key.section == name);
        let DeValue::Table(inside) = inside.get_ref() else {
            problems.push(misplaced(source, name, section.span()));
            continue;
        };
        if name == "channels" {
            accounts = channels::channels(source, inside, env, problems);
            continue;
        }
        if !known {
            let help = suggestion(name, KEYS.iter().map(|key| key.section));
            problems.push(Diagnostic::error(
                "unknown-section",
                source,
                section.span(),
                format!("there is no section [{name}]"),
                help,
            ));
            continue;
        }
        for (key, value) in inside {
            one(
                source,
                name,
                key.get_ref(),
                key.span(),
                value,
                values,
                problems,
            );
        }
    }
    accounts
}

fn one(
    source: &Arc<SourceText>,
    section: &str,
    name: &str,
    span: Range<usize>,
    value: &toml::Spanned<DeValue<'_>>,
    values: &mut Values,
    problems: &mut Diagnostics,
) {
    let Some(key) = KEYS
        .iter()
        .find(|key| key.section == section && key.name == name)
    else {
        let problem = if SECRET.iter().any(|word| name.contains(word)) {
            let help = "secrets do not belong in this file: put them in the environment or in a file of their own";
            Diagnostic::error(
                "secret-in-file",
                source,
                span,
                format!("`{name}` looks like a secret"),
                help,
            )
        } else {
            let help = suggestion(
                name,
                KEYS.iter()
                    .filter(|key| key.section == section)
                    .map(|key| key.name),
            );
            Diagnostic::error(
                "unknown-key",
                source,
                span,
                format!("[{section}] has no key `{name}`"),
                help,
            )
        };
        problems.push(problem);
        return;
    };
    match fit(key, value.get_ref()) {
        Some(value) => {
            values.insert((key.section, key.name), value);
        }
        None => {
            let message = format!("`{name}` of [{section}] cannot be this");
            let help = match key.takes {
                Takes::Codes => wrong_code(value.get_ref()),
                Takes::Nudges => match Nudge::read_all(value.get_ref()) {
                    Err(problem) => problem,
                    Ok(_) => key.takes.in_words(),
                },
                takes => takes.in_words(),
            };
            problems.push(Diagnostic::error(
                "bad-value",
                source,
                value.span(),
                message,
                help,
            ));
        }
    }
}

/// What is wrong with the first code that cannot be read.
fn wrong_code(value: &DeValue<'_>) -> String {
    let codes = value.as_array().into_iter().flatten();
    let mut wrong = codes.filter_map(|code| {
        let code = code.get_ref().as_str()?;
        let problem = PromoCode::read(code).err()?;
        Some(format!("in `{code}`: {problem}"))
    });
    let first = wrong.next();
    first.unwrap_or_else(|| Takes::Codes.in_words())
}

/// A key outside of any section, where it would be silently nobody's.
fn misplaced(source: &Arc<SourceText>, name: &str, span: Range<usize>) -> Diagnostic {
    let home = KEYS.iter().find(|key| key.name == name);
    let help = match home {
        Some(key) => format!("write it under [{}]", key.section),
        None => "every key stands under a [section]".to_owned(),
    };
    Diagnostic::error(
        "no-section",
        source,
        span,
        format!("`{name}` stands outside of any section"),
        help,
    )
}

pub(super) fn suggestion<'a>(word: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(word, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            // A section's keys need not stand together.
            let mut all: Vec<&str> = Vec::new();
            for one in known {
                if !all.contains(&one) {
                    all.push(one);
                }
            }
            format!("known are {}", all.join(", "))
        }
    }
}

fn build(values: &Values, path: Option<&Path>) -> Config {
    let get = |section, name| {
        values
            .get(&(section, name))
            .cloned()
            .unwrap_or(Value::Nothing)
    };
    let text = |section, name| match get(section, name) {
        Value::Text(text) => text,
        _ => String::new(),
    };
    let list = |section, name| match get(section, name) {
        Value::List(list) => list,
        _ => Vec::new(),
    };
    let whole = |section, name| match get(section, name) {
        Value::Whole(number) => number,
        _ => 0,
    };
    let small = |section, name| u32::try_from(whole(section, name)).unwrap_or(u32::MAX);
    let share = |section, name| match get(section, name) {
        Value::Share(share) => Some(share),
        _ => None,
    };
    let beside = path
        .and_then(Path::parent)
        .map(Path::to_owned)
        .unwrap_or_default();
    let folder = |section, name| beside.join(text(section, name));
    let zone = TimeZone::get(&text("shop", "timezone")).unwrap_or(TimeZone::UTC);
    let days = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let week = days.map(|day| Hours::day(&text("hours", day)).ok().flatten());
    let holidays = list("hours", "holidays")
        .iter()
        .filter_map(|day| day.parse().ok())
        .collect();
    Config {
        shops: ShopsSettings::default(),
        mail: MailSettings::default(),
        channels: Vec::new(),
        cart: CartSettings {
            most: small("cart", "most"),
            shipping: text("cart", "shipping"),
            free_from: text("cart", "free_from"),
            tax: text("cart", "tax"),
            checkout: text("cart", "checkout"),
            codes: list("cart", "codes")
                .iter()
                .filter_map(|code| PromoCode::read(code).ok())
                .collect(),
        },
        hours: Hours::new(zone.clone(), week, holidays),
        shop: ShopSettings {
            name: text("shop", "name"),
            url: text("shop", "url"),
            currency: text("shop", "currency"),
            zone,
            language: text("shop", "language"),
        },
        server: ServerSettings {
            listen: text("server", "listen")
                .parse()
                .unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 8080))),
            url: match text("server", "url") {
                none if none.is_empty() => text("shop", "url"),
                url => url,
            },
            allowed_origins: list("server", "allowed_origins"),
            drain_seconds: whole("server", "drain_seconds"),
            events_secret: None,
        },
        content: ContentSettings {
            intents: folder("content", "intents"),
            knowledge: folder("content", "knowledge"),
            demo_articles: matches!(get("content", "demo_articles"), Value::Switch(true)),
        },
        data: DataSettings {
            dir: folder("data", "dir"),
            demo: matches!(get("data", "demo"), Value::Switch(true)),
        },
        orders: OrderSettings {
            number_patterns: list("orders", "number_patterns"),
            lookup_tries: small("orders", "lookup_tries"),
            lookup_minutes: small("orders", "lookup_minutes"),
            change_until: text("orders", "change_until"),
            change_minutes: small("orders", "change_minutes"),
            changes: text("orders", "changes"),
        },
        alerts: AlertSettings {
            on: matches!(get("alerts", "on"), Value::Switch(true)),
        },
        widget: WidgetSettings {
            nudges: match get("widget", "nudges") {
                Value::Nudges(nudges) => nudges,
                _ => Vec::new(),
            },
            nudges_per_visit: small("widget", "nudges_per_visit"),
            nudges_per_day: small("widget", "nudges_per_day"),
            quiet_on: list("widget", "quiet_on"),
        },
        feedback: FeedbackSettings {
            helpful: matches!(get("feedback", "helpful"), Value::Switch(true)),
            rating: matches!(get("feedback", "rating"), Value::Switch(true)),
        },
        uploads: UploadSettings {
            on: matches!(get("uploads", "on"), Value::Switch(true)),
            most_megabytes: whole("uploads", "most_megabytes"),
            per_conversation: small("uploads", "per_conversation"),
            scan: list("uploads", "scan"),
            scan_seconds: whole("uploads", "scan_seconds"),
        },
        recommend: RecommendSettings {
            exclude: list("recommend", "exclude"),
            pin: list("recommend", "pin"),
            per_family: small("recommend", "per_family"),
            per_brand: small("recommend", "per_brand"),
            price_band: share("recommend", "price_band").unwrap_or_default(),
            margin: text("recommend", "margin"),
            explore: share("recommend", "explore").unwrap_or_default(),
        },
        returns: ReturnSettings {
            days: small("returns", "days"),
            refund_days: small("returns", "refund_days"),
            label: text("returns", "label"),
            not_returnable: list("returns", "not_returnable"),
            exchange: matches!(get("returns", "exchange"), Value::Switch(true)),
            who_pays: text("returns", "who_pays"),
        },
        understanding: UnderstandingSettings {
            answer_above: share("understanding", "answer_above"),
            ask_above: share("understanding", "ask_above"),
            embeddings: match get("understanding", "embeddings") {
                Value::Text(folder) => Some(beside.join(folder)),
                _ => None,
            },
        },
        privacy: PrivacySettings {
            retention_days: small("privacy", "retention_days"),
            retention_days_anonymous: small("privacy", "retention_days_anonymous"),
        },
        limits: LimitSettings {
            messages_per_minute: small("limits", "messages_per_minute"),
            sockets_per_address: small("limits", "sockets_per_address"),
            requests_per_minute: small("limits", "requests_per_minute"),
            request_seconds: whole("limits", "request_seconds"),
            hello_seconds: whole("limits", "hello_seconds"),
            ping_seconds: whole("limits", "ping_seconds"),
            idle_minutes: whole("limits", "idle_minutes"),
        },
        log: LogSettings {
            format: if text("log", "format") == "json" {
                LogFormat::Json
            } else {
                LogFormat::Pretty
            },
            level: text("log", "level"),
        },
    }
}

#[cfg(test)]
mod tests;
