//! Our subset of Markdown (`*emphasis*`, `**strong**`, `[label](https://…)`) as platforms write it.

use crate::channels::abilities::Markup;

/// A stretch of text that looks one way.
#[derive(Debug, PartialEq, Eq)]
enum Span<'t> {
    Plain(&'t str),
    Strong(&'t str),
    Emphasis(&'t str),
    Link(&'t str, &'t str),
}

/// The text as `markup` writes it.
pub fn written(text: &str, markup: Markup) -> String {
    if markup == Markup::Markdown {
        return text.to_owned();
    }
    let mut said = String::with_capacity(text.len());
    for span in spans(text) {
        match (span, markup) {
            (Span::Plain(text), _) => said.push_str(&escaped(text, markup)),
            (Span::Strong(text), Markup::Html) => wrap(&mut said, "<b>", text, "</b>", markup),
            (Span::Emphasis(text), Markup::Html) => wrap(&mut said, "<i>", text, "</i>", markup),
            (Span::Strong(text), Markup::Stars | Markup::Slack) => {
                wrap(&mut said, "*", text, "*", markup);
            }
            (Span::Emphasis(text), Markup::Stars | Markup::Slack) => {
                wrap(&mut said, "_", text, "_", markup);
            }
            (Span::Strong(text) | Span::Emphasis(text), _) => said.push_str(text),
            (Span::Link(label, url), Markup::Html) => {
                let url = escaped(url, markup).replace('"', "&quot;");
                said.push_str(&format!("<a href=\"{url}\">{}</a>", escaped(label, markup)));
            }
            (Span::Link(label, url), Markup::Slack) => {
                // What would end the label or the link early cannot stand in them.
                let (label, url) = (escaped(label, markup), escaped(url, markup));
                let (label, url) = (label.replace('|', "/"), url.replace('|', "%7C"));
                said.push_str(&format!("<{url}|{label}>"));
            }
            (Span::Link(label, url), _) if label == url => said.push_str(url),
            (Span::Link(label, url), _) => said.push_str(&format!("{label}: {url}")),
        }
    }
    said
}

fn wrap(said: &mut String, before: &str, text: &str, after: &str, markup: Markup) {
    said.push_str(before);
    said.push_str(&escaped(text, markup));
    said.push_str(after);
}

/// What a platform would take for its own.
fn escaped(text: &str, markup: Markup) -> String {
    match markup {
        Markup::Html | Markup::Slack => text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;"),
        _ => text.to_owned(),
    }
}

fn spans(text: &str) -> Vec<Span<'_>> {
    let mut all = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        let found = strong(rest)
            .or_else(|| emphasis(rest))
            .or_else(|| link(rest));
        match found {
            Some((span, length)) => {
                if plain < at {
                    all.push(Span::Plain(&text[plain..at]));
                }
                all.push(span);
                at += length;
                plain = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    if plain < text.len() {
        all.push(Span::Plain(&text[plain..]));
    }
    all
}

/// `**words**`, on one line.
fn strong(text: &str) -> Option<(Span<'_>, usize)> {
    let inside = text.strip_prefix("**")?;
    let end = inside.find("**")?;
    let inside = &inside[..end];
    fits(inside).then_some((Span::Strong(inside), end + 4))
}

/// `*words*`, on one line: "5 * 3 * 2" is none.
fn emphasis(text: &str) -> Option<(Span<'_>, usize)> {
    let inside = text.strip_prefix('*')?;
    let end = inside.find('*')?;
    let inside = &inside[..end];
    fits(inside).then_some((Span::Emphasis(inside), end + 2))
}

fn fits(inside: &str) -> bool {
    !inside.is_empty() && inside.trim() == inside && !inside.contains('\n')
}

fn link(text: &str) -> Option<(Span<'_>, usize)> {
    let (label, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (url, _) = rest.split_once(')')?;
    let web = url.starts_with("https://") || url.starts_with("http://");
    let plain = !label.contains(['[', ']', '\n']) && !url.contains([' ', '\n', '<', '>']);
    (web && plain && !label.is_empty())
        .then_some((Span::Link(label, url), label.len() + url.len() + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emphasis_and_links_are_written_as_each_platform_does() {
        let text = "**Free** over *50 EUR* & <b>: [shipping](https://shop.example/a?b=\"1\"&c).";
        let said = |markup| written(text, markup);
        assert_eq!(
            said(Markup::Html),
            "<b>Free</b> over <i>50 EUR</i> &amp; &lt;b&gt;: <a href=\"https://shop.example/a?b=&quot;1&quot;&amp;c\">shipping</a>."
        );
        assert_eq!(
            said(Markup::Stars),
            "*Free* over _50 EUR_ & <b>: shipping: https://shop.example/a?b=\"1\"&c."
        );
        assert_eq!(
            said(Markup::Slack),
            "*Free* over _50 EUR_ &amp; &lt;b&gt;: <https://shop.example/a?b=\"1\"&amp;c|shipping>."
        );
        assert_eq!(
            said(Markup::Plain),
            "Free over 50 EUR & <b>: shipping: https://shop.example/a?b=\"1\"&c."
        );
        assert_eq!(said(Markup::Markdown), text);
    }

    #[test]
    fn what_is_no_markup_stays_as_it_is() {
        for text in [
            "5 * 3 * 2",
            "a ** b",
            "[x](javascript:alert(1))",
            "*",
            "**",
            "[",
            "* a\n* b",
        ] {
            assert_eq!(written(text, Markup::Stars), text);
        }
        assert_eq!(
            written("<img onerror=x>", Markup::Html),
            "&lt;img onerror=x&gt;"
        );
    }
}
