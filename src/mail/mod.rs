//! The mail room: letters wait in the store, inside the transaction that caused them, until a [`Postman`] has sent them.
//!
//! A letter is sent at least once. Between the server's "accepted" and our note of it lies a moment in which the
//! program may be killed; then the letter goes a second time, under the same Message-ID. It is never lost.

mod letter;
mod postman;
mod table;
mod tally;
mod transport;

pub use letter::{Address, Letter, Reply};
pub use postman::Postman;
pub use table::{LetterExport, enqueue, enqueue_blank, erase_of, export_of, forget_old, withdraw};
pub use tally::Tally;
pub use transport::{MailError, Transport};
