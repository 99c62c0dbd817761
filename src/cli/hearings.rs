//! Learning what staff wrote, a language at a time.

use crate::config::Config;
use crate::dialogue::script::{Intent, Script};
use crate::dialogue::{self, Class, Content, Hearing, bare};
use crate::knowledge::{Article, Knowledge};
use crate::text::{Embeddings, Language, Tongue};
use crate::understanding::{self, Languages, Limits, Matcher};
use anyhow::Context;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// Up to this many articles are classes of the matcher beside the intents; beyond, the index alone
/// finds them: a class for each of ten thousand would cost every message.
const ARTICLE_CLASSES: usize = 400;

/// A hearing for each language there are files in, the shop's own first, and what tells them apart. Of a language whose
/// utterances and articles are what they were `before`, nothing is trained again: most edits change words that are said,
/// not words that are heard.
pub(super) fn learn(
    config: &Config,
    content: &Content,
    before: &[Hearing],
) -> anyhow::Result<(Vec<Hearing>, Languages)> {
    let own = config.shop.language.as_str();
    let mut codes = vec![own];
    let articles = content.articles.iter();
    let written = articles.filter_map(|article| article.language.as_deref());
    for code in content.script.languages().chain(written) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let known = before
        .iter()
        .find_map(|hearing| hearing.tongue.embeddings.as_ref());
    let table = embeddings(config.understanding.embeddings.as_deref(), known)?;
    let mut hearings = Vec::with_capacity(codes.len());
    for code in &codes {
        let before = before.iter().find(|hearing| hearing.code == *code);
        let tongue = tongue(content, code).with(table.clone());
        hearings.push(hearing(config, content, code, tongue, before)?);
    }
    let texts = codes.iter().zip(&hearings);
    let texts = texts.map(|(code, hearing)| (*code, written_in(content, hearing, *code == own)));
    let languages = Languages::new(texts);
    Ok((hearings, languages))
}

/// The words of an intent in a language; the shop's own where nobody translated them.
pub(super) fn class_of(intent: &Intent, code: &str) -> understanding::Class {
    let translated = intent.translations.get(code);
    let examples = match translated {
        Some(translation) if !translation.examples.is_empty() => &translation.examples,
        _ => &intent.examples,
    };
    understanding::Class {
        id: intent.id.clone(),
        title: intent.title_in(code).to_owned(),
        examples: examples.clone(),
    }
}

/// An article as a class of the matcher.
pub(super) fn class_of_article(article: &Article) -> understanding::Class {
    understanding::Class {
        id: article.id.clone(),
        title: article.question.clone(),
        examples: article.also_asked.clone(),
    }
}

/// The language of `code` with the shop's own words in it.
pub(super) fn tongue(content: &Content, code: &str) -> Tongue {
    let synonyms = content.synonyms.get(code).map_or("", String::as_str);
    Tongue::new(Language::of(code), synonyms)
}

/// The table of word vectors that the settings name; the one read `before` where it is the same.
pub(super) fn embeddings(
    folder: Option<&Path>,
    before: Option<&Arc<Embeddings>>,
) -> anyhow::Result<Option<Arc<Embeddings>>> {
    let Some(folder) = folder else {
        return Ok(None);
    };
    let before = before.filter(|before| before.folder() == folder);
    Ok(Some(match before {
        Some(before) => Arc::clone(before),
        None => Arc::new(Embeddings::load(folder).context("understanding.embeddings")?),
    }))
}

/// Articles in a language; where there is none, all that are in the shop's own.
pub(super) fn articles_in(config: &Config, content: &Content, code: &str) -> Vec<Article> {
    let own = config.shop.language.as_str();
    let of = |wanted: &str| -> Vec<Article> {
        let articles = content.articles.iter();
        let spoken = |article: &&Article| article.language.as_deref().unwrap_or(own) == wanted;
        articles.filter(spoken).cloned().collect()
    };
    let there = of(code);
    if there.is_empty() { of(own) } else { there }
}

