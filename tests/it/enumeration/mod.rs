//! Walking the order numbers tells nothing: not which exist, nor whether an e-mail address is a customer's.

mod elsewhere;

use jiff::{SignedDuration, Timestamp};
use shoptalk::money::{Currency, Money};
use shoptalk::orders::{
    Asker, CodeLetter, CodeSent, Finding, ImportedOrder, LockOut, Lookup, Order, OrderNumber,
    OrderStatus, OrderTable, Secret, SecretKind, upsert_orders,
};
use shoptalk::store::Store;
use std::time::Instant;

const NUMBERS: u64 = 10_000;
/// Look-ups before the first that counts: caches and pages are warm then.
const WARMING: u64 = 300;
/// How rarely two equal distributions may be taken for different ones.
const ALPHA: f64 = 1e-4;
/// Chance may tell one walk's apart; a leak shows in all of them.
const WALKS: usize = 3;

const RIGHT: &str = "customer@example.com";
const WRONG: &str = "stranger@example.com";

fn number(n: u64) -> OrderNumber {
    OrderNumber::new(&format!("SH-{:05}", 10_000 + n))
}

fn order(number: OrderNumber, email: &str) -> ImportedOrder {
    let currency: Currency = "EUR".parse().unwrap();
    let order = Order {
        number,
        placed_at: start(),
        status: OrderStatus::Paid,
        parcels: Vec::new(),
        expected_on: None,
        refunded: None,
        timeline: Vec::new(),
        lines: Vec::new(),
        shipping: None,
        total: Money { minor: 1, currency },
    };
    let secret = Secret {
        kind: SecretKind::Email,
        text: email.to_owned(),
    };
    ImportedOrder {
        order,
        secrets: vec![secret],
    }
}

fn start() -> Timestamp {
    Timestamp::from_second(1_795_000_000).unwrap()
}

struct Shop {
    table: OrderTable,
    _folder: tempfile::TempDir,
}

/// Every other number is an order. The customer's own is not among those that are walked.
async fn shop(lock_out: LockOut) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("shop.db")).await.unwrap();
    let existing = (0..NUMBERS).filter(|n| n % 2 == 0);
    let mut orders: Vec<_> = existing
        .map(|n| order(number(n), &format!("other-{n}@example.com")))
        .collect();
    orders.push(order(OrderNumber::new("SH-99999"), RIGHT));
    let mut write = store.begin().await.unwrap();
    upsert_orders(&mut write, &orders).await.unwrap();
    write.commit().await.unwrap();
    let table = OrderTable::open(store, lock_out).await.unwrap();
    Shop {
        table,
        _folder: folder,
    }
}

async fn find(
    table: &OrderTable,
    n: &OrderNumber,
    email: &str,
    who: &str,
    at: Timestamp,
) -> Finding {
    let asker = Asker {
        shopper: who.to_owned(),
    };
    table.find(n, email, &asker, at).await.unwrap()
}

/// Seconds that look-ups took.
#[derive(Default)]
struct Times {
    right: Vec<f64>,
    wrong: Vec<f64>,
    existing: Vec<f64>,
    missing: Vec<f64>,
}

/// A coin that falls alike in every run (SplitMix64; Steele, Lea and Flood 2014).
struct Coin(u64);

impl Coin {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn shuffle(&mut self, numbers: &mut [u64]) {
        for last in (1..numbers.len()).rev() {
            numbers.swap(last, (self.next() % (last as u64 + 1)) as usize);
        }
    }
}

/// Asks for every number with both addresses. `leaks` does a little more for the customer's.
///
/// The order is by lot, of the numbers and within each pair: whatever else the machine does, in bursts or at a beat
/// of its own, meets both sides alike, and only a difference between them can tell them apart. Who comes second
/// finds warm what the first has read, so only the first of each pair counts for the numbers.
async fn walk(table: &OrderTable, begin: Timestamp, numbers: u64, leaks: bool) -> Times {
    let mut coin = Coin(begin.as_second().unsigned_abs());
    let mut walked: Vec<u64> = (0..numbers).collect();
    coin.shuffle(&mut walked);
    let mut times = Times::default();
    for (nth, n) in (0_u64..).zip(walked) {
        let wanted = number(n);
        let pair = if coin.next().is_multiple_of(2) {
            [RIGHT, WRONG]
        } else {
            [WRONG, RIGHT]
        };
        for (place, email) in pair.into_iter().enumerate() {
            let step = 2 * nth + place as u64;
            let at = begin + SignedDuration::from_secs(step as i64);
            let who = format!("visitor {step}");
            let began = Instant::now();
            let found = find(table, &wanted, email, &who, at).await;
            if leaks && email == RIGHT {
                table.secret_kinds().await.unwrap();
            }
            let took = began.elapsed().as_secs_f64();
            assert_eq!(found, Finding::NotFound, "{wanted} {email}");
            if nth < WARMING {
                continue;
            }
            let by_email = if email == RIGHT {
                &mut times.right
            } else {
                &mut times.wrong
            };
            by_email.push(took);
            if place == 0 {
                let by_number = if n % 2 == 0 {
                    &mut times.existing
                } else {
                    &mut times.missing
                };
                by_number.push(took);
            }
        }
    }
    times
}

