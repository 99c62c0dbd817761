//! How often the right article is found, on public messages; skips where they are not beside the project.

use super::{Article, Band, Knowledge};
use crate::text::Tongue;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const TODAY: Date = Date::constant(2026, 11, 20);

/// BANKING77 by Casanueva et al. 2020: `text<TAB>intent` lines.
fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("SHOPTALK_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let folder = shared.join("data/nlu/banking77");
    folder.exists().then_some(folder)
}

fn read(file: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(file).unwrap();
    let pairs = text.lines().filter_map(|line| line.split_once('\t'));
    pairs
        .map(|(text, intent)| (text.to_owned(), intent.to_owned()))
        .collect()
}

/// One article an intent: its name as the question, `k` of its messages as other phrasings.
fn articles(messages: &[(String, String)], k: usize) -> Vec<Article> {
    let mut by_intent: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (text, intent) in messages {
        by_intent.entry(intent).or_default().push(text.clone());
    }
    let article = |(intent, phrasings): (&str, Vec<String>)| {
        let step = (phrasings.len() / k).max(1);
        Article {
            id: intent.to_owned(),
            title: "Help".to_owned(),
            question: intent.replace('_', " "),
            also_asked: phrasings.into_iter().step_by(step).take(k).collect(),
            answer: "See the page.".to_owned(),
            file: "help.md".to_owned(),
            line: 1,
            tags: Vec::new(),
            language: None,
            valid_from: None,
            valid_until: None,
        }
    };
    by_intent.into_iter().map(article).collect()
}

#[test]
fn the_right_article_is_found_as_often_as_measured_before() {
    let Some(folder) = folder() else {
        eprintln!(
            "skipped: BANKING77 is not beside the project (SHOPTALK_SHARED names its folder)"
        );
        return;
    };
    let (train, valid) = (
        read(&folder.join("train.tsv")),
        read(&folder.join("valid.tsv")),
    );
    for (k, least) in [(1, 0.54), (3, 0.64), (10, 0.77)] {
        let knowledge = Knowledge::new(articles(&train, k), &Tongue::english()).unwrap();
        let (mut first, mut third) = (0, 0);
        for (text, intent) in &valid {
            let found = knowledge.find(text, TODAY);
            let place = found.iter().position(|found| found.article.id == *intent);
            first += usize::from(place == Some(0));
            third += usize::from(place.is_some());
        }
        let share = |count: usize| count as f64 / valid.len() as f64;
        println!(
            "k {k}: hit@1 {:.3}, hit@3 {:.3}",
            share(first),
            share(third)
        );
        assert!(share(first) >= least, "k {k}: hit@1 {}", share(first));
    }
}

#[test]
fn a_confidence_is_how_often_such_an_answer_is_right() {
    let Some(folder) = folder() else {
        eprintln!(
            "skipped: BANKING77 is not beside the project (SHOPTALK_SHARED names its folder)"
        );
        return;
    };
    let (train, valid) = (
        read(&folder.join("train.tsv")),
        read(&folder.join("valid.tsv")),
    );
    for k in [3, 10] {
        // Every fourth article is taken away: what asks for it has no answer.
        let kept = articles(&train, k)
            .into_iter()
            .enumerate()
            .filter(|(place, _)| place % 4 != 1);
        let knowledge = Knowledge::new(
            kept.map(|(_, article)| article).collect(),
            &Tongue::english(),
        )
        .unwrap();
        let judged = valid.iter().filter_map(|(text, intent)| {
            let best = knowledge.find(text, TODAY).into_iter().next()?;
            Some((best.confidence, best.article.id == *intent, best.band))
        });
        let mut judged: Vec<(f32, bool, Band)> = judged.collect();
        judged.sort_by(|a, b| a.0.total_cmp(&b.0));
        let right =
            |of: &[(f32, bool, Band)]| of.iter().filter(|(_, right, _)| *right).count() as f32;
        let expected =
            |of: &[(f32, bool, Band)]| of.iter().map(|(confidence, ..)| confidence).sum::<f32>();
        let tenth = judged.len() / 10 + 1;
        let off: f32 = judged
            .chunks(tenth)
            .map(|of| (expected(of) - right(of)).abs())
            .sum::<f32>()
            / judged.len() as f32;
        let of_band = |band: Band| {
            judged
                .iter()
                .filter(|judged| judged.2 == band)
                .copied()
                .collect::<Vec<_>>()
        };
        let (high, low) = (of_band(Band::High), of_band(Band::Low));
        let share = |of: &[(f32, bool, Band)]| right(of) / of.len().max(1) as f32;
        println!(
            "k {k}: {:.2} answered, {:.2} of them right; {:.2} handed over, {:.2} of them wrongly; off by {off:.3}",
            high.len() as f32 / judged.len() as f32,
            share(&high),
            low.len() as f32 / judged.len() as f32,
            share(&low),
        );
        assert!(
            off < 0.1 && share(&high) > 0.85 && share(&low) < 0.25,
            "k {k}: off by {off}"
        );
    }
}
