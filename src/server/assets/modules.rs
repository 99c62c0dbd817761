//! The widget's modules as browsers get them. Each has an address that names its content, so that it is fetched once and
//! kept for good; only the loader, which names the others, is asked for again.

use super::encoded::Encoded;
use super::minify::minify;
use regex::{Captures, Regex};
use std::collections::BTreeMap;

/// The one file a shop's page names.
pub(super) const LOADER: &str = "widget.js";
const KIND: &str = "text/javascript; charset=utf-8";

/// Every module by its name, `panel.js`.
pub(super) struct Modules(BTreeMap<String, Encoded>);

/// A module that was asked for by an address.
pub(super) struct Found<'a> {
    pub(super) file: &'a Encoded,
    /// The address names this very content, so that it can be kept for good.
    pub(super) exact: bool,
}

impl Modules {
    /// Prepares `sources`, by name: minifies them, and writes into each where the others are. `nudges` tells the loader
    /// whether the shop has any to show.
    pub(super) fn new(sources: &BTreeMap<String, String>, nudges: bool) -> Self {
        let mut ready = BTreeMap::new();
        for name in sources.keys() {
            prepare(name, sources, nudges, &mut Vec::new(), &mut ready);
        }
        Self(ready)
    }

    pub(super) fn loader(&self) -> Option<&Encoded> {
        self.0.get(LOADER)
    }

    /// `panel.1f0c22ab.js`. A page may have been opened before an update: another hash gets today's content, as does
    /// none.
    pub(super) fn find(&self, path: &str) -> Option<Found<'_>> {
        let stem = path.strip_suffix(".js")?;
        let (name, hash) = stem.split_once('.').unwrap_or((stem, ""));
        let file = self.0.get(&format!("{name}.js"))?;
        Some(Found {
            file,
            exact: file.hash == hash,
        })
    }

    /// Compresses everything, so that no request has to wait for it.
    pub(super) fn compress(&self) {
        for file in self.0.values() {
            file.compress();
        }
    }
}

/// Prepares one module after those it imports; `asking` are those that wait for it.
fn prepare(
    name: &str,
    sources: &BTreeMap<String, String>,
    nudges: bool,
    asking: &mut Vec<String>,
    ready: &mut BTreeMap<String, Encoded>,
) {
    // Of two that import each other one has to name the other without its hash: it works, and is asked for each time.
    if ready.contains_key(name) || asking.iter().any(|one| one == name) {
        return;
    }
    let Some(source) = sources.get(name) else {
        return;
    };
    let Ok(import) = Regex::new(r#"["'`]\./([\w-]+)\.js["'`]"#) else {
        return;
    };
    let text = if name == LOADER && nudges {
        minify(&source.replace("NUDGES = false", "NUDGES = true"))
    } else {
        minify(source)
    };
    asking.push(name.to_owned());
    for found in import.captures_iter(&text) {
        prepare(&format!("{}.js", &found[1]), sources, nudges, asking, ready);
    }
    asking.pop();
    let folder = if name == LOADER { "./widget/" } else { "./" };
    let written = import.replace_all(&text, |found: &Captures<'_>| {
        let stem = &found[1];
        match ready.get(&format!("{stem}.js")) {
            Some(file) => format!("\"{folder}{stem}.{}.js\"", file.hash),
            None => format!("\"{folder}{stem}.js\""),
        }
    });
    ready.insert(
        name.to_owned(),
        Encoded::new(KIND, written.into_owned().into_bytes()),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(all: &[(&str, &str)]) -> BTreeMap<String, String> {
        all.iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn a_module_names_the_content_of_those_it_imports() {
        let of = |inner: &str| {
            let all = [
                ("widget.js", "// why\nimport('./a.js');"),
                ("a.js", "import './b.js'; /** @import { X } from './c' */"),
                ("b.js", inner),
            ];
            Modules::new(&sources(&all), false)
        };
        let (one, other) = (of("f(1)"), of("f(2)"));
        let hash = |modules: &Modules, name: &str| modules.0[name].hash.clone();
        let loader = one.loader().unwrap().text();
        assert_eq!(
            loader,
            format!("import(\"./widget/a.{}.js\");", hash(&one, "a.js"))
        );
        let a = one
            .find(&format!("a.{}.js", hash(&one, "a.js")))
            .expect("it is there");
        assert!(a.exact);
        assert_eq!(
            a.file.text(),
            format!("import\"./b.{}.js\";", hash(&one, "b.js"))
        );
        for name in ["widget.js", "a.js", "b.js"] {
            assert_ne!(
                hash(&one, name),
                hash(&other, name),
                "{name} differs with what it imports"
            );
        }
        assert!(!one.find("a.js").unwrap().exact);
        assert!(!one.find("a.00000000.js").unwrap().exact);
        assert!(one.find("README.md").is_none());
        assert!(one.find("../Cargo.js").is_none());
    }

    #[test]
    fn modules_that_import_each_other_still_come() {
        let all = [("a.js", "import './b.js';"), ("b.js", "import './a.js';")];
        let modules = Modules::new(&sources(&all), false);
        assert_eq!(
            modules.find("b.js").unwrap().file.text(),
            "import\"./a.js\";"
        );
    }

    #[test]
    fn the_loader_knows_whether_there_are_nudges() {
        let all = sources(&[("widget.js", "const NUDGES = false; export { NUDGES };")]);
        for (nudges, said) in [(true, "!0"), (false, "!1")] {
            let modules = Modules::new(&all, nudges);
            let text = modules.loader().unwrap().text();
            assert!(text.contains(said), "{text}");
        }
    }
}
