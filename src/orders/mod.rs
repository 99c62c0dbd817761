//! Orders behind two secrets.
