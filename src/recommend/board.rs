//! Where the measures of one question meet: a cell a product, cleared for the next question.

use std::cell::Cell;

/// What speaks for a product.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Tally {
    /// Sum of what being bought with the asked items counts.
    pub(super) together: f32,
    /// The asked item that counts most, how much, and in how many baskets.
    pub(super) most: f32,
    pub(super) with: u32,
    pub(super) count: u32,
    /// Sum of likeness to the asked items.
    pub(super) alike: f32,
    touched: bool,
}

/// Tallies of one question.
#[derive(Default)]
pub(super) struct Board {
    tallies: Vec<Tally>,
    touched: Vec<u32>,
}

thread_local! {
    static BOARD: Cell<Board> = Cell::default();
}

impl Board {
    /// Runs `fill` over an empty board of `items` products and gives every tally it touched, with its product.
    pub(super) fn tally(items: usize, fill: impl FnOnce(&mut Self)) -> Vec<(u32, Tally)> {
        // Taken out and put back: a panic in between costs the memory, never a stale tally.
        let mut board = BOARD.take();
        board
            .tallies
            .resize(board.tallies.len().max(items), Tally::default());
        fill(&mut board);
        let Self { tallies, touched } = &mut board;
        let found = touched
            .drain(..)
            .map(|item| (item, std::mem::take(&mut tallies[item as usize])))
            .collect();
        BOARD.set(board);
        found
    }

    pub(super) fn at(&mut self, item: u32) -> &mut Tally {
        let tally = &mut self.tallies[item as usize];
        if !tally.touched {
            tally.touched = true;
            self.touched.push(item);
        }
        tally
    }
}
