//! A reply under construction: blocks in the order they are said.

use super::block::{Block, Choice, Line, Source};

#[derive(Debug, Default)]
pub(super) struct Reply {
    blocks: Vec<Block>,
}

impl Reply {
    /// Adds a line to the text being said, or begins one. What was said last is not said twice.
    pub(super) fn line(&mut self, line: Line) {
        match self.blocks.last_mut() {
            // Twice in one breath says nothing more.
            Some(Block::Text { lines }) if lines.iter().any(|known| known.text == line.text) => {}
            Some(Block::Text { lines }) => lines.push(line),
            _ => self.blocks.push(Block::Text { lines: vec![line] }),
        }
    }

    /// Begins a new bubble with `line`, apart from what was said before.
    pub(super) fn bubble(&mut self, line: Line) {
        self.blocks.push(Block::Text { lines: vec![line] });
    }

    /// Says `line` before everything else.
    pub(super) fn lead(&mut self, line: Line) {
        match self.blocks.first_mut() {
            Some(Block::Text { lines }) => lines.insert(0, line),
            _ => self.blocks.insert(0, Block::Text { lines: vec![line] }),
        }
    }

    /// Puts a choice before all others.
    pub(super) fn first_choice(&mut self, choice: Choice) {
        let mut row = vec![choice];
        for block in &mut self.blocks {
            if let Block::Choices { choices, .. } = block {
                row.append(choices);
            }
        }
        self.blocks
            .retain(|block| !matches!(block, Block::Choices { .. }));
        self.choices(row);
    }

    pub(super) fn block(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Offers choices once: a reply has one row of them, later ones join it, repeats are dropped.
    pub(super) fn choices(&mut self, added: Vec<Choice>) {
        let found = self
            .blocks
            .iter()
            .position(|block| matches!(block, Block::Choices { .. }));
        let (prompt, mut row) = match found.map(|at| self.blocks.remove(at)) {
            Some(Block::Choices { prompt, choices }) => (prompt, choices),
            _ => (None, Vec::new()),
        };
        for choice in added {
            if !row.iter().any(|known| known.label == choice.label) {
                row.push(choice);
            }
        }
        if !row.is_empty() {
            self.blocks.push(Block::Choices {
                prompt,
                choices: row,
            });
        }
    }

    /// Asks with choices that belong to the question.
    pub(super) fn question(&mut self, prompt: Line, added: Vec<Choice>) {
        self.choices(added);
        if let Some(Block::Choices { prompt: asked, .. }) = self.blocks.last_mut() {
            *asked = Some(prompt);
        }
    }

    /// A person is asked for.
    pub(super) fn hands_over(&self) -> bool {
        self.blocks
            .iter()
            .any(|block| matches!(block, Block::Handoff { .. }))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The finished blocks, choices last: they answer what was said above them.
    pub(super) fn finish(self) -> Vec<Block> {
        let (choices, mut blocks): (Vec<_>, Vec<_>) = self
            .blocks
            .into_iter()
            .partition(|block| matches!(block, Block::Choices { .. }));
        blocks.extend(choices);
        blocks
    }
}

/// Every sentence of a reply with its source, in reading order. What a test walks to hold us to
/// "nothing is said without a source", and what plain-text channels read aloud.
pub fn lines(blocks: &[Block]) -> Vec<&Line> {
    let mut all = Vec::new();
    for block in blocks {
        match block {
            Block::Text { lines } => all.extend(lines),
            Block::Choices { prompt, .. } => all.extend(prompt),
            Block::Products { items, .. } => all.extend(items.iter().flat_map(|item| &item.why)),
            Block::Comparison { rows, .. } => {
                all.extend(rows.iter().flat_map(|row| row.values.iter().flatten()));
            }
            Block::Cart(cart) => {
                let amounts = cart.discount.iter().chain(&cart.shipping);
                all.extend(amounts.map(|amount| &amount.label));
                all.extend(&cart.note);
            }
            Block::Order(order) => {
                all.push(&order.headline);
                all.extend(order.timeline.iter().map(|step| &step.label));
            }
            Block::Return(card) => {
                all.push(&card.headline);
                all.extend(&card.reason);
                all.push(&card.wish);
                all.extend(&card.next);
                all.extend(card.label.iter().map(|link| &link.label));
            }
            Block::Form { prompt, fields, .. } => {
                all.push(prompt);
                all.extend(fields.iter().map(|field| &field.label));
            }
            Block::Link { label, .. } => all.push(label),
            Block::Image { alt, .. } => all.push(alt),
            Block::Rating { prompt } => all.push(prompt),
            Block::Handoff { message, .. } => all.push(message),
        }
    }
    all
}

impl Source {
    /// Whether the source names something: an empty id is no source.
    pub fn is_named(&self) -> bool {
        match self {
            Self::Text { id } | Self::Article { id, .. } => !id.is_empty(),
            Self::Product { sku, field } => !sku.is_empty() && !field.is_empty(),
            Self::Order { number, field } => !number.is_empty() && !field.is_empty(),
            Self::Recommendation { measure } => !measure.is_empty(),
            Self::Setting { key } => !key.is_empty(),
        }
    }
}
