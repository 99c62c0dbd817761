//! What the assistant can do. One file a skill; this table is all the rest of the program knows.

pub(super) mod alert;
mod answer;
pub(super) mod cart;
mod chosen;
mod compare;
mod critique;
mod detail;
mod elsewhere;
mod find;
mod for_you;
mod gift;
mod guide;
mod handoff;
pub(super) mod named;
mod order;
mod passage;
pub(super) mod photo;
mod privacy;
mod rating;
mod refine;
pub(super) mod returns;
mod sale;
mod small;
mod sold_out;
mod suggest;
mod verdict;
mod whom;

use super::block::Line;
use super::script::{Action, Intent, SkillSpec, Slot, TextSpec};
use super::talk::Talk;
use crate::watches::Kind;

pub(super) use answer::{answer, nearest};
pub(super) use compare::compares_kinds;
pub(super) use critique::less_of;
pub(super) use detail::{answers, names_field};
pub(super) use find::{bare_wish, goods_words, sought};
pub(super) use for_you::rows;
pub(super) use gift::is_gift;
pub(super) use guide::answered as guide_answered;
pub(super) use handoff::kept_email;
pub(super) use order::{CODE_SENT, next_to_cancel, tried_again};
pub(super) use privacy::confirmed;
pub(super) use refine::refine;
pub(super) use small::{greet, restart, say_again};
pub(super) use suggest::spoken_of;

/// A skill's name in `intents/*.yml`, as an enum so that no file can name one that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skill {
    Greet,
    Thanks,
    Goodbye,
    Help,
    OrderStatus,
    ReturnItem,
    ExchangeItem,
    ReportDamaged,
    ReportMissing,
    ReturnOrder,
    ReturnStatus,
    CancelReturn,
    MyOrders,
    CancelOrder,
    ChangeAddress,
    FindProducts,
    OtherProducts,
    ProductDetail,
    Compare,
    OnSale,
    GoesWith,
    Similar,
    BestSellers,
    ForYou,
    Viewed,
    WhyShown,
    PersonalOff,
    PersonalOn,
    AddToCart,
    ChangeCart,
    RemoveFromCart,
    EmptyCart,
    UndoCart,
    ShowCart,
    Checkout,
    PromoCode,
    Handoff,
    Complaint,
    StartOver,
    Repeat,
    PrivacyWhat,
    PrivacyDelete,
    AlertBackInStock,
    AlertPriceDrop,
    MyAlerts,
    StopAlerts,
    GoOnElsewhere,
}

