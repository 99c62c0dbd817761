//! Holding a reply against what it must be: every miss as a sentence.

use super::dialogue::{Must, OrderMust, ProductsMust};
use crate::dialogue::block::{Block, Choice, HandoffState, OrderCard, ProductCard, Source, Stock};
use crate::dialogue::{State, Trace, lines};

/// What one turn came to.
pub(super) struct Outcome {
    pub(super) reply: Vec<Block>,
    pub(super) state: State,
    pub(super) trace: Option<Trace>,
}

/// Every way in which the outcome is not what it must be; empty when all is well. `words_before` are
/// the replies' words so far.
pub(super) fn misses(must: &Must, outcome: &Outcome, words_before: &[String]) -> Vec<String> {
    let mut misses = Vec::new();
    let said = words(&outcome.reply);
    let lower = said.to_lowercase();
    let mut expect = |holds: bool, miss: String| {
        if !holds {
            misses.push(miss);
        }
    };
    for wanted in must.say.all() {
        expect(
            lower.contains(&wanted.to_lowercase()),
            format!("must say `{wanted}`"),
        );
    }
    let one_of = must.say_one_of.all();
    let any = one_of
        .iter()
        .any(|wanted| lower.contains(&wanted.to_lowercase()));
    expect(
        one_of.is_empty() || any,
        format!("must say one of {one_of:?}"),
    );
    for unwanted in must.not_say.all() {
        expect(
            !lower.contains(&unwanted.to_lowercase()),
            format!("must not say `{unwanted}`"),
        );
    }
    for kind in must.show.all() {
        expect(
            outcome.reply.iter().any(|block| kind_of(block) == kind),
            format!("must show {kind}"),
        );
    }
    for kind in must.not_show.all() {
        expect(
            !outcome.reply.iter().any(|block| kind_of(block) == kind),
            format!("must not show {kind}"),
        );
    }
    if let Some(wanted) = &must.ask {
        let asking = outcome
            .state
            .open_flow()
            .and_then(|flow| flow.asking.clone());
        let asking = asking.unwrap_or_else(|| "nothing".to_owned());
        expect(
            asking == *wanted,
            format!("must ask `{wanted}`, asks `{asking}`"),
        );
    }
    let decision = outcome.trace.as_ref().and_then(|trace| trace.decision());
    if let Some(wanted) = &must.skill {
        let skill = decision.map_or("nothing", |decision| &decision.skill);
        expect(
            skill == wanted,
            format!("must use skill `{wanted}`, used `{skill}`"),
        );
    }
    if let Some(wanted) = &must.intent {
        let intent = decision
            .and_then(|decision| decision.intent.as_deref())
            .unwrap_or("none");
        expect(
            intent == wanted,
            format!("must be read as `{wanted}`, was read as `{intent}`"),
        );
    }
    let labels: Vec<&str> = choices(&outcome.reply)
        .map(|choice| choice.label.as_str())
        .collect();
    for wanted in must.choices.all() {
        let there = labels
            .iter()
            .any(|label| label.eq_ignore_ascii_case(wanted));
        expect(there, format!("must offer `{wanted}`, offers {labels:?}"));
    }
    if let Some(title) = &must.source {
        let named = |source: &Source| matches!(source, Source::Article { title: known, .. } if known == title);
        let there = lines(&outcome.reply).iter().any(|line| named(&line.source));
        expect(there, format!("must answer from `{title}`"));
    }
    if let Some(wanted) = &must.handoff {
        let state = outcome.reply.iter().find_map(|block| match block {
            Block::Handoff {
                state: HandoffState::Waiting,
                ..
            } => Some("waiting"),
            Block::Handoff {
                state: HandoffState::OutOfHours,
                ..
            } => Some("out_of_hours"),
            _ => None,
        });
        expect(
            state == Some(wanted),
            format!("must hand over ({wanted}), was {state:?}"),
        );
    }
    if let Some(earlier) = must.same_words_as {
        let same = earlier
            .checked_sub(1)
            .and_then(|at| words_before.get(at))
            .is_some_and(|words| *words == said);
        expect(
            same,
            format!("must have the same words as the reply to exchange {earlier}"),
        );
    }
    let order = outcome.reply.iter().find_map(|block| {
        if let Block::Order(order) = block {
            Some(order)
        } else {
            None
        }
    });
    if let Some(wanted) = &must.order {
        match order {
            Some(order) => order_misses(wanted, order, &mut misses),
            None => misses.push("must show an order".to_owned()),
        }
    }
    if let Some(wanted) = &must.products {
        let cards: Vec<&ProductCard> = outcome.reply.iter().filter_map(items).flatten().collect();
        product_misses(wanted, &cards, &mut misses);
    }
    for line in lines(&outcome.reply) {
        if !line.source.is_named() {
            misses.push(format!("`{}` is said without a source", line.text));
        }
    }
    misses
}

