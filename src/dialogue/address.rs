//! Telling a delivery address from other words.

/// Characters of an address, at most; more is a story.
const LONGEST: usize = 300;

/// What usually stands between a request and the address in it.
const BEFORE: [&str; 6] = [" to: ", " to ", " nach ", " an die ", " an ", ": "];
/// What usually comes behind it: the second secret.
const BEHIND: [&str; 8] = [
    "my mail",
    "my e-mail",
    "my email",
    "mail is",
    "email is",
    "e-mail is",
    "meine mail",
    "meine e-mail",
];

/// The whole message as an address: words and a number, and no question.
pub(super) fn whole(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', '!']).trim_end();
    let words = text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| word.chars().count() >= 2)
        .count();
    let sound = text.chars().count() <= LONGEST
        && words >= 2
        && text.chars().any(|c| c.is_ascii_digit())
        && !text.contains(['?', '@']);
    sound.then(|| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The address in a request: "send SH-10031 to Storgata 5, 0155 Oslo, my mail is …".
pub(super) fn within(text: &str) -> Option<String> {
    // Case folding of other letters may move them.
    let lower = text.to_ascii_lowercase();
    let end = BEHIND.iter().filter_map(|behind| lower.find(behind)).min();
    let told = text.get(..end.unwrap_or(text.len()))?;
    let lower = lower.get(..told.len())?;
    BEFORE
        .iter()
        .filter_map(|before| told.get(lower.find(before)? + before.len()..))
        .find_map(|tail| {
            let tail = tail.trim_end_matches([' ', ',', ';', '.']);
            // One number alone may be the order's.
            tail.contains([',', '\n']).then(|| whole(tail)).flatten()
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_is_told_from_other_words() {
        for address in [
            "Storgata 5, 0155 Oslo",
            "Flat 3\n12 High Street\nLeeds LS1 4AB",
        ] {
            assert!(whole(address).is_some(), "{address}");
        }
        for other in [
            "where is my parcel",
            "does it cost 5 euros to Norway?",
            "SH-10031",
            "0155",
            "ana@example.com 12 high street",
            "",
        ] {
            assert_eq!(whole(other), None, "{other}");
        }
        assert_eq!(whole(&"12 High Street ".repeat(40)), None);
    }

    #[test]
    fn an_address_is_found_in_a_request() {
        for (text, address) in [
            (
                "send SH-10031 to Storgata 5, 0155 Oslo, my mail is mia@example.com",
                Some("Storgata 5, 0155 Oslo"),
            ),
            (
                "no, to Kongens gate 3, 0153 Oslo",
                Some("Kongens gate 3, 0153 Oslo"),
            ),
            ("send it to another address", None),
            ("I want to change the address of SH-10031", None),
            ("change it to 5", None),
        ] {
            assert_eq!(within(text).as_deref(), address, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,120}") {
            let _ = within(&text);
            if let Some(address) = whole(&text) {
                prop_assert!(address.chars().count() <= LONGEST);
            }
        }
    }
}
