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
    text("link.not_there", &["where", "places"]),
    text("link.open", &["where"]),
    text("link.write", &["where", "code"]),
];

pub(super) async fn go_on(talk: &mut Talk<'_>) {
    let (code, minutes, places, others) = match talk.ports.link().await {
        LinkAnswer::Code {
            code,
            minutes,
            places,
            others,
        } => (code, minutes.to_string(), places, others),
        LinkAnswer::Off => return talk.say("link.off", &[]),
        LinkAnswer::Unavailable => return talk.say("link.unavailable", &[]),
    };
    let said: String = fold(&talk.reading.text).split(' ').collect();
    let named = |place: &&GoOn| said.contains(&*fold(&place.name));
    let mut meant: Vec<&GoOn> = places.iter().filter(named).collect();
    if meant.is_empty() {
        let other = others.iter().find(|name| said.contains(&*fold(name)));
        if let Some(other) = other {
            let here: Vec<&str> = places.iter().map(|place| &*place.name).collect();
            let here = here.join(", ");
            talk.say("link.not_there", &[("where", other), ("places", &here)]);
        }
        meant = places.iter().collect();
    }
    talk.say("link.code", &[("code", &code), ("minutes", &minutes)]);
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
