//! Alerts, as a turn asks for them. A replay reads what came of it, and asks for nothing.

use super::{Asked, Ports};
use crate::dialogue::alerts::{AlertAnswer, AlertWish, Asker, Waiting};
use crate::mail::Address;
use crate::watches::Words;

impl Ports<'_> {
    /// Asks for an alert; `address` is the one typed, which no trace keeps.
    pub(in crate::dialogue) async fn alert(
        &mut self,
        wish: &AlertWish,
        address: Option<&Address>,
        letter: &Words,
        language: &str,
    ) -> AlertAnswer {
        let playing = self.tape.recorded.is_some();
        let asker = Asker {
            shopper: self.shopper,
            language,
        };
        answer!(self, Asked::Alert { wish: w, answer } if **w == *wish => answer,
            if playing { AlertAnswer::Unavailable } else { self.shop.alert(wish, address, letter, asker, self.now).await },
            |answer| Asked::Alert { wish: Box::new(wish.clone()), answer })
    }

    pub(in crate::dialogue) async fn alerts(&mut self) -> Vec<Waiting> {
        let playing = self.tape.recorded.is_some();
        answer!(self, Asked::Alerts { answer } if true => answer,
            if playing { Vec::new() } else { self.shop.alerts(self.shopper).await },
            |answer| Asked::Alerts { answer })
    }

    pub(in crate::dialogue) async fn alert_address(&mut self) -> Option<String> {
        let playing = self.tape.recorded.is_some();
        answer!(self, Asked::AlertAddress { answer } if true => answer,
            if playing { None } else { self.shop.alert_address(self.shopper).await },
            |answer| Asked::AlertAddress { answer })
    }

    pub(in crate::dialogue) async fn stop_alerts(&mut self, product: Option<&str>) -> Option<u64> {
        let playing = self.tape.recorded.is_some();
        answer!(self, Asked::AlertsStopped { product: p, answer } if p.as_deref() == product => answer,
            if playing { None } else { self.shop.stop_alerts(self.shopper, product).await },
            |answer| Asked::AlertsStopped { product: product.map(str::to_owned), answer })
    }
}