fn hearing(
    config: &Config,
    content: &Content,
    code: &str,
    tongue: Tongue,
    before: Option<&Hearing>,
) -> anyhow::Result<Hearing> {
    let articles = articles_in(config, content, code);
    let before = before.filter(|before| before.tongue == tongue);
    let unchanged = |known: &Arc<Knowledge>| {
        let known = known.articles().iter().map(AsRef::as_ref);
        known.eq(articles.iter())
    };
    let knowledge = before
        .map(|before| &before.knowledge)
        .filter(|known| unchanged(known));
    let knowledge = match knowledge {
        Some(known) => Arc::clone(known),
        None => Arc::new(Knowledge::new(articles, &tongue).context("indexing the articles")?),
    };
    let (classes, learnt) = classes(&content.script, &knowledge, code);
    let matcher = match before.filter(|before| before.learnt == learnt) {
        Some(before) => Arc::clone(&before.matcher),
        None => Arc::new(Matcher::train(&learnt, &tongue)),
    };
    let language = tongue.language;
    let served = dialogue::served(&content.script, &classes, &learnt, &knowledge, language);
    let derived = matcher.limits();
    let settings = &config.understanding;
    Ok(Hearing {
        code: code.to_owned(),
        tongue,
        limits: Limits {
            answer_above: settings.answer_above.unwrap_or(derived.answer_above),
            ask_above: settings.ask_above.unwrap_or(derived.ask_above),
        },
        matcher,
        verbatim: verbatim(&learnt),
        classes,
        knowledge,
        learnt,
        served,
    })
}

/// What staff wrote in the language itself; what only stands in for it would teach the wrong words.
fn written_in<'h>(content: &Content, hearing: &'h Hearing, own: bool) -> Vec<&'h str> {
    let intents = content.script.intents();
    let is_written = |class: &Class| match class {
        Class::Intent(at) => {
            let intent = intents.get(*at);
            own || intent.is_some_and(|intent| intent.translations.contains_key(&hearing.code))
        }
        Class::Article(id) => {
            let article = content.articles.iter().find(|article| article.id == *id);
            own || article.is_some_and(|article| article.language.as_ref() == Some(&hearing.code))
        }
    };
    let written = hearing.classes.iter().zip(&hearing.learnt);
    let written = written.filter(|(class, _)| is_written(class));
    let said = written.flat_map(|(_, learnt)| learnt.examples.iter().chain([&learnt.title]));
    said.map(String::as_str).collect()
}

/// What staff wrote word for word is certain, however few content words it has: "thank you so much".
fn verbatim(trained: &[understanding::Class]) -> HashMap<String, usize> {
    let mut places = HashMap::new();
    for (class, learnt) in trained.iter().enumerate() {
        for said in std::iter::once(&learnt.title).chain(&learnt.examples) {
            places.entry(bare(said)).or_insert(class);
        }
    }
    places
}

/// What the matcher learns: every intent, and every article where there are few enough.
fn classes(
    script: &Script,
    knowledge: &Knowledge,
    code: &str,
) -> (Vec<Class>, Vec<understanding::Class>) {
    let mut classes = Vec::new();
    let mut trained = Vec::new();
    for (at, intent) in script.intents().iter().enumerate() {
        // One that its rules alone tell has nothing to learn from.
        if intent.examples.is_empty() && !intent.rules.is_empty() {
            continue;
        }
        classes.push(Class::Intent(at));
        trained.push(class_of(intent, code));
    }
    if knowledge.articles().len() <= ARTICLE_CLASSES {
        for article in knowledge.articles() {
            classes.push(Class::Article(article.id.clone()));
            trained.push(class_of_article(article));
        }
    }
    (classes, trained)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::content;

    fn demo() -> Content {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = content::read(&root.join("intents"), &root.join("knowledge"), "en");
        read.content.unwrap()
    }

    #[test]
    fn only_the_language_whose_words_changed_is_trained_again() {
        let config = Config::defaults();
        let mut content = demo();
        let (before, _) = learn(&config, &content, &[]).unwrap();
        let codes: Vec<&str> = before.iter().map(|hearing| hearing.code.as_str()).collect();
        assert_eq!(codes, ["en", "de", "nb"]);
        let german = content.articles.iter_mut();
        for article in german.filter(|article| article.language.as_deref() == Some("de")) {
            article.also_asked.push("noch anders gefragt".to_owned());
        }
        let (after, _) = learn(&config, &content, &before).unwrap();
        let same: Vec<(bool, bool)> = before
            .iter()
            .zip(&after)
            .map(|(before, after)| {
                (
                    Arc::ptr_eq(&before.matcher, &after.matcher),
                    Arc::ptr_eq(&before.knowledge, &after.knowledge),
                )
            })
            .collect();
        assert_eq!(same, [(true, true), (false, false), (true, true)]);
    }
}
