//! `/admin/organisations/{organisation}/new/{kind}`: a tenant, a marketplace channel or an ERP on premises for an organisation.

use super::SurelyOperator;
use super::words::Console;
use crate::Platform;
use crate::admin::{customer_number, machine_name, name_of_person, page_url};
use crate::audit::Actor;
use crate::pages::fault::Fault;
use crate::pages::form::{Named, Posted};
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::Visit;
use crate::people::acting;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::{OrganisationId, TenantId};
use einlass_protocol::organisation::OrganisationKind;
use einlass_protocol::scx::ScopeWord;
use einlass_store::{Channel, NewTenant, Organisation, Owner, StoreError};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

/// What an organisation is given.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Tenant,
    Channel,
    Site,
}

#[derive(Template)]
#[template(path = "console/addition.html")]
struct NewPage<'v> {
    f: Frame<'v>,
    organisation: Organisation,
    title: &'static str,
    /// Where the form goes.
    path: String,
    fields: Vec<Field>,
    fault: Option<Said>,
}

struct Field {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    required: bool,
}

/// As the form sends it; of each kind some.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    name: String,
    slug: String,
    customer_number: String,
    channel: String,
    sign_up_url: String,
    update_url: String,
    database: String,
}

/// What people have to mend: in which field, and what it takes.
#[derive(Clone, Copy)]
struct Said {
    field: &'static str,
    what: &'static str,
}

/// Why nothing is recorded: something for people to mend, or for us.
enum Refused {
    Said(Said),
    Store(StoreError),
}

impl Refused {
    const fn said(field: &'static str, what: &'static str) -> Self {
        Self::Said(Said { field, what })
    }
}

impl From<StoreError> for Refused {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}

impl Kind {
    const ALL: [Self; 3] = [Self::Tenant, Self::Channel, Self::Site];

    /// What it is in a path.
    const fn word(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Channel => "channel",
            Self::Site => "site",
        }
    }

    /// Whether an organisation may have one: merchants have tenants and ERPs, partners have channels.
    const fn fits(self, organisation: OrganisationKind) -> bool {
        match self {
            Self::Tenant | Self::Site => organisation.is_merchant(),
            Self::Channel => organisation.is_partner(),
        }
    }

    /// The field by which no two are called alike.
    const fn unique(self) -> &'static str {
        match self {
            Self::Tenant => "slug",
            Self::Channel => "channel",
            Self::Site => "database",
        }
    }

    const fn title(self, p: &Console) -> &'static str {
        match self {
            Self::Tenant => p.new_tenant,
            Self::Channel => p.new_channel,
            Self::Site => p.new_site,
        }
    }

    fn fields(self, (f, p): (&Frame<'_>, &Console), sent: &Sent) -> Vec<Field> {
        let field = |name, label, hint, value: &String, required| Field {
            name,
            label,
            hint,
            value: value.clone(),
            required,
        };
        match self {
            Self::Tenant => vec![
                field("name", f.w.name, "", &sent.name, true),
                field("slug", p.technical_name, p.slug_rule, &sent.slug, true),
                field(
                    "customer_number",
                    p.customer_number,
                    p.customer_number_rule,
                    &sent.customer_number,
                    false,
                ),
            ],
            Self::Channel => vec![
                field("channel", f.w.name, p.channel_rule, &sent.channel, true),
                field("sign_up_url", f.w.sign_up_url, p.url_rule, &sent.sign_up_url, false),
                field("update_url", f.w.update_url, p.url_rule, &sent.update_url, false),
            ],
            Self::Site => vec![
                field("name", f.w.name, "", &sent.name, true),
                field("database", p.database, p.database_rule, &sent.database, true),
            ],
        }
    }

    /// Records it, and says where its page is.
    async fn record(
        self,
        platform: &Platform,
        organisation: &Organisation,
        sent: &Sent,
        (f, p, actor): (&Frame<'_>, &Console, &Actor),
    ) -> Result<String, Refused> {
        let name = || name_of_person(&sent.name).ok_or(Refused::said("name", f.w.name_fault));
        match self {
            Self::Tenant => {
                let new = NewTenant {
                    id: TenantId::new(platform.random.uuid()),
                    owner: Owner::Known(organisation.id),
                    name: name()?,
                    slug: machine_name(&sent.slug).ok_or(Refused::said("slug", p.slug_rule))?,
                    customer_number: customer_number(&sent.customer_number)
                        .ok_or(Refused::said("customer_number", p.customer_number_rule))?,
                    jtl_account_id: None,
                };
                let tenant = platform.create_tenant(&new, actor).await?;
                Ok(format!("/admin/tenants/{}", tenant.id))
            }
            Self::Channel => {
                let url = |field, text: &str| page_url(text).ok_or(Refused::said(field, p.url_rule));
                let channel = Channel {
                    name: sent
                        .channel
                        .trim()
                        .parse()
                        .map_err(|_| Refused::said("channel", p.channel_rule))?,
                    organisation: organisation.id,
                    scope_word: ScopeWord::default(),
                    sign_up_url: url("sign_up_url", &sent.sign_up_url)?,
                    update_url: url("update_url", &sent.update_url)?,
                };
                platform.create_channel(&channel, actor).await?;
                Ok(format!("/admin/channels/{}", channel.name))
            }
            Self::Site => {
                let database =
                    sent.database.trim().parse().map_err(|_| Refused::said("database", p.database_rule))?;
                let site = platform.create_site(organisation.id, database, name()?, actor).await?;
                Ok(format!("/admin/sites/{}", site.database))
            }
        }
    }
}

impl NewPage<'_> {
    /// What is wrong with a field, if that one is.
    fn wrong(&self, field: &Field) -> Option<&'static str> {
        self.fault.filter(|said| said.field == field.name).map(|said| said.what)
    }
}

