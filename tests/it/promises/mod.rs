//! One file a promise, held through the program's own doors: a process, a socket, a file.

mod edit;
mod kill;
mod origin;
mod replay;
mod server;
