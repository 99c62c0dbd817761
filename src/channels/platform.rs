//! Which file knows which platform.

use super::bridge::Channel;
use super::{telegram, webhook};
use crate::config::ChannelSettings;

/// The channel of an account. `server` is where platforms reach this server; no trailing slash.
pub fn channel(settings: &ChannelSettings, server: &str) -> Box<dyn Channel> {
    let door = format!("{server}/bridges/{}", settings.name);
    match settings.platform {
        "telegram" => Box::new(telegram::Telegram::new(settings, door)),
        _ => Box::new(webhook::Webhook::new(settings)),
    }
}
