//! How much one conversation may say, and one address may open and ask.

use crate::config::LimitSettings;
use crate::conversation::ConversationId;
use crate::shoppers::ShopperId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Of a minute's messages this share may come at once.
const BURST_SHARE: u32 = 6;
const LEAST_BURST: u32 = 5;
/// Photos of one shopper in a minute.
const UPLOADS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(12).unwrap();

pub struct Limits {
    pub(super) pace: Pace,
    /// For the first byte of a connection, and then for a request's head.
    pub request_within: Duration,
    messages: DefaultKeyedRateLimiter<ConversationId>,
    requests: DefaultKeyedRateLimiter<IpAddr>,
    requests_at_once: u32,
    uploads: DefaultKeyedRateLimiter<ShopperId>,
    clock: DefaultClock,
    most_sockets: u32,
    sockets: Arc<Mutex<HashMap<IpAddr, u32>>>,
}

/// How long a socket may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    pub(super) hello_within: Duration,
    pub(super) ping_every: Duration,
    pub(super) idle_for: Duration,
}

impl Pace {
    /// Two pings without any sign of life, and a moment for the way.
    pub(super) fn silent_for(self) -> Duration {
        self.ping_every * 11 / 5
    }
}

/// A socket's place among those of its address; dropped with the socket.
pub struct Place {
    address: IpAddr,
    sockets: Arc<Mutex<HashMap<IpAddr, u32>>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut sockets = lock(&self.sockets);
        if let Some(count) = sockets.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                sockets.remove(&self.address);
            }
        }
    }
}

/// A count is right whatever happened to the thread that held it.
fn lock(sockets: &Mutex<HashMap<IpAddr, u32>>) -> std::sync::MutexGuard<'_, HashMap<IpAddr, u32>> {
    sockets
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Limits {
    pub fn new(settings: LimitSettings) -> Self {
        let positive = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let at_once = |per_minute: u32| (per_minute / BURST_SHARE).max(LEAST_BURST);
        let quota = |per_minute: u32| {
            Quota::per_minute(positive(per_minute)).allow_burst(positive(at_once(per_minute)))
        };
        Self {
            pace: Pace {
                hello_within: Duration::from_secs(settings.hello_seconds),
                ping_every: Duration::from_secs(settings.ping_seconds),
                idle_for: Duration::from_secs(60 * settings.idle_minutes),
            },
            request_within: Duration::from_secs(settings.request_seconds),
            messages: RateLimiter::keyed(quota(settings.messages_per_minute)),
            requests: RateLimiter::keyed(quota(settings.requests_per_minute)),
            requests_at_once: at_once(settings.requests_per_minute),
            uploads: RateLimiter::keyed(Quota::per_minute(UPLOADS_PER_MINUTE)),
            clock: DefaultClock::default(),
            most_sockets: settings.sockets_per_address,
            sockets: Arc::default(),
        }
    }

    /// Counts a message; how long to wait when it is one too many.
    pub fn message(&self, conversation: &ConversationId) -> Result<(), Duration> {
        self.messages
            .check_key(conversation)
            .map_err(|until| until.wait_time_from(self.clock.now()))
    }

    /// Counts so many requests of an address at once; how long to wait when they are too many.
    pub fn request(&self, address: IpAddr, count: u32) -> Result<(), Duration> {
        let Some(count) = NonZeroU32::new(count.min(self.requests_at_once)) else {
            return Ok(());
        };
        match self.requests.check_key_n(&network(address), count) {
            Ok(within) => within.map_err(|until| until.wait_time_from(self.clock.now())),
            // More than ever fit, which the line above rules out.
            Err(_) => Err(Duration::from_secs(60)),
        }
    }

    /// Counts a photo; how long to wait when it is one too many.
    pub fn upload(&self, shopper: &ShopperId) -> Result<(), Duration> {
        self.uploads
            .check_key(shopper)
            .map_err(|until| until.wait_time_from(self.clock.now()))
    }

    /// A place for one more socket of an address, unless it has its share.
    pub fn socket(&self, address: IpAddr) -> Option<Place> {
        let address = network(address);
        let mut sockets = lock(&self.sockets);
        let count = sockets.entry(address).or_default();
        if *count >= self.most_sockets {
            return None;
        }
        *count += 1;
        Some(Place {
            address,
            sockets: Arc::clone(&self.sockets),
        })
    }

    /// Forgets conversations and addresses that have been quiet long enough to have their full allowance again.
    pub fn tidy(&self) {
        self.messages.retain_recent();
        self.messages.shrink_to_fit();
        self.requests.retain_recent();
        self.requests.shrink_to_fit();
        self.uploads.retain_recent();
        self.uploads.shrink_to_fit();
    }
}

/// One household has one IPv4 address, or one IPv6 network of 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let bits = u128::from(v6) & !u128::from(u64::MAX);
            IpAddr::V6(bits.into())
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn limits() -> Limits {
        Limits::new(LimitSettings {
            messages_per_minute: 60,
            sockets_per_address: 2,
            ..Config::defaults().limits
        })
    }

    #[test]
    fn an_address_has_its_share_of_sockets_and_gets_it_back() {
        let limits = limits();
        let one: IpAddr = "2001:db8::1".parse().unwrap();
        let neighbour: IpAddr = "2001:db8::2".parse().unwrap();
        let first = limits.socket(one).unwrap();
        let _second = limits.socket(neighbour).unwrap();
        assert!(limits.socket(one).is_none());
        drop(first);
        assert!(limits.socket(one).is_some());
        assert!(limits.socket("192.0.2.1".parse().unwrap()).is_some());
    }

    #[test]
    fn one_conversation_that_shouts_does_not_silence_another() {
        let limits = limits();
        let loud = ConversationId::from("loud");
        let refused = (0..100).filter(|_| limits.message(&loud).is_err()).count();
        assert_eq!(refused, 90);
        assert!(limits.message(&ConversationId::from("quiet")).is_ok());
    }
}
