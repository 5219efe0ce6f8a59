//! `einlass tenant`: tenants.

use super::api::Api;
use super::pages::Pages;
use super::printer::{Format, Printer, show};
use super::table::Column;
use crate::failure::Failure;
use crate::output;
use clap::Subcommand;
use einlass_protocol::ids::OrganisationId;
use serde_json::json;

const COLUMNS: &[Column] = &[
    Column::text("ID", "id"),
    Column::text("SLUG", "slug"),
    Column::text("NAME", "name"),
    Column::text("CUSTOMER", "customer_number"),
    Column::number("ACCOUNT", "jtl_account_id"),
    Column::text("ORGANISATION", "organisation"),
];

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Print the tenants.
    List(Pages),
    /// Print one.
    Show {
        /// Its id or slug.
        tenant: String,
    },
    /// Register one.
    Create(New),
    /// Deny every token that is out for it. Its apps stay installed and come back with newer ones.
    Revoke {
        /// Its id or slug.
        tenant: String,
    },
}

/// A tenant to be.
#[derive(clap::Args)]
pub(crate) struct New {
    /// Its name for machines: lower-case letters, digits, hyphens.
    slug: String,
    /// What people call it; else the slug.
    #[arg(long)]
    name: Option<String>,
    /// Whose it is; else a new organisation's of its name.
    #[arg(long, value_name = "ID")]
    org: Option<OrganisationId>,
    /// The merchant's customer number.
    #[arg(long, value_name = "NUMBER")]
    customer_number: Option<String>,
    /// Its number in SCX; else the next free one.
    #[arg(long, value_name = "NUMBER")]
    account_id: Option<u64>,
}

pub(super) async fn run(verb: Verb, format: Format) -> Result<(), Failure> {
    let api = Api::from_env()?;
    match verb {
        Verb::List(pages) => pages.print(&api, &["tenants"], &[], Printer::new(format, COLUMNS)).await,
        Verb::Show { tenant } => show(format, COLUMNS, api.get(&["tenants", &tenant]).await?),
        Verb::Create(new) => show(format, COLUMNS, create(&api, new).await?),
        Verb::Revoke { tenant } => revoke(&api, &tenant).await,
    }
}

async fn create(api: &Api, new: New) -> Result<serde_json::Value, Failure> {
    let New { slug, name, org, customer_number, account_id } = new;
    let body = json!({
        "slug": slug,
        "name": name,
        "organisation": org,
        "customer_number": customer_number,
        "jtl_account_id": account_id,
    });
    api.create(&["tenants"], body).await
}

async fn revoke(api: &Api, tenant: &str) -> Result<(), Failure> {
    let id = api.id_of(&["tenants", tenant]).await?;
    api.revoke("tenant", &id).await?;
    output::remark(&format!("Every token that is out for tenant {id} is denied."));
    Ok(())
}
