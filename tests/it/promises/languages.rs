//! A shop that speaks more than one language: files in `tests/languages`, beside the demo's own.

use super::server::TestShop;
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

/// A shop that also speaks `code`, and what it answers to each line.
fn talk(code: &str, lines: &[&str]) -> Vec<Value> {
    let shop = TestShop::new();
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/languages");
    for (file, to) in [
        (format!("{code}.yml"), format!("intents/{code}.yml")),
        (format!("{code}.md"), format!("knowledge/{code}.md")),
    ] {
        if files.join(&file).exists() {
            std::fs::copy(files.join(&file), shop.path(&to)).unwrap();
        }
    }
    let mut child = shop
        .command()
        .args(["chat", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for line in lines {
        writeln!(stdin, "{line}").unwrap();
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Each line is answered with words of that language's files.
fn speaks(code: &str, exchanges: &[(&str, &str)]) {
    let lines: Vec<&str> = exchanges.iter().map(|(said, _)| *said).collect();
    let turns = talk(code, &lines);
    assert_eq!(turns.len(), exchanges.len());
    for (turn, (said, wanted)) in turns.iter().zip(exchanges) {
        let reply = turn["reply"].to_string();
        assert!(reply.contains(wanted), "{code}: `{said}` → {reply}");
    }
}

#[test]
fn german_is_understood_with_compounds_and_typing_mistakes() {
    speaks(
        "de",
        &[
            ("wo isn mein packet?", "Bestellnummer"),
            ("egal", "repair.cancelled"),
            ("wie hoch sind die rücksendungskosten", "4.90"),
            ("und was kostet der versand nach österreich?", "7.90"),
            ("zeig mir warme socken unter 20", "wool socks"),
            ("danke!", "thanks.welcome"),
        ],
    );
}

#[test]
fn french_is_understood() {
    speaks(
        "fr",
        &[
            ("bonjour, où est mon colis ?", "numéro de commande"),
            ("laisse tomber", "repair.cancelled"),
            ("vous livrez en belgique ?", "3 à 6 jours"),
            ("j'aimerais renvoyer un article svp", "30 jours"),
            ("vous êtes ouverts le samedi ?", "lundi à vendredi"),
        ],
    );
}

#[test]
fn spanish_is_understood() {
    speaks(
        "es",
        &[
            ("hola, donde esta mi pedido", "número de pedido"),
            ("déjalo", "repair.cancelled"),
            ("¿enviáis a Portugal?", "3 a 6 días"),
            ("quiero devolver unos calcetines", "30 días"),
            ("puedo pagar con paypal?", "PayPal"),
        ],
    );
}

#[test]
fn italian_is_understood() {
    speaks(
        "it",
        &[
            ("ciao, dov'è il mio pacco?", "numero dell'ordine"),
            ("lascia perdere", "repair.cancelled"),
            ("spedite anche in Svizzera?", "non spediamo"),
            ("vorrei fare un reso", "30 giorni"),
        ],
    );
}

#[test]
fn dutch_is_understood() {
    speaks(
        "nl",
        &[
            ("hoi, waar blijft mn pakketje", "bestelnummer"),
            ("laat maar", "repair.cancelled"),
            ("wat zijn de verzendkosten naar België", "9.90"),
            ("ik wil de jas terugsturen", "30 dagen"),
        ],
    );
}

#[test]
fn portuguese_is_understood() {
    speaks(
        "pt",
        &[
            ("olá, onde está a minha encomenda?", "número da encomenda"),
            ("esquece", "repair.cancelled"),
            ("enviam para o Brasil?", "apenas para a UE"),
            ("quero fazer uma devolução", "30 dias"),
        ],
    );
}

#[test]
fn languages_without_small_words_of_their_own_are_usable_by_their_letters() {
    speaks("pl", &[("gdzie jest moja paczka", "numer zamówienia")]);
    speaks("pl", &[("chciałbym zwrócić towary", "30 dni")]);
    speaks("tr", &[("kargom nerede", "Sipariş numaranız")]);
    speaks("tr", &[("ürün iadesi yapmak istiyorum", "30 gün")]);
    speaks("ja", &[("荷物が届きません", "ご注文番号")]);
    speaks("ja", &[("返品したいのですが", "30日以内")]);
}

#[test]
fn a_language_nobody_speaks_is_told_so_and_offered_a_person() {
    let turns = talk("fr", &["waar is mijn bestelling", "where is my order"]);
    let reply = turns[0]["reply"].to_string();
    assert_eq!(turns[0]["skill"], "foreign_language", "{reply}");
    assert!(reply.contains("English, Deutsch, Français"), "{reply}");
    assert_eq!(turns[1]["skill"], "order_status");
}

#[test]
fn a_conversation_changes_its_language_with_the_shopper_and_keeps_it_for_numbers() {
    let turns = talk(
        "de",
        &[
            "wo ist meine bestellung",
            "SH-10023",
            "never mind",
            "do you ship to norway?",
        ],
    );
    let said: Vec<String> = turns.iter().map(|turn| turn["reply"].to_string()).collect();
    assert!(said[1].contains("E-Mail-Adresse"), "{}", said[1]);
    assert!(said[3].contains("9.90 to Norway"), "{}", said[3]);
}
