//! "What is on sale?": what costs less than before, of what is named or of everything; honestly none where nothing does.

use super::{find, text};
use crate::dialogue::script::TextSpec;
use crate::dialogue::state::LastSearch;
use crate::dialogue::talk::Talk;
use crate::text::{stem, words};
use crate::understanding::VocabularyKind;

pub(super) const TEXTS: &[TextSpec] = &[text("sale.results", &[]), text("sale.none", &[])];

/// Words that ask for it and name no goods.
const ASKING: [&str; 14] = [
    "sale",
    "offer",
    "offers",
    "reduced",
    "discounted",
    "special",
    "marked",
    "deals",
    "anything",
    "angebot",
    "angebote",
    "reduziert",
    "sonderangebote",
    "prices",
];

pub(super) fn on_sale(talk: &mut Talk<'_>) {
    let wish = find::wish(talk);
    let mut mentions = talk.reading.mentions.iter();
    let category = mentions.find(|mention| mention.kind == VocabularyKind::Category);
    // A kind that is named is no word to rank by: what is of another is not shown.
    let of_kind: Vec<String> = category.map_or_else(Vec::new, |mention| {
        let words = words(&mention.phrase).into_iter();
        words.map(|word| stem(&word.text).to_owned()).collect()
    });
    let is_goods =
        |word: &&str| !ASKING.contains(word) && !of_kind.iter().any(|one| one == stem(word));
    let goods: Vec<&str> = wish.text.split(' ').filter(is_goods).collect();
    let search = LastSearch {
        text: goods.join(" "),
        category: category.map(|mention| mention.id.clone()),
        reduced: true,
        ..wish
    };
    find::run_with(
        talk,
        search,
        Some(("sale.results", &[])),
        Some(("sale.none", &[])),
    );
}
