//! Slots: asked in order, several given at once, corrected, refused, dropped; a question in the
//! middle is answered and the flow goes on.

use super::address;
use super::block::{Line, Source};
use super::script::{Action, Intent, Slot, SlotKind};
use super::skills::{self, Skill};
use super::state::OpenFlow;
use super::talk::Talk;
use crate::understanding::{Entity, Repair, Value};
use std::collections::BTreeMap;
use std::ops::Range;

/// Words of an answer to a yes-or-no question that are about nothing else.
const SHORT: usize = 4;
/// What shoppers call the secrets of an order that are numbers.
const POSTCODES: [&str; 6] = ["postcode", "post", "zip", "postal", "plz", "postleitzahl"];
const PHONES: [&str; 6] = ["phone", "telephone", "mobile", "tel", "telefon", "handy"];
/// Answers that do not fit before a person is offered beside the question.
const PATIENCE: u8 = 2;
/// Times in a row that an open question is put again behind an answer to something else.
const REMINDERS: u8 = 2;

/// Opens `intent`: takes what the message already gives, then asks or acts.
pub(super) async fn begin(talk: &mut Talk<'_>, intent: &Intent) {
    begin_with(talk, intent, BTreeMap::new()).await;
}

/// The same, with slots that are filled already.
pub(super) async fn begin_with(
    talk: &mut Talk<'_>,
    intent: &Intent,
    slots: BTreeMap<String, String>,
) {
    let mut flow = OpenFlow {
        slots,
        ..OpenFlow::new(&intent.id)
    };
    for (name, value) in values(talk, intent, &flow) {
        flow.slots.insert(name, value);
    }
    // The same request again replaces the one that was waiting.
    talk.state.flows.retain(|open| open.intent != intent.id);
    talk.state.push_flow(flow);
    go_on(talk, intent).await;
}

/// Whether the message answers the open question or corrects an earlier answer; if so, takes it.
pub(super) async fn take_answer(talk: &mut Talk<'_>, intent: &Intent) -> bool {
    let Some(flow) = talk.state.open_flow().cloned() else {
        return false;
    };
    let given = values(talk, intent, &flow);
    let asks_again = asks_for_new_code(talk, intent);
    if given.is_empty() && !asks_again {
        return false;
    }
    if let Some(flow) = talk.state.flows.last_mut() {
        (flow.refused, flow.reminded) = (0, 0);
        flow.slots.extend(given);
        if asks_again {
            flow.slots.remove(skills::CODE_SENT);
        }
    }
    go_on(talk, intent).await;
    true
}

/// Asks for the first empty slot, or does the work.
async fn go_on(talk: &mut Talk<'_>, intent: &Intent) {
    if let Some(skill) = skill_of(intent)
        && !skills::prepare(skill, talk).await
    {
        talk.state.flows.pop();
        return;
    }
    let Some(flow) = talk.state.flows.last_mut() else {
        return;
    };
    let missing = intent
        .slots
        .iter()
        .find(|slot| !flow.slots.contains_key(&slot.name));
    if let Some(slot) = missing {
        flow.asking = Some(slot.name.clone());
        let question = question(talk, slot);
        talk.reply.line(question);
        if let Some(skill) = skill_of(intent) {
            skills::offer_beside(skill, talk, slot);
        }
        return;
    }
    let flow = talk.state.flows.pop();
    talk.slots = flow.map(|flow| flow.slots).unwrap_or_default();
    act(talk, intent).await;
}

fn skill_of(intent: &Intent) -> Option<Skill> {
    match &intent.action {
        Action::Skill(name) => Skill::named(name),
        Action::Reply(_) => None,
    }
}

/// Does what the intent says: its skill, or its own words.
async fn act(talk: &mut Talk<'_>, intent: &Intent) {
    match &intent.action {
        Action::Skill(name) => {
            if let Some(skill) = Skill::named(name) {
                skills::run(skill, talk).await;
            }
        }
        Action::Reply(text) => {
            let hours = talk.hours_in_words();
            let shop = talk.shop.facts.name.clone();
            let said = text.render(
                &[("hours", &hours), ("shop", &shop)],
                &talk.conditions,
                talk.language(),
                talk.state.turns,
            );
            let id = format!("{}.reply", intent.id);
            talk.reply.line(Line {
                text: said.unwrap_or_default(),
                source: Source::Text { id },
            });
        }
    }
    let choices = intent.choices_in(talk.language());
    if !choices.is_empty() {
        let id = format!("{}.choices", intent.id);
        let choice = |label: &String| super::block::Choice {
            label: label.clone(),
            say: None,
            source: Source::Text { id: id.clone() },
        };
        let choices = choices.iter().map(choice).collect();
        talk.reply.choices(choices);
    }
}

