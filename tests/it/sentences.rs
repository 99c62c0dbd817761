//! Everything that shoppers say in the conversation tests.

use std::path::Path;

/// In the order of the files, then of their lines.
pub fn all() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conversations");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        let said = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("- shopper:"));
        all.extend(said.map(|said| said.trim().trim_matches(['"', '\'']).to_owned()));
    }
    all
}
