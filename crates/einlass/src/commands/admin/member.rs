//! `einlass member`: who may sign in for an organisation. Links are printed and nowhere else.

use super::api::Api;
use super::pages::Pages;
use super::printer::{Format, Printer, show};
use super::table::Column;
use crate::failure::Failure;
use crate::output;
use clap::{Subcommand, ValueEnum};
use einlass_protocol::person;
use serde_json::json;

pub(super) const EXAMPLES: &str = "\
Examples:
  einlass member invite 1f0c2f3e-5b6a-4d0c-9f0e-3b1f5a7d9c11 anna@bikes.example --role admin
  einlass member list 1f0c2f3e-5b6a-4d0c-9f0e-3b1f5a7d9c11

Nothing is sent to anybody: hand a link on so that nobody else reads it.";

const COLUMNS: &[Column] = &[
    Column::text("ID", "id"),
    Column::text("EMAIL", "email"),
    Column::text("NAME", "name"),
    Column::text("ROLE", "role"),
    Column::time("SINCE", "since"),
];

const LINK: &[Column] =
    &[Column::text("EMAIL", "email"), Column::end("EXPIRES", "expires_at"), Column::text("URL", "url")];

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Print the members of an organisation.
    List {
        /// The organisation's id.
        org: String,
        #[command(flatten)]
        pages: Pages,
    },
    /// Print a link with which somebody becomes a member: once, within seven days.
    Invite {
        /// The organisation's id.
        org: String,
        /// What the person signs in with.
        email: String,
        /// What the person may do.
        #[arg(long, value_enum, default_value_t)]
        role: Role,
    },
    /// Print a link with which a member chooses a new password: once, within a day.
    Recover {
        /// The organisation's id.
        org: String,
        /// The member's id.
        member: String,
    },
    /// End a membership. The account stays.
    Remove {
        /// The organisation's id.
        org: String,
        /// The member's id.
        member: String,
    },
}

/// What a member may do.
#[derive(Clone, Copy, Default, ValueEnum)]
pub(crate) enum Role {
    /// Everything, who else is a member included.
    Admin,
    /// The daily work.
    #[default]
    Member,
}

impl Role {
    const fn name(self) -> &'static str {
        match self {
            Self::Admin => person::Role::Admin.as_str(),
            Self::Member => person::Role::Member.as_str(),
        }
    }
}

pub(super) async fn run(verb: Verb, format: Format) -> Result<(), Failure> {
    let api = Api::from_env()?;
    match verb {
        Verb::List { org, pages } => {
            pages.print(&api, &["organisations", &org, "members"], &[], Printer::new(format, COLUMNS)).await
        }
        Verb::Invite { org, email, role } => {
            let body = json!({ "email": email, "role": role.name() });
            show(format, LINK, api.create(&["organisations", &org, "invitations"], body).await?)
        }
        Verb::Recover { org, member } => {
            let path = ["organisations", &org, "members", &member, "recovery"];
            show(format, LINK, api.create(&path, json!({})).await?)
        }
        Verb::Remove { org, member } => {
            api.delete(&["organisations", &org, "members", &member]).await?;
            output::remark(&format!("{member} is no member any more. The account stays."));
            Ok(())
        }
    }
}