/// The open question once more after something else was answered. Who goes on to other things all the same is let go.
pub(super) fn ask_again(talk: &mut Talk<'_>, intent: &Intent) {
    let Some(slot) = asked(talk, intent) else {
        return;
    };
    if let Some(flow) = talk.state.flows.last_mut() {
        flow.reminded = flow.reminded.saturating_add(1);
        if flow.reminded > REMINDERS {
            talk.state.flows.pop();
            talk.resolved(format!("`{}` is left: other things were asked", intent.id));
            return;
        }
    }
    let question = question(talk, slot);
    let back = skills::back_to(skill_of(intent));
    let line = talk.line(back, &[("question", &question.text)]);
    talk.reply.bubble(line);
    offer_again(talk, intent, slot);
}

/// What a choice is made from stays on the screen.
fn offer_again(talk: &mut Talk<'_>, intent: &Intent, slot: &Slot) {
    if let Some(skill) = skill_of(intent).filter(|_| slot.kind == SlotKind::Choice) {
        skills::offer_beside(skill, talk, slot);
    }
}

/// The answer does not fit the question: say what would, and after a while offer a person.
pub(super) fn refuse(talk: &mut Talk<'_>, intent: &Intent) {
    let Some(slot) = asked(talk, intent) else {
        return;
    };
    let by_number = slot.kind == SlotKind::OrderSecret && talk.shop.facts.secret_is_customer_number;
    let own_words = slot.refuse.as_ref().and_then(|text| render(talk, text));
    let refusal = match own_words {
        _ if by_number => talk.line("order.refuse_customer_number", &[]),
        Some(text) => Line {
            text,
            source: Source::Text {
                id: format!("{}.{}.refuse", intent.id, slot.name),
            },
        },
        None => question(talk, slot),
    };
    talk.reply.line(refusal);
    offer_again(talk, intent, slot);
    let Some(flow) = talk.state.flows.last_mut() else {
        return;
    };
    flow.refused = flow.refused.saturating_add(1);
    if flow.refused >= PATIENCE {
        talk.offer(&["choice.person"]);
    }
}

/// Whether the message can be nothing but the answer to the open question, whatever else its words may mean.
pub(super) fn plainly_answers(talk: &Talk<'_>, intent: &Intent) -> bool {
    match asked(talk, intent).map(|slot| &slot.kind) {
        Some(SlotKind::YesNo) => short_answer(talk).is_some(),
        Some(SlotKind::Address) => address::whole(&talk.reading.text).is_some(),
        Some(SlotKind::Code) => {
            code_in(&talk.reading.text).is_some() || asks_for_new_code(talk, intent)
        }
        Some(SlotKind::Choice) => chosen(talk, intent, true).is_some(),
        _ => false,
    }
}

/// Which of what the skill offers the message picks; `plainly` when it can mean nothing else.
fn chosen(talk: &Talk<'_>, intent: &Intent, plainly: bool) -> Option<String> {
    skills::chosen(skill_of(intent)?, talk, asked(talk, intent)?, plainly)
}

