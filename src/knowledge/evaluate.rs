//! How often the right article is found for questions whose article is known.

use super::Knowledge;
use jiff::civil::Date;

/// Means over the questions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evaluation {
    pub hit_at_1: f64,
    pub hit_at_3: f64,
    /// Mean of one over the rank, 0 beyond the third.
    pub mrr: f64,
    /// Share that would be answered outright, and share of those answers that are right.
    pub answered: f64,
    pub answered_right: f64,
    /// (question, id of the right article, id of the one found first), in the order of the questions.
    pub missed: Vec<(String, String, String)>,
}

/// Asks each question; `id` names its article.
pub fn evaluate(knowledge: &Knowledge, questions: &[(String, String)], today: Date) -> Evaluation {
    let mut sum = Evaluation::default();
    for (text, id) in questions {
        let found = knowledge.find(text, today);
        let place = found.iter().position(|found| found.article.id == *id);
        sum.hit_at_1 += f64::from(place == Some(0));
        sum.hit_at_3 += f64::from(place.is_some());
        sum.mrr += place.map_or(0.0, |place| 1.0 / (place + 1) as f64);
        if let Some(first) = found
            .first()
            .filter(|first| first.band == super::Band::High)
        {
            sum.answered += 1.0;
            sum.answered_right += f64::from(first.article.id == *id);
        }
        if place != Some(0) {
            let instead = found.first().map_or("", |first| first.article.id.as_str());
            sum.missed
                .push((text.clone(), id.clone(), instead.to_owned()));
        }
    }
    let all = questions.len().max(1) as f64;
    Evaluation {
        hit_at_1: sum.hit_at_1 / all,
        hit_at_3: sum.hit_at_3 / all,
        mrr: sum.mrr / all,
        answered: sum.answered / all,
        answered_right: sum.answered_right / sum.answered.max(1.0),
        missed: sum.missed,
    }
}
