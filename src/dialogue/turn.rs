//! A turn: one message in, one reply out, and a trace that says why. Its stages are the functions
//! below, in the order of [`turn`].

use super::block::Block;
use super::decide::{self, Meaning};
use super::described;
use super::finished::finish;
use super::flow;
use super::manners;
use super::port::{Ports, Tape};
use super::read::Reading;
use super::reply::Reply;
use super::script::Intent;
use super::shop::Shop;
use super::skills::{self, Skill};
use super::standing;
use super::state::State;
use super::talk::Talk;
use super::trace::{By, Trace};
use super::unsure;
use crate::cart;
use crate::catalog::Naming;
use crate::recommend::Profile;
use crate::relay::Links;
use crate::returns::Return;
use crate::shoppers::SignedIn;
use crate::text::Language;
use crate::understanding::{self, Heard};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Requests answered in one message; what comes after them is left to the next message.
const PARTS: usize = 2;

/// What a shopper said.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    pub text: &'a str,
    /// Ids of photos that came along.
    pub photos: &'a [String],
    /// Who asks, for the limits on order lookups: an opaque id.
    pub shopper: &'a str,
    /// Whose orders may be told without a proof: the shop's page has vouched for who is there.
    pub owner: Option<&'a SignedIn>,
    /// What is in the cart of the page the shopper writes from; it is the one that counts.
    pub cart: Option<&'a [cart::Item]>,
    /// Promo codes good for one order that this shopper has used, in whichever conversation.
    pub spent: &'a [String],
    /// What the shopper did in the shop, where they consented.
    pub profile: Option<&'a Profile>,
    /// Where a code to go on in a messenger is had, where one may be.
    pub links: Option<&'a Links>,
}

impl Said<'_> {
    /// Nothing, by nobody.
    pub(super) fn nothing() -> Self {
        Self {
            text: "",
            photos: &[],
            shopper: "",
            owner: None,
            cart: None,
            spent: &[],
            profile: None,
            links: None,
        }
    }
}

/// What a turn made of it. The floor above stores all of it before the reply leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Turned {
    pub state: State,
    pub reply: Vec<Block>,
    pub trace: Trace,
    /// Nothing answered the message: queue it for staff.
    pub unanswered: bool,
    /// The shopper asked for everything to be deleted.
    pub erase: bool,
    /// Promo codes good for one order that are used from here on.
    pub spent: Vec<String>,
    /// Returns that this turn opens. The floor above stores them with the turn, or neither.
    pub returns: Vec<Return>,
    /// What staff should know when they take over.
    pub case: Option<String>,
    /// The number of a return, and ids of photos that show what it is about.
    pub shown: Vec<(String, Vec<String>)>,
}

/// Answers one message. Deterministic: the same shop, state, message, clock and port answers give
/// the same reply. Cost does not depend on how long the conversation is.
pub async fn turn(
    shop: &Shop,
    state: &State,
    said: Said<'_>,
    now: Timestamp,
    tape: Tape<'_>,
) -> Turned {
    let mut talk = begin(shop, state, said, now, tape);
    talk.trace.spent = talk.state.cart.spent_elsewhere(said.spent);
    let known = talk.state.cart.spent.len();
    if let Some(items) = said.cart {
        talk.state.cart.take_over(items, &shop.catalog);
        talk.trace.cart = Some(items.to_vec());
    }
    let spent = talk.state.cart.spent[known..].to_vec();
    skills::photo::came(&mut talk, said.photos);
    if !said.photos.is_empty() && said.text.trim().is_empty() {
        skills::photo::alone(&mut talk).await;
        return Turned {
            spent,
            ..finish(talk)
        };
    }
    let text = taken_as(&mut talk, said.text);
    let mut offered = talk.state.offered.iter();
    let tapped = offered.any(|choice| choice.say == text);
    // A button's words are ours, whatever language goods are named in.
    if !tapped && !standing::tells_no_language(&talk, &text) {
        hear(&mut talk, &text);
    }
    let language = Language::of(talk.language());
    let whole = talk
        .open_intent()
        .is_some_and(|open| flow::waits_for_address(&talk, open));
    // What a button says is one thing to say, commas or not.
    let parts = if whole || tapped {
        vec![text.as_str()]
    } else {
        parts(shop, &text, language)
    };
    let offered_before = std::mem::take(&mut talk.state.offered);
    for part in parts.iter().take(PARTS) {
        let part = match talk.open_intent() {
            Some(_) => part,
            None => understanding::wanted(part),
        };
        talk.reading = Reading::of(shop, part, language);
        described::point(
            &mut talk.reading,
            &talk.state.shown,
            &shop.catalog,
            language,
        );
        let mut noticed = talk.reading.noticed();
        if talk
            .open_intent()
            .is_some_and(|open| flow::waits_for_code(&talk, open))
        {
            noticed.retain(|entity| !entity.text.contains(|c: char| c.is_ascii_digit()));
        }
        talk.trace.entities.extend(noticed);
        answer_part(&mut talk).await;
    }
    manners::soothe(&mut talk, &text);
    skills::photo::goes_on(&mut talk, !said.photos.is_empty());
    if talk.reply.is_empty() {
        talk.state.offered = offered_before;
    }
    Turned {
        spent,
        ..finish(talk)
    }
}

