//! Understood wherever the conversation is: the answer to a question that waits, "never mind", "start over".

use super::flow;
use super::skills::{self, Skill};
use super::state::Pending;
use super::talk::Talk;
use super::trace::By;
use crate::understanding::Repair;

/// "Yes", "no" or an address after a question that waits for one.
pub(super) fn answered_pending(talk: &mut Talk<'_>) -> bool {
    let Some(pending) = talk.state.pending else {
        return false;
    };
    match pending {
        Pending::PromoCode => {
            if !skills::cart::looks_like_code(talk) {
                talk.state.pending = None;
                return false;
            }
            talk.decided(By::Pending, None, 1.0, Skill::PromoCode.name());
            skills::cart::given(talk);
            true
        }
        Pending::HandoffEmail => {
            let Some(email) = talk.reading.email() else {
                return false;
            };
            talk.decided(By::Pending, None, 1.0, Skill::Handoff.name());
            skills::kept_email(talk, &email);
            true
        }
        Pending::DeleteEverything => {
            let label = talk.line("choice.delete", &[]).text;
            let keep = talk.line("choice.keep", &[]).text;
            let said = talk.reading.text.trim().to_owned();
            let yes = talk.reading.says(Repair::Yes) || said.eq_ignore_ascii_case(&label);
            let no = talk.reading.says(Repair::No)
                || talk.reading.says(Repair::NeverMind)
                || said.eq_ignore_ascii_case(&keep);
            if !yes && !no {
                talk.state.pending = None;
                return false;
            }
            talk.decided(By::Pending, None, 1.0, Skill::PrivacyDelete.name());
            skills::confirmed(talk, yes && !no);
            true
        }
    }
}

/// "Never mind", "start over", "what did you ask?": understood in every flow.
pub(super) fn repaired(talk: &mut Talk<'_>) -> bool {
    let Some(repair) = talk.reading.only_repair() else {
        return false;
    };
    let open = talk.open_intent();
    // "None of these" is a no, and after products staff's rule says what it asks for.
    let is_ruled = || !talk.shop.rules.matches(&talk.reading.text).is_empty();
    if open.is_none() && !talk.state.shown.is_empty() && is_ruled() {
        return false;
    }
    match repair {
        Repair::StartOver => {
            talk.decided(By::Repair, None, 1.0, Skill::StartOver.name());
            skills::restart(talk);
        }
        Repair::Repeat => {
            talk.decided(By::Repair, None, 1.0, Skill::Repeat.name());
            match open {
                Some(intent) => flow::repeat(talk, intent),
                None => skills::say_again(talk),
            }
        }
        Repair::NeverMind if open.is_some() => {
            talk.decided(By::Repair, None, 1.0, "never_mind");
            talk.state.flows.clear();
            talk.state.returning = None;
            talk.state.returns_later = None;
            talk.state.cancel_later.clear();
            talk.say("repair.cancelled", &[]);
        }
        // "Ok", "no": nothing was asked that needs it.
        Repair::Yes | Repair::No if open.is_none() => {
            talk.decided(By::Repair, None, 1.0, "noted");
            talk.say("repair.noted", &[]);
        }
        Repair::NeverMind | Repair::Skip | Repair::Back if open.is_none() => {
            talk.decided(By::Repair, None, 1.0, "never_mind");
            talk.say("repair.nothing", &[]);
        }
        // Back and Skip in a flow whose slots are all needed come to the same: ask once more.
        Repair::Skip | Repair::Back => {
            talk.decided(By::Repair, None, 1.0, "skip");
            if let Some(intent) = open {
                flow::refuse(talk, intent);
            }
        }
        _ => return false,
    }
    true
}

/// "L", "5 kg", and a few words after a question: an answer, whatever language has its words too.
pub(super) fn tells_no_language(talk: &Talk<'_>, text: &str) -> bool {
    const ANSWER: usize = 3;
    const SIGNS: usize = 3;
    let state = &talk.state;
    let asked = !state.flows.is_empty()
        || state.picking.is_some()
        || state.guide.is_some()
        || state.returning.is_some()
        || state.pending.is_some();
    let mut words = text.split_whitespace();
    let few = words.clone().count() <= ANSWER;
    let no_words = words.all(|word| word.chars().count() < SIGNS || word.parse::<f64>().is_ok());
    state.turns > 0 && ((asked && few) || no_words)
}
