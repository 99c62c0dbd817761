//! One turn under way: what skills see and what they may change.

use super::block::{Choice, Line, Source};
use super::hearing::Hearing;
use super::port::Ports;
use super::read::Reading;
use super::reply::Reply;
use super::script::{Conditions, Intent};
use super::shop::Shop;
use super::state::{Proven, State};
use super::trace::{By, Decision, Trace};
use crate::orders::OrderNumber;
use crate::returns::Return;
use crate::text::Language;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Orders kept for "what do you know about me".
const ORDERS_KEPT: usize = 5;

pub(super) struct Talk<'a> {
    pub(super) shop: &'a Shop,
    pub(super) ports: Ports<'a>,
    pub(super) state: State,
    /// Place among the shop's hearings: the language being spoken.
    pub(super) heard: usize,
    /// Plainly another language, which nobody here speaks.
    pub(super) foreign: Option<Language>,
    pub(super) reply: Reply,
    pub(super) trace: Trace,
    pub(super) now: Timestamp,
    /// What is the case now, for texts that depend on it.
    pub(super) conditions: Conditions,
    /// The part of the message being worked on.
    pub(super) reading: Reading,
    /// Values of the flow that has just been completed.
    pub(super) slots: BTreeMap<String, String>,
    /// The shopper asked for everything to be deleted.
    pub(super) erase: bool,
    /// Nothing known answered the message: staff should see it.
    pub(super) unanswered: bool,
    /// The open return has put its question in answer to this part.
    pub(super) asked_return: bool,
    /// Returns opened in this turn: stored with it.
    pub(super) opened: Vec<Return>,
    /// What staff should know when they take over.
    pub(super) case: Option<String>,
    /// The number of a return, and ids of photos that show what it is about: stored with the turn.
    pub(super) shown: Vec<(String, Vec<String>)>,
}

impl<'a> Talk<'a> {
    /// What is understood in the language being spoken.
    pub(super) fn hearing(&self) -> &'a Hearing {
        &self.shop.hearings[self.heard]
    }

    /// Its code, `en`.
    pub(super) fn language(&self) -> &'a str {
        &self.hearing().code
    }

    /// Whose question is open.
    pub(super) fn open_intent(&self) -> Option<&'a Intent> {
        let shop = self.shop;
        shop.script.intent(&self.state.open_flow()?.intent)
    }

    /// Writes down what was decided, and by what.
    pub(super) fn decided(&mut self, by: By, intent: Option<&str>, confidence: f32, skill: &str) {
        let intent = intent.map(str::to_owned);
        self.trace.decisions.push(Decision {
            by,
            intent,
            confidence,
            skill: skill.to_owned(),
        });
    }

    /// The words of a text with its variables filled in; its source is the text.
    pub(super) fn line(&self, id: &str, variables: &[(&str, &str)]) -> Line {
        let text = self.shop.script.text(id).and_then(|text| {
            text.render(
                variables,
                &self.conditions,
                self.language(),
                self.state.turns,
            )
        });
        // A missing text cannot be published (`check` refuses it); its id is still better than silence.
        Line {
            text: text.unwrap_or_else(|| id.to_owned()),
            source: Source::Text { id: id.to_owned() },
        }
    }

    pub(super) fn say(&mut self, id: &str, variables: &[(&str, &str)]) {
        let line = self.line(id, variables);
        self.reply.line(line);
    }

    /// Offers choices whose labels are texts; a tap says the label.
    pub(super) fn offer(&mut self, labels: &[&str]) {
        let choices = labels.iter().map(|id| {
            let Line { text, source } = self.line(id, &[]);
            Choice {
                label: text,
                say: None,
                source,
            }
        });
        let choices = choices.collect();
        self.reply.choices(choices);
    }

    pub(super) fn slot(&self, name: &str) -> String {
        self.slots.get(name).cloned().unwrap_or_default()
    }

    /// Notes that an order was shown; `proven_now` when its secret was just given.
    pub(super) fn remember_order(&mut self, number: &str, proven_now: bool) {
        if proven_now {
            self.state.proven.retain(|known| known.what != number);
            self.state.proven.push(Proven {
                what: number.to_owned(),
                at: self.now,
            });
            if self.state.proven.len() > ORDERS_KEPT {
                self.state.proven.remove(0);
            }
        }

        self.state.orders_seen.retain(|known| known != number);
        self.state.orders_seen.push(number.to_owned());
        if self.state.orders_seen.len() > ORDERS_KEPT {
            self.state.orders_seen.remove(0);
        }
    }

    /// Whether the order was proven to be the shopper's in this conversation, not long ago.
    pub(super) fn is_proven(&self, number: &str) -> bool {
        let normal = self.shop.order_numbers.normalise(number);
        let number = normal.unwrap_or_else(|| OrderNumber::new(number));
        let mut proven = self.state.proven.iter();
        proven.any(|known| known.what == number.as_str() && known.holds(self.now))
    }

    /// Whose orders may be told, by a code of this conversation.
    pub(super) fn owner(&self) -> Option<String> {
        let owner = self.state.owner.as_ref();
        let holds = owner.filter(|owner| owner.holds(self.now));
        holds.map(|owner| owner.what.clone())
    }

    /// The calendar day in the shop's zone.
    pub(super) fn date(&self, at: Timestamp) -> Date {
        at.to_zoned(self.shop.facts.zone.clone()).date()
    }

    /// `Tue 17 Nov`, with the year when it is not this one.
    pub(super) fn day_in_words(&self, day: Date) -> String {
        let this_year = day.year() == self.date(self.now).year();
        let form = match (Language::of(self.language()), this_year) {
            (Language::English, true) => "%a %-d %b",
            (Language::English, false) => "%a %-d %b %Y",
            // Numbers are the same in every language.
            (Language::German, true) => "%-d.%-m.",
            (Language::German, false) => "%-d.%-m.%Y",
            (_, true) => "%-d/%-m",
            (_, false) => "%-d/%-m/%Y",
        };
        day.strftime(form).to_string()
    }

    pub(super) fn is_open(&self) -> bool {
        self.shop.facts.hours.is_open(self.now)
    }

    /// "Mon–Fri 9:00–17:00, Sat 10:00–14:00"
    pub(super) fn hours_in_words(&self) -> String {
        self.shop
            .facts
            .hours
            .in_words(Language::of(self.language()))
    }

    /// "tomorrow at 9:00"
    pub(super) fn next_opening_in_words(&self) -> String {
        self.shop
            .facts
            .hours
            .next_opening_in_words(self.now, Language::of(self.language()))
    }

    /// `19.90 EUR`
    pub(super) fn money(&self, money: crate::money::Money) -> String {
        format!("{money} {}", money.currency)
    }

    pub(super) fn resolved(&mut self, what: String) {
        self.trace.resolved.push(what);
    }
}
