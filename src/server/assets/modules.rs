//! The widget's modules as browsers get them: in a folder whose name tells this version of all of them from any other, so that
//! each is fetched once and kept for good. Only the loader, which names the folder, is asked for again.

use super::encoded::{Encoded, digest};
use super::minify::minify;
use std::collections::BTreeMap;

/// The one file a shop's page names.
pub(super) const LOADER: &str = "widget.js";
/// What stands in the loader where a shop's settings are written; it serves where the file comes from elsewhere.
const NUDGES: &str = "NUDGES = false";
const QUIET: &str = "QUIET = RegExp('/(cart|basket|checkout|orders?)(/|$)')";
const KIND: &str = "text/javascript; charset=utf-8";

/// Every module by its name, `panel.js`.
pub(super) struct Modules {
    version: String,
    ready: BTreeMap<String, Encoded>,
}

/// What the loader has to know of the shop's settings before it asks for anything.
#[derive(Default)]
pub(super) struct Written<'a> {
    /// There are nudges to show.
    pub(super) nudges: bool,
    /// Paths on which the chat does not open by itself; `*` stands for anything.
    pub(super) quiet_on: &'a [String],
}

impl Written<'_> {
    fn write(&self, loader: &str) -> String {
        let loader = if self.nudges {
            loader.replace(NUDGES, "NUDGES = true")
        } else {
            loader.to_owned()
        };
        let one = |path: &String| regex::escape(path).replace("\\*", ".*");
        let all: Vec<String> = self.quiet_on.iter().map(one).collect();
        let quiet = match all.as_slice() {
            // It fits nothing.
            [] => "(?!)".to_owned(),
            all => format!("^({})$", all.join("|")),
        };
        // A JSON text is one of JavaScript, too, whatever is in it.
        let quiet = serde_json::Value::from(quiet);
        loader.replace(QUIET, &format!("QUIET = RegExp({quiet})"))
    }
}

/// A module that was asked for by an address.
pub(super) enum Found<'a> {
    /// The address names this very content, so that it can be kept for good.
    Here(&'a Encoded),
    /// It is of another version; today's is at this address, from where it was asked for.
    Moved(String),
}

impl Modules {
    /// Prepares `sources`, by name: minifies them, and writes into the loader where the others are, and what it has to know.
    pub(super) fn new(sources: &BTreeMap<String, String>, written: &Written<'_>) -> Self {
        let others = sources.iter().filter(|(name, _)| *name != LOADER);
        let mut texts: BTreeMap<&str, String> = others
            .map(|(name, source)| (name.as_str(), minify(source)))
            .collect();
        let loader = sources.get(LOADER).map_or("", String::as_str);
        let version = digest(texts.values().chain([&written.write(loader)]));
        let placed = loader.replace("import('./", &format!("import('./widget/{version}/"));
        texts.insert(LOADER, minify(&written.write(&placed)));
        let ready = texts
            .into_iter()
            .map(|(name, text)| (name.to_owned(), Encoded::new(KIND, text.into_bytes())));
        Self {
            ready: ready.collect(),
            version,
        }
    }

    pub(super) fn loader(&self) -> Option<&Encoded> {
        self.ready.get(LOADER)
    }

    /// `1f0c22ab/panel.js`. A page may have been opened before an update, and asks for what it has not fetched yet under the
    /// version it knows. Were it answered there, today's module would import what the page has of yesterday's; it is sent to
    /// where all are of today.
    pub(super) fn find(&self, path: &str) -> Option<Found<'_>> {
        let (version, name) = path.split_once('/').unwrap_or(("", path));
        let file = self.ready.get(name)?;
        Some(if version == self.version {
            Found::Here(file)
        } else {
            // Relative, for the chat may be served below a path that only a proxy knows.
            let up = if version.is_empty() { "" } else { "../" };
            Found::Moved(format!("{up}{}/{name}", self.version))
        })
    }

    /// Compresses everything, so that no request has to wait for it.
    pub(super) fn compress(&self) {
        for file in self.ready.values() {
            file.compress();
        }
    }

    #[cfg(test)]
    pub(super) fn named(&self, name: &str) -> Option<&Encoded> {
        self.ready.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(all: &[(&str, &str)]) -> BTreeMap<String, String> {
        all.iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    }

    fn of(inner: &str) -> Modules {
        let all = [
            ("widget.js", "// why\nimport('./a.js');"),
            ("a.js", "import './b.js'; /** @import { X } from './c' */"),
            ("b.js", inner),
        ];
        Modules::new(&sources(&all), &Written::default())
    }

    #[test]
    fn the_loader_names_the_version_and_the_others_lie_beside_each_other() {
        let (one, other) = (of("f(1)"), of("f(2)"));
        assert_ne!(one.version, other.version, "each edit makes a version");
        assert_eq!(one.version, of("f(1)").version);
        let loader = one.loader().unwrap().text();
        assert_eq!(loader, format!("import(`./widget/{}/a.js`);", one.version));
        assert_eq!(one.named("a.js").unwrap().text(), "import\"./b.js\";");
    }

    #[test]
    fn an_address_is_good_for_one_version_and_moved_for_another() {
        let modules = of("f(1)");
        let at = format!("{}/a.js", modules.version);
        assert!(matches!(modules.find(&at), Some(Found::Here(_))));
        for (old, now) in [("a.js", at.clone()), ("00000000/a.js", format!("../{at}"))] {
            let found = modules.find(old);
            assert!(
                matches!(found, Some(Found::Moved(to)) if to == now),
                "{old}"
            );
        }
        for none in [
            "README.md",
            "00000000/README.md",
            "../Cargo.js",
            "x/../a.js",
        ] {
            assert!(modules.find(none).is_none(), "{none}");
        }
    }

    #[test]
    fn the_loader_knows_whether_there_are_nudges_and_where_it_does_not_open() {
        let all = sources(&[(
            "widget.js",
            &format!("export const NUDGES = false, {QUIET};"),
        )]);
        let loader = |nudges, quiet_on: &[&str]| {
            let quiet_on: Vec<String> = quiet_on.iter().map(|path| (*path).into()).collect();
            let written = Written {
                nudges,
                quiet_on: &quiet_on,
            };
            Modules::new(&all, &written).loader().unwrap().text()
        };
        let said = |quiet: &str, nudges: &str| {
            format!("export const NUDGES={nudges},QUIET=RegExp(`{quiet}`);")
        };
        assert_eq!(loader(false, &[]), said("(?!)", "!1"));
        assert_eq!(
            loader(true, &["/cart*", "/pay.html"]),
            said(r"^(/cart.*|/pay\\.html)$", "!0")
        );
        // Whatever an owner writes is a text to the browser, and no address of ours.
        assert_eq!(loader(false, &["./cart"]), said(r"^(\\./cart)$", "!1"));
        assert_eq!(
            loader(false, &["/`${alert(1)}\n"]),
            said("^(/\\`\\\\$\\\\{alert\\\\(1\\\\)\\\\}\n)$", "!1")
        );
    }

    #[test]
    fn the_real_loader_has_a_place_for_each() {
        let source = std::fs::read_to_string("web-widget/widget.js").unwrap();
        for place in [NUDGES, QUIET] {
            assert_eq!(source.matches(place).count(), 1, "{place}");
        }
    }
}
