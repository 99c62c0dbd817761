//! `config.toml`: raw with positions, then checked. Secrets come from the environment or a file, never from here.
