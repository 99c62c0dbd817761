//! When nothing fulfils every wish: drop the least important one, and say which.

use super::{Catalog, Filters, Query, Results, Wish};

impl Filters {
    /// The wishes that may be dropped, the one least missed first. What must not be in the product is not
    /// among them: it may be an allergy.
    pub fn wishes(&self) -> Vec<Wish> {
        // A colour is taste, a size is not; of two alike, the one said last refines.
        let named = |kind: fn(&str) -> bool| {
            let of_kind = self
                .attributes
                .iter()
                .rev()
                .filter(move |(name, _)| kind(name));
            of_kind.map(|(name, value)| Wish::Attribute(name.clone(), value.clone()))
        };
        let mut wishes: Vec<Wish> = named(|name| matches!(name, "colour" | "color")).collect();
        wishes.extend(named(|name| !matches!(name, "colour" | "color" | "size")));
        wishes.extend(self.cheap.then_some(Wish::Cheap));
        wishes.extend(self.price_from.map(Wish::PriceFrom));
        wishes.extend(self.brand.clone().map(Wish::Brand));
        wishes.extend(self.price_to.map(Wish::PriceTo));
        wishes.extend(named(|name| name == "size"));
        wishes.extend(self.in_stock.then_some(Wish::InStock));
        wishes.extend(self.category.clone().map(Wish::Category));
        wishes
    }

    /// The same filters without this wish.
    pub fn without(&self, wish: &Wish) -> Self {
        let mut filters = self.clone();
        match wish {
            Wish::PriceFrom(_) => filters.price_from = None,
            Wish::PriceTo(_) => filters.price_to = None,
            Wish::Category(_) => filters.category = None,
            Wish::Brand(_) => filters.brand = None,
            Wish::Cheap => filters.cheap = false,
            Wish::InStock => filters.in_stock = false,
            Wish::Attribute(name, value) => {
                filters
                    .attributes
                    .retain(|(has, is)| (has, is) != (name, value));
            }
        }
        filters
    }
}

impl Catalog {
    /// Like [`Catalog::find`]; when nothing is found, again without the wish least missed. `relaxed` says which
    /// one that was; `None` and no hits when dropping any single wish does not help.
    ///
    /// What only mentions what is looked for counts as nothing where something is called so: cedar blocks "for
    /// blankets" are no blanket under thirty.
    pub fn find_or_relax(&self, query: &Query) -> Results {
        let found = self.find(query);
        let is_called = |results: &Results| results.hits.first().is_some_and(|hit| hit.called);
        if is_called(&found) || query.filters.is_empty() {
            return found;
        }
        let mut next_best = None;
        for wish in query.filters.wishes() {
            let filters = query.filters.without(&wish);
            let relaxed = self.find(&Query {
                filters,
                ..query.clone()
            });
            let called = is_called(&relaxed);
            let relaxed = Results {
                relaxed: Some(wish),
                ..relaxed
            };
            if called {
                return relaxed;
            }
            if next_best.is_none() && !relaxed.hits.is_empty() {
                next_best = Some(relaxed);
            }
        }
        if found.hits.is_empty() {
            return next_best.unwrap_or(found);
        }
        found
    }
}
