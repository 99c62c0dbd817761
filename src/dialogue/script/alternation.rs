//! `where (is|are) my (order|parcel)`: one example that stands for several.

/// More expansions than this say that two examples were meant.
pub(super) const MOST: usize = 32;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AlternationError {
    Unbalanced,
    Nested,
    TooMany,
}

/// All utterances an example stands for.
pub(super) fn expand(example: &str) -> Result<Vec<String>, AlternationError> {
    let mut all = vec![String::new()];
    let mut rest = example;
    while !rest.is_empty() {
        let (plain, options, after) = match rest.find(['(', ')']) {
            None => (rest, None, ""),
            Some(at) if rest[at..].starts_with(')') => return Err(AlternationError::Unbalanced),
            Some(at) => {
                let inside = &rest[at + 1..];
                let end = inside.find(')').ok_or(AlternationError::Unbalanced)?;
                if inside[..end].contains('(') {
                    return Err(AlternationError::Nested);
                }
                (&rest[..at], Some(&inside[..end]), &inside[end + 1..])
            }
        };
        for said in &mut all {
            said.push_str(plain);
        }
        if let Some(options) = options {
            let count = options.split('|').count();
            if all.len() * count > MOST {
                return Err(AlternationError::TooMany);
            }
            let with = |said: &String| {
                options
                    .split('|')
                    .map(|option| format!("{said}{option}"))
                    .collect::<Vec<_>>()
            };
            all = all.iter().flat_map(with).collect();
        }
        rest = after;
    }
    Ok(all
        .iter()
        .map(|said| said.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_combination_is_said_once() {
        let said = expand("where (is|are) my (order|parcel) (please|)").unwrap();
        assert_eq!(said.len(), 8);
        assert_eq!(said[0], "where is my order please");
        assert_eq!(said[7], "where are my parcel");
    }

    #[test]
    fn too_many_and_broken_ones_are_refused() {
        assert_eq!(expand("(a|b"), Err(AlternationError::Unbalanced));
        assert_eq!(expand("a) b"), Err(AlternationError::Unbalanced));
        assert_eq!(expand("((a|b)|c)"), Err(AlternationError::Nested));
        assert_eq!(
            expand("(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)"),
            Err(AlternationError::TooMany)
        );
    }

    proptest! {
        #[test]
        fn any_example_expands_or_is_refused(example in "[a-c()| ]{0,40}") {
            if let Ok(all) = expand(&example) {
                prop_assert!(!all.is_empty() && all.len() <= MOST);
            }
        }
    }
}
