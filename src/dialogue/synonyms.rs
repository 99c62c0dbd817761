//! `knowledge/synonyms.txt`: words that mean the same in this shop, a group a line; `synonyms.de.txt` for another
//! language.

use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};
use crate::text::words;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// By language; files of other names are passed over. A line that says nothing is warned of.
pub(super) fn read(
    files: &[Arc<SourceText>],
    own: &str,
    problems: &mut Diagnostics,
) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for source in files {
        let stem = Path::new(&source.name)
            .file_stem()
            .and_then(|stem| stem.to_str());
        let language = match stem.and_then(|stem| stem.strip_prefix("synonyms")) {
            Some("") => own,
            Some(rest) if rest.starts_with('.') => &rest[1..],
            _ => continue,
        };
        lonely(source, problems);
        found.insert(language.to_lowercase(), source.text.clone());
    }
    found
}

/// A word alone in its line is no synonym of anything.
fn lonely(source: &Arc<SourceText>, problems: &mut Diagnostics) {
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        let said = line.trim();
        if !said.starts_with('#') && words(said).len() == 1 {
            let problem = Diagnostic::error(
                "lonely-word",
                source,
                start..start + line.trim_end().len(),
                format!("`{said}` stands alone"),
                "write the words that mean the same beside it, with commas between them",
            );
            problems.push(problem.as_warning());
        }
        start += line.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_their_language_and_lonely_words_are_named() {
        let files = [
            SourceText::new(
                "knowledge/synonyms.txt",
                "# shop words\njumper, sweater\nbeanie\n",
            ),
            SourceText::new("knowledge/synonyms.de.txt", "Pulli, Pullover"),
            SourceText::new("knowledge/notes.txt", "anything"),
        ];
        let mut problems = Diagnostics::default();
        let found = read(&files, "en", &mut problems);
        assert_eq!(found.keys().collect::<Vec<_>>(), ["de", "en"]);
        let said: Vec<String> = problems.sorted().iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 1);
        assert!(
            said[0].contains("knowledge/synonyms.txt:3:1"),
            "{}",
            said[0]
        );
    }
}
