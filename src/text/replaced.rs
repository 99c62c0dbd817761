use std::ops::Range;

/// A text with words put in the place of some of its parts, given by their start. Parts may overlap or be the same: two
/// things said of one word then stand side by side, and no letter is lost or cut through.
pub fn replaced<'a>(
    text: &str,
    parts: impl IntoIterator<Item = (&'a Range<usize>, &'a str)>,
) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut read = 0;
    for (span, words) in parts {
        match text.get(read..span.start) {
            Some(between) => whole.push_str(between),
            None => whole.push(' '),
        }
        whole.push_str(words);
        read = read.max(span.end);
    }
    whole.push_str(text.get(read..).unwrap_or_default());
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_text_give_way_to_words() {
        let parts = [(0..3, "no"), (8..13, "ü")];
        let parts = parts.iter().map(|(span, words)| (span, *words));
        assert_eq!(replaced("nö tä süß!", parts), "no tä ü!");
    }

    #[test]
    fn two_readings_of_the_same_word_eat_nothing_of_what_follows() {
        let parts = [(3..5, "one"), (3..5, "two"), (4..5, "three")];
        let parts = parts.iter().map(|(span, words)| (span, *words));
        assert_eq!(replaced("in 42 ößö", parts), "in one two three ößö");
    }
}
