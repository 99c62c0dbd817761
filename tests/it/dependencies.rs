//! What comes along with the program may be given away with it.

use std::process::Command;

/// Licences that ask for no more than their notice.
const ALLOWED: [&str; 17] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "BSL-1.0",
    "CC0-1.0",
    "Unlicense",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "CDLA-Permissive-2.0",
    "OpenSSL",
];

/// `A AND (B OR C)`, as deep as crates write it.
fn is_allowed(expression: &str) -> bool {
    let every = expression
        .split(" AND ")
        .map(|part| part.trim_matches(['(', ')', ' ']));
    every.into_iter().all(|part| {
        part.split(" OR ")
            .flat_map(|one| one.split('/'))
            .any(|one| ALLOWED.contains(&one.trim_matches(['(', ')', ' '])))
    })
}

/// Whether a package that names no licence comes with the text of one.
fn is_mit(package: &serde_json::Value) -> bool {
    let beside = |file: &str| {
        let manifest = std::path::Path::new(package["manifest_path"].as_str()?);
        std::fs::read_to_string(manifest.with_file_name(file)).ok()
    };
    let text = package["license_file"].as_str().and_then(beside);
    package["license"].is_null()
        && text.is_some_and(|text| {
            text.trim_start().starts_with("MIT License")
                && text.contains("Permission is hereby granted, free of charge")
        })
}

#[test]
fn every_dependency_has_a_licence_that_allows_giving_it_on() {
    // What is built here; other systems' crates need not be on this machine.
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let rustc = String::from_utf8(rustc.stdout).unwrap();
    let host = rustc
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap();
    let metadata = |features: Option<&str>| {
        let mut command = Command::new(env!("CARGO"));
        command.args(["metadata", "--format-version", "1", "--locked", "--offline"]);
        command.args(["--filter-platform", host]).args(features);
        let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output();
        let output = output.unwrap();
        match output.status.success() {
            true => Ok(serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    };
    // What only a feature needs may not be on this machine; `cargo fetch` brings it.
    let metadata = metadata(Some("--all-features")).or_else(|reason| {
        eprintln!("the usual build alone is looked at: {reason}");
        metadata(None)
    });
    let metadata = metadata.unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 50);
    let strange: Vec<String> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(is_allowed))
        .filter(|package| !is_mit(package))
        .map(|package| format!("{} {}", package["name"], package["license"]))
        .collect();
    assert!(strange.is_empty(), "{strange:?}");
}

#[test]
fn a_licence_that_takes_is_not_allowed() {
    assert!(is_allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(is_allowed("GPL-3.0 OR MIT"));
    assert!(!is_allowed("AGPL-3.0"));
    assert!(!is_allowed("MIT AND GPL-3.0"));
}
