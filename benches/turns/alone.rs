//! A turn by itself, on one thread, without socket or disk: what understanding, finding and
//! answering cost, by the kind of message.

use super::content::Shop;
use jiff::Timestamp;
use shoptalk::cli::{Place, load};
use shoptalk::conversation::{Assistant, Engine};
use std::sync::Arc;
use std::time::Instant;

/// What [`Shop::utterances`] holds at each place of four.
const KINDS: [(&str, &[usize]); 3] = [("intent", &[0, 1]), ("article", &[2]), ("product", &[3])];
/// Median of so many runs.
const RUNS: usize = 5;

pub async fn run(shop: &Shop) {
    let place = Place {
        config: Some(shop.config()),
        data: None,
    };
    let now = Timestamp::now();
    let loaded = load(&place, now).await.unwrap();
    let assistant = Assistant {
        shop: Arc::clone(&loaded.shop),
        shopper: "bench".to_owned(),
        signed_in: None,
        cart: None,
        spent: Vec::new(),
        profile: None,
        links: None,
    };
    println!("\n| message | us/turn | answered | bytes: reply, state, trace |");
    println!("| --- | ---: | ---: | ---: |");
    for (kind, places) in KINDS {
        let said: Vec<&String> = shop
            .utterances
            .iter()
            .enumerate()
            .filter(|(nth, _)| places.contains(&(nth % 4)))
            .map(|(_, text)| text)
            .collect();
        let mut runs = Vec::new();
        let (mut answered, mut bytes) = (0, [0; 3]);
        for _ in 0..RUNS {
            (answered, bytes) = (0, [0; 3]);
            let began = Instant::now();
            let mut state = None;
            for text in &said {
                let turned = assistant
                    .turn(state.as_deref(), &text.as_str().into(), now)
                    .await
                    .unwrap();
                answered += usize::from(!turned.unanswered);
                let sizes = [
                    serde_json::to_string(&turned.reply).unwrap().len(),
                    turned.state.len(),
                    turned.trace.len(),
                ];
                for (sum, size) in bytes.iter_mut().zip(sizes) {
                    *sum += size;
                }
                state = Some(turned.state);
            }
            runs.push(began.elapsed().as_secs_f64() * 1e6 / said.len() as f64);
        }
        runs.sort_by(f64::total_cmp);
        let [reply, state, trace] = bytes.map(|sum| sum / said.len());
        println!(
            "| {kind} | {:.1} | {:.0} % | {reply}, {state}, {trace} |",
            runs[RUNS / 2],
            100.0 * answered as f64 / said.len() as f64
        );
    }
    loaded.store.close().await.unwrap();
}
