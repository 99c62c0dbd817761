//! `shoptalk feedback`: which articles help and which do not, and how conversations were.

use super::{Place, generation};
use crate::feedback::{self, ArticleFigures, RatingFigures};
use anyhow::{Context, bail};
use std::fmt::Write as _;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct FeedbackArgs {
    /// One JSON document, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: &Place, args: FeedbackArgs) -> anyhow::Result<ExitCode> {
    let config = match generation::config(place) {
        Ok(config) => config,
        Err(problems) => bail!("{}", problems.render(false)),
    };
    let store = generation::open(&config).await?;
    let articles = feedback::articles(&store)
        .await
        .context("reading the feedback")?;
    let ratings = feedback::ratings(&store)
        .await
        .context("reading the ratings")?;
    if args.json {
        let document = serde_json::json!({ "articles": articles, "ratings": ratings });
        println!("{}", serde_json::to_string_pretty(&document)?);
    } else {
        print!("{}", in_words(&articles, &ratings));
    }
    store.close().await?;
    Ok(ExitCode::SUCCESS)
}

fn in_words(articles: &[ArticleFigures], ratings: &RatingFigures) -> String {
    let mut said = String::new();
    if articles.is_empty() {
        said.push_str("Nobody has said yet whether an article helped.\n");
    } else {
        said.push_str("Was this helpful? The worst first.\n   yes    no  article\n");
    }
    for one in articles {
        let _ = writeln!(said, "{:>6}{:>6}  {}", one.yes, one.no, one.article);
    }
    let Some(satisfied) = ratings.satisfied_percent else {
        said.push_str("\nNobody has rated a conversation yet.\n");
        return said;
    };
    let all: u32 = ratings.scores.iter().sum();
    let _ = writeln!(
        said,
        "\n{all} conversations were rated, {satisfied} % of them 4 or 5; {} would rather not say.",
        ratings.skipped
    );
    for (score, count) in (1..).zip(ratings.scores) {
        let _ = writeln!(said, "{score}: {count}");
    }
    for one in &ratings.words {
        let score = one.score.map_or("-".to_owned(), |score| score.to_string());
        // A line each: words are a shopper's, and may hold anything.
        let words: String = one
            .words
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let _ = writeln!(said, "{score}  {words}  ({})", one.conversation);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::RatingWords;
    use jiff::Timestamp;

    #[test]
    fn figures_are_told_with_the_worst_first_and_no_word_breaks_its_line() {
        let article = ArticleFigures {
            article: "returns#how-long".into(),
            yes: 1,
            no: 12,
            at_least_no_percent: 70,
        };
        let ratings = RatingFigures {
            scores: [1, 0, 0, 1, 2],
            skipped: 3,
            satisfied_percent: Some(75),
            words: vec![RatingWords {
                at: Timestamp::UNIX_EPOCH,
                conversation: "c-1".into(),
                score: Some(1),
                words: "slow\n\u{1b}[31m".into(),
            }],
        };
        let said = in_words(&[article], &ratings);
        assert!(said.contains("     1    12  returns#how-long"), "{said}");
        assert!(
            said.contains("4 conversations were rated, 75 % of them 4 or 5; 3 would"),
            "{said}"
        );
        assert!(said.contains("1  slow  [31m  (c-1)"), "{said}");
        let none = RatingFigures {
            scores: [0; 5],
            skipped: 0,
            satisfied_percent: None,
            words: Vec::new(),
        };
        assert!(in_words(&[], &none).contains("Nobody has rated"));
    }
}
