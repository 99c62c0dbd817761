//! Whether messengers know us: each account asks its platform, and its outbox tells how it has gone.

use super::{Findings, WITHIN, generation};
use crate::channels::channel;
use crate::config::{ChannelSettings, Config};
use crate::relay;
use crate::remote::Remote;
use crate::store::Store;
use serde_json::Value;

pub(super) async fn check_up(config: &Config, findings: &mut Findings) {
    if config.channels.is_empty() {
        return;
    }
    let remote = match Remote::new(generation::reach(config)) {
        Ok(remote) => remote,
        Err(error) => {
            return findings.problem(error.to_string(), "this machine's TLS cannot be set up");
        }
    };
    let store = generation::open(config).await;
    for settings in &config.channels {
        platform(settings, config, &remote, findings).await;
        if let Ok(store) = &store {
            outbox(settings, store, findings).await;
            misdirected(settings, store, findings).await;
        }
    }
    if let Ok(store) = store {
        // What it found stands, whether it closes well or not.
        drop(store.close().await);
    }
}

async fn platform(
    settings: &ChannelSettings,
    config: &Config,
    remote: &Remote,
    findings: &mut Findings,
) {
    let name = &settings.name;
    let guide = format!(
        "docs/bridges/{}.md goes through it step by step",
        settings.platform
    );
    let channel = channel(settings, &config.server.url);
    let check_ups = channel.check_ups();
    if check_ups.is_empty() {
        let door = format!("{}/bridges/{name}", config.server.url.trim_end_matches('/'));
        findings.well(format!("{name}: set up; it is reached at {door}"));
    }
    for check_up in check_ups {
        let what = check_up.what;
        let asked = tokio::time::timeout(WITHIN, remote.ask(check_up.ask)).await;
        let said: Result<Value, String> = match asked {
            Ok(Ok(answer)) => Ok(serde_json::from_slice(&answer.body).unwrap_or_default()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no answer within {} s", WITHIN.as_secs())),
        };
        match said.and_then(|said| (check_up.read)(settings, &said)) {
            Ok(well) => findings.well(format!("{name}: {well}")),
            Err(wrong) => findings.problem(format!("{name}: {what}: {wrong}"), &guide),
        }
    }
}

async fn outbox(settings: &ChannelSettings, store: &Store, findings: &mut Findings) {
    let name = &settings.name;
    match relay::standing(store, name).await {
        Ok(standing) => findings.well(format!(
            "{name}: {} messages wait, {} failed and {} are unknown in the last 30 days",
            standing.waiting, standing.failed, standing.unknown
        )),
        Err(error) => findings.problem(
            format!("{name}: its outbox cannot be read: {error}"),
            "see whether another program holds the file",
        ),
    }
}

/// Messages that came and were for somebody else.
async fn misdirected(settings: &ChannelSettings, store: &Store, findings: &mut Findings) {
    let name = &settings.name;
    let others = relay::of_others(store, name).await.unwrap_or_default();
    if others.is_empty() {
        return;
    }
    let (own, key) = match settings.platform {
        "whatsapp" => (settings.option("phone_number_id"), "phone_number_id"),
        _ => (settings.option("page_id"), "page_id"),
    };
    findings.problem(
        format!(
            "{name}: messages came that are for {}, and {key} is `{own}`: they were not answered",
            others.join(", ")
        ),
        format!(
            "set {key} right, or give each its own account here and its own callback address at Meta; docs/bridges/{}.md",
            settings.platform
        ),
    );
}