/// Which language the message is in: one of the shop's is spoken from here on.
fn hear(talk: &mut Talk<'_>, text: &str) {
    match talk.shop.languages.hear(text, talk.heard) {
        Heard::Foreign(language) => talk.foreign = Some(language),
        Heard::Own(place)
            if place != talk.heard
                && place < talk.shop.hearings.len()
                // "Bobble hat": what goods are called is no German, though German has the word.
                && talk.shop.catalog.naming(text, text) != Some(Naming::Whole) =>
        {
            talk.heard = place;
            let code = talk.language().to_owned();
            talk.resolved(format!("spoken in {code}"));
            talk.state.language = Some(code);
        }
        Heard::Own(_) => {}
    }
}

/// The requests of a message. A part that is nothing but values (a number, an address) belongs to
/// the request beside it.
fn parts<'t>(shop: &Shop, text: &'t str, language: Language) -> Vec<&'t str> {
    let parts = understanding::segments(text);
    let bare = |part: &&str| {
        let reading = Reading::of(shop, part, language);
        reading.rest_words() == 0 && reading.mentions.is_empty()
    };
    if parts.len() > 1 && parts.iter().any(bare) {
        vec![text]
    } else {
        parts
    }
}

/// What the assistant says when a shopper opens the chat for the first time.
pub fn greeting(shop: &Shop, now: Timestamp) -> Vec<Block> {
    let said = Said::nothing();
    let mut talk = begin(shop, &State::default(), said, now, Tape::live());
    skills::greet(&mut talk);
    finish(talk).reply
}

pub(super) fn begin<'a>(
    shop: &'a Shop,
    state: &State,
    said: Said<'a>,
    now: Timestamp,
    tape: Tape<'a>,
) -> Talk<'a> {
    Talk {
        shop,
        ports: Ports::new(shop, &said, now, tape),
        conditions: shop.conditions(now),
        heard: state
            .language
            .as_deref()
            .map_or(0, |code| shop.hearing_in(code)),
        foreign: None,
        state: state.clone(),
        reply: Reply::default(),
        trace: Trace {
            signed_in: said.owner.is_some(),
            ..Trace::new(now)
        },
        now,
        reading: Reading::default(),
        slots: BTreeMap::new(),
        erase: false,
        unanswered: false,
        asked_return: false,
        opened: Vec::new(),
        case: None,
        shown: Vec::new(),
    }
}

/// A tap or a number stands for the words of the choice it picks.
fn taken_as(talk: &mut Talk<'_>, text: &str) -> String {
    let trimmed = text.trim();
    let number = trimmed.trim_end_matches(['.', ')']).parse::<usize>().ok();
    let expects_number = talk
        .open_intent()
        .is_some_and(|intent| flow::waits_for_quantity(talk, intent));
    let offered = &talk.state.offered;
    let picked = match number {
        Some(n) if !expects_number && n > 0 => offered.get(n - 1),
        _ => offered
            .iter()
            .find(|choice| choice.label.eq_ignore_ascii_case(trimmed)),
    };
    let Some(choice) = picked else {
        return text.to_owned();
    };
    let say = choice.say.clone();
    if say != text {
        talk.trace.taken_as = Some(say.clone());
    }
    say
}

/// One request: the first stage that knows what to do with it does it.
async fn answer_part(talk: &mut Talk<'_>) {
    let returning = talk.state.returning.clone();
    talk.asked_return = false;
    act_on(talk).await;
    skills::next_to_cancel(talk).await;
    // Something else was answered in the middle of a return: its question still stands.
    let stands = returning.is_some() && talk.state.returning == returning;
    if stands && talk.open_intent().is_none() && !talk.asked_return {
        skills::returns::ask_again(talk).await;
    }
}