/// "No, keep it": yes or no at the beginning of a few words, whatever the others may mean elsewhere.
fn short_answer(talk: &Talk<'_>) -> Option<&'static str> {
    const ANSWERS: [(&str, &str); 4] =
        [("yes", "yes"), ("no", "no"), ("ja", "yes"), ("nein", "no")];
    let words = &talk.reading.words;
    let first = words.first().filter(|_| words.len() <= SHORT)?;
    let answer = ANSWERS.iter().find(|(word, _)| *word == first.text);
    answer.map(|(_, answer)| *answer)
}

/// Whether what is typed may be a one-time code, which no trace keeps.
pub(super) fn waits_for_code(talk: &Talk<'_>, intent: &Intent) -> bool {
    asked(talk, intent).is_some_and(|slot| slot.kind == SlotKind::Code)
}

fn asks_for_new_code(talk: &Talk<'_>, intent: &Intent) -> bool {
    if !waits_for_code(talk, intent) {
        return false;
    }
    let label = talk.line("choice.new_code", &[]).text;
    let said = talk.reading.text.trim();
    // Whoever asks for a code while one is waited for asks for another.
    let asks = talk.shop.rules.matches(said).into_iter().next();
    let asks = asks.and_then(|hit| talk.shop.script.intents().get(hit.class));
    said.eq_ignore_ascii_case(&label) || asks.is_some_and(|one| one.id == intent.id)
}

/// Six digits, however they are set: `123 456`, "it's 123456".
fn code_in(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let words = text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .count();
    (digits.len() == 6 && words <= 4).then_some(digits)
}

/// The words of the open question, for "what did you ask?".
pub(super) fn repeat(talk: &mut Talk<'_>, intent: &Intent) {
    if let Some(slot) = asked(talk, intent) {
        let question = question(talk, slot);
        talk.reply.line(question);
        offer_again(talk, intent, slot);
    }
}

/// Whether commas and line breaks are part of the answer to the open question.
pub(super) fn waits_for_address(talk: &Talk<'_>, intent: &Intent) -> bool {
    asked(talk, intent).is_some_and(|slot| slot.kind == SlotKind::Address)
}

/// Whether a bare number answers the open question, rather than picking a choice.
pub(super) fn waits_for_quantity(talk: &Talk<'_>, intent: &Intent) -> bool {
    asked(talk, intent).is_some_and(|slot| slot.kind == SlotKind::Quantity)
}

fn asked<'i>(talk: &Talk<'_>, intent: &'i Intent) -> Option<&'i Slot> {
    let asking = talk.state.open_flow()?.asking.as_deref()?;
    intent.slots.iter().find(|slot| slot.name == asking)
}

fn render(talk: &Talk<'_>, text: &super::script::Text) -> Option<String> {
    let example = talk.shop.facts.order_example.clone();
    text.render(
        &[("example", &example)],
        &talk.conditions,
        talk.language(),
        talk.state.turns,
    )
}

fn question(talk: &Talk<'_>, slot: &Slot) -> Line {
    let open = talk.open_intent().and_then(skill_of);
    if let Some(line) = open.and_then(|skill| skills::question(skill, talk, slot)) {
        return line;
    }
    let own = match slot.kind {
        // Shops without e-mail addresses on their orders know their customers by number.
        SlotKind::OrderSecret if talk.shop.facts.secret_is_customer_number => {
            Some("order.ask_customer_number")
        }
        _ => None,
    };
    if let Some(id) = own {
        return talk.line(id, &[]);
    }
    let intent = talk
        .state
        .open_flow()
        .map_or("", |flow| flow.intent.as_str());
    let source = Source::Text {
        id: format!("{intent}.{}.ask", slot.name),
    };
    Line {
        text: render(talk, &slot.ask).unwrap_or_default(),
        source,
    }
}

/// What the message gives to the flow's slots. The slot being asked comes first; each word serves
/// one slot; a slot already filled changes only on an outright correction.
fn values(talk: &Talk<'_>, intent: &Intent, flow: &OpenFlow) -> Vec<(String, String)> {
    let asking = flow.asking.as_deref();
    let mut order: Vec<&Slot> = intent.slots.iter().collect();
    order.sort_by_key(|slot| Some(slot.name.as_str()) != asking);
    let mut used: Vec<Range<usize>> = Vec::new();
    let mut given = Vec::new();
    for slot in order {
        let is_asked = asking == Some(slot.name.as_str());
        let filled = flow.slots.contains_key(&slot.name);
        let free = talk
            .reading
            .entities
            .iter()
            .filter(|entity| !overlaps(&used, &entity.span));
        let best = free
            .filter_map(|entity| {
                fit(talk, &slot.kind, entity, is_asked, filled)
                    .map(|(rank, value)| (rank, entity, value))
            })
            .min_by_key(|(rank, entity, _)| (*rank, entity.span.start));
        if let Some((_, entity, value)) = best {
            used.push(entity.span.clone());
            given.push((slot.name.clone(), value));
        } else if is_asked && slot.kind == SlotKind::YesNo {
            let answer = short_answer(talk);
            given.extend(answer.map(|answer| (slot.name.clone(), answer.to_owned())));
        } else if slot.kind == SlotKind::Address {
            let told = if is_asked {
                address::whole(&talk.reading.text)
            } else {
                address::within(&talk.reading.text)
            };
            // A postcode in the address that was asked for is no order number.
            if is_asked && told.is_some() {
                used.push(0..usize::MAX);
            }
            given.extend(told.map(|address| (slot.name.clone(), address)));
        } else if is_asked && slot.kind == SlotKind::Code {
            let code = code_in(&talk.reading.text);
            given.extend(code.map(|code| (slot.name.clone(), code)));
        } else if is_asked && slot.kind == SlotKind::Choice {
            let chosen = chosen(talk, intent, false);
            given.extend(chosen.map(|chosen| (slot.name.clone(), chosen)));
        } else if is_asked && slot.kind == SlotKind::Text && !talk.reading.text.trim().is_empty() {
            given.push((slot.name.clone(), talk.reading.text.trim().to_owned()));
        }
    }
    // "No, to Kongens gate 3, 0153 Oslo" is a better address, not a no.
    let better = |(name, _): &(String, String)| {
        let mut slots = intent.slots.iter();
        slots.any(|slot| slot.kind == SlotKind::Address && slot.name == *name)
    };
    if given.iter().any(better) {
        let is_yes_no = |name: &str| {
            let mut slots = intent.slots.iter();
            slots.any(|slot| slot.kind == SlotKind::YesNo && slot.name == name)
        };
        given.retain(|(name, _)| !is_yes_no(name));
    }
    given
}

fn overlaps(used: &[Range<usize>], span: &Range<usize>) -> bool {
    used.iter()
        .any(|taken| taken.start < span.end && span.start < taken.end)
}

/// How well an entity serves a slot (0 is best), and the value it gives.
fn fit(
    talk: &Talk<'_>,
    kind: &SlotKind,
    entity: &Entity,
    asked: bool,
    filled: bool,
) -> Option<(u8, String)> {
    let corrects = talk.reading.says(Repair::Correction) || talk.reading.says(Repair::No);
    let numbers = talk.shop.facts.secret_is_customer_number;
    let is_postcode = talk.reading.is_called(&entity.span, &POSTCODES);
    match (kind, &entity.value) {
        (SlotKind::OrderNumber, _) if is_postcode => None,
        (SlotKind::OrderNumber, Value::OrderNumber(number)) => Some((0, number.clone())),
        // `10024` alone: the number when that was asked, or when something is being put right.
        (SlotKind::OrderNumber, Value::PossibleOrderNumber(number))
            if !filled || corrects || beside_email(talk) =>
        {
            Some((1, number.clone()))
        }
        (SlotKind::OrderSecret | SlotKind::Email, Value::Email(email)) => Some((0, email.clone())),
        (SlotKind::OrderSecret, Value::Number(number)) if numbers => Some((1, number.clone())),
        (SlotKind::OrderSecret, Value::Phone(phone))
            if (asked && !corrects) || talk.reading.is_called(&entity.span, &PHONES) =>
        {
            Some((2, phone.clone()))
        }
        (SlotKind::OrderSecret, Value::Postcode(postcode))
            if (asked && !corrects) || is_postcode =>
        {
            Some((3, postcode.clone()))
        }
        (SlotKind::Quantity, Value::Quantity(count)) => Some((0, count.to_string())),
        (SlotKind::Quantity, Value::Number(count)) if asked => Some((1, count.clone())),
        (SlotKind::YesNo, Value::Repair(Repair::Yes)) if asked => Some((0, "yes".into())),
        (SlotKind::YesNo, Value::Repair(Repair::No)) if asked => Some((0, "no".into())),
        (SlotKind::Date, Value::Day(day)) => {
            let (from, _) = day.resolve(talk.date(talk.now))?;
            Some((0, from.to_string()))
        }
        (SlotKind::Custom(wanted), Value::Custom { name, value }) if wanted == name => {
            Some((0, value.clone()))
        }
        _ => None,
    }
}

fn beside_email(talk: &Talk<'_>) -> bool {
    talk.reading.email().is_some()
}
