//! The layout is a promise: imports point down, and no file becomes a warehouse.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Room → floor. The same table stands in docs/architecture.md.
const FLOORS: [(&str, u8); 29] = [
    ("cli", 7),
    ("server", 6),
    ("channels", 5),
    ("conversation", 4),
    ("dialogue", 3),
    ("sync", 3),
    ("learning", 3),
    ("understanding", 2),
    ("knowledge", 2),
    ("catalog", 2),
    ("cart", 2),
    ("recommend", 2),
    ("orders", 2),
    ("returns", 2),
    ("shoppers", 2),
    ("events", 2),
    ("watches", 2),
    ("uploads", 2),
    ("feedback", 2),
    ("relay", 2),
    ("store", 1),
    ("search", 1),
    ("remote", 1),
    ("mail", 1),
    ("text", 0),
    ("money", 0),
    ("sheet", 0),
    ("config", 0),
    ("diagnostic", 0),
];

/// The only imports between rooms of one floor.
const NEIGHBOURS: [(&str, &str); 13] = [
    ("recommend", "catalog"),
    ("cart", "catalog"),
    ("orders", "catalog"),
    ("orders", "shoppers"),
    ("returns", "orders"),
    ("watches", "catalog"),
    ("watches", "shoppers"),
    ("uploads", "shoppers"),
    ("knowledge", "understanding"),
    ("mail", "store"),
    ("config", "diagnostic"),
    ("config", "text"),
    ("sheet", "text"),
];

/// Files that may pass the limit, each with its reason. Tables and tests grow without getting harder to read.
const LONG_BY_RIGHT: [(&str, &str); 0] = [];
/// Lines of a file before its tests begin.
const LONGEST: usize = 450;

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                into.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(&root).unwrap().to_owned(), text)
    };
    files.into_iter().map(read).collect()
}

fn room_of(path: &Path) -> String {
    path.iter()
        .next()
        .unwrap()
        .to_string_lossy()
        .trim_end_matches(".rs")
        .to_owned()
}

fn floor_of(room: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(name, _)| *name == room)
        .map(|(_, floor)| *floor)
}

/// Rooms named by `crate::room` anywhere in the code, with `use crate::{a, b}` opened up.
fn rooms_named(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let word = |s: &str| {
            s.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect::<String>()
        };
        if let Some(group) = rest.strip_prefix('{') {
            let (mut depth, mut item) = (0, String::new());
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => found.push(word(std::mem::take(&mut item).trim())),
                    _ if depth == 0 => item.push(c),
                    _ => {}
                }
            }
            found.push(word(item.trim()));
        } else {
            found.push(word(rest));
        }
    }
    found
}

#[test]
fn imports_point_down_the_floors() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let room = room_of(&path);
        let Some(floor) = floor_of(&room) else {
            continue;
        };
        for named in rooms_named(&text) {
            let Some(target) = floor_of(&named) else {
                continue;
            };
            let neighbours = NEIGHBOURS.contains(&(room.as_str(), named.as_str()));
            if named != room && target >= floor && !neighbours {
                wrong.push(format!(
                    "{}: `{room}` (floor {floor}) uses `{named}` (floor {target})",
                    path.display()
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "imports that do not point down:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_reader_of_imports_sees_groups_and_paths() {
    let text = "use crate::{store::{self, Store}, text};\nlet x = crate::catalog::Money;";
    assert_eq!(rooms_named(text), ["store", "text", "catalog"]);
}

#[test]
fn every_room_has_a_floor() {
    let rooms: BTreeMap<String, ()> = sources()
        .iter()
        .map(|(path, _)| (room_of(path), ()))
        .collect();
    let homeless: Vec<_> = rooms
        .keys()
        .filter(|room| !["lib", "main"].contains(&room.as_str()) && floor_of(room).is_none())
        .collect();
    assert!(homeless.is_empty(), "rooms without a floor: {homeless:?}");
}

#[test]
fn no_file_is_a_warehouse() {
    let mut long = Vec::new();
    for (path, text) in sources() {
        let code = text
            .split("#[cfg(test)]\nmod ")
            .next()
            .unwrap_or(&text)
            .lines()
            .count();
        let name = path.to_string_lossy().into_owned();
        if code > LONGEST && !LONG_BY_RIGHT.iter().any(|(known, _)| *known == name) {
            long.push(format!("{name}: {code} lines"));
        }
    }
    assert!(
        long.is_empty(),
        "which two things is each of these?\n{}",
        long.join("\n")
    );
}

#[test]
fn no_room_is_a_catch_all() {
    let shapeless = [
        "utils", "util", "common", "helpers", "helper", "misc", "manager",
    ];
    for (path, _) in sources() {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            !shapeless.contains(&stem.as_str()),
            "{} has no name of its own",
            path.display()
        );
    }
}