async fn act_on(talk: &mut Talk<'_>) {
    if standing::answered_pending(talk) {
        return;
    }
    if talk.open_intent().is_none() && skills::returns::answered(talk).await {
        talk.decided(By::Context, None, 1.0, Skill::ReturnItem.name());
        talk.state.misses = 0;
        return;
    }
    if talk.open_intent().is_none() && skills::tried_again(talk).await {
        talk.decided(By::Context, None, 1.0, Skill::OrderStatus.name());
        talk.state.misses = 0;
        return;
    }
    if talk.open_intent().is_none() && skills::cart::picked(talk) {
        talk.decided(By::Context, None, 1.0, Skill::AddToCart.name());
        talk.state.misses = 0;
        return;
    }
    if talk.open_intent().is_none() && skills::guide_answered(talk) {
        talk.decided(By::Context, None, 1.0, Skill::FindProducts.name());
        talk.state.misses = 0;
        return;
    }
    if standing::repaired(talk) {
        return;
    }
    let meaning = decide::meaning(talk);
    match talk.open_intent() {
        Some(open) => in_flow(talk, open, meaning).await,
        None => free(talk, meaning).await,
    }
}

/// A question is open. What is plainly something else is answered first; what fits is taken.
async fn in_flow(talk: &mut Talk<'_>, open: &Intent, meaning: Meaning) {
    let other = match &meaning {
        Meaning::Intent { id, .. } => *id != open.id && talk.reading.rest_words() >= 2,
        Meaning::Article { .. } => talk.reading.rest_words() >= 2,
        _ => false,
    };
    let other = other && !flow::plainly_answers(talk, open);
    if !other && flow::take_answer(talk, open).await {
        talk.decided(By::Slot, Some(&open.id), 1.0, action_name(open));
        // The flow's work is done and the message was understood.
        talk.state.misses = 0;
        return;
    }
    match meaning {
        Meaning::Intent { ref id, .. } if skills::returns::says_more(talk, open, id) => {
            talk.decided(By::Slot, Some(&open.id), 1.0, action_name(open));
            if talk.reply.is_empty() {
                flow::repeat(talk, open);
            }
        }
        Meaning::Intent { ref id, .. } if *id == open.id => {
            talk.decided(By::Refusal, Some(&open.id), 1.0, action_name(open));
            flow::refuse(talk, open);
        }
        Meaning::Intent { .. } | Meaning::Article { .. } | Meaning::Products => {
            free(talk, meaning).await;
            // Another flow may have opened on top: its question stands, ours waits below it.
            if talk
                .state
                .open_flow()
                .is_some_and(|flow| flow.intent == open.id)
            {
                flow::ask_again(talk, open);
            }
        }
        Meaning::Close(_) | Meaning::Foreign(_) | Meaning::Nothing => {
            talk.decided(By::Refusal, Some(&open.id), 1.0, action_name(open));
            flow::refuse(talk, open);
        }
    }
}

fn action_name(intent: &Intent) -> &str {
    match &intent.action {
        super::script::Action::Skill(name) => name,
        super::script::Action::Reply(_) => "reply",
    }
}

/// Nothing is open: act on what the message means.
async fn free(talk: &mut Talk<'_>, meaning: Meaning) {
    match meaning {
        Meaning::Intent { id, confidence, by } => {
            let shop = talk.shop;
            let Some(intent) = shop.script.intent(&id) else {
                return;
            };
            talk.decided(by, Some(&id), confidence, action_name(intent));
            talk.state.misses = 0;
            flow::begin(talk, intent).await;
        }
        Meaning::Article { hit } => {
            talk.decided(By::Article, None, hit.confidence, "answer_article");
            talk.state.misses = 0;
            skills::answer(talk, &hit);
        }
        Meaning::Products => {
            talk.decided(By::Products, None, 1.0, Skill::FindProducts.name());
            talk.state.misses = 0;
            skills::bare_wish(talk);
        }
        Meaning::Close(choices) => {
            let confidence = choices.first().map_or(0.0, |choice| choice.1);
            talk.decided(By::Clarify, None, confidence, "clarify");
            match unsure::only_article(talk, &choices) {
                Some(hit) => unsure::perhaps(talk, &hit),
                None => unsure::clarify(talk, choices.into_iter().map(|one| one.0).collect()),
            }
        }
        Meaning::Foreign(language) => unsure::foreign(talk, language),
        Meaning::Nothing => unsure::lost(talk),
    }
}
