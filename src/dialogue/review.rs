//! What is valid but probably not meant: utterances that teach two things at once, that their own model reads
//! otherwise, that all say the same; rules that never fire.

use super::content::Content;
use super::hearing::Hearing;
use super::script::{Intent, Place};
use super::shop::Class;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::understanding::{Rule, RuleSet};
use std::collections::{BTreeMap, BTreeSet};

/// With fewer utterances than this an intent is recognised when it is said alike, and else not.
const FEW: usize = 5;
/// With fewer still it was warned of where the files are read.
const ENOUGH_TO_LOAD: usize = 3;
/// From so many utterances on, they should not all share the same few words.
const ENOUGH_TO_VARY: usize = 4;
/// Content words that so many utterances should have among them.
const WORDS_AMONG_THEM: usize = 3;
/// An utterance is only reported as misread when the other reading is this much likelier.
const PLAINLY: f32 = 0.15;

/// Something a shopper may say, as staff wrote it.
struct Utterance<'c> {
    class: usize,
    text: &'c str,
    place: Place,
}

/// Warnings about one language of the files. `own` is whether it is the shop's own.
pub fn review(content: &Content, hearing: &Hearing, own: bool) -> Diagnostics {
    let mut problems = Diagnostics::default();
    let utterances = utterances(content, hearing, own);
    near_duplicates(hearing, &utterances, &mut problems);
    misread(hearing, &utterances, &mut problems);
    poor(hearing, &utterances, &mut problems);
    if own {
        never_firing(content, &mut problems);
    }
    problems
}

fn utterances<'c>(content: &'c Content, hearing: &Hearing, own: bool) -> Vec<Utterance<'c>> {
    let mut all = Vec::new();
    for (class, what) in hearing.classes.iter().enumerate() {
        match what {
            Class::Intent(at) => {
                let Some(intent) = content.script.intents().get(*at) else {
                    continue;
                };
                let (texts, places) = match intent.translations.get(&hearing.code) {
                    Some(translation) => (&translation.examples, &translation.written),
                    None if own => (&intent.examples, &intent.written),
                    None => continue,
                };
                let pairs = texts.iter().zip(places);
                all.extend(pairs.map(|(text, place)| Utterance {
                    class,
                    text,
                    place: place.clone(),
                }));
            }
            Class::Article(id) => {
                let article = content.articles.iter().find(|article| article.id == *id);
                let Some(article) = article else { continue };
                let Some(source) = content.files.iter().find(|file| file.name == article.file)
                else {
                    continue;
                };
                for text in article.phrasings() {
                    // Phrasings stand below their question, each in a line of its own.
                    let start = source.byte(article.line, 1);
                    let at = source.text[start..].find(text).unwrap_or(0) + start;
                    let end = (at + text.len()).min(source.text.len());
                    all.push(Utterance {
                        class,
                        text,
                        place: (source.clone(), at..end),
                    });
                }
            }
        }
    }
    all
}

/// The id of a class, as staff know it.
fn name(hearing: &Hearing, class: usize) -> &str {
    hearing.learnt.get(class).map_or("", |learnt| &learnt.id)
}

fn warn(place: &Place, code: &'static str, message: String, help: String) -> Diagnostic {
    Diagnostic::error(code, &place.0, place.1.clone(), message, help).as_warning()
}

