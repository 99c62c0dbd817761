//! What the environment overrides: `SHOPTALK_SERVER__LISTEN` stands for `listen` under `[server]`.

use super::keys::{KEYS, Key};
use super::read::{Value, Values, fit, suggestion};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};
use toml::de::DeTable;

const PREFIX: &str = "SHOPTALK_";

/// `SHOPTALK_SERVER__LISTEN=0.0.0.0:80`. A value is TOML, or plain words where words are wanted.
pub(super) fn environment(
    env: impl IntoIterator<Item = (String, String)>,
    values: &mut Values,
    problems: &mut Diagnostics,
) {
    let mut all: Vec<(String, String)> = env
        .into_iter()
        .filter(|(name, _)| name.starts_with(PREFIX) && name.contains("__"))
        .collect();
    all.sort();
    for (variable, text) in all {
        let path = variable.trim_start_matches(PREFIX).to_ascii_lowercase();
        let (section, name) = path.split_once("__").unwrap_or((&path, ""));
        let source = SourceText::new(format!("${variable}"), text.clone());
        let Some(key) = KEYS
            .iter()
            .find(|key| key.section == section && key.name == name)
        else {
            let all: Vec<String> = KEYS.iter().map(variable_of).collect();
            let help = suggestion(&variable, all.iter().map(String::as_str));
            problems.push(Diagnostic::error(
                "unknown-variable",
                &source,
                0..text.len(),
                format!("there is no setting {variable}"),
                help,
            ));
            continue;
        };
        match from_words(key, &text) {
            Some(value) => {
                values.insert((key.section, key.name), value);
            }
            None => {
                let help = key.takes.in_words();
                problems.push(Diagnostic::error(
                    "bad-value",
                    &source,
                    0..text.len(),
                    format!("{variable} cannot be this"),
                    help,
                ));
            }
        }
    }
}

fn variable_of(key: &Key) -> String {
    format!("{PREFIX}{}__{}", key.section, key.name).to_ascii_uppercase()
}

fn from_words(key: &Key, text: &str) -> Option<Value> {
    let quoted = format!("x = {}", toml::Value::String(text.to_owned()));
    let plain = format!("x = {text}");
    [plain, quoted].iter().find_map(|line| {
        let table = DeTable::parse(line).ok()?;
        table
            .get_ref()
            .get("x")
            .and_then(|found| fit(key, found.get_ref()))
    })
}
