//! Where the measures of one question meet: a cell a product, used again for the next question.

use super::picking::Ranked;
use std::cell::Cell;

/// What speaks for a product.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Tally {
    /// Sum of what being bought with the asked items counts.
    pub(super) together: f32,
    /// Sum of what being looked at with them counts.
    pub(super) viewed: f32,
    /// Sum of likeness to them.
    pub(super) alike: f32,
    /// The question it was last touched by.
    question: u32,
}

/// Tallies of one question.
#[derive(Default)]
pub(super) struct Board {
    tallies: Vec<Tally>,
    touched: Vec<u32>,
    question: u32,
    /// Taken by the question's ranking and given back, for its memory.
    pub(super) ranked: Vec<Ranked>,
}

thread_local! {
    static BOARD: Cell<Board> = Cell::default();
}

impl Board {
    /// Runs `ask` over an empty board of `items` products.
    pub(super) fn with<T>(items: usize, ask: impl FnOnce(&mut Self) -> T) -> T {
        // Taken out and put back: a panic in between costs the memory, never a stale tally.
        let mut board = BOARD.take();
        if board.question == u32::MAX {
            board = Self::default();
        }
        board.question += 1;
        board.touched.clear();
        let size = board.tallies.len().max(items);
        board.tallies.resize(size, Tally::default());
        let answer = ask(&mut board);
        BOARD.set(board);
        answer
    }

    pub(super) fn at(&mut self, item: u32) -> &mut Tally {
        let tally = &mut self.tallies[item as usize];
        if tally.question != self.question {
            *tally = Tally {
                question: self.question,
                ..Tally::default()
            };
            self.touched.push(item);
        }
        tally
    }

    /// Every product touched, with what speaks for it.
    pub(super) fn tallies(&self) -> impl Iterator<Item = (u32, &Tally)> {
        let of = |item: &u32| (*item, &self.tallies[*item as usize]);
        self.touched.iter().map(of)
    }
}
