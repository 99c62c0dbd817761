//! The items of an RSS or Atom feed as fields with values; read as it comes, never the whole tree.

use super::FeedError;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;

/// One `item` or `entry`: names without their prefix, values in the order they stand.
pub(super) struct Item {
    /// Line it begins in, from 1.
    pub(super) line: u64,
    pub(super) fields: Vec<(String, String)>,
}

/// Hands over each item and how many bytes are done.
pub(super) fn items(text: &str, mut each: impl FnMut(Item, u64)) -> Result<(), FeedError> {
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let mut item: Option<(usize, Item)> = None;
    let mut value = String::new();
    let (mut line, mut counted, mut any) = (1, 0, false);
    loop {
        let wrong = |reader: &Reader<&[u8]>, reason: String| FeedError::Xml {
            at: reader.error_position().max(reader.buffer_position()),
            reason,
        };
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => return Err(wrong(&reader, error.to_string())),
        };
        match event {
            Event::Eof if !path.is_empty() => {
                return Err(wrong(
                    &reader,
                    format!("`{}` is not closed", path.join(" > ")),
                ));
            }
            Event::Eof => break,
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                if item.is_none() && matches!(name.as_str(), "item" | "entry") {
                    let at = (reader.buffer_position() as usize).min(text.len());
                    line += lines(&text.as_bytes()[counted..at]);
                    counted = at;
                    item = Some((
                        path.len(),
                        Item {
                            line,
                            fields: Vec::new(),
                        },
                    ));
                }
                path.push(name);
                value.clear();
            }
            Event::Empty(tag) => {
                let link = tag.local_name().as_ref() == "link";
                let href = tag
                    .attributes()
                    .flatten()
                    .find(|attribute| attribute.key.as_ref() == "href");
                if let (Some((_, item)), true, Some(href)) = (&mut item, link, href) {
                    let href = href.value.replace("&amp;", "&");
                    item.fields.push(("link".to_owned(), href));
                }
            }
            Event::Text(text) => value.push_str(&text),
            Event::CData(text) => value.push_str(&text),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(letter)) => value.push(letter),
                Ok(None) => {
                    // `&nbsp;` and its like, which XML does not know and feeds have, are a blank.
                    value.push_str(resolve_predefined_entity(&reference).unwrap_or(" "));
                }
                Err(error) => return Err(wrong(&reader, error.to_string())),
            },
            Event::End(_) => {
                let name = path.pop().unwrap_or_default();
                match item.take() {
                    Some((depth, done)) if depth == path.len() => {
                        any = true;
                        each(done, reader.buffer_position());
                    }
                    Some((depth, mut open)) => {
                        let written = value.trim();
                        if !written.is_empty() {
                            // `shipping > country` is one field of the item with its part's name behind it.
                            let outer = path.get(depth + 1).map(|outer| format!("{outer}.{name}"));
                            open.fields
                                .push((outer.unwrap_or(name), written.to_owned()));
                        }
                        item = Some((depth, open));
                    }
                    None => {}
                }
                value.clear();
            }
            _ => {}
        }
    }
    if any { Ok(()) } else { Err(FeedError::NoItems) }
}

fn lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}
