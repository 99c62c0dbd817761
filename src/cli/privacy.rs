//! `shoptalk privacy`: everything stored about one shopper, to hand over or to erase.

use super::{Place, generation};
use crate::shoppers::Shoppers;
use anyhow::{Context, bail};
use clap::Subcommand;
use jiff::Timestamp;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct PrivacyArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print all of it as one JSON document
    Export(WhoArgs),
    /// Delete all of it, for good
    Erase {
        #[command(flatten)]
        who: WhoArgs,
        /// Do it: nothing is asked again
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, clap::Args)]
struct WhoArgs {
    /// The shop's name for the shopper, or the shopper's id here
    #[arg(long, value_name = "ID")]
    shopper: String,
}
