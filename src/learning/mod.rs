//! What is learnt from what happens in the shop: events taken in once, taught at once, and taught again at a start; and
//! what a shopper who consented did, for suggestions of their own.
//!
//! Never here: who may tell events, or how a suggestion is said.

use crate::events::{self, Batch, Kept, Kind, Origin};
use crate::recommend::{self, Basket, Profile, Recommender, Seen};
use crate::shoppers::{self, Shopper};
use crate::store::{Store, StoreError};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Newest events that a start learns from.
const LEARNT_AGAIN: u32 = 100_000;
/// Newest events of one shopper that suggestions go by.
const REMEMBERED: u32 = 300;
/// Products of one visit that a view is put beside.
const VISIT: usize = 10;

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Kept, and learnt from.
    pub accepted: usize,
    /// Had come before: nothing is done again.
    pub duplicates: usize,
}

/// Keeps a batch and learns from what is new in it. `shopper` is theirs who consented.
pub async fn take_in(
    store: &Store,
    recommender: &Recommender,
    (origin, shopper): (Origin, Option<&Shopper>),
    batch: Batch,
    now: Timestamp,
) -> Result<Taken, StoreError> {
    let told = batch.events.len();
    // Order numbers of those who did not consent are not kept with the event, but an order is an order.
    let orders: Vec<_> = batch
        .events
        .iter()
        .filter(|event| event.kind == Kind::Purchase && origin == Origin::Signed)
        .map(|event| {
            let own = || format!("event:{}", event.id);
            let basket = Basket {
                at: event.at.unwrap_or(now).min(now),
                items: event.items.iter().map(|item| item.sku.clone()).collect(),
            };
            (event.order.clone().unwrap_or_else(own), basket)
        })
        .collect();
    let mut write = store.begin().await?;
    let id = match shopper {
        Some(shopper) => shoppers::settle(&mut write, &[(shopper, now)]).await?.pop(),
        None => None,
    };
    let id = id.as_ref().map(shoppers::ShopperId::as_str);
    let mut visits = Visits::default();
    if let (Some(id), Some(_)) = (id, &batch.session) {
        let before = events::of_shopper(store, id, REMEMBERED).await?;
        before.iter().for_each(|kept| visits.note(kept));
    }
    let kept = events::insert(&mut write, origin, id, batch, now).await?;
    let new_orders = kept.iter().any(|one| one.event.kind == Kind::Purchase);
    if new_orders {
        recommend::table::upsert(&mut write, &orders).await?;
    }
    write.commit().await?;
    teach(recommender, &mut visits, &kept);
    if new_orders {
        for (_, basket) in &orders {
            recommender.learn(&Seen::Purchase(basket));
        }
    }
    Ok(Taken {
        accepted: kept.len(),
        duplicates: told - kept.len(),
    })
}

/// Teaches a new recommender what the newest events taught the one before. Orders are baskets, and known already.
pub async fn learn_again(store: &Store, recommender: &Recommender) -> Result<(), StoreError> {
    let kept = events::newest(store, LEARNT_AGAIN).await?;
    teach(recommender, &mut Visits::default(), &kept);
    Ok(())
}

/// What a shopper did; none for one of whom nothing is kept, which is everyone who did not consent.
pub async fn profile_of(store: &Store, shopper: &str) -> Result<Option<Profile>, StoreError> {
    let kept = events::of_shopper(store, shopper, REMEMBERED).await?;
    Ok(profile(&kept))
}

fn profile(kept: &[Kept]) -> Option<Profile> {
    let mut profile = Profile::default();
    for one in kept {
        match (one.event.kind, &one.event.sku) {
            (Kind::View, Some(sku)) => profile.viewed.push((one.at(), sku.clone())),
            (Kind::Purchase, _) => {
                let skus = one.event.items.iter().map(|item| item.sku.clone());
                profile.purchases.push((one.at(), skus.collect()));
            }
            _ => {}
        }
    }
    (!kept.is_empty()).then_some(profile)
}

/// Products looked at, by visit, oldest first.
#[derive(Default)]
struct Visits(BTreeMap<String, Vec<String>>);

impl Visits {
    fn of(&self, kept: &Kept) -> &[String] {
        let visit = kept
            .session
            .as_ref()
            .and_then(|session| self.0.get(session));
        visit.map_or(&[], Vec::as_slice)
    }