fn order_misses(wanted: &OrderMust, order: &OrderCard, misses: &mut Vec<String>) {
    let mut field = |name: &str, wanted: &Option<String>, found: Option<&str>| {
        if let Some(wanted) = wanted
            && found != Some(wanted)
        {
            misses.push(format!(
                "the order's {name} must be `{wanted}`, is {found:?}"
            ));
        }
    };
    field("number", &wanted.number, Some(&order.number));
    field("status", &wanted.status, Some(&order.status));
    let carrier = order.parcels.first().map(|parcel| parcel.carrier.as_str());
    field("carrier", &wanted.carrier, carrier);
    field(
        "expected day",
        &wanted.expected_on,
        order.expected_on.as_deref(),
    );
    for title in wanted.items.all() {
        if !order
            .items
            .iter()
            .any(|item| item.title.eq_ignore_ascii_case(title))
        {
            misses.push(format!("the order must hold `{title}`"));
        }
    }
    if let Some(tracked) = wanted.tracking
        && tracked != order.parcels.iter().any(|parcel| parcel.tracking.is_some())
    {
        misses.push(format!(
            "the order's tracking must be {}",
            if tracked { "shown" } else { "absent" }
        ));
    }
}

fn product_misses(wanted: &ProductsMust, cards: &[&ProductCard], misses: &mut Vec<String>) {
    let titles: Vec<&str> = cards.iter().map(|card| card.title.as_str()).collect();
    let mut expect = |holds: bool, miss: String| {
        if !holds {
            misses.push(format!("{miss}; shown: {titles:?}"));
        }
    };
    expect(
        wanted.count.is_none_or(|count| cards.len() == count),
        format!("must show {:?} products", wanted.count),
    );
    expect(
        wanted.at_least.is_none_or(|n| cards.len() >= n),
        format!("must show at least {:?}", wanted.at_least),
    );
    expect(
        wanted.at_most.is_none_or(|n| cards.len() <= n),
        format!("must show at most {:?}", wanted.at_most),
    );
    expect(
        !cards.is_empty() || wanted.count == Some(0) || wanted.at_most.is_some(),
        "must show products".to_owned(),
    );
    for card in cards {
        let price = card.price.minor as f64 / 10_f64.powi(card.price.currency.decimals() as i32);
        let under = wanted.all_under.is_none_or(|limit| price < limit);
        expect(
            under,
            format!(
                "{} costs {price}, not under {:?}",
                card.title, wanted.all_under
            ),
        );
        let over = wanted.all_over.is_none_or(|limit| price > limit);
        expect(
            over,
            format!(
                "{} costs {price}, not over {:?}",
                card.title, wanted.all_over
            ),
        );
        if wanted.each_says_why == Some(true) {
            expect(
                !card.why.is_empty(),
                format!("{} does not say why", card.title),
            );
        }
        if wanted.in_stock == Some(true) {
            expect(
                card.stock != Stock::Out,
                format!("{} is out of stock", card.title),
            );
        }
        let about = wanted.each_about.all();
        let all = card_words(card);
        let is = about.is_empty() || about.iter().any(|word| all.contains(&word.to_lowercase()));
        expect(is, format!("{} is not about {about:?}", card.title));
    }
    if let Some(first) = &wanted.first {
        let is_first = titles
            .first()
            .is_some_and(|title| title.eq_ignore_ascii_case(first));
        expect(is_first, format!("must show `{first}` first"));
    }
    let has = |title: &String| titles.iter().any(|known| known.eq_ignore_ascii_case(title));
    for title in wanted.include.all() {
        expect(has(title), format!("must show `{title}`"));
    }
    for title in wanted.exclude.all() {
        expect(!has(title), format!("must not show `{title}`"));
    }
}

fn card_words(card: &ProductCard) -> String {
    let why = card.why.iter().map(|line| line.text.as_str());
    let options = card
        .options
        .iter()
        .flat_map(|option| option.values.iter().map(String::as_str));
    let all: Vec<&str> = std::iter::once(card.title.as_str())
        .chain(why)
        .chain(options)
        .collect();
    all.join(" ").to_lowercase()
}

fn items(block: &Block) -> Option<&Vec<ProductCard>> {
    match block {
        Block::Products { items, .. }
        | Block::Comparison {
            products: items, ..
        } => Some(items),
        _ => None,
    }
}

fn choices(reply: &[Block]) -> impl Iterator<Item = &Choice> {
    let rows = reply.iter().filter_map(|block| {
        if let Block::Choices { choices, .. } = block {
            Some(choices)
        } else {
            None
        }
    });
    rows.flatten()
}

/// All words of a reply: what a shopper reads.
pub(super) fn words(reply: &[Block]) -> String {
    let all: Vec<&str> = lines(reply)
        .into_iter()
        .map(|line| line.text.as_str())
        .collect();
    all.join("\n")
}

pub(super) fn kind_of(block: &Block) -> &'static str {
    match block {
        Block::Text { .. } => "text",
        Block::Choices { .. } => "choices",
        Block::Products { .. } => "products",
        Block::Comparison { .. } => "comparison",
        Block::Cart(_) => "cart",
        Block::Order(_) => "order",
        Block::Return(_) => "return",
        Block::Form { .. } => "form",
        Block::Link { .. } => "link",
        Block::Image { .. } => "image",
        Block::Rating { .. } => "rating",
        Block::Handoff { .. } => "handoff",
    }
}
