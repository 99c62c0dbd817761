//! What the key may read of the shop, and what is missing.

use super::WooCommerce;
use crate::remote::Remote;
use crate::sync::SyncError;
use crate::sync::check_up::{Checked, Standing};

impl WooCommerce {
    pub(in crate::sync) async fn check_up(&self, remote: &Remote) -> Result<Standing, SyncError> {
        self.probe(remote, "products").await?;
        let mut findings = vec![Checked::Well(
            "woocommerce: answers, and the key may read products".to_owned(),
        )];
        findings.push(match self.probe(remote, "orders").await {
            Ok(()) => Checked::Well("woocommerce: orders may be read".to_owned()),
            Err(SyncError::Denied { help, .. }) => Checked::problem(
                format!("woocommerce: no orders come, and nobody can ask where theirs is: {help}"),
                "WooCommerce, Settings, Advanced, REST API: a key of a user who is shop manager or administrator",
            ),
            Err(other) => return Err(other),
        });
        if self
            .unit(remote, "woocommerce_weight_unit")
            .await?
            .is_none()
        {
            findings.push(Checked::note(
                "woocommerce: weights and sizes of products are left out: the key may not read in which units they are",
                "a key of a user who manages the shop may",
            ));
        }
        let currency = self.currency(remote).await?;
        Ok(Standing { currency, findings })
    }

    async fn probe(&self, remote: &Remote, path: &str) -> Result<(), SyncError> {
        let mut url = self.url(path)?;
        url.query_pairs_mut().append_pair("per_page", "1");
        let answer = self.ask(remote, url).await?;
        super::read::<Vec<serde_json::Value>>(&answer).map(drop)
    }
}
