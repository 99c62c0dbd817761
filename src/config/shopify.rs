//! `[shopify]`: which shop, and how it is entered.

use super::Secret;
use super::shops::Needs;

/// Which version of Shopify's Admin API is spoken.
const VERSION: &str = "2026-10";
const TOKEN: &str = "SHOPTALK_SHOPIFY_TOKEN";
const CLIENT_SECRET: &str = "SHOPTALK_SHOPIFY_CLIENT_SECRET";
/// How Shopify's own begin.
const BEGINS_CLIENT_SECRET: &str = "shpss_";

#[derive(Debug, Clone)]
pub struct ShopifySettings {
    /// `alder.myshopify.com`
    pub shop: String,
    /// Where GraphQL is asked.
    pub api: String,
    pub access: ShopifyAccess,
    /// Any of them may have signed a webhook; empty when none are expected.
    pub webhook_secrets: Vec<Secret>,
}

#[derive(Debug, Clone)]
pub enum ShopifyAccess {
    /// A token that does not end, of an app made in the shop's admin.
    Token(Secret),
    /// An app of the Dev Dashboard, which is given a token for a day.
    App { client_id: String, secret: Secret },
}

/// `None` when something is missing, which has been told.
pub(super) fn shopify(
    shop: String,
    api: Option<String>,
    client_id: Option<String>,
    needs: &mut Needs<'_>,
) -> Option<ShopifySettings> {
    let (token, secret) = (needs.has(TOKEN), needs.has(CLIENT_SECRET));
    let access = match (client_id, token, secret) {
        (None, Some(token), None) => {
            if token.reveal().starts_with(BEGINS_CLIENT_SECRET) {
                needs.problem(
                    "wrong-secret",
                    format!("{TOKEN} holds a client secret (`{BEGINS_CLIENT_SECRET}…`)"),
                    format!("put it into {CLIENT_SECRET}, and the app's client ID as `client_id` under [shopify]"),
                );
                return None;
            }
            ShopifyAccess::Token(token)
        }
        (Some(client_id), None, secret) => {
            let what = "the app's client secret, from its Settings in the Dev Dashboard,";
            let secret = secret.or_else(|| needs.secret(CLIENT_SECRET, "client_id", what))?;
            ShopifyAccess::App { client_id, secret }
        }
        (None, None, Some(_)) => {
            needs.problem(
                "no-client-id",
                format!("{CLIENT_SECRET} is set, and `client_id` under [shopify] is not"),
                "write the client ID beside `shop`; both stand in the app's Settings in the Dev Dashboard".to_owned(),
            );
            return None;
        }
        (None, None, None) => {
            let what = "the Admin API access token (`shpat_…`)";
            needs.secret(TOKEN, "shop", what)?;
            return None;
        }
        (_, Some(_), _) => {
            needs.problem(
                "two-accesses",
                format!("{TOKEN} is set, and so is the client ID or secret of an app of the Dev Dashboard"),
                format!(
                    "keep one: the token of an app made in the shop's admin, or `client_id` under [shopify] with {CLIENT_SECRET}"
                ),
            );
            return None;
        }
    };
    let app = match &access {
        ShopifyAccess::App { secret, .. } => Some(secret.clone()),
        ShopifyAccess::Token(_) => None,
    };
    // The shop signs the webhooks of its admin with a secret of its own, an app those that it asked for with its.
    let own = needs.has("SHOPTALK_SHOPIFY_SECRET");
    let webhook_secrets = own.into_iter().chain(app).collect();
    let usual = format!("https://{shop}/admin/api/{VERSION}/graphql.json");
    Some(ShopifySettings {
        api: api.unwrap_or(usual),
        shop,
        access,
        webhook_secrets,
    })
}

