//! Questions about one product, answered from its own fields or honestly not.

use super::chosen::{self, has, is_not_in, remember, titled};
use super::passage::passage;
use super::suggest::{self, meant};
use super::{alert, sold_out, text};
use crate::catalog::{Product, Variant};
use crate::dialogue::block::{Line, Source};
use crate::dialogue::context;
use crate::dialogue::port::Offer;
use crate::dialogue::script::TextSpec;
use crate::dialogue::talk::Talk;
use crate::text as words;
use crate::understanding::{Measure, VocabularyKind};
use std::cmp::Ordering;

pub(super) const TEXTS: &[TextSpec] = &[
    text("detail.price", &["title", "price"]),
    text("detail.stock", &["title", "left"]),
    text("detail.in_stock", &["title"]),
    text("detail.out", &["title"]),
    text("detail.field", &["title", "field", "value"]),
    text("detail.unknown", &["title"]),
    text("detail.not_in", &["title", "value"]),
    text("detail.passage", &["title", "passage"]),
    text("detail.fits", &["title", "value"]),
    text("detail.too_large", &["title", "value"]),
    text("detail.comes_in", &["values"]),
];

/// What shoppers call a field. Words on the right ask for the attribute on the left.
const ASKED_AS: [(&str, &[&str]); 9] = [
    ("price", &["price", "cost", "costs", "much", "expensive"]),
    (
        "stock",
        &[
            "stock",
            "available",
            "availability",
            "left",
            "sold",
            "have",
            "back",
            "restock",
        ],
    ),
    (
        "material",
        &["material", "made", "fabric", "wool", "cotton", "consist"],
    ),
    (
        "care",
        &[
            "wash", "washable", "care", "clean", "machine", "dry", "iron",
        ],
    ),
    (
        "waterproof",
        &["waterproof", "rain", "rainproof", "wet", "water"],
    ),
    (
        "weight",
        &["weigh", "weighs", "weight", "heavy", "light", "lighter"],
    ),
    ("origin", &["origin", "country", "where"]),
    (
        "size",
        &["size", "sizes", "large", "small", "medium", "xl", "xs"],
    ),
    ("colour", &["colour", "colours", "color", "colors"]),
];

/// Whether a folded word asks for something that products have.
pub(in crate::dialogue) fn names_field(word: &str) -> bool {
    ASKED_AS.iter().any(|(_, cues)| cues.contains(&word))
}

pub(super) fn detail(talk: &mut Talk<'_>) {
    let another = goes_on(talk);
    let (sku, title) = match (&another, meant(talk)) {
        (Some(sku), _) => (sku.clone(), String::new()),
        (None, Some(about)) => (about.sku, about.title),
        (None, None) => {
            talk.say("with.ask_which", &[]);
            return;
        }
    };
    let Some(product) = talk.ports.product(&sku) else {
        talk.say("detail.unknown", &[("title", &title)]);
        return;
    };
    remember(talk, &product);
    let mut said = fits(talk, &product);
    let mut fields = asked_fields(talk, &product);
    if another.is_some() {
        fields.clone_from(&talk.state.fields);
    }
    talk.state.fields.clone_from(&fields);
    // "Does it have a pocket?" asks for the pocket, not for the stock.
    let of_part = fields == ["stock"] && !asks_stock(talk) && has_part(talk, &product);
    if !said && !of_part {
        for field in fields {
            said |= say_field(talk, &product, &field);
        }
    }
    if !said && !say_passage(talk, &product) {
        talk.say("detail.unknown", &[("title", &product.title)]);
    }
    if let Some(card) = talk.ports.card(&product.sku) {
        suggest::show(
            talk,
            vec![Offer {
                card,
                about: None,
                why: Vec::new(),
            }],
            "",
        );
    }
    alert::offer(talk, &product);
}

/// "And the Summit?" after "how heavy is the Fjord jacket?" asks the same of another.
fn goes_on(talk: &Talk<'_>) -> Option<String> {
    let asked = !talk.state.fields.is_empty();
    asked.then(|| context::another_product(talk)).flatten()
}

/// Whether what is asked of a product stands in its data.
pub(in crate::dialogue) fn answers(talk: &mut Talk<'_>, sku: &str) -> bool {
    let Some(product) = talk.ports.product(sku) else {
        return false;
    };
    let named = asked_fields(talk, &product);
    fitting(talk, &product).is_some()
        || named
            .iter()
            .any(|field| product.attributes.contains_key(field))
        || passage(&product, &talk.reading.text).is_some()
}

