//! The `shoptalk` program: calls the command line and turns its outcome into an exit code.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    shoptalk::cli::main()
}