/// The same content words under two intents: nothing but the small words tells them apart.
fn near_duplicates(hearing: &Hearing, utterances: &[Utterance<'_>], problems: &mut Diagnostics) {
    let language = hearing.tongue.language;
    let mut seen: BTreeMap<BTreeSet<String>, &Utterance<'_>> = BTreeMap::new();
    for utterance in utterances {
        let stems = language.content_stems(utterance.text);
        if stems.len() < 2 {
            continue;
        }
        let Some(other) = seen.get(&stems) else {
            seen.insert(stems, utterance);
            continue;
        };
        if other.class == utterance.class {
            continue;
        }
        let (here, there) = (name(hearing, utterance.class), name(hearing, other.class));
        let message = format!(
            "`{}` of `{here}` says what `{}` of `{there}` says",
            utterance.text, other.text
        );
        let help =
            "keep it where it belongs, or word both so that a reader could tell which is meant";
        let problem = warn(&utterance.place, "near-duplicate", message, help.to_owned());
        problems.push(problem.with_related(&other.place.0, other.place.1.clone(), "the other one"));
    }
}

/// What the trained model, though it has seen it, reads as something else.
fn misread(hearing: &Hearing, utterances: &[Utterance<'_>], problems: &mut Diagnostics) {
    for utterance in utterances {
        let ranked = hearing.matcher.rank(utterance.text, &[]);
        let Some(first) = ranked.candidates.first() else {
            continue;
        };
        let mut own = ranked
            .candidates
            .iter()
            .filter(|one| one.class == utterance.class);
        let own = own.next().map_or(0.0, |own| own.probability);
        if first.class == utterance.class || first.probability < own + PLAINLY {
            continue;
        }
        let here = name(hearing, utterance.class);
        let read = name(hearing, first.class);
        let message = format!("`{}` of `{here}` is read as `{read}`", utterance.text);
        let because = first
            .nearest_example
            .map_or_else(String::new, |near| format!(" (like its `{near}`)"));
        let help =
            format!("move it to `{read}`{because}, or add two or three more like it to `{here}`");
        problems.push(warn(&utterance.place, "read-as-another", message, help));
    }
}

/// Intents with few utterances, or with ones that all say the same.
fn poor(hearing: &Hearing, utterances: &[Utterance<'_>], problems: &mut Diagnostics) {
    let language = hearing.tongue.language;
    let mut by_class: BTreeMap<usize, Vec<&Utterance<'_>>> = BTreeMap::new();
    for utterance in utterances {
        by_class.entry(utterance.class).or_default().push(utterance);
    }
    for (class, utterances) in by_class {
        if !matches!(hearing.classes.get(class), Some(Class::Intent(_))) {
            continue;
        }
        let id = name(hearing, class);
        let Some(first) = utterances.first() else {
            continue;
        };
        if (ENOUGH_TO_LOAD..FEW).contains(&utterances.len()) {
            let message = format!("`{id}` has {} utterances", utterances.len());
            let help = "write five or more, better ten, as shoppers say it".to_owned();
            problems.push(warn(&first.place, "few-examples", message, help));
        }
        let all: BTreeSet<String> = utterances
            .iter()
            .flat_map(|utterance| language.content_stems(utterance.text))
            .collect();
        if utterances.len() >= ENOUGH_TO_VARY && all.len() < WORDS_AMONG_THEM {
            let message = format!(
                "the {} utterances of `{id}` share {} words",
                utterances.len(),
                all.len()
            );
            let help =
                "say it in other words too: only what stands here can be recognised".to_owned();
            problems.push(warn(&first.place, "alike-examples", message, help));
        }
    }
}

/// Rules and utterances that an earlier rule of another intent takes away.
fn never_firing(content: &Content, problems: &mut Diagnostics) {
    let intents = content.script.intents();
    let mut rules: Vec<(usize, Rule)> = Vec::new();
    let mut places: Vec<(&Intent, &Place)> = Vec::new();
    for (at, intent) in intents.iter().enumerate() {
        for (rule, place) in intent.rules.iter().zip(&intent.rules_written) {
            rules.push((at, rule.clone()));
            places.push((intent, place));
        }
    }
    let Ok(set) = RuleSet::new(&rules) else {
        return;
    };
    // What an earlier rule of another intent takes, and which.
    let taken = |text: &str, own: usize| -> Option<(&Intent, &Place)> {
        let hit = set.matches(text).into_iter().next()?;
        (hit.class != own).then(|| places.get(hit.rule).copied())?
    };
    let mut complain = |place: &Place, code, message: String, help: &str, other: &Place| {
        let problem = warn(place, code, message, help.to_owned());
        problems.push(problem.with_related(&other.0, other.1.clone(), "this one comes first"));
    };
    for ((own, rule), (intent, place)) in rules.iter().zip(&places) {
        let text = match rule {
            Rule::Phrase(words) | Rule::Exact(words) => words.clone(),
            Rule::Keywords(words) => words.join(" "),
            Rule::Regex(_) => continue,
        };
        if let Some((other, there)) = taken(&text, *own) {
            let message = format!(
                "this rule of `{}` never fires: a rule of `{}` comes before it",
                intent.id, other.id
            );
            complain(
                place,
                "shadowed-rule",
                message,
                "make the earlier rule narrower, or remove this one",
                there,
            );
        }
    }
    for (own, intent) in intents.iter().enumerate() {
        for (example, place) in intent.examples.iter().zip(&intent.written) {
            if let Some((other, there)) = taken(example, own) {
                let message = format!(
                    "`{example}` of `{}` is taken by a rule of `{}`",
                    intent.id, other.id
                );
                complain(
                    place,
                    "taken-by-rule",
                    message,
                    "make the rule narrower, or move the utterance",
                    there,
                );
            }
        }
    }
}
