//! `shoptalk sync`: every source of goods and orders once, now, with words for its owner.

use super::import::order_numbers;
use super::{FOUND_PROBLEMS, Place, demo_articles, generation, logging};
use crate::config::Config;
use crate::store::Store;
use crate::sync::{Hooks, Report, Sync, Tally};
use anyhow::{Context, bail};
use jiff::Timestamp;
use std::process::ExitCode;

/// Refused rows that are shown; the rest is counted.
const SHOWN: usize = 10;

/// The sources of the settings; `None` when they name none.
pub(super) fn of(
    config: &Config,
    store: &Store,
    hooks: Hooks,
    tally: Tally,
) -> anyhow::Result<Option<Sync>> {
    let currency = config.shop.currency.parse().context("shop.currency")?;
    let zone = &config.shop.zone;
    let sync = Sync::new(
        &config.shops,
        currency,
        zone,
        store.clone(),
        hooks,
        tally,
        order_numbers(),
    );
    sync.context("where goods come from")
}

pub(super) async fn run(place: &Place) -> anyhow::Result<ExitCode> {
    let config = match generation::config(place) {
        Ok(config) => config,
        Err(problems) => bail!("{}", problems.render(false)),
    };
    let store = generation::open(&config).await?;
    let tally = Tally::default();
    let hooks = Hooks::new(store.clone(), &config.shops, tally.clone());
    let Some(sync) = of(&config, &store, hooks, tally)? else {
        match generation::settings_file(place) {
            Some(path) => eprintln!(
                "{} names no source: set `url` under [feed], `shop` under [shopify] or `url` under [woocommerce]",
                path.display()
            ),
            None => eprintln!(
                "there is no config.toml in {}, so no source is named: go to the folder it is in, or name it with --config FILE",
                generation::here()
            ),
        }
        return Ok(ExitCode::from(FOUND_PROBLEMS));
    };
    logging::of_command();
    let mut failed = false;
    for work in sync.sources() {
        match sync.once(work, Timestamp::now()).await {
            Ok(report) => say(&report),
            Err(error) => {
                failed = true;
                eprintln!("nothing was changed: {error}");
            }
        }
    }
    store.close().await?;
    if let Some(reminder) = demo_articles::reminder(&config) {
        println!("{reminder}");
    }
    Ok(if failed {
        ExitCode::from(FOUND_PROBLEMS)
    } else {
        ExitCode::SUCCESS
    })
}

fn say(report: &Report) {
    if report.unchanged {
        println!("{}: nothing new", report.source);
        return;
    }
    let orders = match report.orders_changed {
        _ if report.orders_missing.is_some() => "no orders read".to_owned(),
        0 => format!("{}, none changed", plural(report.orders)),
        changed => format!("{} ({changed} new or changed)", plural(report.orders)),
    };
    println!(
        "{}: {} products ({} new or changed, {} gone, {} not on sale), {orders}",
        report.source, report.products, report.changed, report.gone, report.left_out
    );
    if let Some(missing) = &report.orders_missing {
        println!("  orders are missing: {missing}");
    }
    if report.unprovable > 0 {
        println!(
            "  {} orders came without e-mail, phone and postcode, and nobody can prove them: may the app or key read customers' data?",
            report.unprovable
        );
    }
    for reason in report.refused.iter().take(SHOWN) {
        println!("  refused: {reason}");
    }
    if report.refused.len() > SHOWN {
        println!("  and {} more", report.refused.len() - SHOWN);
    }
}

fn plural(orders: u64) -> String {
    match orders {
        1 => "1 order".to_owned(),
        several => format!("{several} orders"),
    }
}
