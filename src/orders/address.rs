//! A postal address as typed, taken apart only where it cannot be misread.

/// The parts of an address in a country that has no provinces in its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostalAddress {
    pub street: String,
    /// A second line; may be empty.
    pub more: String,
    pub postcode: String,
    pub city: String,
}

/// Characters of one part.
const LONGEST: usize = 100;

impl PostalAddress {
    /// `Storgata 5, 0155 Oslo`: street and house number, perhaps a second line, and at the end postcode and city.
    /// None for anything else: a country, a province, or a form that a person has to look at.
    pub fn read(text: &str) -> Option<Self> {
        let parts = text.split([',', ';', '\n']).map(str::trim);
        let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        let (street, more, last) = match parts[..] {
            [street, last] => (street, "", last),
            [street, more, last] => (street, more, last),
            _ => return None,
        };
        let fits = |part: &str| part.chars().count() <= LONGEST && !part.contains(char::is_control);
        let has_number = street.contains(|c: char| c.is_ascii_digit());
        if !fits(street) || !fits(more) || !has_number {
            return None;
        }
        let at = last.find(|c: char| c.is_alphabetic())?;
        let (postcode, city) = (last[..at].trim(), last[at..].trim());
        let digits = postcode.chars().filter(char::is_ascii_digit).count();
        let only = |c: char| c.is_ascii_digit() || c == ' ' || c == '-';
        let is_postcode = (4..=5).contains(&digits) && postcode.chars().all(only);
        let in_name = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '.' | '\'' | '’');
        let is_city = (2..=60).contains(&city.chars().count()) && city.chars().all(in_name);
        (is_postcode && is_city).then(|| Self {
            street: street.to_owned(),
            more: more.to_owned(),
            postcode: postcode.to_owned(),
            city: city.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart_where_it_has_one_meaning() {
        let read = |text| {
            let address = PostalAddress::read(text)?;
            let PostalAddress {
                street,
                more,
                postcode,
                city,
            } = address;
            Some([street, more, postcode, city].join("|"))
        };
        for (text, parts) in [
            ("Storgata 5, 0155 Oslo", Some("Storgata 5||0155|Oslo")),
            (
                "Hauptstr. 1a, c/o Weber, 10115 Berlin",
                Some("Hauptstr. 1a|c/o Weber|10115|Berlin"),
            ),
            (
                "Kungsgatan 2\n111 43 Stockholm",
                Some("Kungsgatan 2||111 43|Stockholm"),
            ),
            (
                "Rue de l'Église 7, 67000 L'Hay-les-Roses",
                Some("Rue de l'Église 7||67000|L'Hay-les-Roses"),
            ),
            ("12 Oak St, Springfield, IL 62704", None),
            ("Storgata 5, 0155 Oslo, Norway", None),
            ("Storgata 5, Oslo", None),
            ("10 Downing Street, London SW1A 2AA", None),
            ("my office", None),
            (
                "12 rue de la Paix, 75002 Paris",
                Some("12 rue de la Paix||75002|Paris"),
            ),
            ("Storgata, 0155 Oslo", None),
            ("0155 Oslo, Storgata 5", None),
            ("", None),
        ] {
            assert_eq!(read(text).as_deref(), parts, "{text}");
        }
    }
}