/// The two-sample Kolmogorov-Smirnov statistic: the widest gap between two empirical distributions, 0 to 1.
fn gap(one: &[f64], other: &[f64]) -> f64 {
    let sorted = |times: &[f64]| {
        let mut times = times.to_vec();
        times.sort_by(f64::total_cmp);
        times
    };
    let (one, other) = (sorted(one), sorted(other));
    let below = |times: &[f64], limit: f64| {
        times.partition_point(|time| *time <= limit) as f64 / times.len() as f64
    };
    let all = one.iter().chain(&other);
    all.map(|limit| (below(&one, *limit) - below(&other, *limit)).abs())
        .fold(0.0, f64::max)
}

/// Above this the samples are of different distributions (Smirnov 1948, for large samples).
fn critical(one: usize, other: usize) -> f64 {
    let (one, other) = (one as f64, other as f64);
    (-(ALPHA / 2.0).ln() / 2.0).sqrt() * ((one + other) / (one * other)).sqrt()
}

fn differ(one: &[f64], other: &[f64]) -> bool {
    gap(one, other) > critical(one.len(), other.len())
}

/// Failures are forgotten within the walk, so that it is never locked out.
const NEVER_LOCKED: LockOut = LockOut {
    tries: 1000,
    minutes: 1,
};

#[tokio::test]
async fn neither_words_nor_time_tell_a_customers_address_or_an_orders_number() {
    let shop = shop(NEVER_LOCKED).await;
    let mut gaps = Vec::new();
    for nth in 0..WALKS {
        let begin = start() + SignedDuration::from_hours(24 * nth as i64);
        let times = walk(&shop.table, begin, NUMBERS, false).await;
        let by_email = differ(&times.right, &times.wrong);
        let by_number = differ(&times.existing, &times.missing);
        gaps.push((
            gap(&times.right, &times.wrong),
            gap(&times.existing, &times.missing),
        ));
        println!("walk {nth}: {:?}", gaps[nth]);
        if !by_email && !by_number {
            return;
        }
    }
    panic!("look-ups can be told apart by their time; gaps by address and by number: {gaps:?}");
}

#[tokio::test]
async fn a_lookup_that_does_more_for_a_customer_is_noticed() {
    let shop = shop(NEVER_LOCKED).await;
    let times = walk(&shop.table, start(), 2000, true).await;
    assert!(differ(&times.right, &times.wrong));
}

/// Asks for a code to each address once, by lot; half of them have orders.
async fn ask_for_codes(table: &OrderTable, begin: Timestamp) -> (Vec<f64>, Vec<f64>) {
    let mut coin = Coin(begin.as_second().unsigned_abs());
    let mut walked: Vec<u64> = (0..NUMBERS).collect();
    coin.shuffle(&mut walked);
    let (mut customers, mut strangers) = (Vec::new(), Vec::new());
    for (nth, n) in (0_u64..).zip(walked) {
        let at = begin + SignedDuration::from_secs(nth as i64);
        let asker = Asker {
            shopper: format!("visitor {nth}"),
        };
        let letter = CodeLetter {
            subject: "Your code",
            body: "It is {code}.",
        };
        let began = Instant::now();
        let address = format!("other-{n}@example.com");
        let sent = table.send_code(&address, &asker, letter, at).await.unwrap();
        let took = began.elapsed().as_secs_f64();
        assert_eq!(sent, CodeSent::OnItsWay);
        if nth < WARMING {
            continue;
        }
        let times = if n % 2 == 0 {
            &mut customers
        } else {
            &mut strangers
        };
        times.push(took);
    }
    (customers, strangers)
}

#[tokio::test]
async fn asking_for_a_code_takes_as_long_for_who_never_bought_anything() {
    let shop = shop(NEVER_LOCKED).await;
    let mut gaps = Vec::new();
    for nth in 0..WALKS {
        let begin = start() + SignedDuration::from_hours(24 * nth as i64);
        let (customers, strangers) = ask_for_codes(&shop.table, begin).await;
        gaps.push(gap(&customers, &strangers));
        println!("round {nth}: {}", gaps[nth]);
        if !differ(&customers, &strangers) {
            return;
        }
    }
    panic!("who has orders can be told by the time a code takes; gaps: {gaps:?}");
}

#[test]
fn the_statistic_tells_equal_from_shifted() {
    let ramp = |from: f64| (0..5000).map(|n| from + f64::from(n)).collect::<Vec<_>>();
    assert_eq!(gap(&ramp(0.0), &ramp(0.0)), 0.0);
    assert!((gap(&ramp(0.0), &ramp(500.0)) - 0.1).abs() < 1e-9);
    assert!(differ(&ramp(0.0), &ramp(500.0)));
    assert!(!differ(&ramp(0.0), &ramp(50.0)));
}

#[tokio::test]
async fn a_walk_is_locked_out_after_five_numbers_whoever_it_asks_for() {
    let shop = shop(LockOut::default()).await;
    for (who, email) in [("eve", RIGHT), ("mallory", WRONG)] {
        let mut heard = 0;
        for n in 0..NUMBERS {
            match find(&shop.table, &number(n), email, who, start()).await {
                Finding::NotFound => heard += 1,
                Finding::LockedOut { .. } => {}
                Finding::Found { .. } => panic!("{email} opened {n}"),
            }
        }
        assert_eq!(heard, 5, "{email}");
    }
    // From many browsers at once, the address is what is locked.
    let own = OrderNumber::new("SH-99999");
    let fresh = find(&shop.table, &own, RIGHT, "a fresh browser", start()).await;
    assert!(matches!(fresh, Finding::LockedOut { .. }));
}
