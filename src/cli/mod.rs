//! The command line: one file a command. Results on stdout, everything else on stderr.
//!
//! Exit codes: 0 well, 1 problems were found, 2 wrong usage, 3 could not run.

mod chat;
mod check;
mod demo_articles;
mod doctor;
mod eval;
mod feedback;
mod fits;
mod generation;
mod hearings;
mod import;
mod link;
mod logging;
mod orders;
mod privacy;
mod replay;
mod returns;
mod serve;
mod sources;
mod test;
mod tidy;

use anyhow::Context;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

pub use generation::{LoadError, Loaded, load};

/// The exit code of a command that ran and found problems.
pub const FOUND_PROBLEMS: u8 = 1;
/// The exit code of a command that could not run.
const COULD_NOT_RUN: u8 = 3;

/// A shopping assistant and FAQ server for a small online shop.
#[derive(Debug, Parser)]
#[command(name = "shoptalk", version, about, after_long_help = EXAMPLES)]
struct Args {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Where a shop's files are.
#[derive(Debug, Clone, clap::Args)]
pub struct Place {
    /// The settings [default: config.toml, when there is one]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Where things are"
    )]
    pub config: Option<PathBuf>,
    /// The folder of the database [default: `data.dir` of the settings]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        help_heading = "Where things are"
    )]
    pub data: Option<PathBuf>,
}

const EXAMPLES: &str = "Examples:
  shoptalk                       serve the shop at http://127.0.0.1:8080/
  shoptalk chat                  talk to the assistant here
  shoptalk check                 check settings, intents, articles and catalog
  shoptalk import products goods.csv --map sku=Code,title=Name,price=Price";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the widget, the demo shop and the assistant
    Serve,
    /// Talk to the assistant in this terminal
    Chat(chat::ChatArgs),
    /// Check everything staff write, without serving it
    Check(check::CheckArgs),
    /// Run the conversation tests
    Test(test::TestArgs),
    /// Measure how well messages and questions are read
    Eval(eval::EvalArgs),
    /// Read the shop's feed, Shopify or WooCommerce now, and say how it went
    Sync,
    /// Bring in products, orders or articles
    Import(import::ImportArgs),
    /// Play stored conversations again and say whether each reply comes out identical
    Replay(replay::ReplayArgs),
    /// List what shoppers asked to have done with their orders, and note what became of it
    Orders(orders::OrdersArgs),
    /// List returns, and move one on
    Returns(returns::ReturnsArgs),
    /// Show which articles helped and how conversations were rated
    Feedback(feedback::FeedbackArgs),
    /// Give a code that joins a messenger to a customer, list what is joined, and part it
    Link(link::LinkArgs),
    /// Export or erase what is stored about one shopper
    Privacy(privacy::PrivacyArgs),
    /// Find what is wrong with an installation, and the line to change
    Doctor(doctor::DoctorArgs),
    /// Print the completions of a shell
    Completions {
        /// The shell to complete for
        shell: clap_complete::Shell,
    },
}

/// Runs the command line; never panics on what it is given.
pub fn main() -> ExitCode {
    let args = Args::parse();
    if !matches!(args.command, None | Some(Command::Serve)) {
        end_with_the_reader();
    }
    match run(args) {
        Ok(code) => code,
        // `shoptalk … | head` is not an error.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let said = format!("{error:#}");
            // What is wrong with settings and content is headed already.
            let head = if said.starts_with("error[") {
                ""
            } else {
                "error: "
            };
            eprintln!("{head}{said}");
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

/// Printing to a reader that has gone panics; a command ends quietly then, wherever it was printing.
fn end_with_the_reader() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.payload_as_str().unwrap_or_default();
        if said.contains("Broken pipe") {
            std::process::exit(0);
        }
        usual(panic);
    }));
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
}

fn run(args: Args) -> anyhow::Result<ExitCode> {
    let place = args.place;
    if let Some(Command::Completions { shell }) = args.command {
        clap_complete::generate(
            shell,
            &mut <Args as clap::CommandFactory>::command(),
            "shoptalk",
            &mut std::io::stdout(),
        );
        return Ok(ExitCode::SUCCESS);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?;
    runtime.block_on(async {
        match args.command.unwrap_or(Command::Serve) {
            Command::Serve => serve::run(&place).await,
            Command::Chat(args) => chat::run(&place, args).await,
            Command::Check(args) => check::run(&place, args).await,
            Command::Test(args) => test::run(&place, args).await,
            Command::Eval(args) => eval::run(&place, args).await,
            Command::Sync => sources::run(&place).await,
            Command::Import(args) => import::run(&place, args).await,
            Command::Replay(args) => replay::run(&place, args).await,
            Command::Orders(args) => orders::run(&place, args).await,
            Command::Returns(args) => returns::run(&place, args).await,
            Command::Feedback(args) => feedback::run(&place, args).await,
            Command::Link(args) => link::run(&place, args).await,
            Command::Privacy(args) => privacy::run(&place, args).await,
            Command::Doctor(args) => doctor::run(&place, args).await,
            Command::Completions { .. } => Ok(ExitCode::SUCCESS),
        }
    })
}
