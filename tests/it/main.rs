//! Everything that is tested through public doors: one binary, one link.

mod floors;
