//! Who answers a message: the shop as it is now, and what is known of the one who asks.

use super::Door;
use super::session::Session;
use crate::cart;
use crate::conversation::Assistant;
use crate::learning;

/// The assistant for one message of the widget's.
pub(super) async fn assistant(
    door: &Door,
    session: &Session,
    cart: Option<Vec<cart::Item>>,
) -> Assistant {
    let shopper = session.talk.shopper.id.as_str().to_owned();
    Assistant {
        signed_in: session.signed_in.clone(),
        cart,
        ..assistant_of(door, shopper).await
    }
}

/// The assistant for one message of a shopper. What cannot be read of them costs nobody their answer.
pub async fn assistant_of(door: &Door, shopper: String) -> Assistant {
    let profile = learning::profile_of(&door.store, &shopper).await;
    let profile = profile.unwrap_or_else(|error| {
        tracing::warn!(%error, "what a shopper did could not be read; they are answered without");
        None
    });
    let spent = cart::spent_of(&door.store, &shopper).await;
    let spent = spent.unwrap_or_else(|error| {
        tracing::warn!(%error, "used promo codes could not be read; the checkout has the last word on them");
        Vec::new()
    });
    Assistant {
        shop: door.shop.load_full(),
        shopper,
        signed_in: None,
        cart: None,
        spent,
        profile,
        links: Some(door.links.clone()),
    }
}
