//! What shoppers say to the conversation itself: yes, no, never mind, start over.

use super::phrases::Phrases;
use super::{Entity, Message, Repair, Value};

pub(super) fn find(message: &Message<'_>, found: &mut Vec<Entity>) {
    let (first, end) = without_courtesies(message);
    for index in first..end {
        let Some((length, (repair, place))) = PHRASES.at(&message.tokens[index..end]) else {
            continue;
        };
        let fits = match place {
            Anywhere => true,
            Opening => index == first,
            Whole => index == first && index + length == end,
        };
        if fits {
            found.push(message.entity(index..index + length, Value::Repair(repair)));
        }
    }
    for (sign, repair) in [("👍", Repair::Yes), ("✅", Repair::Yes), ("👎", Repair::No)] {
        if let Some(start) = message.text.find(sign) {
            found.push(message.entity_at(start..start + sign.len(), Value::Repair(repair)));
        }
    }
}

/// Tokens between "oh", "hmm" and "please", "thanks".
fn without_courtesies(message: &Message<'_>) -> (usize, usize) {
    const AROUND: &[&str] = &[
        "please", "pls", "thanks", "thank", "you", "thx", "oh", "hm", "hmm", "uh", "um", "er",
        "well", "and", "so", "hi", "hello", "hey", "then", "bot",
    ];
    let courtesy = |index: usize| AROUND.contains(&message.word(index));
    let all = message.tokens.len();
    let first = (0..all).find(|index| !courtesy(*index)).unwrap_or(0);
    let end = (first..all)
        .rev()
        .find(|index| !courtesy(*index))
        .map_or(all, |last| last + 1);
    (first, end)
}

/// Where a phrase must stand to be meant.
#[derive(Clone, Copy)]
enum Place {
    /// Nothing else is said.
    Whole,
    /// At the beginning: "no, the blue one".
    Opening,
    Anywhere,
}
use Place::{Anywhere, Opening, Whole};

