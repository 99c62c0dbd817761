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

/// Unit vectors over words, and who has each word.
#[derive(Debug, Default)]
pub(super) struct Similar {
    /// By product: word and weight.
    vectors: Vec<Vec<(u32, f32)>>,
    /// By word: product and weight.
    holders: Vec<Vec<(u32, f32)>>,
}

impl Similar {
    pub(super) fn bytes(&self) -> usize {
        let lists = self.vectors.iter().chain(&self.holders);
        lists
            .map(|list| size_of_val(&list[..]) + size_of_val(list))
            .sum()
    }

    pub(super) fn new(catalog: &Catalog) -> Self {
        let mut ids: HashMap<String, u32> = HashMap::new();
        let mut counts: Vec<Vec<(u32, f32)>> = Vec::with_capacity(catalog.len());
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
            counts.push(bag);
        }
        let mut frequencies = vec![0_u32; ids.len()];
        for (word, _) in counts.iter().flatten() {
            frequencies[*word as usize] += 1;
        }
        let idf = |word: u32| {
            ((1.0 + catalog.len() as f32) / (1.0 + frequencies[word as usize] as f32)).ln() + 1e-3
        };
        let mut holders = vec![Vec::new(); ids.len()];
        for (place, bag) in counts.iter_mut().enumerate() {
            for (word, weight) in bag.iter_mut() {
                *weight = (1.0 + weight.ln()).max(0.1) * idf(*word);
            }
            let length = bag
                .iter()
                .map(|(_, weight)| weight * weight)
                .sum::<f32>()
                .sqrt();
            for (word, weight) in bag.iter_mut() {
                *weight /= length;
                holders[*word as usize].push((place as u32, *weight));
            }
        }
        Self {
            vectors: counts,
            holders,
        }
    }

    /// Adds the cosine, 0 to 1, of every product with each of the asked ones.
    pub(super) fn add_to(&self, board: &mut Board, asked: &[u32]) {
        for item in asked.iter().rev().take(LAST_ITEMS) {
            for (word, own) in &self.vectors[*item as usize] {
                for (other, weight) in &self.holders[*word as usize] {
                    board.at(*other).alike += own * weight;
                }
            }
        }
    }

    /// Cosine of two products, 0 to 1.
    pub(super) fn cosine(&self, one: u32, other: u32) -> f32 {
        let (one, other) = (&self.vectors[one as usize], &self.vectors[other as usize]);
        let shared = one.iter().filter_map(|(word, weight)| {
            let found = other.iter().find(|(known, _)| known == word)?;
            Some(weight * found.1)
        });
        shared.sum()
    }
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