/// "In navy?" about the one product spoken of last: whether it comes in that. False when the message is about more,
/// or about nothing that this product has a choice of.
pub(super) fn comes_in(talk: &mut Talk<'_>) -> bool {
    let reading = &talk.reading;
    let narrows = reading.price().is_some()
        || reading.comparative().is_some()
        || !reading.without().is_empty()
        || !reading
            .mentions
            .iter()
            .all(|mention| matches!(mention.kind, VocabularyKind::Attribute { .. }));
    let Some(focus) = talk
        .state
        .focus
        .clone()
        .filter(|_| !narrows && reading.rest_words() == 0)
    else {
        return false;
    };
    let Some(product) = talk.ports.product(&focus.sku) else {
        return false;
    };
    let said = chosen::chosen(talk, &product);
    // What it does not come in goes first.
    let unmet = |(name, value): &&(String, String)| {
        let mut variants = product.variants.iter();
        !variants.any(|variant| has(variant, name, value))
    };
    let Some((name, value)) = said.iter().find(unmet).or(said.first()) else {
        return false;
    };
    let offered = option_values(&product, name);
    if offered.is_empty() {
        return false;
    }
    talk.resolved(format!(
        "`{value}` is asked of {} ({})",
        focus.title, focus.sku
    ));
    if product.variants.iter().any(|one| has(one, name, value)) {
        remember(talk, &product);
        say_field(talk, &product, "stock");
    } else {
        let title = product.title.as_str();
        let mut line = talk.line("detail.not_in", &[("title", title), ("value", value)]);
        let values = offered.join(", ");
        let mut others = talk.line("detail.comes_in", &[("values", &values)]);
        for said in [&mut line, &mut others] {
            said.source = Source::Product {
                sku: product.sku.clone(),
                field: name.clone(),
            };
        }
        talk.reply.line(line);
        talk.reply.line(others);
    }
    if let Some(card) = talk.ports.card(&product.sku) {
        let offer = Offer {
            card,
            about: None,
            why: Vec::new(),
        };
        suggest::show(talk, vec![offer], "");
    }
    alert::offer(talk, &product);
    true
}

/// "Does it fit a 15 inch laptop?", where a field says up to what it fits.
fn fits(talk: &mut Talk<'_>, product: &Product) -> bool {
    let Some((id, name)) = fitting(talk, product) else {
        return false;
    };
    let value = &product.attributes[&name];
    let mut line = talk.line(id, &[("title", &product.title), ("value", value)]);
    line.source = Source::Product {
        sku: product.sku.clone(),
        field: name,
    };
    talk.reply.line(line);
    true
}

/// The field that says up to what the product fits, and the text that says whether what is asked does.
fn fitting(talk: &Talk<'_>, product: &Product) -> Option<(&'static str, String)> {
    let asked = talk.reading.measure()?;
    let said = &talk.reading.words;
    let has = |word: &str| {
        said.iter()
            .any(|one| words::stem(&one.text) == words::stem(word))
    };
    let mut fields = product.attributes.iter();
    let field = fields.find(|(name, _)| {
        name.starts_with("fits ")
            && (name.split(' ').skip(1).all(has) || talk.state.focus.is_some())
    });
    let (name, value) = field?;
    let id = match Measure::of(value)?.compare(asked)? {
        Ordering::Less => "detail.too_large",
        Ordering::Equal | Ordering::Greater => "detail.fits",
    };
    Some((id, name.clone()))
}

/// The sentence of the description that speaks of what is asked.
fn say_passage(talk: &mut Talk<'_>, product: &Product) -> bool {
    let Some(passage) = passage(product, &talk.reading.text) else {
        return false;
    };
    let mut line = talk.line(
        "detail.passage",
        &[("title", &product.title), ("passage", passage)],
    );
    line.source = Source::Product {
        sku: product.sku.clone(),
        field: "description".to_owned(),
    };
    talk.reply.line(line);
    true
}

/// Whether the message asks for the stock in so many words, or for a size or colour of it.
fn asks_stock(talk: &Talk<'_>) -> bool {
    let cues = [
        "stock",
        "available",
        "availability",
        "left",
        "sold",
        "back",
        "restock",
    ];
    let reading = &talk.reading;
    let by_word = reading
        .words
        .iter()
        .any(|word| cues.contains(&word.text.as_str()));
    by_word || reading.size().is_some() || reading.colour().is_some()
}

/// Whether a word of the message is neither of the product's name nor of asking.
fn has_part(talk: &Talk<'_>, product: &Product) -> bool {
    let title: Vec<String> = words::words(&product.title)
        .into_iter()
        .map(|word| word.text)
        .collect();
    let mut rest = talk.reading.rest();
    rest.any(|word| {
        word != "have"
            && !title
                .iter()
                .any(|known| words::stem(known) == words::stem(word))
    })
}

