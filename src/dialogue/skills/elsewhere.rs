//! "Can we go on in WhatsApp?": a code, and where to bring it.

use super::text;
use crate::dialogue::block::Block;
use crate::dialogue::port::{GoOn, LinkAnswer};
use crate::dialogue::script::TextSpec;
use crate::dialogue::talk::Talk;
use crate::text::fold;

pub(super) const TEXTS: &[TextSpec] = &[
    text("link.off", &[]),
    text("link.unavailable", &[]),
    text("link.code", &["code", "minutes"]),
    text("link.open", &["where"]),
    text("link.write", &["where", "code"]),
];

pub(super) async fn go_on(talk: &mut Talk<'_>) {
    let (code, minutes, places) = match talk.ports.link().await {
        LinkAnswer::Code {
            code,
            minutes,
            places,
        } => (code, minutes.to_string(), places),
        LinkAnswer::Off => return talk.say("link.off", &[]),
        LinkAnswer::Unavailable => return talk.say("link.unavailable", &[]),
    };
    talk.say("link.code", &[("code", &code), ("minutes", &minutes)]);
    let said: String = fold(&talk.reading.text).split(' ').collect();
    let named = |place: &&GoOn| said.contains(&*fold(&place.name));
    let meant: Vec<&GoOn> = match places.iter().any(|place| named(&place)) {
        true => places.iter().filter(named).collect(),
        false => places.iter().collect(),
    };
    for place in &meant {
        if place.url.is_none() {
            talk.say("link.write", &[("where", &place.name), ("code", &code)]);
        }
    }
    for place in meant {
        if let Some(url) = place.url.clone() {
            let label = talk.line("link.open", &[("where", &place.name)]);
            talk.reply.block(Block::Link { label, url });
        }
    }
}
