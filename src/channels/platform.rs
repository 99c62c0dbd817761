//! Which file knows which platform.

use super::bridge::Channel;
use super::{chatwoot, email, matrix, messenger, slack, telegram, twilio, webhook, whatsapp};
use crate::config::ChannelSettings;

/// The channel of an account. `server` is where platforms reach this server; no trailing slash.
pub fn channel(settings: &ChannelSettings, server: &str) -> Box<dyn Channel> {
    let server = server.trim_end_matches('/');
    let door = format!("{server}/bridges/{}", settings.name);
    match settings.platform {
        "telegram" => Box::new(telegram::Telegram::new(settings, door)),
        "whatsapp" => Box::new(whatsapp::WhatsApp::new(settings)),
        "messenger" | "instagram" => Box::new(messenger::Messenger::new(settings)),
        "slack" => Box::new(slack::Slack::new(settings)),
        "twilio" => Box::new(twilio::Twilio::new(settings, door)),
        "chatwoot" => Box::new(chatwoot::Chatwoot::new(settings)),
        "email" => Box::new(email::Email::new(settings)),
        "matrix" => Box::new(matrix::Matrix::new(settings)),
        _ => Box::new(webhook::Webhook::new(settings)),
    }
}
