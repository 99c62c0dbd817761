//! `shoptalk link`: which messengers are joined to which shoppers, for staff.

use super::{Place, generation};
use crate::channels::messengers;
use crate::relay::{self, CODE_HOLDS, Customer, Links};
use crate::shoppers::{self, Identity, Shopper, ShopperId};
use crate::store::time;
use anyhow::{Context, bail};
use clap::Subcommand;
use jiff::Timestamp;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct LinkArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print a code for a customer you are sure of: whoever brings it to a messenger may see their orders there
    Code {
        /// The shop's own id of the customer, as its pages sign it
        customer: String,
        /// An address of theirs that you have checked: it opens the orders placed with it
        #[arg(long, value_name = "ADDRESS")]
        email: Option<String>,
    },
    /// Print what is joined as JSON lines, the latest first
    List,
    /// Part someone on a messenger from the shopper they are joined to
    Remove {
        /// The account, as config.toml calls it
        account: String,
        /// The platform's id of the person, as `list` prints it
        person: String,
    },
}

pub(super) async fn run(place: &Place, args: LinkArgs) -> anyhow::Result<ExitCode> {
    let config = match generation::config(place) {
        Ok(config) => config,
        Err(problems) => bail!("{}", problems.render(false)),
    };
    let store = generation::open(&config).await?;
    match args.what {
        What::Code { customer, email } => {
            let id = customer.trim();
            anyhow::ensure!(!id.is_empty(), "give the shop's own id of the customer");
            let now = Timestamp::now();
            let shopper = Shopper {
                id: ShopperId::from(uuid::Uuid::now_v7().to_string()),
                identity: Identity::Known(id.to_owned()),
            };
            let mut write = store.begin().await.context("looking the customer up")?;
            let settled = shoppers::settle(&mut write, &[(&shopper, now)]).await;
            let settled = settled.context("looking the customer up")?;
            write.commit().await.context("keeping the customer")?;
            let shopper = settled.first().unwrap_or(&shopper.id);
            let customer = Customer {
                id: id.to_owned(),
                email,
            };
            let links = Links::new(store.clone(), messengers(&config.channels));
            let code = links
                .code(shopper.as_str(), Some(&customer), now)
                .await
                .context("keeping the code")?;
            let code = code.reveal();
            println!("link {code}");
            for messenger in links.messengers() {
                let invite = messenger.invite.as_ref();
                let invite = invite.map(|invite| invite.replace("{code}", code));
                if let Some(invite) = invite {
                    println!("{}: {invite}", messenger.name);
                }
            }
            eprintln!("it works once, within {} minutes", CODE_HOLDS.as_mins());
        }
        What::List => {
            for link in relay::links(&store).await.context("reading the links")? {
                let line = serde_json::json!({
                    "account": link.account, "person": link.person, "shopper": link.shopper,
                    "customer": link.customer, "email": link.email, "at": time(link.at),
                });
                println!("{line}");
            }
        }
        What::Remove { account, person } => {
            let parted = relay::unlink(&store, &account, &person).await;
            if parted.context("ending the link")? == 0 {
                eprintln!(
                    "{person} on {account} is joined to nobody; `shoptalk link list` shows who is"
                );
                return Ok(ExitCode::from(super::FOUND_PROBLEMS));
            }
            println!("parted: {person} on {account}");
        }
    }
    store.close().await?;
    Ok(ExitCode::SUCCESS)
}
