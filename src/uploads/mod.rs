//! Photos shoppers send: taken in, written anew, kept beside the database, let go.
//!
//! Never here: who may send one, or what is on it.

mod folder;
mod picture;
mod scan;
mod table;

pub use folder::{Kept, Uploads};
pub use picture::{MOST_PIXELS, Picture, read};
pub use table::{
    Photo, bind, delete_unsent_of, export_of, forget_unsent, give_to_return, of_conversation,
    of_return, sweep, unsent,
};

/// Why a photo was not taken.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    #[error("this shop takes no photos here; ask a person where to send it")]
    Off,
    #[error("the photo has more than {most} MB; send a smaller one")]
    TooLarge { most: u64 },
    #[error("this is no photo; send a JPEG, PNG or WebP picture")]
    NotAPhoto,
    #[error("the picture is too big to open: it has more than {MOST_PIXELS} pixels")]
    TooManyPixels,
    #[error("the picture is damaged or not complete; choose it again, or another one")]
    Damaged,
    #[error("{most} photos is all one conversation takes; a person can take more")]
    TooMany { most: u32 },
    #[error("the check for viruses refused this file")]
    Infected,
    #[error("photos cannot be checked just now; send it again in a few minutes")]
    Unchecked,
    #[error("many photos are arriving; send it again in a moment")]
    Busy,
    #[error("the photo cannot be kept just now: {0}")]
    Disk(#[from] std::io::Error),
    #[error("the photo cannot be kept just now: {0}")]
    Store(#[from] crate::store::StoreError),
}

impl From<sqlx::Error> for UploadError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