/// The fields the message asks about, in the table's order; price and stock when it names none.
fn asked_fields(talk: &Talk<'_>, product: &Product) -> Vec<String> {
    let said: Vec<String> = words::words(&talk.reading.text)
        .into_iter()
        .map(|word| word.text.to_string())
        .collect();
    let has = |word: &str| said.iter().any(|one| one == word);
    // "Does it fit a laptop" asks for `fits laptop`.
    let has_form = |word: &str| said.iter().any(|one| words::stem(one) == words::stem(word));
    let mut fields: Vec<String> = Vec::new();
    for name in product.attributes.keys() {
        let parts = || name.split_whitespace();
        // "How long does it burn" asks for `burning time`.
        let telling = |part: &&str| !matches!(*part, "time" | "size" | "fits" | "for");
        // "Is it good for skiing" does not ask for a field called `for`; "who is it for" does.
        let small = parts().all(words::is_stop_word);
        if small
            && !said
                .iter()
                .any(|word| matches!(word.as_str(), "who" | "whom"))
        {
            continue;
        }
        if parts().all(has_form) || (parts().count() > 1 && parts().filter(telling).any(has_form)) {
            fields.push(name.clone());
        }
    }
    // "How much does it weigh" asks for no price.
    let weighs = ["weigh", "weighs", "weight"].into_iter().any(has);
    let asks = |cue: &str| has(cue) && !(cue == "much" && weighs);
    for (field, cues) in ASKED_AS {
        if cues.iter().any(|cue| asks(cue)) && !fields.iter().any(|known| known == field) {
            fields.push(field.to_owned());
        }
    }
    if talk.reading.size().is_some() || talk.reading.colour().is_some() {
        fields.push("stock".to_owned());
    }
    // A name alone asks what shoppers ask first.
    if fields.is_empty() && talk.reading.rest_words() == 0 {
        fields.extend(["price".to_owned(), "stock".to_owned()]);
    }
    fields
}

/// Says one field from the product's own data; false when the product does not have it.
pub(super) fn say_field(talk: &mut Talk<'_>, product: &Product, field: &str) -> bool {
    let line = match field {
        "price" => price(talk, product),
        "stock" => sold_out::back(talk, product).or_else(|| Some(stock(talk, product))),
        "size" | "colour" => options(talk, product, field),
        name => product.attributes.get(name).map(|value| {
            talk.line(
                "detail.field",
                &[("title", &product.title), ("field", name), ("value", value)],
            )
        }),
    };
    let Some(mut line) = line else { return false };
    line.source = Source::Product {
        sku: product.sku.clone(),
        field: field.to_owned(),
    };
    talk.reply.line(line);
    true
}

fn price(talk: &Talk<'_>, product: &Product) -> Option<Line> {
    let said = chosen::meant(talk, product);
    let meant = |variant: &&Variant| said.iter().all(|(name, value)| has(variant, name, value));
    let lowest = product
        .variants
        .iter()
        .filter(meant)
        .min_by_key(|one| one.price);
    let (lowest, title) = match lowest {
        Some(one) if !said.is_empty() => (one, titled(product, &said)),
        _ => {
            let cheapest = product.variants.iter().min_by_key(|one| one.price)?;
            (cheapest, product.title.clone())
        }
    };
    let price = talk.money(lowest.price);
    Some(talk.line("detail.price", &[("title", &title), ("price", &price)]))
}

/// Stock of the variants that fit the size and colour asked for, all of them when none is named.
fn stock(talk: &Talk<'_>, product: &Product) -> Line {
    let said = chosen::meant(talk, product);
    let no_such = said
        .iter()
        .any(|(name, value)| is_not_in(product, name, value));
    let fits =
        |variant: &&Variant| !no_such && said.iter().all(|(name, value)| has(variant, name, value));
    let fitting: Vec<&Variant> = product.variants.iter().filter(fits).collect();
    if fitting.is_empty() {
        let values: Vec<&str> = said.iter().map(|(_, value)| value.as_str()).collect();
        let line = [
            ("title", product.title.as_str()),
            ("value", &values.join(", ")),
        ];
        return talk.line("cart.no_such", &line);
    }
    let title = titled(product, &said);
    let uncounted = |variant: &&Variant| variant.stock.is_none() && !variant.backorder;
    if fitting.iter().any(uncounted) {
        return talk.line("detail.in_stock", &[("title", &title)]);
    }
    let left: u32 = fitting.iter().filter_map(|variant| variant.stock).sum();
    if left == 0 && fitting.iter().any(|variant| variant.backorder) {
        return sold_out::later(talk, &title, &fitting);
    }
    if left == 0 {
        return talk.line("detail.out", &[("title", &title)]);
    }
    talk.line(
        "detail.stock",
        &[("title", &title), ("left", &left.to_string())],
    )
}

/// What the product's variants differ in, in their order.
fn option_values<'p>(product: &'p Product, field: &str) -> Vec<&'p str> {
    let mut values: Vec<&str> = Vec::new();
    for variant in &product.variants {
        if let Some(value) = variant.options.get(field)
            && !values.contains(&value.as_str())
        {
            values.push(value);
        }
    }
    values
}

fn options(talk: &Talk<'_>, product: &Product, field: &str) -> Option<Line> {
    let values = option_values(product, field);
    if values.is_empty() {
        return None;
    }
    Some(talk.line(
        "detail.field",
        &[
            ("title", &product.title),
            ("field", field),
            ("value", &values.join(", ")),
        ],
    ))
}
