//! Dialogue: from a message and a state to a reply and a state.
//!
//! Never here: HTTP, SQL, the clock, random numbers, the name of any channel.

mod address;
mod alerts;
pub mod block;
mod card;
pub mod content;
mod context;
mod decide;
mod described;
mod finished;
mod flow;
mod goods;
mod hearing;
mod manners;
mod order_answers;
mod order_asking;
mod phrase;
mod port;
mod read;
mod replay;
mod reply;
mod returning;
pub mod review;
mod rows;
pub mod script;
mod search_answers;
mod searching;
mod shop;
mod skills;
mod sought;
mod standing;
mod state;
mod synonyms;
mod talk;
mod trace;
mod turn;
mod unsure;

pub use alerts::{AlertPage, Notice, PageWords, alert_letter, alert_page, notice};
pub use card::card;
pub use content::Content;
pub use goods::Goods;
pub use hearing::{Hearing, served};
pub use phrase::phrase;
pub use port::{ArticleHit, Asked, Tape};
pub use replay::{Played, Verdict, play};
pub use reply::lines;
pub use rows::{Place, Row, rows};
pub use searching::hit_card;
pub use shop::{Class, Facts, Shop, bare};
pub use skills::{Skill, specs, texts};
pub use sought::{sought, sought_when_said};
pub use state::{State, StateError};
pub use trace::{By, Considered, Decision, Trace};
pub use turn::{Said, Turned, greeting, turn};
