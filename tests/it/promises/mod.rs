//! One file a promise, held through the program's own doors: a process, a socket, a file.

mod doctor;
mod edit;
mod kill;
mod origin;
mod privacy;
mod replay;
pub mod server;