impl Skill {
    pub const ALL: [Self; 47] = [
        Self::Greet,
        Self::Thanks,
        Self::Goodbye,
        Self::Help,
        Self::OrderStatus,
        Self::ReturnItem,
        Self::ExchangeItem,
        Self::ReportDamaged,
        Self::ReportMissing,
        Self::ReturnOrder,
        Self::ReturnStatus,
        Self::CancelReturn,
        Self::MyOrders,
        Self::CancelOrder,
        Self::ChangeAddress,
        Self::FindProducts,
        Self::OtherProducts,
        Self::ProductDetail,
        Self::Compare,
        Self::OnSale,
        Self::GoesWith,
        Self::Similar,
        Self::BestSellers,
        Self::ForYou,
        Self::Viewed,
        Self::WhyShown,
        Self::PersonalOff,
        Self::PersonalOn,
        Self::AddToCart,
        Self::ChangeCart,
        Self::RemoveFromCart,
        Self::EmptyCart,
        Self::UndoCart,
        Self::ShowCart,
        Self::Checkout,
        Self::PromoCode,
        Self::Handoff,
        Self::Complaint,
        Self::StartOver,
        Self::Repeat,
        Self::PrivacyWhat,
        Self::PrivacyDelete,
        Self::AlertBackInStock,
        Self::AlertPriceDrop,
        Self::MyAlerts,
        Self::StopAlerts,
        Self::GoOnElsewhere,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Greet => "greet",
            Self::Thanks => "thanks",
            Self::Goodbye => "goodbye",
            Self::Help => "help",
            Self::OrderStatus => "order_status",
            Self::ReturnItem => "return_item",
            Self::ExchangeItem => "exchange_item",
            Self::ReportDamaged => "report_damaged",
            Self::ReportMissing => "report_missing",
            Self::ReturnOrder => "return_order",
            Self::ReturnStatus => "return_status",
            Self::CancelReturn => "cancel_return",
            Self::MyOrders => "my_orders",
            Self::CancelOrder => "cancel_order",
            Self::ChangeAddress => "change_address",
            Self::FindProducts => "find_products",
            Self::OtherProducts => "other_products",
            Self::ProductDetail => "product_detail",
            Self::Compare => "compare",
            Self::OnSale => "on_sale",
            Self::GoesWith => "goes_with",
            Self::Similar => "similar",
            Self::BestSellers => "best_sellers",
            Self::ForYou => "for_you",
            Self::Viewed => "viewed",
            Self::WhyShown => "why_shown",
            Self::PersonalOff => "personal_off",
            Self::PersonalOn => "personal_on",
            Self::AddToCart => "add_to_cart",
            Self::ChangeCart => "change_cart",
            Self::RemoveFromCart => "remove_from_cart",
            Self::EmptyCart => "empty_cart",
            Self::UndoCart => "undo_cart",
            Self::ShowCart => "show_cart",
            Self::Checkout => "checkout",
            Self::PromoCode => "promo_code",
            Self::Handoff => "handoff",
            Self::Complaint => "complaint",
            Self::StartOver => "start_over",
            Self::Repeat => "repeat",
            Self::PrivacyWhat => "privacy_what",
            Self::PrivacyDelete => "privacy_delete",
            Self::AlertBackInStock => "alert_back_in_stock",
            Self::AlertPriceDrop => "alert_price_drop",
            Self::MyAlerts => "my_alerts",
            Self::StopAlerts => "stop_alerts",
            Self::GoOnElsewhere => "go_on_elsewhere",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|skill| skill.name() == name)
    }

    /// What an intent runs, where it runs a skill.
    pub fn of(intent: &Intent) -> Option<Self> {
        match &intent.action {
            Action::Skill(name) => Self::named(name),
            _ => None,
        }
    }

    /// Whether it answers about things that are sold.
    pub fn is_about_goods(self) -> bool {
        let about = [
            Self::ProductDetail,
            Self::GoesWith,
            Self::Similar,
            Self::FindProducts,
        ];
        about.contains(&self)
    }

    /// Slots an intent must declare to use this skill.
    fn slots(self) -> &'static [&'static str] {
        match self {
            Self::OrderStatus | Self::ReturnOrder => &["order_number", "secret"],
            Self::MyOrders => &["email", "code"],
            Self::CancelOrder => &["order_number", "secret", "confirm"],
            Self::ChangeAddress => &["order_number", "secret", "address", "confirm"],
            Self::AlertBackInStock | Self::AlertPriceDrop => {
                &["product", "variant", "where", "email"]
            }
            _ => &[],
        }
    }
}

/// Skills and the slots each needs, for the check of staff's files.
pub fn specs() -> Vec<SkillSpec> {
    Skill::ALL
        .into_iter()
        .map(|skill| SkillSpec {
            name: skill.name(),
            slots: skill.slots(),
        })
        .collect()
}

/// Every text the program says by id, with the variables it may use. Staff own the words.
pub fn texts() -> Vec<TextSpec> {
    let rooms = [
        super::phrase::TEXTS,
        alert::TEXTS,
        answer::TEXTS,
        cart::TEXTS,
        compare::TEXTS,
        verdict::TEXTS,
        critique::TEXTS,
        detail::TEXTS,
        elsewhere::TEXTS,
        find::TEXTS,
        for_you::TEXTS,
        gift::TEXTS,
        guide::TEXTS,
        handoff::TEXTS,
        order::TEXTS,
        photo::TEXTS,
        privacy::TEXTS,
        rating::TEXTS,
        returns::TEXTS,
        sale::TEXTS,
        small::TEXTS,
        sold_out::TEXTS,
        suggest::TEXTS,
        super::unsure::TEXTS,
    ];
    rooms.into_iter().flatten().copied().collect()
}

/// Before a question of the open flow is asked: what the skill knows already needs no question, and what cannot be
/// done is said at once. False when that ends the flow.
pub(super) async fn prepare(skill: Skill, talk: &mut Talk<'_>) -> bool {
    match skill {
        Skill::OrderStatus | Skill::MyOrders | Skill::CancelOrder | Skill::ChangeAddress => {
            order::prepare(talk, skill).await
        }
        Skill::AlertBackInStock | Skill::AlertPriceDrop => alert::prepare(talk, skill).await,
        _ => true,
    }
}

/// A question in the skill's own words, where those of the file cannot say what was looked up for it.
pub(super) fn question(skill: Skill, talk: &Talk<'_>, slot: &Slot) -> Option<Line> {
    match skill {
        Skill::AlertBackInStock | Skill::AlertPriceDrop => alert::question(talk, skill, slot),
        _ => order::question(talk, skill, slot),
    }
}

