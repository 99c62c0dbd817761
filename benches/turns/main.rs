//! What a full, durable turn costs, as ratios to a bare WebSocket echo of the same frames, both in
//! one run on one machine. `cargo bench --bench turns`; the method and past figures are in
//! docs/performance.md.
//!
//! Options after `--`: `quick` for short windows, `idle` for idle sockets only, `alone` for turns
//! without socket and disk, `64` (or another count) for that many sockets only.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a bench may fail loudly

mod alone;
mod content;
mod echo;
mod load;
mod process;

use std::time::Duration;

/// Open sockets in the three load cases.
const SOCKETS: [usize; 3] = [1, 64, 1000];
/// Sockets of the idle case.
const IDLE: usize = 10_000;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    if args.iter().any(|arg| arg == "--echo-server") {
        runtime.block_on(echo::serve());
        return;
    }
    let quick = args.iter().any(|arg| arg == "quick");
    let only_idle = args.iter().any(|arg| arg == "idle");
    if args.iter().any(|arg| arg == "alone") {
        runtime.block_on(alone::run(&content::Shop::make()));
        return;
    }
    let counts: Vec<usize> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    let sockets = match (only_idle, counts.is_empty()) {
        (true, _) => Vec::new(),
        (false, true) => SOCKETS.to_vec(),
        (false, false) => counts.clone(),
    };
    runtime.block_on(run(if quick { 1 } else { 4 }, &sockets, counts.is_empty()));
}

async fn run(seconds: u64, sockets: &[usize], rest: bool) {
    let shop = content::Shop::make();
    println!("{}", shop.describe());
    let warm_up = Duration::from_millis(700);
    let window = Duration::from_secs(seconds);
    if !sockets.is_empty() {
        println!("\n| sockets | | turns/s | p50 ms | p99 ms | p99/p50 | server CPU us/turn |");
        println!("| ---: | --- | ---: | ---: | ---: | ---: | ---: |");
        for &sockets in sockets {
            let echo = process::Server::echo();
            let bare = load::run(
                &echo,
                sockets,
                &shop.utterances,
                load::Talk::Echo,
                warm_up,
                window,
            )
            .await;
            drop(echo);
            let ours = process::Server::shoptalk(&shop);
            let full = load::run(
                &ours,
                sockets,
                &shop.utterances,
                load::Talk::Shoptalk,
                warm_up,
                window,
            )
            .await;
            drop(ours);
            println!("{}", bare.row(sockets, "bare echo"));
            println!("{}", full.row(sockets, "full turn"));
            println!(
                "| {sockets} | **ratio** | {:.0} % | {:.1} x | {:.1} x | | {:.1} x |",
                100.0 * full.per_second / bare.per_second,
                full.p50 / bare.p50,
                full.p99 / bare.p99,
                full.cpu_us / bare.cpu_us
            );
        }
    }
    if !rest {
        return;
    }
    alone::run(&shop).await;
    let ours = process::Server::shoptalk(&shop);
    println!(
        "\nready (exec to `/readyz` saying yes): {:.0} ms",
        ours.ready_ms
    );
    let idle = load::idle(&ours, IDLE, &shop.utterances).await;
    println!(
        "{} idle conversations with one turn each: {:.1} kB each",
        idle.sockets,
        idle.bytes_each / 1000.0
    );
    let length = load::by_length(&ours, &shop.utterances).await;
    println!(
        "one conversation, median turn: {:.0} us in turns 1-10, {:.0} us in turns 91-100, {:.0} us in turns 491-500",
        length[0], length[1], length[2]
    );
}
