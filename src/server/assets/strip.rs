//! A module without what only its readers need: comments, indentation and spaces beside punctuation. Nothing is renamed and
//! no line is joined to another, so that what runs in a browser can still be read beside its source.

/// What a `/` after this begins: a regular expression, because a value cannot be divided here.
const BEFORE_A_PATTERN: &str = "(,=:[!&|?{};+-*%<>~^\n";
const WORDS_BEFORE_A_PATTERN: [&str; 5] = ["return", "typeof", "case", "in", "of"];

/// Beside these a space says nothing. Not among them: what could become another sign (`+ +`) or a pattern.
const APART: [char; 16] = [
    '{', '}', '(', ')', '[', ']', ';', ',', ':', '?', '=', '<', '>', '&', '|', '!',
];

/// Strips JavaScript. Texts, templates and regular expressions stay as they are; what is no JavaScript comes out as
/// something, too, and never panics. Linear in the length.
pub(super) fn strip(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    // Braces that are open inside each `${` of a template we are in.
    let mut holes: Vec<usize> = Vec::new();
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '/' if rest.starts_with("//") => {
                rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
                continue;
            }
            '/' if rest.starts_with("/*") => {
                rest = rest[2..].find("*/").map_or("", |end| &rest[end + 4..]);
                // Two words that only a comment kept apart.
                if !out.ends_with([' ', '\n']) && !out.ends_with(APART) {
                    out.push(' ');
                }
                continue;
            }
            '/' if begins_a_pattern(&out) => pattern(rest),
            '"' | '\'' => quoted(rest, c),
            '`' => template(rest, 1, &mut holes),
            '}' if holes.last() == Some(&0) => {
                holes.pop();
                template(rest, 1, &mut holes)
            }
            '{' | '}' => {
                if let Some(open) = holes.last_mut() {
                    *open = if c == '{' { *open + 1 } else { *open - 1 };
                }
                1
            }
            c if c.is_whitespace() => {
                let blank = rest.len() - rest.trim_start().len();
                let ends_a_line = rest[..blank].contains('\n');
                rest = &rest[blank..];
                out.truncate(out.trim_end_matches(' ').len());
                if ends_a_line && !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
                if !ends_a_line && !out.ends_with(APART) && !rest.starts_with(APART) {
                    out.push(' ');
                }
                continue;
            }
            c => c.len_utf8(),
        };
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    out
}

fn begins_a_pattern(before: &str) -> bool {
    let before = before.trim_end_matches(' ');
    let word = before
        .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
        .next();
    before.is_empty()
        || before.ends_with(|c| BEFORE_A_PATTERN.contains(c))
        || word.is_some_and(|word| WORDS_BEFORE_A_PATTERN.contains(&word))
}

/// Bytes of a text in quotes, both of them included.
fn quoted(rest: &str, quote: char) -> usize {
    until(rest, 1, |c, _| c == quote)
}

/// Bytes of a regular expression up to its closing slash.
fn pattern(rest: &str) -> usize {
    let mut in_class = false;
    until(rest, 1, |c, _| {
        match c {
            '[' => in_class = true,
            ']' => in_class = false,
            _ => {}
        }
        (c == '/' && !in_class) || c == '\n'
    })
}

/// Bytes of a template up to its end, or up to and with the next `${`.
fn template(rest: &str, from: usize, holes: &mut Vec<usize>) -> usize {
    let length = until(rest, from, |c, after| {
        c == '`' || (c == '$' && after.starts_with('{'))
    });
    if rest[..length].ends_with('$') && rest[length..].starts_with('{') {
        holes.push(0);
        return length + 1;
    }
    length
}

/// Bytes up to and with the first character that ends it; a backslash takes the next one along.
fn until(rest: &str, from: usize, mut ends: impl FnMut(char, &str) -> bool) -> usize {
    let mut escaped = false;
    for (at, c) in rest[from..].char_indices() {
        let after = from + at + c.len_utf8();
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if ends(c, &rest[after..]) {
            return after;
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn comments_and_indentation_go_and_nothing_else() {
        for (source, left) in [
            ("a; // why\n  b;\n\n\n  c;", "a;\nb;\nc;"),
            ("/** @param {X} x */\nfunction f(x) {}", "function f(x){}"),
            ("const a = /** @type {A} */ (b);", "const a=(b);"),
            ("return/**/x", "return x"),
            ("'// no', \"/* no */\"", "'// no',\"/* no */\""),
            (r"'it\'s // one'", r"'it\'s // one'"),
            ("`a  // ${ b /* c */ } \n  d`", "`a  // ${b} \n  d`"),
            ("`${ { a: `${b}` } } /*`", "`${{a:`${b}`}} /*`"),
            ("x.replace(/\\/\\*/g, '')", "x.replace(/\\/\\*/g,'')"),
            ("x = /[/*]/.test(y)", "x=/[/*]/.test(y)"),
            ("a / b / c // d", "a / b / c"),
            ("a + +b - -c", "a + +b - -c"),
            ("a = b ? c : d;  e", "a=b?c:d;e"),
            ("return /a'b/.test(c)", "return /a'b/.test(c)"),
            ("url = 'https://x.example'", "url='https://x.example'"),
        ] {
            assert_eq!(strip(source).trim_end(), left, "{source}");
        }
    }

    proptest! {
        #[test]
        fn anything_is_stripped_without_panic_and_never_grows(source in "(?s)[a-z/*`'\"{}$\\\\\\n \u{e9}]{0,60}") {
            prop_assert!(strip(&source).len() <= source.len() + 1);
        }
    }
}
