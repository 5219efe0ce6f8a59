//! `einlass channel`: marketplace channels, and what they and their sellers exchange for a short token.

use super::api::Api;
use super::pages::Pages;
use super::printer::{Created, Format, Printer, show};
use super::table::Column;
use crate::failure::Failure;
use crate::{duration, output};
use clap::Subcommand;
use serde_json::{Value, json};
use std::time::Duration;

pub(super) const EXAMPLES: &str = "\
Examples:
  einlass channel create BIKES --sign-up-url https://bikes.example/join
  einlass channel token create BIKES 2027 --expires-in 365d | tail -n 2 > channel.env
  einlass channel seller pin annas-bikes

A refresh token is revoked by its id, which `list` shows, never by itself.";

const COLUMNS: &[Column] = &[
    Column::text("NAME", "name"),
    Column::text("SCOPE", "scope_word"),
    Column::text("SIGN UP", "sign_up_url"),
    Column::text("UPDATE", "update_url"),
];

const TOKENS: &[Column] = &[
    Column::text("ID", "id"),
    Column::text("NAME", "name"),
    Column::time("CREATED", "created_at"),
    Column::end("EXPIRES", "expires_at"),
    Column::time("LAST USED", "last_used_at"),
    Column::time("REVOKED", "revoked_at"),
];

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Print the channels.
    List(Pages),
    /// Print one.
    Show {
        /// Its name.
        channel: String,
    },
    /// Register one.
    Create {
        /// Its name: 5 to 15 letters, digits and underscores.
        channel: String,
        /// The id of the organisation that it belongs to; the operator without.
        #[arg(long, value_name = "ID")]
        org: Option<String>,
        /// Where its sellers sign up.
        #[arg(long, value_name = "URL")]
        sign_up_url: Option<String>,
        /// Where its sellers change what they have there.
        #[arg(long, value_name = "URL")]
        update_url: Option<String>,
        /// Call its scope CHAN, for clients that know no other word.
        #[arg(long)]
        chan: bool,
    },
    /// Shut one out: deny its tokens and end its refresh tokens, at once.
    Revoke {
        /// Its name.
        channel: String,
    },
    /// Let one in again that was shut out. It needs a new refresh token.
    Readmit {
        /// Its name.
        channel: String,
    },
    /// Refresh tokens of a channel: several may work at once.
    #[command(subcommand)]
    Token(TokenVerb),
    /// Refresh tokens of a tenant that sells.
    #[command(subcommand)]
    Seller(SellerVerb),
}

#[derive(Subcommand)]
pub(crate) enum TokenVerb {
    /// Print what is known of a channel's.
    List {
        /// The channel's name.
        channel: String,
        #[command(flatten)]
        pages: Pages,
    },
    /// Give a channel one more beside those that work, and print it.
    Create {
        /// The channel's name.
        channel: String,
        #[command(flatten)]
        new: New,
    },
    /// End one, a channel's or a seller's, and deny the tokens that it got, at once. Others go on.
    Revoke {
        /// The refresh token's id.
        id: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum SellerVerb {
    /// Print what is known of a tenant's.
    List {
        /// The tenant's id or slug.
        tenant: String,
        #[command(flatten)]
        pages: Pages,
    },
    /// Give a tenant one more, and print it.
    Create {
        /// The tenant's id or slug.
        tenant: String,
        #[command(flatten)]
        new: New,
    },
    /// Print a PIN that a tenant trades for one: once, within ten minutes.
    Pin {
        /// The tenant's id or slug.
        tenant: String,
    },
}

/// A refresh token to be.
#[derive(clap::Args)]
pub(crate) struct New {
    /// What people call it.
    name: String,
    /// When it ends, from now (90d, 12h); without, it does not.
    #[arg(long, value_name = "SPAN", value_parser = duration::parse)]
    expires_in: Option<Duration>,
}

pub(super) async fn run(verb: Verb, format: Format) -> Result<(), Failure> {
    let api = Api::from_env()?;
    match verb {
        Verb::List(pages) => pages.print(&api, &["channels"], &[], Printer::new(format, COLUMNS)).await,
        Verb::Show { channel } => show(format, COLUMNS, api.get(&["channels", &channel]).await?),
        Verb::Create { channel, org, sign_up_url, update_url, chan } => {
            let body = json!({
                "name": channel,
                "organisation": org,
                "sign_up_url": sign_up_url,
                "update_url": update_url,
                "scope_word": chan.then_some("CHAN"),
            });
            show(format, COLUMNS, api.create(&["channels"], body).await?)
        }
        Verb::Revoke { channel } => {
            api.revoke("channel", &channel).await?;
            output::remark(&format!(
                "Channel {channel} is shut out: its tokens are denied and its refresh tokens have ended."
            ));
            Ok(())
        }
        Verb::Readmit { channel } => {
            api.act(&["channels", &channel, "readmit"]).await?;
            output::remark(&format!("Channel {channel} is let in again. It needs a new refresh token."));
            Ok(())
        }
        Verb::Token(verb) => token(&api, verb, format).await,
        Verb::Seller(verb) => seller(&api, verb, format).await,
    }
}

async fn token(api: &Api, verb: TokenVerb, format: Format) -> Result<(), Failure> {
    match verb {
        TokenVerb::List { channel, pages } => {
            pages.print(api, &["channels", &channel, "tokens"], &[], Printer::new(format, TOKENS)).await
        }
        TokenVerb::Create { channel, new } => {
            let answer = api.create(&["channels", &channel, "tokens"], new.body()).await?;
            show_created(format, &answer, "SCX_REFRESH_TOKEN")
        }
        TokenVerb::Revoke { id } => {
            api.revoke("refresh-token", &id).await?;
            output::remark(&format!("Refresh token {id} has ended and the tokens that it got are denied."));
            Ok(())
        }
    }
}

async fn seller(api: &Api, verb: SellerVerb, format: Format) -> Result<(), Failure> {
    match verb {
        SellerVerb::List { tenant, pages } => {
            pages.print(api, &["tenants", &tenant, "seller-tokens"], &[], Printer::new(format, TOKENS)).await
        }
        SellerVerb::Create { tenant, new } => {
            let answer = api.create(&["tenants", &tenant, "seller-tokens"], new.body()).await?;
            show_created(format, &answer, "SCX_SELLER_REFRESH_TOKEN")
        }
        SellerVerb::Pin { tenant } => {
            let answer = api.create(&["tenants", &tenant, "seller-pin"], json!({})).await?;
            let columns = const { &[Column::text("PIN", "pin"), Column::end("EXPIRES", "expires_at")] };
            show(format, columns, answer)
        }
    }
}

impl New {
    fn body(&self) -> Value {
        json!({ "name": self.name, "expires_in": self.expires_in.map(|span| span.as_secs()) })
    }
}

fn show_created(format: Format, answer: &Value, variable: &'static str) -> Result<(), Failure> {
    let token = &answer["token"];
    let variables = &[("REFRESH_TOKEN_ID", &token["id"]), (variable, &answer["refresh_token"])];
    Created { answer, object: token, variables }.show(format, TOKENS)
}
