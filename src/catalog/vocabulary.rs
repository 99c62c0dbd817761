//! The names in the catalog, for whoever looks for them in a message.

use super::Catalog;
use super::profile::is_lack;

/// A name as a shopper may type it, and what it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// As the shop wrote it.
    pub phrase: String,
    pub names: Named,
}

/// What a phrase of the catalog names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// By SKU.
    Product(String),
    /// The path, written `Clothing > Socks`.
    Category(String),
    Brand(String),
    Attribute {
        name: String,
        value: String,
    },
}

impl Catalog {
    /// Every name once for each thing it names: products in the shop's order, then the rest sorted.
    pub fn vocabulary(&self) -> impl Iterator<Item = Phrase> + '_ {
        let products = self.products().iter().map(|product| Phrase {
            phrase: product.title.clone(),
            names: Named::Product(product.sku.clone()),
        });
        let categories = self.categories().filter_map(|path| {
            Some(Phrase {
                phrase: path.last()?.clone(),
                names: Named::Category(path.join(" > ")),
            })
        });
        let brands = self.brands().map(|brand| Phrase {
            phrase: brand.to_owned(),
            names: Named::Brand(brand.to_owned()),
        });
        let attributes = self.attributes().iter().flat_map(|(name, values)| {
            // "No" answers a question; it does not ask for what is not waterproof.
            let telling = values
                .iter()
                .filter(|value| !is_lack(value) && !is_plain_yes(value));
            telling.map(|value| Phrase {
                phrase: value.clone(),
                names: Named::Attribute {
                    name: name.clone(),
                    value: value.clone(),
                },
            })
        });
        products.chain(categories).chain(brands).chain(attributes)
    }
}

fn is_plain_yes(value: &str) -> bool {
    matches!(value.trim().to_lowercase().as_str(), "yes" | "true" | "1")
}
