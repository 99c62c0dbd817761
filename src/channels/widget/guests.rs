//! Visitors of whom nothing is stored yet: their tokens were given out by a socket that is open.

use crate::shoppers::{Identity, Shopper, TokenDigest};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Who is on a socket, by the digest of their token. Clones share them.
#[derive(Clone, Default)]
pub struct Guests {
    here: Arc<Mutex<HashMap<TokenDigest, (Shopper, usize)>>>,
}

/// Somebody on one socket; they leave with it.
pub(super) struct Guest {
    guests: Guests,
    token: Option<TokenDigest>,
}

impl Guests {
    pub(super) fn admit(&self, shopper: &Shopper) -> Guest {
        let Identity::Visitor(token) = shopper.identity else {
            return Guest {
                guests: self.clone(),
                token: None,
            };
        };
        let mut here = self.lock();
        here.entry(token).or_insert((shopper.clone(), 0)).1 += 1;
        drop(here);
        Guest {
            guests: self.clone(),
            token: Some(token),
        }
    }

    /// The visitor on a socket with this token.
    pub fn by_token(&self, token: &TokenDigest) -> Option<Shopper> {
        self.lock().get(token).map(|(shopper, _)| shopper.clone())
    }

    /// Nothing that can panic happens under this lock.
    fn lock(&self) -> MutexGuard<'_, HashMap<TokenDigest, (Shopper, usize)>> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let Some(token) = self.token else {
            return;
        };
        let mut here = self.guests.lock();
        if let Some((_, sockets)) = here.get_mut(&token) {
            *sockets -= 1;
            if *sockets == 0 {
                here.remove(&token);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_is_known_as_long_as_one_of_their_sockets_is_open() {
        let guests = Guests::default();
        let token = TokenDigest::of("a token");
        let shopper = Shopper {
            id: "s".into(),
            identity: Identity::Visitor(token),
        };
        let one = guests.admit(&shopper);
        let other = guests.admit(&shopper);
        drop(one);
        assert_eq!(guests.by_token(&token), Some(shopper));
        assert_eq!(guests.by_token(&TokenDigest::of("another")), None);
        drop(other);
        assert_eq!(guests.by_token(&token), None);
    }
}