    fn note(&mut self, kept: &Kept) {
        if let (Kind::View, Some(session), Some(sku)) =
            (kept.event.kind, &kept.session, &kept.event.sku)
        {
            let visit = self.0.entry(session.clone()).or_default();
            visit.retain(|known| known != sku);
            visit.push(sku.clone());
            if visit.len() > VISIT {
                visit.remove(0);
            }
        }
    }
}

fn teach(recommender: &Recommender, visits: &mut Visits, kept: &[Kept]) {
    for one in kept {
        let at = one.at();
        let Some(sku) = one.event.sku.as_deref() else {
            continue;
        };
        match one.event.kind {
            Kind::View => recommender.learn(&Seen::View {
                sku,
                before: visits.of(one),
                at,
            }),
            Kind::Impression => recommender.learn(&Seen::Impression { sku, at }),
            Kind::Click => recommender.learn(&Seen::Click { sku, at }),
            _ => {}
        }
        visits.note(one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::shop;
    use crate::shoppers::{Identity, TokenDigest};
    use crate::store::scratch::scratch;
    use std::sync::Arc;

    fn now() -> Timestamp {
        "2026-11-20T12:34:56Z".parse().unwrap()
    }

    fn batch(json: &str) -> Batch {
        events::read(json.as_bytes(), now()).unwrap()
    }

    const BOUGHT: &str = r#"{"events":[{"id":"1","type":"purchase","order":"SH-90001","items":[{"sku":"BIRCH-CAP"},
        {"sku":"ALDER-WOOL-SOCKS-0","quantity":2}]}]}"#;

    #[tokio::test]
    async fn an_order_counts_when_the_shop_signed_it_and_never_when_a_page_says_so() {
        let shop = scratch().await;
        let recommender = Recommender::build([] as [Basket; 0], Arc::new(shop::small()), now());
        let baskets = async || recommend::table::load(&shop.store).await.unwrap();
        let page = (Origin::Page, None);
        let taken = take_in(&shop.store, &recommender, page, batch(BOUGHT), now())
            .await
            .unwrap();
        assert_eq!(taken.accepted, 1);
        assert!(baskets().await.is_empty(), "anyone can say so");
        let signed = (Origin::Signed, None);
        for accepted in [1, 0] {
            let taken = take_in(&shop.store, &recommender, signed, batch(BOUGHT), now())
                .await
                .unwrap();
            assert_eq!((taken.accepted, taken.duplicates), (accepted, 1 - accepted));
        }
        let known = baskets().await;
        assert_eq!(known.len(), 1);
        assert_eq!(known[0].items, ["BIRCH-CAP", "ALDER-WOOL-SOCKS-0"]);
    }

    #[tokio::test]
    async fn only_who_consented_has_a_profile() {
        let shop = scratch().await;
        let recommender = Recommender::build([] as [Basket; 0], Arc::new(shop::small()), now());
        let visitor = Shopper {
            id: "v".into(),
            identity: Identity::Visitor(TokenDigest::of("t")),
        };
        let view = |id: &str, sku: &str| {
            batch(&format!(
                r#"{{"consent":true,"session":"s","events":[{{"id":"{id}","type":"view","sku":"{sku}"}}]}}"#
            ))
        };
        let nobody = (Origin::Page, None);
        take_in(
            &shop.store,
            &recommender,
            nobody,
            view("1", "BIRCH-CAP"),
            now(),
        )
        .await
        .unwrap();
        assert_eq!(profile_of(&shop.store, "v").await.unwrap(), None);
        let them = (Origin::Page, Some(&visitor));
        take_in(
            &shop.store,
            &recommender,
            them,
            view("2", "BIRCH-CAP"),
            now(),
        )
        .await
        .unwrap();
        let profile = profile_of(&shop.store, "v").await.unwrap().unwrap();
        assert_eq!(profile.viewed, [(now(), "BIRCH-CAP".to_owned())]);
        learn_again(&shop.store, &recommender).await.unwrap();
    }

    #[test]
    fn a_visit_is_what_was_looked_at_in_order_each_once() {
        let mut visits = Visits::default();
        let view = |sku: &str| Kept {
            event: batch(&format!(
                r#"{{"events":[{{"id":"1","type":"view","sku":"{sku}"}}]}}"#
            ))
            .events
            .remove(0),
            session: Some("s".to_owned()),
        };
        for sku in ["A", "B", "A"] {
            visits.note(&view(sku));
        }
        assert_eq!(visits.of(&view("C")), ["B", "A"]);
    }
}