static PHRASES: Phrases<(Repair, Place)> = Phrases::new(&[
    ("yes", (Repair::Yes, Opening)),
    ("yep", (Repair::Yes, Opening)),
    ("yeah", (Repair::Yes, Opening)),
    ("yea", (Repair::Yes, Opening)),
    ("yup", (Repair::Yes, Opening)),
    ("ya", (Repair::Yes, Whole)),
    ("y", (Repair::Yes, Whole)),
    ("ye", (Repair::Yes, Whole)),
    ("yes yes", (Repair::Yes, Opening)),
    ("sure", (Repair::Yes, Whole)),
    ("sure thing", (Repair::Yes, Whole)),
    ("ok", (Repair::Yes, Whole)),
    ("okay", (Repair::Yes, Whole)),
    ("k", (Repair::Yes, Whole)),
    ("okey", (Repair::Yes, Whole)),
    ("alright", (Repair::Yes, Whole)),
    ("correct", (Repair::Yes, Whole)),
    ("thats correct", (Repair::Yes, Whole)),
    ("thats right", (Repair::Yes, Whole)),
    ("right", (Repair::Yes, Whole)),
    ("exactly", (Repair::Yes, Whole)),
    ("indeed", (Repair::Yes, Whole)),
    ("definitely", (Repair::Yes, Whole)),
    ("absolutely", (Repair::Yes, Whole)),
    ("of course", (Repair::Yes, Whole)),
    ("go ahead", (Repair::Yes, Whole)),
    ("do it", (Repair::Yes, Whole)),
    ("do that", (Repair::Yes, Whole)),
    ("sounds good", (Repair::Yes, Whole)),
    ("why not", (Repair::Yes, Whole)),
    ("i do", (Repair::Yes, Whole)),
    ("it is", (Repair::Yes, Whole)),
    ("affirmative", (Repair::Yes, Whole)),
    ("no", (Repair::No, Opening)),
    ("nope", (Repair::No, Opening)),
    ("nah", (Repair::No, Opening)),
    ("n", (Repair::No, Whole)),
    ("no no", (Repair::No, Opening)),
    ("no way", (Repair::No, Whole)),
    ("not really", (Repair::No, Whole)),
    ("not that", (Repair::No, Whole)),
    ("not that one", (Repair::No, Whole)),
    ("not now", (Repair::No, Whole)),
    ("i dont", (Repair::No, Whole)),
    ("i dont want to", (Repair::No, Whole)),
    ("dont", (Repair::No, Whole)),
    ("never", (Repair::No, Whole)),
    ("negative", (Repair::No, Whole)),
    ("none of them", (Repair::No, Whole)),
    ("none of these", (Repair::No, Whole)),
    ("none of those", (Repair::No, Whole)),
    ("something else", (Repair::No, Whole)),
    ("never mind", (Repair::NeverMind, Anywhere)),
    ("nevermind", (Repair::NeverMind, Anywhere)),
    ("nvm", (Repair::NeverMind, Anywhere)),
    ("forget it", (Repair::NeverMind, Anywhere)),
    ("forget about it", (Repair::NeverMind, Anywhere)),
    ("forget that", (Repair::NeverMind, Anywhere)),
    ("leave it", (Repair::NeverMind, Whole)),
    ("cancel", (Repair::NeverMind, Whole)),
    ("cancel that", (Repair::NeverMind, Whole)),
    ("cancel this", (Repair::NeverMind, Whole)),
    ("stop", (Repair::NeverMind, Whole)),
    ("stop it", (Repair::NeverMind, Whole)),
    ("stop that", (Repair::NeverMind, Whole)),
    ("stop asking", (Repair::NeverMind, Anywhere)),
    ("quit", (Repair::NeverMind, Whole)),
    ("exit", (Repair::NeverMind, Whole)),
    ("abort", (Repair::NeverMind, Whole)),
    ("not interested", (Repair::NeverMind, Whole)),
    ("changed my mind", (Repair::NeverMind, Whole)),
    ("i changed my mind", (Repair::NeverMind, Whole)),
    ("drop it", (Repair::NeverMind, Whole)),
    ("start over", (Repair::StartOver, Anywhere)),
    ("start again", (Repair::StartOver, Anywhere)),
    ("start from scratch", (Repair::StartOver, Anywhere)),
    ("start from the beginning", (Repair::StartOver, Anywhere)),
    ("from the beginning", (Repair::StartOver, Whole)),
    ("begin again", (Repair::StartOver, Anywhere)),
    ("restart", (Repair::StartOver, Whole)),
    ("reset", (Repair::StartOver, Whole)),
    ("main menu", (Repair::StartOver, Whole)),
    ("new conversation", (Repair::StartOver, Whole)),
    ("repeat", (Repair::Repeat, Whole)),
    ("repeat that", (Repair::Repeat, Anywhere)),
    ("can you repeat", (Repair::Repeat, Opening)),
    ("could you repeat", (Repair::Repeat, Opening)),
    ("say that again", (Repair::Repeat, Anywhere)),
    ("say again", (Repair::Repeat, Anywhere)),
    ("come again", (Repair::Repeat, Whole)),
    ("pardon", (Repair::Repeat, Whole)),
    ("what", (Repair::Repeat, Whole)),
    ("huh", (Repair::Repeat, Whole)),
    ("what did you ask", (Repair::Repeat, Anywhere)),
    ("what did you say", (Repair::Repeat, Anywhere)),
    ("what was the question", (Repair::Repeat, Anywhere)),
    ("what was that", (Repair::Repeat, Whole)),
    ("what do you need", (Repair::Repeat, Whole)),
    ("i dont understand", (Repair::Repeat, Whole)),
    ("skip", (Repair::Skip, Whole)),
    ("skip it", (Repair::Skip, Whole)),
    ("skip this", (Repair::Skip, Whole)),
    ("skip that", (Repair::Skip, Whole)),
    ("pass", (Repair::Skip, Whole)),
    ("next question", (Repair::Skip, Whole)),
    ("i dont know", (Repair::Skip, Whole)),
    ("dont know", (Repair::Skip, Whole)),
    ("i dont know it", (Repair::Skip, Whole)),
    ("dunno", (Repair::Skip, Whole)),
    ("idk", (Repair::Skip, Whole)),
    ("no idea", (Repair::Skip, Whole)),
    ("not sure", (Repair::Skip, Whole)),
    ("i dont have it", (Repair::Skip, Whole)),
    ("i dont have one", (Repair::Skip, Whole)),
    ("i dont remember", (Repair::Skip, Whole)),
    ("back", (Repair::Back, Whole)),
    ("go back", (Repair::Back, Whole)),
    ("undo", (Repair::Back, Whole)),
    ("previous question", (Repair::Back, Whole)),
    ("sorry", (Repair::Correction, Opening)),
    ("sorry its", (Repair::Correction, Opening)),
    ("sorry i meant", (Repair::Correction, Opening)),
    ("oops", (Repair::Correction, Opening)),
    ("whoops", (Repair::Correction, Opening)),
    ("i meant", (Repair::Correction, Anywhere)),
    ("i mean", (Repair::Correction, Opening)),
    ("no i meant", (Repair::Correction, Opening)),
    ("no its", (Repair::Correction, Opening)),
    ("no wait", (Repair::Correction, Opening)),
    ("wait", (Repair::Correction, Opening)),
    ("actually", (Repair::Correction, Opening)),
    ("no actually", (Repair::Correction, Opening)),
    ("correction", (Repair::Correction, Opening)),
    ("i mistyped", (Repair::Correction, Anywhere)),
    ("typo", (Repair::Correction, Opening)),
    ("rather", (Repair::Correction, Opening)),
    ("that was wrong", (Repair::Correction, Anywhere)),
    ("thats wrong", (Repair::Correction, Opening)),
    ("wrong number", (Repair::Correction, Opening)),
    ("no matter", (Repair::NoMatter, Whole)),
    ("doesnt matter", (Repair::NoMatter, Anywhere)),
    ("does not matter", (Repair::NoMatter, Anywhere)),
    ("i dont mind", (Repair::NoMatter, Whole)),
    ("dont mind", (Repair::NoMatter, Whole)),
    ("i dont care", (Repair::NoMatter, Whole)),
    ("dont care", (Repair::NoMatter, Whole)),
    ("any", (Repair::NoMatter, Whole)),
    ("anything", (Repair::NoMatter, Whole)),
    ("any of them", (Repair::NoMatter, Whole)),
    ("whatever", (Repair::NoMatter, Whole)),
    ("either", (Repair::NoMatter, Whole)),
    ("no preference", (Repair::NoMatter, Whole)),
    ("all the same to me", (Repair::NoMatter, Whole)),
]);
