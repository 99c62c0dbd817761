//! How letters begin and end: "Hello," and "Kind regards, Ana" ask nothing, and would be taken for questions.

/// Characters of a line that can be one of these.
const LONGEST: usize = 60;
/// Lines of a name and what it is the name of.
const NAME: usize = 3;
const WELCOMES: [&str; 20] = [
    "hi",
    "hello",
    "hey",
    "dear",
    "good day",
    "good morning",
    "good afternoon",
    "good evening",
    "greetings",
    "hallo",
    "hej",
    "moin",
    "servus",
    "guten tag",
    "guten morgen",
    "guten abend",
    "liebe",
    "lieber",
    "liebes",
    "sehr geehrte",
];
/// Under these stands nothing but who writes.
const FAREWELLS: [&str; 18] = [
    "kind regards",
    "best regards",
    "warm regards",
    "with regards",
    "regards",
    "best wishes",
    "yours sincerely",
    "yours faithfully",
    "yours truly",
    "sincerely",
    "cheers",
    "mit freundliche",
    "freundliche",
    "viele gr",
    "liebe gr",
    "beste gr",
    "herzliche gr",
    "schöne gr",
];
/// The same, where nothing but a name follows: else they may stand anywhere.
const THANKS: [&str; 17] = [
    "best",
    "all the best",
    "thanks",
    "thank you",
    "thank you very much",
    "many thanks",
    "thanks a lot",
    "thanks in advance",
    "thank you in advance",
    "danke",
    "vielen dank",
    "besten dank",
    "danke im voraus",
    "vielen dank im voraus",
    "mfg",
    "lg",
    "vg",
];

/// The lines between a letter's first and last courtesies; all of them where nothing else is said.
pub(super) fn without<'l>(lines: &'l [&'l str]) -> &'l [&'l str] {
    let blank = |line: &&&str| line.trim().is_empty();
    let begin = lines.iter().take_while(blank).count();
    let welcome = lines.get(begin).is_some_and(|line| is_welcome(line));
    let from = begin + usize::from(welcome);
    let rest = lines.get(from..).unwrap_or_default();
    let end = (0..rest.len()).find(|at| is_farewell(&rest[*at..]));
    let said = &rest[..end.unwrap_or(rest.len())];
    match said.iter().all(|line| line.trim().is_empty()) {
        true => lines,
        false => said,
    }
}

fn is_welcome(line: &str) -> bool {
    let lower = line.trim().to_lowercase();
    let begins = WELCOMES.iter().any(|words| {
        let rest = lower.strip_prefix(words);
        // "Sehr geehrter", "Hello,", not "history".
        rest.is_some_and(|rest| {
            let next = rest.trim_start_matches(['r', 's', 'n']).chars().next();
            next.is_none_or(|next| !next.is_alphanumeric())
        })
    });
    let closed = lower.ends_with([',', '!', '.']) || lower.split_whitespace().count() <= 3;
    begins && closed && lower.chars().count() <= LONGEST && !lower.contains('?')
}

fn is_farewell(lines: &[&str]) -> bool {
    let Some(line) = lines.first() else {
        return false;
    };
    let lower = line.trim().to_lowercase();
    if lower.chars().count() > LONGEST || lower.contains('?') {
        return false;
    }
    let bare = lower.trim_end_matches([',', '.', '!', ' ', '-']);
    let said = bare.split_once(',').map_or(bare, |(said, _)| said);
    let below = || lines[1..].iter().filter(|line| !line.trim().is_empty());
    let name = || {
        below().take(NAME + 1).count() <= NAME
            && below().all(|line| line.len() < LONGEST && !line.contains('?'))
    };
    FAREWELLS.iter().any(|words| lower.starts_with(words)) || (THANKS.contains(&said) && name())
}
