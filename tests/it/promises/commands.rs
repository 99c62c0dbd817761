//! What every command does with those who read what it prints.

use super::server::TestShop;

#[test]
fn a_command_whose_reader_has_gone_ends_quietly() {
    let shop = TestShop::new();
    for args in [
        ["completions", "bash"].as_slice(),
        &["eval", "intents"],
        &["eval", "recommend"],
        &["doctor"],
        &["replay"],
        &["check"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = shop.command();
        let run = command.args(args).stdout(writer).output().unwrap();
        let told = String::from_utf8_lossy(&run.stderr);
        assert!(!told.contains("panicked"), "{args:?}: {told}");
        assert!(!told.contains("Broken pipe"), "{args:?}: {told}");
    }
}
