//! Likeness by content: TF-IDF over the words of title, attributes and category.

use super::board::Board;
use super::together::LAST_ITEMS;
use crate::catalog::{self, Catalog, Product};
use crate::search;
use std::collections::HashMap;

/// What a word in each part counts.
const TITLE: f32 = 1.0;
const ATTRIBUTE: f32 = 1.0;
const CATEGORY: f32 = 1.5;

/// Likest products kept of each.
const KEPT: usize = 32;
/// So many holders of its words are compared with a product, those of its rarest words first: in a large catalog the
/// common words cost most and tell least.
const COMPARED: usize = 4_000;

/// Unit vectors over words, and the likest of each product.
#[derive(Debug, Default)]
pub(super) struct Similar {
    /// By product: word and weight, by word.
    vectors: Vec<Vec<(u32, f32)>>,
    /// By product: the likest and their cosine.
    likest: Vec<Vec<(u32, f32)>>,
}

impl Similar {
    pub(super) fn bytes(&self) -> usize {
        let lists = self.vectors.iter().chain(&self.likest);
        lists
            .map(|list| size_of_val(&list[..]) + size_of_val(list))
            .sum()
    }

    pub(super) fn new(catalog: &Catalog) -> Self {
        let mut ids: HashMap<String, u32> = HashMap::new();
        let mut vectors: Vec<Vec<(u32, f32)>> = Vec::with_capacity(catalog.len());
        for product in catalog.products() {
            let mut bag: Vec<(u32, f32)> = Vec::new();
            for (word, weight) in parts(product) {
                let next = ids.len() as u32;
                let id = *ids.entry(word).or_insert(next);
                match bag.iter_mut().find(|(known, _)| *known == id) {
                    Some((_, sum)) => *sum += weight,
                    None => bag.push((id, weight)),
                }
            }
            bag.sort_unstable_by_key(|(word, _)| *word);
            bag.shrink_to_fit();
            vectors.push(bag);
        }
        let mut frequencies = vec![0_u32; ids.len()];
        for (word, _) in vectors.iter().flatten() {
            frequencies[*word as usize] += 1;
        }
        let idf = |word: u32| {
            ((1.0 + catalog.len() as f32) / (1.0 + frequencies[word as usize] as f32)).ln() + 1e-3
        };
        let mut holders = vec![Vec::new(); ids.len()];
        for (place, bag) in vectors.iter_mut().enumerate() {
            for (word, weight) in bag.iter_mut() {
                *weight = (1.0 + weight.ln()).max(0.1) * idf(*word);
            }
            let squares = bag.iter().map(|(_, weight)| weight * weight);
            let length = squares.sum::<f32>().sqrt();
            for (word, weight) in bag.iter_mut() {
                *weight /= length;
                holders[*word as usize].push((place as u32, *weight));
            }
        }
        let likest = likest(&vectors, &holders);
        Self { vectors, likest }
    }

    /// Adds the likeness, 0 to 1, of the likest to each of the asked ones.
    pub(super) fn add_to(&self, board: &mut Board, asked: &[u32]) {
        for item in asked.iter().rev().take(LAST_ITEMS) {
            for (other, cosine) in &self.likest[*item as usize] {
                board.at(*other).alike += cosine;
            }
        }
    }

    /// The likest to a product and their cosine, the likest first.
    pub(super) fn likest(&self, item: u32) -> &[(u32, f32)] {
        &self.likest[item as usize]
    }

    /// Cosine of two products, 0 to 1.
    pub(super) fn cosine(&self, one: u32, other: u32) -> f32 {
        let (one, other) = (&self.vectors[one as usize], &self.vectors[other as usize]);
        let (mut at, mut sum) = (0, 0.0);
        for (word, weight) in one {
            while other.get(at).is_some_and(|(known, _)| known < word) {
                at += 1;
            }
            if let Some((known, other)) = other.get(at)
                && known == word
            {
                sum += weight * other;
            }
        }
        sum
    }
}

/// The likest of every product, the likest first.
fn likest(vectors: &[Vec<(u32, f32)>], holders: &[Vec<(u32, f32)>]) -> Vec<Vec<(u32, f32)>> {
    let mut cosines = vec![0.0_f32; vectors.len()];
    let mut met: Vec<u32> = Vec::new();
    let of = |(item, vector): (usize, &Vec<(u32, f32)>)| {
        let mut words = vector.clone();
        words.sort_by_key(|(word, _)| (holders[*word as usize].len(), *word));
        let mut left = COMPARED;
        for (word, own) in words {
            let holders = &holders[word as usize];
            let holders = &holders[..holders.len().min(left)];
            left -= holders.len();
            for (other, weight) in holders {
                let cosine = &mut cosines[*other as usize];
                if *cosine == 0.0 {
                    met.push(*other);
                }
                *cosine += own * weight;
            }
        }
        let mut found: Vec<(u32, f32)> = Vec::with_capacity(met.len());
        for other in met.drain(..) {
            let cosine = std::mem::take(&mut cosines[other as usize]);
            if other as usize != item && cosine > 0.0 {
                found.push((other, cosine));
            }
        }
        let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if found.len() > KEPT {
            found.select_nth_unstable_by(KEPT, order);
            found.truncate(KEPT);
        }
        found.sort_unstable_by(order);
        found.shrink_to_fit();
        found
    };
    vectors.iter().enumerate().map(of).collect()
}

fn parts(product: &Product) -> Vec<(String, f32)> {
    let terms = |text: &str, weight: f32| {
        search::content_terms(text, catalog::LANGUAGE)
            .into_iter()
            .map(move |term| (term, weight))
    };
    let mut found: Vec<(String, f32)> = terms(&product.title, TITLE).collect();
    found.extend(
        product
            .attributes
            .values()
            .flat_map(|value| terms(value, ATTRIBUTE)),
    );
    found.extend(
        product
            .category
            .iter()
            .flat_map(|level| terms(level, CATEGORY)),
    );
    found
}
