//! Greetings and thanks around a request: "hi, where's my order please" asks where the order is.

use super::reading::Piece;
use std::ops::Range;

/// Where the request stands. All pieces when nothing but courtesies, or nothing that says much, would be left.
pub(super) fn request(pieces: &[Piece]) -> Range<usize> {
    let mut start = 0;
    while let Some(length) = LEADING
        .iter()
        .find_map(|words| begins(&pieces[start..], words))
    {
        // "Thanks for your help" asks for none.
        let next = pieces.get(start + length);
        if next.is_some_and(|next| FOR.contains(&next.text.as_str())) {
            break;
        }
        start += length;
    }
    let mut end = pieces.len();
    while let Some(length) = TRAILING
        .iter()
        .find_map(|words| ends(&pieces[start..end], words))
    {
        end -= length;
    }
    let says_something = pieces[start..end].iter().any(|piece| !piece.stop);
    if says_something && start < end {
        start..end
    } else {
        0..pieces.len()
    }
}

fn begins(pieces: &[Piece], words: &[&str]) -> Option<usize> {
    let here = pieces.get(..words.len())?;
    same(here, words).then_some(words.len())
}

fn ends(pieces: &[Piece], words: &[&str]) -> Option<usize> {
    let from = pieces.len().checked_sub(words.len())?;
    same(&pieces[from..], words).then_some(words.len())
}

fn same(pieces: &[Piece], words: &[&str]) -> bool {
    pieces
        .iter()
        .zip(words)
        .all(|(piece, word)| piece.text == *word)
}

const FOR: [&str; 7] = ["for", "für", "pour", "por", "per", "voor", "pela"];

/// Longer ones before their beginnings.
const LEADING: &[&[&str]] = &[
    &["hi", "there"],
    &["hello", "there"],
    &["hey", "there"],
    &["hi"],
    &["hello"],
    &["helo"],
    &["hey"],
    &["hiya"],
    &["greetings"],
    &["good", "morning"],
    &["good", "afternoon"],
    &["good", "evening"],
    &["good", "day"],
    &["thank", "you"],
    &["thanks"],
    &["thx"],
    &["please"],
    &["pls"],
    &["excuse", "me"],
    &["sorry"],
    &["ok"],
    &["okay"],
    &["quick", "question"],
    &["hallo", "zusammen"],
    &["guten", "tag"],
    &["guten", "morgen"],
    &["guten", "abend"],
    &["hallo"],
    &["moin"],
    &["servus"],
    &["bitte"],
    &["danke", "schön"],
    &["danke", "sehr"],
    &["danke"],
    &["entschuldigung"],
    &["bonjour"],
    &["bonsoir"],
    &["salut"],
    &["merci"],
    &["hola"],
    &["buenos", "días"],
    &["buenas", "tardes"],
    &["buenas"],
    &["gracias"],
    &["por", "favor"],
    &["buongiorno"],
    &["buonasera"],
    &["ciao"],
    &["salve"],
    &["grazie"],
    &["per", "favore"],
    &["goedemorgen"],
    &["goedemiddag"],
    &["goedenavond"],
    &["hoi"],
    &["dag"],
    &["bedankt"],
    &["olá"],
    &["bom", "dia"],
    &["boa", "tarde"],
    &["boa", "noite"],
    &["obrigado"],
    &["obrigada"],
];

const TRAILING: &[&[&str]] = &[
    &["thank", "you", "very", "much"],
    &["thank", "you", "so", "much"],
    &["thanks", "in", "advance"],
    &["thanks", "a", "lot"],
    &["many", "thanks"],
    &["thank", "you"],
    &["thanks"],
    &["thx"],
    &["ty"],
    &["cheers"],
    &["please"],
    &["pls"],
    &["plz"],
    &["vielen", "dank"],
    &["vielen", "lieben", "dank"],
    &["danke", "schön"],
    &["danke", "sehr"],
    &["danke"],
    &["bitte"],
    &["merci", "beaucoup"],
    &["merci"],
    &["se", "il", "vous", "plaît"],
    &["s", "il", "vous", "plaît"],
    &["muchas", "gracias"],
    &["gracias"],
    &["por", "favor"],
    &["grazie", "mille"],
    &["grazie"],
    &["per", "favore"],
    &["dank", "je", "wel"],
    &["dank", "je"],
    &["alvast", "bedankt"],
    &["bedankt"],
    &["alstublieft"],
    &["muito", "obrigado"],
    &["muito", "obrigada"],
    &["obrigado"],
    &["obrigada"],
];