/// The text that leads back to a skill's question, after something else was answered.
pub(super) fn back_to(skill: Option<Skill>) -> &'static str {
    match skill {
        Some(Skill::AlertBackInStock | Skill::AlertPriceDrop) => "alert.back_to_flow",
        _ => "order.back_to_flow",
    }
}

/// What a skill offers beside its question.
pub(super) fn offer_beside(skill: Skill, talk: &mut Talk<'_>, slot: &Slot) {
    match skill {
        Skill::AlertBackInStock | Skill::AlertPriceDrop => alert::offer_beside(talk, skill, slot),
        _ => order::offer_beside(talk, skill, slot),
    }
}

/// Which of what a skill offers beside its question the message picks; `plainly` when it can mean nothing else.
pub(super) fn chosen(skill: Skill, talk: &Talk<'_>, slot: &Slot, plainly: bool) -> Option<String> {
    match skill {
        Skill::AlertBackInStock | Skill::AlertPriceDrop => alert::chosen(talk, slot, plainly),
        _ => None,
    }
}

/// Does the work of a skill: says its reply and changes the state.
pub(super) async fn run(skill: Skill, talk: &mut Talk<'_>) {
    match skill {
        Skill::Greet => small::greet(talk),
        Skill::Thanks => small::thanks(talk),
        Skill::Goodbye => small::goodbye(talk),
        Skill::Help => small::help(talk),
        Skill::OrderStatus => order::status(talk).await,
        // These open a flow where the order is not proven, and flows run skills.
        Skill::ReturnItem => Box::pin(returns::begin(talk, returns::Wanted::Return)).await,
        Skill::ExchangeItem => Box::pin(returns::begin(talk, returns::Wanted::Exchange)).await,
        Skill::ReportDamaged => Box::pin(returns::begin(talk, returns::Wanted::Damaged)).await,
        Skill::ReportMissing => Box::pin(returns::begin(talk, returns::Wanted::Missing)).await,
        Skill::ReturnOrder => Box::pin(returns::proven(talk)).await,
        Skill::ReturnStatus => Box::pin(returns::status(talk)).await,
        Skill::CancelReturn => returns::call_off(talk).await,
        Skill::MyOrders => order::mine(talk).await,
        Skill::CancelOrder => order::cancel(talk).await,
        Skill::ChangeAddress => order::change_address(talk).await,
        Skill::FindProducts => find::find(talk),
        Skill::OtherProducts => critique::others(talk),
        Skill::ProductDetail => detail::detail(talk),
        Skill::Compare => compare::compare(talk),
        Skill::OnSale => sale::on_sale(talk),
        Skill::GoesWith => suggest::goes_with(talk),
        Skill::Similar => suggest::similar(talk),
        Skill::BestSellers => suggest::best_sellers(talk),
        Skill::ForYou => for_you::for_you(talk),
        Skill::Viewed => for_you::viewed(talk),
        Skill::WhyShown => for_you::why_shown(talk),
        Skill::PersonalOff => for_you::personal_off(talk),
        Skill::PersonalOn => for_you::personal_on(talk),
        Skill::AddToCart => cart::add(talk),
        Skill::ChangeCart => cart::change(talk),
        Skill::RemoveFromCart => cart::remove(talk),
        Skill::EmptyCart => cart::empty(talk),
        Skill::UndoCart => cart::undo(talk),
        Skill::ShowCart => cart::show(talk),
        Skill::Checkout => cart::checkout(talk),
        Skill::PromoCode => cart::promo(talk),
        Skill::Handoff => handoff::ask_for_person(talk),
        Skill::Complaint => handoff::complain(talk),
        Skill::StartOver => small::restart(talk),
        Skill::Repeat => small::say_again(talk),
        Skill::PrivacyWhat => privacy::what(talk).await,
        Skill::PrivacyDelete => privacy::delete(talk),
        Skill::AlertBackInStock => alert::take(talk, Kind::BackInStock).await,
        Skill::AlertPriceDrop => alert::take(talk, Kind::PriceDrop).await,
        Skill::MyAlerts => alert::mine(talk).await,
        Skill::StopAlerts => alert::stop(talk).await,
        Skill::GoOnElsewhere => elsewhere::go_on(talk).await,
    }
}

/// Shorthand for the tables of texts.
const fn text(id: &'static str, variables: &'static [&'static str]) -> TextSpec {
    TextSpec { id, variables }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_skill_is_found_by_its_name() {
        for skill in Skill::ALL {
            assert_eq!(Skill::named(skill.name()), Some(skill));
        }
        assert_eq!(Skill::named("make_coffee"), None);
    }

    #[test]
    fn no_text_is_declared_twice() {
        let mut ids: Vec<_> = texts().iter().map(|text| text.id).collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }
}
