//! What the app or token may read of the shop, and what is missing.

use super::{Shopify, access, order};
use crate::money::{Currency, MoneyError};
use crate::remote::Remote;
use crate::sync::SyncError;
use crate::sync::check_up::{Checked, Standing};
use serde::Deserialize;
use serde_json::{Value, json};

const ASKED: &str = "query Standing { shop { currencyCode myshopifyDomain } \
    currentAppInstallation { accessScopes { handle } } }";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    shop: Shop,
    current_app_installation: Installation,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shop {
    currency_code: String,
    myshopify_domain: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Installation {
    access_scopes: Vec<Scope>,
}

#[derive(Deserialize)]
struct Scope {
    handle: String,
}

impl Shopify {
    pub(in crate::sync) async fn check_up(&self, remote: &Remote) -> Result<Standing, SyncError> {
        let data: Data = self.api.ask(remote, ASKED, json!({})).await?;
        let Shop {
            currency_code,
            myshopify_domain: domain,
        } = data.shop;
        let currency: Currency =
            currency_code
                .parse()
                .map_err(|error: MoneyError| SyncError::Strange {
                    who: super::WHO,
                    reason: error.to_string(),
                })?;
        let mut findings = vec![Checked::Well(format!(
            "shopify: {domain} answers, and knows the token"
        ))];
        if domain != self.shop {
            findings.push(Checked::problem(
                format!(
                    "shopify: the token is of {domain}, and `shop` under [shopify] is {}",
                    self.shop
                ),
                format!("set `shop = \"{domain}\"`: webhooks of other shops are refused"),
            ));
        }
        let scopes = data.current_app_installation.access_scopes;
        let granted: Vec<&str> = scopes.iter().map(|scope| scope.handle.as_str()).collect();
        let missing = access::missing(granted.iter().copied());
        for (scope, without) in &missing {
            findings.push(Checked::problem(
                format!("shopify: the scope {scope} is missing: {without}"),
                "add it to the app, release the version or save, and accept it in the shop (or install the app again)",
            ));
        }
        if missing.is_empty() {
            findings.push(Checked::Well(
                "shopify: products, stock and orders may be read".to_owned(),
            ));
        }
        if !missing.iter().any(|(scope, _)| *scope == "read_orders") {
            findings.extend(self.customers(remote).await?);
            if !granted.contains(&"read_all_orders") {
                findings.push(Checked::note(
                    "shopify: orders of the last 60 days come",
                    "older ones need the scope read_all_orders",
                ));
            }
        }
        Ok(Standing { currency, findings })
    }

    /// Whether orders come with what they are proven by.
    async fn customers(&self, remote: &Remote) -> Result<Option<Checked>, SyncError> {
        let variables = json!({ "first": 1, "after": null, "query": "updated_at:>='2000-01-01'" });
        match self
            .api
            .ask::<Value>(remote, &order::page(), variables)
            .await
        {
            Ok(_) => Ok(None),
            Err(SyncError::Denied { help, .. }) => Ok(Some(Checked::problem(
                format!("shopify: {help}"),
                "until then orders are missing; docs/shop-setup.md says where to ask",
            ))),
            Err(other) => Err(other),
        }
    }
}
