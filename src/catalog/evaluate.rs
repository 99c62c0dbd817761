//! How well products are found: queries with products that people have graded for them.

use super::{Catalog, Filters, Query};
use std::collections::{BTreeMap, HashMap};

/// The list that is looked at.
pub const DEPTH: usize = 50;
/// A product counts as relevant from this share of the highest grade given in the whole set.
const RELEVANT: f64 = 2.0 / 3.0;

/// A query with what its products are worth: SKU → grade. What has no grade is worth nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JudgedQuery {
    pub id: String,
    pub text: String,
    pub grades: HashMap<String, f64>,
}

/// Means over the queries for which a product is worth something; recall and reciprocal rank over those that have a
/// relevant one. All 0 to 1.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SearchEvaluation {
    pub queries: usize,
    pub ndcg_at_10: f64,
    /// 1 ÷ rank of the first relevant product among the first 50.
    pub mrr: f64,
    /// Share of the relevant products among the first 50.
    pub recall_at_50: f64,
    /// Queries that found nothing at all.
    pub without_result: usize,
    /// Worst first.
    pub by_query: Vec<QueryScore>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct QueryScore {
    pub text: String,
    pub ndcg_at_10: f64,
    /// SKU of the first product found.
    pub first: Option<String>,
    /// SKU of a product worth most, and where it was found, from 1.
    pub best: (String, Option<usize>),
}

/// Asks `find` every query, for codes of products, best first, and compares. Gain is the grade ÷ the highest grade of the set, discounted by log2 of rank + 1, over
/// what the judged products could reach (Järvelin and Kekäläinen, 2002, with linear gain).
pub fn evaluate(queries: &[JudgedQuery], find: impl Fn(&str) -> Vec<String>) -> SearchEvaluation {
    let grades = queries.iter().flat_map(|query| query.grades.values());
    let highest = grades.copied().fold(0.0, f64::max);
    let mut evaluation = SearchEvaluation::default();
    let mut with_relevant = 0_usize;
    for query in queries {
        let Some(best) = best_of(&query.grades).filter(|_| highest > 0.0) else {
            continue;
        };
        let found = find(&query.text);
        evaluation.queries += 1;
        evaluation.without_result += usize::from(found.is_empty());
        let gain = |sku: &String| query.grades.get(sku).map_or(0.0, |grade| grade / highest);
        let gains: Vec<f64> = found.iter().map(gain).collect();
        let mut ideal: Vec<f64> = query.grades.values().map(|grade| grade / highest).collect();
        ideal.sort_by(|a, b| b.total_cmp(a));
        let ndcg = discounted(&gains) / discounted(&ideal);
        evaluation.ndcg_at_10 += ndcg;

        let is_relevant = |gain: &f64| *gain >= RELEVANT - 1e-9;
        let relevant = ideal.iter().filter(|gain| is_relevant(gain)).count();
        if relevant > 0 {
            with_relevant += 1;
            let first = gains.iter().position(is_relevant);
            evaluation.mrr += first.map_or(0.0, |place| 1.0 / (place + 1) as f64);
            let there = gains.iter().filter(|gain| is_relevant(gain)).count();
            evaluation.recall_at_50 += there as f64 / relevant as f64;
        }
        let place = found.iter().position(|sku| *sku == best);
        evaluation.by_query.push(QueryScore {
            text: query.text.clone(),
            ndcg_at_10: ndcg,
            first: found.into_iter().next(),
            best: (best, place.map(|place| place + 1)),
        });
    }
    evaluation.ndcg_at_10 /= evaluation.queries.max(1) as f64;
    evaluation.mrr /= with_relevant.max(1) as f64;
    evaluation.recall_at_50 /= with_relevant.max(1) as f64;
    evaluation
        .by_query
        .sort_by(|a, b| a.ndcg_at_10.total_cmp(&b.ndcg_at_10));
    evaluation
}

/// SKUs as a shopper would see them, best first.
pub fn find(catalog: &Catalog, text: &str) -> Vec<String> {
    let query = Query {
        text: text.to_owned(),
        filters: Filters {
            in_stock: true,
            ..Filters::default()
        },
        limit: DEPTH,
        ..Query::default()
    };
    let found = catalog.find(&query).hits.into_iter();
    found.map(|hit| hit.product.sku.clone()).collect()
}

fn discounted(gains: &[f64]) -> f64 {
    let first = gains.iter().take(10).zip(2_u32..);
    first
        .map(|(gain, rank)| gain / f64::from(rank).log2())
        .sum()
}

/// The product worth most, the first by SKU of several; none when all are worth nothing.
fn best_of(grades: &HashMap<String, f64>) -> Option<String> {
    let sorted: BTreeMap<&String, f64> = grades.iter().map(|(sku, grade)| (sku, *grade)).collect();
    let mut best: Option<(&String, f64)> = None;
    for (sku, grade) in sorted {
        if grade > best.map_or(0.0, |(_, most)| most) {
            best = Some((sku, grade));
        }
    }
    best.map(|(sku, _)| sku.clone())
}

#[cfg(test)]
mod tests {
    use super::super::shop;
    use super::*;

    fn judged(text: &str, grades: &[(&str, f64)]) -> JudgedQuery {
        let grades = grades
            .iter()
            .map(|(sku, grade)| ((*sku).to_owned(), *grade));
        JudgedQuery {
            id: text.to_owned(),
            text: text.to_owned(),
            grades: grades.collect(),
        }
    }

    #[test]
    fn a_few_judged_queries_give_the_figures_worked_out_by_hand() {
        // "jacket" finds the two jackets, "fleece" the one; nobody has a kayak.
        let queries = [
            judged(
                "storm jacket",
                &[("STORM-JACKET", 2.0), ("FJORD-FLEECE-JACKET", 1.0)],
            ),
            judged(
                "fleece",
                &[("STORM-JACKET", 3.0), ("FJORD-FLEECE-JACKET", 1.0)],
            ),
            judged("kayak", &[("BIRCH-CAP", 3.0)]),
            judged("socks", &[("BIRCH-CAP", 0.0)]),
        ];
        let found = evaluate(&queries, |text| find(&shop::small(), text));
        assert_eq!((found.queries, found.without_result), (3, 1));
        let ideal = 1.0 + (1.0 / 3.0) / 3_f64.log2();
        assert!((found.ndcg_at_10 - (1.0 + (1.0 / 3.0) / ideal) / 3.0).abs() < 1e-9);
        // Relevant from grade 2 on: the storm jacket was first once; "fleece" and "kayak" missed theirs.
        assert!((found.mrr - 1.0 / 3.0).abs() < 1e-9);
        assert!((found.recall_at_50 - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!(found.by_query[0].text, "kayak");
        assert_eq!(found.by_query[1].best, ("STORM-JACKET".to_owned(), None));
    }

    #[test]
    fn without_grades_there_are_no_figures() {
        let nothing = evaluate(&[judged("socks", &[])], |text| find(&shop::small(), text));
        assert_eq!(nothing, SearchEvaluation::default());
    }
}
