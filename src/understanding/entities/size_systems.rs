//! The same size in other systems. Makers differ by half a size; these are the usual tables (EN 13402 for clothes,
//! Mondopoint-based tables for adults' shoes), good for asking "is it there", never for promising a fit.

/// Shoes: European, British, US men's, US women's.
const SHOES: &[[&str; 4]] = &[
    ["35", "2.5", "3.5", "5"],
    ["36", "3.5", "4.5", "6"],
    ["37", "4", "5", "6.5"],
    ["38", "5", "6", "7.5"],
    ["39", "6", "7", "8.5"],
    ["40", "6.5", "7.5", "9"],
    ["41", "7.5", "8.5", "10"],
    ["42", "8", "9", "10.5"],
    ["43", "9", "10", "11.5"],
    ["44", "9.5", "10.5", "12"],
    ["45", "10.5", "11.5", "13"],
    ["46", "11", "12", "13.5"],
    ["47", "12", "13", "14.5"],
    ["48", "13", "14", "15.5"],
];

/// Clothes: European women's, British women's, US women's, letter.
const CLOTHES: &[[&str; 4]] = &[
    ["32", "4", "0", "XXS"],
    ["34", "6", "2", "XS"],
    ["36", "8", "4", "S"],
    ["38", "10", "6", "S"],
    ["40", "12", "8", "M"],
    ["42", "14", "10", "L"],
    ["44", "16", "12", "XL"],
    ["46", "18", "14", "XL"],
    ["48", "20", "16", "XXL"],
];

/// Letters and the numbers men's clothes have instead.
const LETTERS: &[(&str, &str)] = &[
    ("XXL", "2XL"),
    ("XXXL", "3XL"),
    ("S", "46"),
    ("M", "50"),
    ("L", "52"),
    ("XL", "56"),
    ("XXL", "58"),
];

/// What a size may stand as on a label, itself first, then its like in the other systems: `UK 9` is `EU 43`, `43`,
/// `US 10`, …
pub fn equivalents(size: &str) -> Vec<String> {
    let (system, bare) = match size.split_once(' ') {
        Some((system @ ("EU" | "UK" | "US"), bare)) => (Some(system), bare),
        _ => (None, size),
    };
    let mut all = vec![size.to_owned()];
    let mut add = |said: String| {
        if !said.is_empty() && !all.contains(&said) {
            all.push(said);
        }
    };
    let column = |system: &str| match system {
        "EU" => 0,
        "UK" => 1,
        _ => 2,
    };
    for (table, names) in [
        (SHOES, ["EU", "UK", "US", "US"]),
        (CLOTHES, ["EU", "UK", "US", ""]),
    ] {
        // A bare number is European from 32 on; below, nobody knows which system it is of.
        let at = match system {
            Some(system) => column(system),
            None if bare.parse::<f32>().is_ok_and(|number| number >= 32.0) => 0,
            None => 3,
        };
        let is_shoe_number = table == SHOES && at == 3;
        let rows = table
            .iter()
            .filter(|row| row[at] == bare && !is_shoe_number);
        for row in rows {
            for (place, value) in row.iter().enumerate().filter(|(place, _)| *place != at) {
                let name = names[place];
                if !name.is_empty() {
                    add(format!("{name} {value}"));
                }
                // A bare European number is how shops write it; other bare numbers would be read as another system's.
                if place == 0 || name.is_empty() {
                    add((*value).to_owned());
                }
            }
        }
    }
    if system == Some("EU") {
        add(bare.to_owned());
    }
    for (letter, number) in LETTERS {
        if *letter == bare {
            add((*number).to_owned());
        } else if *number == bare {
            add((*letter).to_owned());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_known_in_the_other_systems() {
        for (size, like) in [
            ("UK 9", "43"),
            ("US 9", "42"),
            ("EU 43", "43"),
            ("42", "UK 8"),
            ("UK 12", "M"),
            ("M", "40"),
            ("XXL", "2XL"),
        ] {
            assert!(
                equivalents(size).contains(&like.to_owned()),
                "{size}: {:?}",
                equivalents(size)
            );
        }
        assert_eq!(equivalents("ONE SIZE"), ["ONE SIZE"]);
        assert_eq!(equivalents("9"), ["9"]);
    }
}
