//! The demo shop's articles, inside the binary: a shop of one's own should not tell them as its own unawares.

use super::generation;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::dialogue::Content;
use crate::knowledge;
use rust_embed::RustEmbed;
use std::collections::HashSet;

#[derive(RustEmbed)]
#[folder = "knowledge"]
struct Articles;

/// A warning for each file in which answers of the demo shop stand word for word, where the shop is somebody's own: it
/// has a name, says whence its goods come, or `sells` some that are not the demo's.
pub(super) fn told(config: &Config, sells: bool, content: &Content) -> Diagnostics {
    let own =
        sells || config.shops.bring_goods() || config.shop.name != Config::defaults().shop.name;
    match own && !config.content.demo_articles {
        true => among(content),
        false => Diagnostics::default(),
    }
}

/// One line for an owner who has just brought goods of their own, when there is something to say.
pub(super) fn reminder(config: &Config) -> Option<String> {
    let content = generation::content(config).content?;
    let files = told(config, true, &content).count(Severity::Warning);
    let folder = config.content.knowledge.display();
    match files {
        0 => None,
        1 => Some(format!(
            "a file in {folder} still tells the demo shop's answers as yours: `shoptalk check` names it"
        )),
        n => Some(format!(
            "{n} files in {folder} still tell the demo shop's answers as yours: `shoptalk check` names them"
        )),
    }
}

fn among(content: &Content) -> Diagnostics {
    let answers: HashSet<String> = Articles::iter()
        .filter(|name| name.ends_with(".md"))
        .filter_map(|name| Some((name.clone(), Articles::get(&name)?)))
        .flat_map(|(name, file)| knowledge::parse(&name, &String::from_utf8_lossy(&file.data)).0)
        .map(|article| article.answer)
        .collect();
    let mut problems = Diagnostics::default();
    for source in &content.files {
        let here = content.articles.iter();
        let here: Vec<_> = here.filter(|one| one.file == source.name).collect();
        let told = here.iter().filter(|one| answers.contains(&one.answer));
        let told: Vec<_> = told.collect();
        let Some(first) = told.first() else { continue };
        let start = source.byte(first.line, 1);
        let end = source.byte(first.line, u32::MAX);
        let message = match (told.len(), here.len()) {
            (1, 1) => "the article here is the demo shop's, and is told as yours".to_owned(),
            (told, all) => {
                format!("{told} of {all} articles here are the demo shop's, and are told as yours")
            }
        };
        let help = "write what your shop does, or delete what it does not do; when you have read them all and they are \
            true of it, set `demo_articles = true` under [content] in config.toml";
        problems.push(
            Diagnostic::error("demo-article", source, start..end, message, help).as_warning(),
        );
    }
    problems
}
