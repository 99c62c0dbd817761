//! One form for all spellings of the same letters.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// NFKC, lower case (ß is ss), one kind of apostrophe. For comparing, not for showing.
pub fn fold(text: &str) -> Cow<'_, str> {
    let settled = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase() && byte != b'`';
    if text.bytes().all(settled) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    Cow::Owned(folded)
}

/// [`fold`], appended to `out`: for those who fold thousands of words and keep the buffer.
pub fn fold_into(text: &str, out: &mut String) {
    if text.is_ascii() {
        out.extend(text.bytes().map(|byte| match byte {
            b'`' => '\'',
            other => char::from(other.to_ascii_lowercase()),
        }));
        return;
    }
    // Apostrophes before NFKC: it would split the acute accent into a blank and a combining mark.
    // Lower case after NFKC can leave a form that is not NFKC again (Turkish dotted I); one more round settles it.
    let lower: String = text
        .chars()
        .map(unify_apostrophe)
        .nfkc()
        .flat_map(char::to_lowercase)
        .collect();
    for letter in lower.nfkc() {
        match letter {
            'ß' => out.push_str("ss"),
            'ς' => out.push('σ'),
            other => out.push(unify_apostrophe(other)),
        }
    }
}

fn unify_apostrophe(letter: char) -> char {
    match letter {
        '’' | '‘' | '‛' | 'ʼ' | 'ʹ' | '´' | '`' | '＇' | '′' => '\'',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn all_spellings_of_the_same_letters_fold_alike() {
        for (typed, folded) in [
            ("HELLO", "hello"),
            ("GRÖSSE", "grösse"),
            ("Größe", "grösse"),
            ("Ｓｉｚｅ", "size"),
            ("don’t", "don't"),
            ("don´t", "don't"),
            ("don`t", "don't"),
            ("ﬁt", "fit"),
            ("e\u{301}", "é"),
        ] {
            assert_eq!(fold(typed), folded);
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing_more(text in "\\PC*") {
            let once = fold(&text).into_owned();
            prop_assert_eq!(fold(&once).into_owned(), once);
        }
    }
}
