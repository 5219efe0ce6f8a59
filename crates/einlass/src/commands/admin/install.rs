//! `einlass install`: which app may act for which tenant.

use super::api::Api;
use super::pages::Pages;
use super::printer::{Format, Printer, show};
use super::table::Column;
use crate::failure::Failure;
use crate::output;
use clap::Subcommand;
use einlass_protocol::scope::ScopeSet;
use http::Method;
use serde_json::json;

pub(super) const EXAMPLES: &str = "\
Examples:
  einlass install add parcel-tracker annas-bikes --scopes returns.read
  einlass install list --tenant annas-bikes
  einlass install remove parcel-tracker annas-bikes";

const GRANTED: &[Column] =
    &[Column::text("APP", "app"), Column::text("TENANT", "tenant"), Column::text("SCOPES", "scopes")];

const COLUMNS: &[Column] = &[
    Column::text("APP", "app"),
    Column::text("APP NAME", "app_name"),
    Column::text("TENANT", "tenant"),
    Column::text("TENANT NAME", "tenant_name"),
    Column::end("LAPSES", "lapses_at"),
    Column::text("SCOPES", "scopes"),
];

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Print where an app is installed, or what a tenant has installed.
    List {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        pages: Pages,
    },
    /// Let an app act for a tenant, at once. What was granted before is replaced.
    Add {
        /// The app's id or technical name.
        app: String,
        /// The tenant's id or slug.
        tenant: String,
        /// What it may do, separated by spaces; else everything that it asks for.
        #[arg(long)]
        scopes: Option<ScopeSet>,
    },
    /// End it at once, and deny the app's tokens at this tenant.
    Remove {
        /// The app's id or technical name.
        app: String,
        /// The tenant's id or slug.
        tenant: String,
    },
}

/// Whose installations.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Of {
    /// Of this app: its id or technical name.
    #[arg(long)]
    app: Option<String>,
    /// Of this tenant: its id or slug.
    #[arg(long)]
    tenant: Option<String>,
}

impl Of {
    fn path(&self) -> [&str; 3] {
        match (&self.app, &self.tenant) {
            (Some(app), _) => ["apps", app, "installations"],
            // The command line takes no less than one.
            (None, tenant) => ["tenants", tenant.as_deref().unwrap_or_default(), "installations"],
        }
    }
}

pub(super) async fn run(verb: Verb, format: Format) -> Result<(), Failure> {
    let api = Api::from_env()?;
    match verb {
        Verb::List { of, pages } => pages.print(&api, &of.path(), &[], Printer::new(format, COLUMNS)).await,
        Verb::Add { app, tenant, scopes } => {
            let path = ["tenants", &tenant, "installations", &app];
            let granted = api.change(Method::PUT, &path, json!({ "scopes": scopes })).await?;
            show(format, GRANTED, granted)
        }
        Verb::Remove { app, tenant } => {
            api.delete(&["tenants", &tenant, "installations", &app]).await?;
            output::remark(&format!("App {app} may not act for tenant {tenant}."));
            Ok(())
        }
    }
}
