//! What goes to standard error while the program runs.

use crate::config::{LogFormat, LogSettings};
use std::io::{IsTerminal, stderr};
use tracing_subscriber::EnvFilter;

/// The log of a server.
pub(super) fn of_server(settings: &LogSettings) {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&settings.level))
        .with_writer(stderr);
    let set = match settings.format {
        LogFormat::Json => builder.json().try_init(),
        LogFormat::Pretty => builder.with_ansi(is_colourful()).try_init(),
    };
    if let Err(error) = set {
        eprintln!("logging could not be set up: {error}");
    }
}

/// What goes on while a command works, for who waits for it.
pub(super) fn of_command() {
    let set = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("warn,shoptalk=info"))
        .with_writer(stderr)
        .with_ansi(false)
        .with_level(false)
        .with_target(false)
        .without_time()
        .try_init();
    if let Err(error) = set {
        eprintln!("logging could not be set up: {error}");
    }
}

/// Codes for colours belong on a terminal, and nowhere when <https://no-color.org> is asked for.
fn is_colourful() -> bool {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    stderr().is_terminal() && !unwanted
}
