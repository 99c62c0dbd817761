//! More or less of a quality: "cheaper", "a bit bigger", "the warmest".

use super::phrases::Phrases;
use super::{Comparative, Entity, Message, Value};

pub(super) fn find(message: &Message<'_>, found: &mut Vec<Entity>) {
    for index in 0..message.tokens.len() {
        let here = &message.tokens[index..];
        if let Some((length, quality)) = MORE.at(here) {
            found.push(message.entity(index..index + length, Value::Comparative(quality)));
        }
        if let Some((length, quality)) = MOST.at(here) {
            found.push(message.entity(index..index + length, Value::Superlative(quality)));
        }
    }
}

static MORE: Phrases<Comparative> = Phrases::new(&[
    ("cheaper", Comparative::Cheaper),
    ("less expensive", Comparative::Cheaper),
    ("lower price", Comparative::Cheaper),
    ("too expensive", Comparative::Cheaper),
    ("too pricey", Comparative::Cheaper),
    ("more expensive", Comparative::Dearer),
    ("pricier", Comparative::Dearer),
    ("dearer", Comparative::Dearer),
    ("more premium", Comparative::Dearer),
    ("bigger", Comparative::Bigger),
    ("larger", Comparative::Bigger),
    ("wider", Comparative::Bigger),
    ("too small", Comparative::Bigger),
    ("smaller", Comparative::Smaller),
    ("too big", Comparative::Smaller),
    ("too large", Comparative::Smaller),
    ("longer", Comparative::Longer),
    ("too short", Comparative::Longer),
    ("shorter", Comparative::Shorter),
    ("too long", Comparative::Shorter),
    ("lighter", Comparative::Lighter),
    ("too heavy", Comparative::Lighter),
    ("heavier", Comparative::Heavier),
    ("warmer", Comparative::Warmer),
    ("thicker", Comparative::Warmer),
    ("too cold", Comparative::Warmer),
    ("thinner", Comparative::Thinner),
    ("cooler", Comparative::Thinner),
    ("too warm", Comparative::Thinner),
    ("darker", Comparative::Darker),
    ("brighter", Comparative::Brighter),
    ("newer", Comparative::Newer),
    ("more recent", Comparative::Newer),
    ("better", Comparative::Better),
    ("better rated", Comparative::Better),
    ("higher rated", Comparative::Better),
    ("softer", Comparative::Softer),
    ("more comfortable", Comparative::Softer),
]);

static MOST: Phrases<Comparative> = Phrases::new(&[
    ("cheapest", Comparative::Cheaper),
    ("the cheapest", Comparative::Cheaper),
    ("least expensive", Comparative::Cheaper),
    ("lowest price", Comparative::Cheaper),
    ("most expensive", Comparative::Dearer),
    ("the most expensive", Comparative::Dearer),
    ("biggest", Comparative::Bigger),
    ("largest", Comparative::Bigger),
    ("smallest", Comparative::Smaller),
    ("longest", Comparative::Longer),
    ("shortest", Comparative::Shorter),
    ("lightest", Comparative::Lighter),
    ("heaviest", Comparative::Heavier),
    ("warmest", Comparative::Warmer),
    ("thinnest", Comparative::Thinner),
    ("darkest", Comparative::Darker),
    ("newest", Comparative::Newer),
    ("latest", Comparative::Newer),
    ("new arrivals", Comparative::Newer),
    ("what's new", Comparative::Newer),
    ("whats new", Comparative::Newer),
    ("what is new", Comparative::Newer),
    ("anything new", Comparative::Newer),
    ("something new", Comparative::Newer),
    ("what's new in", Comparative::Newer),
    ("anything new in", Comparative::Newer),
    ("best rated", Comparative::Better),
    ("top rated", Comparative::Better),
    ("highest rated", Comparative::Better),
    ("softest", Comparative::Softer),
    ("best selling", Comparative::Popular),
    ("bestselling", Comparative::Popular),
    ("most popular", Comparative::Popular),
]);
