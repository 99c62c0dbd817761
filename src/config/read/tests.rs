use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, text).unwrap();
    load(Some(&path), []).map_err(|problems| {
        let name = path.display().to_string();
        problems
            .sorted()
            .iter()
            .map(|one| one.to_string().replace(&name, "config.toml"))
            .collect::<Vec<_>>()
            .join("\n")
    })
}

#[test]
fn every_default_fits_its_own_key() {
    let config = load(None, []).unwrap();
    assert_eq!(config.server.listen.port(), 8080);
    assert_eq!(config.privacy.retention_days_anonymous, 30);
    assert!(config.understanding.answer_above.is_none());
    assert!(config.data.demo);
}

#[test]
fn all_that_is_wrong_is_said_at_once_with_its_place() {
    let wrong = "[shop]\nnam = \"x\"\ncurrency = \"EURO\"\n[sevrer]\nlisten = 1\n[server]\nlisten = \"8080\"\napi_token = \"x\"\n";
    insta::assert_snapshot!(read(wrong).unwrap_err());
}

#[test]
fn what_is_not_toml_is_said_with_its_line() {
    insta::assert_snapshot!(read("[shop]\nname = Alder\n").unwrap_err());
}

#[test]
fn the_environment_overrides_the_file_and_names_itself_when_wrong() {
    let env = |name: &str, value: &str| [(name.to_owned(), value.to_owned())];
    let config = load(None, env("SHOPTALK_SERVER__LISTEN", "127.0.0.1:9000")).unwrap();
    assert_eq!(config.server.listen.port(), 9000);
    let config = load(None, env("SHOPTALK_DATA__DEMO", "false")).unwrap();
    assert!(!config.data.demo);
    let problems = load(None, env("SHOPTALK_SERVER__LISTN", "x")).unwrap_err();
    assert!(
        problems.render(false).contains("SHOPTALK_SERVER__LISTEN"),
        "{}",
        problems.render(false)
    );
    let problems = load(None, env("SHOPTALK_PRIVACY__RETENTION_DAYS", "soon")).unwrap_err();
    assert!(problems.render(false).contains("whole number"));
}

#[test]
fn the_sample_file_explains_every_key_and_is_valid() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    load(Some(&path), []).unwrap();
    for key in &KEYS {
        let there = text.lines().any(|line| {
            line.trim_start_matches("# ")
                .starts_with(&format!("{} =", key.name))
        });
        assert!(
            there,
            "config.toml does not show {} of [{}]",
            key.name, key.section
        );
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_a_place(text in "\\PC{0,80}(\n\\PC{0,40}){0,3}") {
        if let Err(said) = read(&text) {
            prop_assert!(said.starts_with("config.toml:"), "{}", said);
        }
    }
}