/// `alder.myshopify.com`, whatever of a shop's addresses was pasted: `https://alder.myshopify.com/admin`,
/// `admin.shopify.com/store/alder`, `alder`. None for other domains: which shop is theirs only Shopify knows.
pub(super) fn shop_host(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let bare = ["https://", "http://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .unwrap_or(&text);
    let bare = bare.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = bare.split_once('/').unwrap_or((bare, ""));
    let name = match host.strip_suffix(".myshopify.com") {
        Some(name) => name,
        None if host == "admin.shopify.com" => path.strip_prefix("store/")?.split('/').next()?,
        None if path.is_empty() => host,
        None => return None,
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let fits = !name.is_empty() && !name.starts_with('-') && name.chars().all(plain);
    fits.then(|| format!("{name}.myshopify.com"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn every_address_of_a_shop_is_understood_and_no_other_domain_is() {
        for pasted in [
            "alder.myshopify.com",
            "Alder.MyShopify.com",
            "https://alder.myshopify.com/",
            "http://alder.myshopify.com",
            "alder.myshopify.com/admin",
            "https://alder.myshopify.com/admin/products?selected=1",
            "admin.shopify.com/store/alder",
            "https://admin.shopify.com/store/alder/settings/general",
            " alder ",
        ] {
            assert_eq!(
                shop_host(pasted).as_deref(),
                Some("alder.myshopify.com"),
                "{pasted}"
            );
        }
        for other in [
            "",
            "www.alder.example",
            "alder.example",
            "admin.shopify.com",
            "admin.shopify.com/store/",
            "alder/admin",
            "alder.myshopify.com.evil.example",
            "me@alder.myshopify.com",
            "alder.myshopify.com:8443",
            "myshopify.com",
        ] {
            assert_eq!(shop_host(other), None, "{other}");
        }
    }

    fn read(settings: &str, env: &[(&str, &str)]) -> Result<ShopifySettings, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, settings).unwrap();
        let env = env
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        match Config::load(Some(&path), env) {
            Ok(config) => Ok(config.shops.shopify.unwrap()),
            Err(problems) => Err(problems.render(false)),
        }
    }

    const APP: &str = "[shopify]\nshop = \"alder\"\nclient_id = \"0123abc\"\n";
    const ADMIN: &str = "[shopify]\nshop = \"alder\"\n";

    #[test]
    fn an_app_of_the_dev_dashboard_signs_webhooks_with_its_secret_and_the_shop_with_its_own() {
        let secrets = [
            (CLIENT_SECRET, "shpss_x"),
            ("SHOPTALK_SHOPIFY_SECRET", "own"),
        ];
        let settings = read(APP, &secrets[..1]).unwrap();
        assert_eq!(settings.shop, "alder.myshopify.com");
        assert!(
            settings
                .api
                .starts_with("https://alder.myshopify.com/admin/api/")
        );
        assert!(
            matches!(settings.access, ShopifyAccess::App { client_id, .. } if client_id == "0123abc")
        );
        assert_eq!(settings.webhook_secrets, [Secret::new("shpss_x")]);
        assert_eq!(read(APP, &secrets).unwrap().webhook_secrets.len(), 2);
        let token = read(ADMIN, &[(TOKEN, "shpat_x")]).unwrap();
        assert!(token.webhook_secrets.is_empty());
    }

    #[test]
    fn what_is_missing_or_too_much_is_told_with_what_to_do_and_no_secret() {
        let token = (TOKEN, "shpat_canary");
        let secret = (CLIENT_SECRET, "shpss_canary");
        for (settings, env, words) in [
            (APP, vec![], "SHOPTALK_SHOPIFY_CLIENT_SECRET is not"),
            (ADMIN, vec![], "SHOPTALK_SHOPIFY_TOKEN is not"),
            (ADMIN, vec![secret], "`client_id` under [shopify] is not"),
            (APP, vec![token, secret], "keep one"),
            (APP, vec![token], "keep one"),
            (ADMIN, vec![token, secret], "keep one"),
            (
                ADMIN,
                vec![(TOKEN, "shpss_canary")],
                "holds a client secret",
            ),
            (
                ADMIN,
                vec![("SHOPTALK_SHOPIFY_TOKN", "shpat_canary")],
                "SHOPTALK_SHOPIFY_TOKN is set: is it misspelt?",
            ),
            (
                ADMIN,
                vec![("SHOPTALK_SHOPIFY_TOKEN_FILE", "/nowhere/token")],
                "/nowhere/token cannot be read",
            ),
            (
                "[shopify]\nshop = \"www.alder.example\"\n",
                vec![token],
                "Settings, Domains",
            ),
        ] {
            let told = read(settings, &env).unwrap_err();
            assert!(told.contains(words), "{words} in: {told}");
            assert!(!told.contains("canary"), "{told}");
            assert_eq!(
                told.matches("error[").count(),
                1,
                "one thing is wrong: {told}"
            );
        }
    }
}