/// What an organisation of this kind may be given: where that is asked for, and what it is called.
pub(super) fn offered(organisation: &Organisation, p: &Console) -> Vec<(String, &'static str)> {
    let fitting = Kind::ALL.into_iter().filter(|kind| kind.fits(organisation.kind));
    fitting.map(|kind| (path(organisation.id, kind.word()), kind.title(p))).collect()
}

fn path(organisation: OrganisationId, word: &str) -> String {
    format!("/admin/organisations/{organisation}/new/{word}")
}

/// The organisation and the kind that a path names, if the one may have the other.
async fn found(platform: &Platform, (id, word): &(String, String)) -> Result<(Organisation, Kind), Fault> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word).ok_or(Fault::NotFound)?;
    let id = id.parse().map_err(|_| Fault::NotFound)?;
    let organisation = platform.store.organisation(id).await?.ok_or(Fault::NotFound)?;
    if kind.fits(organisation.kind) { Ok((organisation, kind)) } else { Err(Fault::NotFound) }
}

/// Asked for a fresh proof before anything is typed.
pub(super) async fn new(
    visit: Visit,
    _: SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Named(named): Named<(String, String)>,
) -> Result<Response, Fault> {
    let (organisation, kind) = found(&platform, &named).await?;
    ask(&visit, (organisation, kind), &Sent::default(), None)
}

fn ask(
    visit: &Visit,
    (organisation, kind): (Organisation, Kind),
    sent: &Sent,
    fault: Option<Said>,
) -> Result<Response, Fault> {
    let (f, p) = (Frame::of(visit), Console::in_language(visit.language));
    let (title, fields) = (kind.title(p), kind.fields((&f, p), sent));
    let path = path(organisation.id, kind.word());
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    render(status, &NewPage { f, organisation, title, path, fields, fault })
}

pub(super) async fn create(
    visit: Visit,
    SurelyOperator(me): SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Named(named): Named<(String, String)>,
    Posted(sent): Posted<Sent>,
) -> Result<Response, Fault> {
    let (organisation, kind) = found(&platform, &named).await?;
    let (f, p) = (Frame::of(&visit), Console::in_language(visit.language));
    let actor = acting(&me.person, &visit.browser);
    let said = match kind.record(&platform, &organisation, &sent, (&f, p, &actor)).await {
        Ok(place) => return Ok(Redirect::to(&place).into_response()),
        Err(Refused::Said(said)) => said,
        Err(Refused::Store(StoreError::AlreadyExists(_))) => {
            Said { field: kind.unique(), what: f.w.name_taken }
        }
        Err(Refused::Store(fault)) => return Err(fault.into()),
    };
    ask(&visit, (organisation, kind), &sent, Some(said))
}
